#pragma once

#include <cstdint>
#include <limits>

#include "engine/base/assert.hpp"
#include "engine/value/integer.hpp"

// Division of the oracle. Written a second time on purpose: only the alias Int128 is the engine's.

namespace plimsoll::oracle {

__extension__ using Unsigned128 = unsigned __int128;

inline constexpr Int128 kOne = 1'000'000'000;      // a rate or a factor of 1
inline constexpr Int128 kHuge = Int128{1} << 126;  // where products stop growing

[[nodiscard]] constexpr Int128 absolute(Int128 x) {
  return x < 0 ? -x : x;
}

/// The greatest integer not above n / d. REQUIRES: d > 0.
[[nodiscard]] constexpr Int128 floor_of(Int128 n, Int128 d) {
  Int128 remainder = n % d;
  if (remainder < 0) remainder += d;
  return (n - remainder) / d;
}

/// The smallest integer not below n / d. REQUIRES: d > 0.
[[nodiscard]] constexpr Int128 ceil_of(Int128 n, Int128 d) {
  return -floor_of(-n, d);
}

/// a * b / d of 256 bits, by long division bit by bit; at most kHuge.
struct LongQuotient {
  Int128 quotient{0};
  bool exact{true};
};
[[nodiscard]] constexpr LongQuotient long_quotient(Unsigned128 a, Unsigned128 b, Unsigned128 d) {
  const Unsigned128 mask = (Unsigned128{1} << 64) - 1;
  const Unsigned128 low = (a & mask) * (b & mask);
  const Unsigned128 cross = (a & mask) * (b >> 64);
  const Unsigned128 cross_too = (a >> 64) * (b & mask);
  const Unsigned128 middle = (low >> 64) + (cross & mask) + (cross_too & mask);
  const Unsigned128 words[2] = {
      (a >> 64) * (b >> 64) + (cross >> 64) + (cross_too >> 64) + (middle >> 64),
      (middle << 64) | (low & mask)};
  Unsigned128 quotient = 0;
  Unsigned128 remainder = 0;
  bool huge = false;
  for (int bit = 255; bit >= 0; --bit) {
    remainder = (remainder << 1) | ((words[bit >= 128 ? 0 : 1] >> (bit % 128)) & 1);
    huge = huge || quotient >= static_cast<Unsigned128>(kHuge) / 2;
    quotient <<= 1;
    if (remainder < d) continue;
    remainder -= d;
    quotient |= 1;
  }
  if (huge) return {kHuge, true};
  return {static_cast<Int128>(quotient), remainder == 0};
}

/// floor(a * b / d), also where a * b has more than 128 bits; within +-kHuge.
/// REQUIRES: b >= 0, d > 0.
[[nodiscard]] constexpr Int128 floor_of_product(Int128 a, Int128 b, Int128 d) {
  Int128 product = 0;
  if (!__builtin_mul_overflow(a, b, &product) && absolute(product) < kHuge) {
    return floor_of(product, d);
  }
  const LongQuotient size = long_quotient(static_cast<Unsigned128>(absolute(a)),
                                          static_cast<Unsigned128>(b), static_cast<Unsigned128>(d));
  if (a >= 0) return size.quotient;
  return size.exact ? -size.quotient : -size.quotient - 1;
}

/// ceil(a * b / d), also where a * b has more than 128 bits. REQUIRES: b >= 0, d > 0.
[[nodiscard]] constexpr Int128 ceil_of_product(Int128 a, Int128 b, Int128 d) {
  return -floor_of_product(-a, b, d);
}

/// fee(N, r) = ceil(N * r / 1e9).
[[nodiscard]] constexpr Int128 fee_of(Int128 notional, Int128 rate) {
  return ceil_of_product(notional, rate, kOne);
}

[[nodiscard]] constexpr Int128 ten_to(int exponent) {
  Int128 result = 1;
  for (int i = 0; i < exponent; ++i) result *= 10;
  return result;
}

/// The 64 bits of a number that must fit in them.
[[nodiscard]] inline std::int64_t to_64(Int128 wide) {
  PLIMSOLL_ASSERT(wide >= std::numeric_limits<std::int64_t>::min());
  PLIMSOLL_ASSERT(wide <= std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(wide);
}

static_assert(floor_of(-7, 2) == -4 && floor_of(7, 2) == 3 && floor_of(-8, 2) == -4);
static_assert(ceil_of(-7, 2) == -3 && ceil_of(7, 2) == 4 && ceil_of(8, 2) == 4);
static_assert(floor_of_product(-7, 3, 2) == -11 && ceil_of_product(-7, 3, 2) == -10);
static_assert(floor_of_product(kHuge - 1, 6, 3) == kHuge);
static_assert(floor_of_product(kHuge / 4 + 1, 8, 16) == kHuge / 8);
static_assert(floor_of_product(-(kHuge / 4 + 1), 8, 16) == -(kHuge / 8) - 1);
static_assert(ceil_of_product(kHuge / 4 + 1, 8, 16) == kHuge / 8 + 1);
static_assert(floor_of_product(kHuge / 3, 1'000, 7'000) == floor_of(kHuge / 3, 7));

}  // namespace plimsoll::oracle
