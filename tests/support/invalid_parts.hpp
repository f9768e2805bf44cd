#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "tests/support/invalid_inputs.hpp"

// The parts that invalid inputs are made of; only for invalid_*.cpp.

namespace plimsoll::support {

inline constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kBalanceMax = std::int64_t{1} << 60;
inline constexpr std::uint64_t kReserved = ~std::uint64_t{0};

/// What every maker of invalid inputs looks at.
struct InvalidContext {
  const reference::Reference& reference;
  const Valid& valid;
  const reference::Instrument& instrument;  // of `valid`
  bool extremes;
  Random& random;

  [[nodiscard]] AccountId unknown_account() const {
    return AccountId::from_raw(
        random.pick(std::array<std::uint64_t, 4>{0, 999'999, kReserved - 1, kReserved}));
  }
  /// One past the end of a list, or far beyond.
  template <class Id, class List>
  [[nodiscard]] Id beyond(const List& list) const {
    const auto size = static_cast<std::uint32_t>(list.size());
    return Id::from_raw(random.pick(std::array<std::uint32_t, 3>{size, size + 7, 0xffffffffU}));
  }
  [[nodiscard]] InstrumentId no_instrument() const {
    return beyond<InstrumentId>(reference.instruments);
  }
  [[nodiscard]] AssetId no_asset() const { return beyond<AssetId>(reference.assets); }
  [[nodiscard]] AssetId any_asset() const {
    return AssetId::from_raw(static_cast<std::uint32_t>(random.below(reference.assets.size())));
  }
  [[nodiscard]] InstrumentId any_instrument() const {
    return InstrumentId::from_raw(
        static_cast<std::uint32_t>(random.below(reference.instruments.size())));
  }
  /// A spot pair, or where there is none an instrument that does not exist.
  [[nodiscard]] InstrumentId spot_or_none() const {
    for (int attempt = 0; attempt < 8; ++attempt) {
      const InstrumentId id = any_instrument();
      if (reference.instruments[id.raw()].kind == reference::Kind::spot) return id;
    }
    return no_instrument();
  }
  [[nodiscard]] Amount not_positive() const {
    return Amount::from_raw(random.pick(std::array<std::int64_t, 4>{0, -1, -5'000'000, kLeast}));
  }
  /// Zero, negative, below the instrument's lowest or above its highest.
  [[nodiscard]] Price bad_price() const {
    return Price::from_raw(random.pick(std::array<std::int64_t, 6>{
        0, -1, kLeast, instrument.price_min.raw() - 1, instrument.price_max.raw() + 1, kMost}));
  }
  /// Beyond 10 %, to either side.
  [[nodiscard]] Rate bad_rate() const {
    constexpr std::int64_t kRateMax = 100'000'000;
    return Rate::from_raw(
        random.pick(std::array<std::int64_t, 4>{kRateMax + 1, -kRateMax - 1, kMost, kLeast}));
  }
  /// The largest quantity whose exposure an account may have, or nearly, in lots.
  [[nodiscard]] Int128 room() const;
};

[[nodiscard]] InputBody invalid_account_input(const InvalidContext& context);
[[nodiscard]] InputBody invalid_trade(const InvalidContext& context);
[[nodiscard]] InputBody invalid_order(const InvalidContext& context);
[[nodiscard]] InputBody invalid_market_input(const InvalidContext& context);
[[nodiscard]] InputBody invalid_venue_input(const InvalidContext& context);
/// REQUIRES: the reference has guards.
[[nodiscard]] InputBody invalid_price_input(const InvalidContext& context);

}  // namespace plimsoll::support
