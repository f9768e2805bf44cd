#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "engine/value/types.hpp"

// What a margin model tells the bands about an account: the one interface between them.

namespace plimsoll::watch {

/// A price that accounts depend on: the marks of all instruments, then the indices of all assets.
using Factor = std::uint32_t;

enum class Direction : std::uint8_t { falls = 0, rises = 1 };

/// What a move of one factor in one direction can take from an excess, at most.
///
/// From `base` the excess loses at most `slope` for each unit that the price (in units of 1e-9) is
/// beyond it in that direction, anywhere up to `limit`; and it gains at least `gain` for each unit
/// that it is on the other side. REQUIRES: 0 <= gain <= slope.
struct Side {
  Factor factor{0};
  Direction direction{Direction::falls};
  bool twin{false};  // the other direction of the factor of the side before it: they share a budget
  Price base;
  Price limit{};  // nothing is said beyond it; 0: no price lies beyond it
  double slope{0};
  double gain{0};
};

/// As long as every price stays within the limits of the sides, the excess is at least `floor` less
/// the losses and plus the gains of all sides; and as long as that is above 0 nothing is to be said
/// of the account. Prices without a side cannot lower the excess below that.
struct Certificate {
  double floor{0};
  std::vector<Side> sides;

  void clear(double excess) {
    floor = excess;
    sides.clear();
  }
};

}  // namespace plimsoll::watch
