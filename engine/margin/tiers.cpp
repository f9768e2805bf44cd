#include "engine/margin/tiers.hpp"

#include <limits>

namespace plimsoll::margin {
namespace {

/// The last bracket whose floor is not above the notional. Tables are short (at most a dozen) and
/// most positions are in the first brackets: a linear look from below beats a bisection.
const reference::Bracket& bracket_of(const std::vector<reference::Bracket>& brackets,
                                     Int128 notional) noexcept {
  std::size_t i = 0;
  while (i + 1 < brackets.size() && brackets[i + 1].floor.raw() <= notional) ++i;
  return brackets[i];
}

Int128 requirement(Int128 notional, Rate rate, Int128 cumulative) noexcept {
  const Int128 scaled = notional * rate.raw() - cumulative;
  if (scaled <= std::numeric_limits<std::int64_t>::max()) {
    return divide_ceil<std::int64_t>(static_cast<std::int64_t>(scaled), kRateOne);
  }
  return divide_ceil<Int128>(scaled, kRateOne);
}

}  // namespace

Int128 maintenance_requirement(const std::vector<reference::Bracket>& brackets,
                               Int128 notional) noexcept {
  const reference::Bracket& bracket = bracket_of(brackets, notional);
  return requirement(notional, bracket.maintenance, bracket.maintenance_amount);
}

Int128 initial_requirement(const std::vector<reference::Bracket>& brackets,
                           Int128 notional) noexcept {
  const reference::Bracket& bracket = bracket_of(brackets, notional);
  return requirement(notional, bracket.initial, bracket.initial_amount);
}

}  // namespace plimsoll::margin
