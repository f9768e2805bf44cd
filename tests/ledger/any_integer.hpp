#pragma once

#include <cstdint>

#include <rapidcheck.h>

// Integers for rapidcheck properties, over their whole range from the first case on.

namespace plimsoll::ledger::testing {

/// Uniform in [low, high].
inline std::int64_t any_in(std::int64_t low, std::int64_t high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
}

/// From 1 to 2^bits_max, of any order of magnitude.
inline std::int64_t any_magnitude(int bits_max) {
  return any_in(1, std::int64_t{1} << any_in(0, bits_max));
}

inline bool any_bool() {
  return any_in(0, 1) == 1;
}

/// From -2^bits_max to 2^bits_max, of any order of magnitude, 0 included.
inline std::int64_t any_signed(int bits_max) {
  const std::int64_t bound = std::int64_t{1} << any_in(0, bits_max);
  return any_in(-bound, bound);
}

}  // namespace plimsoll::ledger::testing
