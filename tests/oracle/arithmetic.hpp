#pragma once

#include <cstdint>
#include <limits>

#include "engine/base/assert.hpp"
#include "engine/value/integer.hpp"

// Division of the oracle. Written a second time on purpose: only the alias Int128 is the engine's.

namespace plimsoll::oracle {

inline constexpr Int128 kOne = 1'000'000'000;  // a rate or a factor of 1

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

/// floor(a * b / d), also where a * b has more than 128 bits. REQUIRES: d > 0, d * b fits.
[[nodiscard]] constexpr Int128 floor_of_product(Int128 a, Int128 b, Int128 d) {
  const Int128 whole = floor_of(a, d);
  return whole * b + floor_of((a - whole * d) * b, d);
}

/// ceil(a * b / d), also where a * b has more than 128 bits. REQUIRES: d > 0, d * b fits.
[[nodiscard]] constexpr Int128 ceil_of_product(Int128 a, Int128 b, Int128 d) {
  return -floor_of_product(-a, b, d);
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

}  // namespace plimsoll::oracle
