#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace plimsoll::bench {

/// simdjson's on-demand front end, reading of a message the fields that an input is made of, as
/// texts and in the order of the message: the least that any parser built on it does.
class BareReader {
 public:
  BareReader();
  ~BareReader();
  BareReader(const BareReader&) = delete;
  BareReader& operator=(const BareReader&) = delete;

  /// Reads a message of the kind that make_messages() names so. Returns a sum over the texts, so
  /// that none is left out; 0 when a field is missing.
  using Read = std::uint64_t (BareReader::*)(std::string_view text, std::size_t padding);
  [[nodiscard]] static Read find(std::string_view name);

 private:
  struct Scratch;
  std::uint64_t binance_book(std::string_view text, std::size_t padding);
  std::uint64_t binance_mark(std::string_view text, std::size_t padding);
  std::uint64_t binance_coin_book(std::string_view text, std::size_t padding);
  std::uint64_t binance_spot_book(std::string_view text, std::size_t padding);
  std::uint64_t deribit(std::string_view text, std::size_t padding);
  std::uint64_t bybit_ticker(std::string_view text, std::size_t padding);
  std::uint64_t bybit_book(std::string_view text, std::size_t padding);
  std::uint64_t okx_ticker(std::string_view text, std::size_t padding);
  std::uint64_t okx_mark(std::string_view text, std::size_t padding);
  std::uint64_t coinbase(std::string_view text, std::size_t padding);
  std::uint64_t kraken(std::string_view text, std::size_t padding);
  std::uint64_t bitmex(std::string_view text, std::size_t padding);
  std::uint64_t dydx(std::string_view text, std::size_t padding);
  std::uint64_t bitcom(std::string_view text, std::size_t padding);

  std::unique_ptr<Scratch> scratch_;
};

}  // namespace plimsoll::bench
