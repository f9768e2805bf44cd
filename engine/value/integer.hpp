#pragma once

#include <concepts>
#include <cstdint>
#include <limits>

#include "engine/base/assert.hpp"

// The one place where 128-bit integers and division are spelled out. Every division of money names
// its direction.

namespace plimsoll {

__extension__ using Int128 = __int128;

/// The greatest integer not above n / d. REQUIRES: d > 0.
template <class Integer>
[[nodiscard]] constexpr Integer divide_floor(Integer n, Integer d) noexcept {
  const Integer quotient = n / d;
  return quotient - static_cast<Integer>(n % d < 0);
}

/// The smallest integer not below n / d. REQUIRES: d > 0.
template <class Integer>
[[nodiscard]] constexpr Integer divide_ceil(Integer n, Integer d) noexcept {
  const Integer quotient = n / d;
  return quotient + static_cast<Integer>(n % d > 0);
}

/// Narrows to 64 bits. A value that does not fit is a lost invariant: limits are enforced on input.
[[nodiscard]] constexpr std::int64_t narrow(Int128 wide) noexcept {
  PLIMSOLL_ASSERT(wide >= std::numeric_limits<std::int64_t>::min() &&
                  wide <= std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(wide);
}

/// floor(a * b / d) through 128 bits. REQUIRES: d > 0.
[[nodiscard]] constexpr Int128 multiply_divide_floor(std::int64_t a, std::int64_t b,
                                                     std::int64_t d) noexcept {
  std::int64_t small{};
  if (!__builtin_mul_overflow(a, b, &small)) return divide_floor<std::int64_t>(small, d);
  return divide_floor<Int128>(Int128{a} * b, d);
}

/// ceil(a * b / d) through 128 bits. REQUIRES: d > 0.
[[nodiscard]] constexpr Int128 multiply_divide_ceil(std::int64_t a, std::int64_t b,
                                                    std::int64_t d) noexcept {
  std::int64_t small{};
  if (!__builtin_mul_overflow(a, b, &small)) return divide_ceil<std::int64_t>(small, d);
  return divide_ceil<Int128>(Int128{a} * b, d);
}

/// 10^exponent. REQUIRES: 0 <= exponent <= 18.
[[nodiscard]] constexpr std::int64_t power_of_ten(int exponent) noexcept {
  PLIMSOLL_ASSERT(exponent >= 0 && exponent <= 18);
  std::int64_t result = 1;
  for (int i = 0; i < exponent; ++i) result *= 10;
  return result;
}

}  // namespace plimsoll
