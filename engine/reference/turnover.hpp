#pragma once

#include <limits>

#include "engine/reference/reference.hpp"

// Quantity times price, exactly, for every kind of instrument. Inputs are limited so that nothing
// here leaves 128 bits.

namespace plimsoll::reference {

/// A signed amount of the settlement asset as a fraction. `denominator` > 0.
struct Turnover {
  constexpr Turnover(Int128 n, Int128 d) noexcept : numerator{n}, denominator{d} {}

  Int128 numerator;
  Int128 denominator;

  [[nodiscard]] Int128 floor() const noexcept { return floor_of(numerator); }
  [[nodiscard]] Int128 ceil() const noexcept { return -floor_of(-numerator); }
  /// Rounded down; and is that exact? In one division.
  struct Floored {
    Int128 floor;
    bool exact;
  };
  [[nodiscard]] Floored floored() const noexcept {
    const Int128 down = floor();
    return {down, down * denominator == numerator};
  }
  /// The magnitude, rounded up or down.
  [[nodiscard]] Int128 notional() const noexcept {
    return -floor_of(numerator < 0 ? numerator : -numerator);
  }
  [[nodiscard]] Int128 notional_floor() const noexcept {
    return floor_of(numerator < 0 ? -numerator : numerator);
  }

 private:
  /// Nearly every turnover fits in 64 bits, whose division is several times faster.
  [[nodiscard]] Int128 floor_of(Int128 n) const noexcept {
    const auto small = static_cast<std::int64_t>(n);
    const auto divisor = static_cast<std::int64_t>(denominator);
    if (small == n && divisor == denominator) [[likely]]
      return divide_floor(small, divisor);
    return divide_floor<Int128>(n, denominator);
  }
};

/// What a signed quantity is worth at a price: bought, it is paid. REQUIRES: price > 0.
[[nodiscard]] inline Turnover turnover(const Instrument& instrument, Int128 quantity,
                                       Price price) noexcept {
  if (instrument.kind == Kind::inverse) return {-quantity * instrument.numerator, price.raw()};
  return {quantity * instrument.numerator * price.raw(), instrument.denominator};
}

/// The quantity, rounded down, of a notional at a price. REQUIRES: notional >= 0, price > 0.
[[nodiscard]] inline Int128 quantity_of(const Instrument& instrument, Int128 notional,
                                        Price price) noexcept {
  if (instrument.kind == Kind::inverse) return notional * price.raw() / instrument.numerator;
  return notional * instrument.denominator / (price.raw() * instrument.numerator);
}

/// The price at which an abs quantity can be worth most.
[[nodiscard]] inline Price dearest(const Instrument& instrument) noexcept {
  return instrument.kind == Kind::inverse ? instrument.price_min : instrument.price_max;
}

/// floor(scaled / 1e9) and ceil(scaled / 1e9): a product with a rate, back in whole units. By two
/// divisions of 64 bits by a constant wherever that is enough.
[[nodiscard]] inline Int128 unscale_floor(Int128 scaled) noexcept {
  constexpr int kHalf = 32;
  const Int128 high = scaled >> kHalf;
  if (high < 0 || high > std::numeric_limits<std::int64_t>::max()) [[unlikely]] {
    return divide_floor<Int128>(scaled, kRateOne);
  }
  const auto upper = static_cast<std::uint64_t>(high);
  const std::uint64_t rest = ((upper % kRateOne) << kHalf) | static_cast<std::uint32_t>(scaled);
  return (static_cast<Int128>(upper / kRateOne) << kHalf) + static_cast<Int128>(rest / kRateOne);
}
[[nodiscard]] inline Int128 unscale_ceil(Int128 scaled) noexcept {
  return unscale_floor(scaled + (kRateOne - 1));
}

/// ceil(amount * rate / 1e9): fees and charges. REQUIRES: amount >= 0, rate >= 0.
[[nodiscard]] inline Int128 fee_of(Int128 amount, Rate rate) noexcept {
  return unscale_ceil(amount * rate.raw());
}

}  // namespace plimsoll::reference
