#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "feeds/venue/binance/reject.hpp"
#include "feeds/venue/binance/symbol_table.hpp"

namespace plimsoll::feeds::binance {

/// What a message became: the body of an input, or the reason why there is none.
struct Parsed {
  Reject reject{Reject::none};
  InputBody body;  // meaningful only when ok()
  [[nodiscard]] constexpr bool ok() const noexcept { return reject == Reject::none; }
};

/// Turns one Binance USD-M stream message, bare or in the envelope {"stream","data"}, into an
/// input body: markPriceUpdate, bookTicker, trade and aggTrade (feeds/README.md has the table).
/// Keys may come in any order; of a repeated key the last counts.
///
/// One thread per parser. It never throws, never keeps a view of a message, never takes a number
/// through a double, and allocates only when a message is longer than every one before it.
class Parser {
 public:
  /// Bytes after a message that must be readable; their content does not matter.
  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kMessageLengthMax = 16U << 20U;

  /// Copies what it needs of `reference`.
  explicit Parser(const reference::Reference& reference);
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;
  ~Parser();

  /// Any bytes are allowed in `json`. REQUIRES: kPadding readable bytes after its end.
  [[nodiscard]] Parsed parse(std::string_view json) noexcept;

 private:
  struct Scratch;  // the JSON library's buffers

  SymbolTable symbols_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace plimsoll::feeds::binance
