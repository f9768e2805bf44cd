#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/reference/reference.hpp"
#include "engine/value/types.hpp"
#include "feeds/venue/venue.hpp"

namespace plimsoll::feeds {

inline constexpr Price kNoPriceMax = Price::from_raw(std::numeric_limits<std::int64_t>::max());

/// A source of an index that a market is.
struct MarketSource {
  SourceId source;
  reference::SourceField field{reference::SourceField::quote};
  Price price_max{kNoPriceMax};
};

/// One symbol of a venue: an instrument, sources of indices, or both.
struct Market {
  std::uint32_t index{0};                  // in its table
  InstrumentId instrument{kNoInstrument};  // none: only sources
  Price instrument_price_max{kNoPriceMax};
  Price price_max{kNoPriceMax};  // a price above it is nobody's
  std::uint32_t first_source{0};
  std::uint32_t sources{0};
};

/// The symbols of one venue by name, built once from the reference, of which it keeps no pointer.
/// Looking up never allocates. Names are case-sensitive.
class MarketTable {
 public:
  static constexpr std::size_t kSymbolMax = 64;  // of one that is learnt
  static constexpr std::size_t kPadding = 16;

  /// The symbols of `venue`: instruments that name the venue or none, and sources that name it.
  MarketTable(const reference::Reference& reference, Venue venue);
  /// A table that lists every symbol that is asked for: each is an instrument and the source of an
  /// index of its venue, numbered in the order in which they came.
  MarketTable();

  /// The market of `symbol`, or nullptr; valid until the next call. REQUIRES: kPadding readable
  /// bytes after it.
  [[nodiscard]] const Market* find(std::string_view symbol) {
    const Market* market = look_up(symbol);
    return market == nullptr && learns_ ? learn(symbol) : market;
  }

  [[nodiscard]] const Market& operator[](std::uint32_t index) const { return markets_[index]; }
  [[nodiscard]] std::size_t size() const noexcept { return markets_.size(); }
  [[nodiscard]] std::span<const MarketSource> sources_of(const Market& market) const {
    return std::span{sources_}.subspan(market.first_source, market.sources);
  }

 private:
  // The first 16 bytes of a symbol, zeros after its end.
  using Start = std::array<std::uint64_t, 2>;
  struct Slot {
    Start start{};
    std::uint32_t length{0};  // 0: the slot is free
    std::uint32_t market{0};
  };
  struct Named {
    std::string_view symbol;
    Market market;
    std::vector<MarketSource> sources;
  };
  static Start start_of(std::string_view symbol) noexcept;
  static std::size_t hash_of(const Start& start, std::size_t length) noexcept;
  static Named& named(std::vector<Named>& all, std::string_view symbol);
  [[nodiscard]] const Market* look_up(std::string_view symbol) const noexcept;
  [[nodiscard]] std::size_t slot_of(std::string_view symbol) const noexcept;
  const Market* learn(std::string_view symbol);
  void insert(std::string_view symbol, Market market);
  void grow();

  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
  std::vector<Market> markets_;
  std::vector<std::string> symbols_;  // by market
  std::vector<MarketSource> sources_;
  bool learns_{false};
};

}  // namespace plimsoll::feeds
