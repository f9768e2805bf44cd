#pragma once

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

/// ceil(amount * rate / 1e9): fees and charges. REQUIRES: amount >= 0, rate >= 0.
[[nodiscard]] inline Int128 fee_of(Int128 amount, Rate rate) noexcept {
  return divide_ceil<Int128>(amount * rate.raw(), kRateOne);
}

}  // namespace plimsoll::reference
