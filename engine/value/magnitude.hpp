#pragma once

#include "engine/value/integer.hpp"

namespace plimsoll {

[[nodiscard]] constexpr Int128 magnitude(Int128 x) noexcept {
  return x < 0 ? -x : x;
}

/// Is -bound <= value <= bound?
[[nodiscard]] constexpr bool within(Int128 value, Int128 bound) noexcept {
  return value >= -bound && value <= bound;
}

}  // namespace plimsoll
