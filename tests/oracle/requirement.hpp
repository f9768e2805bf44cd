#pragma once

#include <vector>

#include "engine/reference/reference.hpp"
#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/world.hpp"

// "Requirement of a line" of engine/README.md, as pure functions.

namespace plimsoll::oracle {

/// Which rates a requirement is made of: `k` of the README.
enum class Margin {
  maintenance,
  initial,
  scaled,  // what initial_factor and withdrawal_factor multiply
};

/// Everything but the line itself that its requirement depends on.
struct LineTerms {
  const reference::Instrument& instrument;
  const reference::Tiers& tiers_long;
  const reference::Tiers& tiers_short;
  const reference::Profile& profile;
  int settle_decimals;
  Int128 mark;
  Int128 open_interest;
  Int128 funding_estimate;
  Int128 leverage;  // 0: none set
  Int128 others;    // G - abs(Q) of the owner, where the profile aggregates; else 0
};

/// R(k): what a position and the open orders of its line require.
[[nodiscard]] Int128 requirement_of(const LineTerms& terms, const Position& position,
                                    const std::vector<Order>& orders, Margin margin);

}  // namespace plimsoll::oracle
