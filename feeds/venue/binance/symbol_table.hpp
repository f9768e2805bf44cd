#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/reference/reference.hpp"
#include "engine/value/types.hpp"

namespace plimsoll::feeds::binance {

/// What the parser needs to know of an instrument.
struct Listing {
  InstrumentId instrument;
  Price price_max;
};

/// The venue's symbols by name, built once from the reference, of which it keeps no pointer.
/// Immutable: any thread may look up. A look-up never allocates. Names are case-sensitive.
class SymbolTable {
 public:
  explicit SymbolTable(const reference::Reference& reference);

  /// The listing of `symbol`, or nullptr.
  [[nodiscard]] const Listing* find(std::string_view symbol) const noexcept;

 private:
  struct Slot {
    std::string symbol;  // empty: the slot is free
    Listing listing;
  };
  [[nodiscard]] std::size_t index_of(std::string_view symbol) const noexcept;

  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
  std::size_t mask_;
  std::size_t length_max_{0};
};

}  // namespace plimsoll::feeds::binance
