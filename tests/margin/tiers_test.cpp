// Tiers are a continuous, convex, rising function of the notional, and equal to the sum over the
// brackets of the part in each at its own rate.

#include <functional>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/margin/requirement.hpp"
#include "tests/ledger/any_integer.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::margin {
namespace {

using ledger::testing::any_magnitude;
using Brackets = std::vector<reference::Bracket>;

/// A marginal table, in Amount units.
Int128 requirement_of(const Brackets& brackets, Int128 notional, Kind kind) {
  reference::Tiers tiers;
  tiers.brackets = brackets;
  return divide_ceil<Int128>(charge_of(tiers, kind, notional, notional), kRateOne);
}
Int128 maintenance_requirement(const Brackets& brackets, Int128 notional) {
  return requirement_of(brackets, notional, Kind::maintenance);
}
Int128 initial_requirement(const Brackets& brackets, Int128 notional) {
  return requirement_of(brackets, notional, Kind::initial);
}

/// What the requirement is by definition: each part of the notional at the rate of its bracket.
Int128 by_parts(const Brackets& brackets, Int128 notional, Rate reference::Bracket::*rate) {
  Int128 sum = 0;
  for (std::size_t i = 0; i < brackets.size(); ++i) {
    const Int128 from = brackets[i].floor;
    const Int128 to =
        i + 1 < brackets.size() ? std::min<Int128>(notional, brackets[i + 1].floor) : notional;
    if (to > from) sum += (to - from) * (brackets[i].*rate).raw();
  }
  return divide_ceil<Int128>(sum, kRateOne);
}

/// Empty, or which of the promises does not hold at some floor of these brackets.
std::string fault_at_floors(const Brackets& brackets) {
  for (const reference::Bracket& bracket : brackets) {
    const Int128 floor = bracket.floor;
    for (const auto requirement : {maintenance_requirement, initial_requirement}) {
      if (floor == 0) continue;
      // One unit more of notional requires its rate of a unit more.
      const Int128 most = divide_ceil<Int128>(bracket.initial.raw(), kRateOne);
      const Int128 jump = requirement(brackets, floor) - requirement(brackets, floor - 1);
      if (jump < 0 || jump > most) return "jumps at " + std::to_string(bracket.floor);
    }
  }
  return {};
}

/// Visits the brackets of every instrument of some references.
void for_each_table(const std::function<void(const Brackets&, std::uint64_t)>& visit) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const reference::Reference reference =
        seed == 0 ? support::small_reference() : support::random_reference(seed);
    for (const reference::Tiers& tiers : reference.tiers) {
      if (tiers.mode == reference::TierMode::marginal) visit(tiers.brackets, seed);
    }
  }
}

TEST(Tiers, AreContinuousAtEveryFloor) {
  for_each_table([](const Brackets& brackets, std::uint64_t seed) {
    EXPECT_EQ(fault_at_floors(brackets), "") << "seed " << seed;
  });
}

TEST(Tiers, ACumulativeAmountThatIsOffByAUnitShowsAtItsFloor) {
  Brackets brackets = support::small_reference().tiers[0].brackets;
  brackets[2].maintenance_amount -= Int128{2} * kRateOne;
  EXPECT_EQ(fault_at_floors(brackets), "jumps at 250000000000");
  brackets = support::small_reference().tiers[0].brackets;
  brackets[1].initial_amount += kRateOne;
  EXPECT_EQ(fault_at_floors(brackets), "jumps at 50000000000");
}

TEST(Tiers, OfTheFixedReferenceAreRightByHand) {
  const Brackets brackets = support::small_reference().tiers[0].brackets;
  constexpr std::int64_t kUnit = 1'000'000;
  // 50,000 at 0.5 %, 200,000 at 1 %, 750,000 at 2.5 %, the rest at 5 %.
  const auto maintenance = [&](Int128 notional) {
    return narrow(maintenance_requirement(brackets, notional));
  };
  EXPECT_EQ(maintenance(0), 0);
  EXPECT_EQ(maintenance(1), 1);
  EXPECT_EQ(maintenance(50'000 * kUnit), 250 * kUnit);
  EXPECT_EQ(maintenance(250'000 * kUnit), 2'250 * kUnit);
  EXPECT_EQ(maintenance(2'000'000 * kUnit), 71'000 * kUnit);
  EXPECT_EQ(maintenance(2'000'000 * kUnit + 1), 71'000 * kUnit + 1);
  EXPECT_EQ(narrow(initial_requirement(brackets, 250'000 * kUnit)), 5'500 * kUnit);
}

TEST(Tiers, EqualTheSumOverTheirBrackets) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const reference::Reference reference = support::random_reference(seed);
    for (const reference::Tiers& tiers : reference.tiers) {
      if (tiers.mode != reference::TierMode::marginal) continue;
      const Int128 notional = any_magnitude(60) - 1;
      RC_ASSERT(maintenance_requirement(tiers.brackets, notional) ==
                by_parts(tiers.brackets, notional, &reference::Bracket::maintenance));
      RC_ASSERT(initial_requirement(tiers.brackets, notional) ==
                by_parts(tiers.brackets, notional, &reference::Bracket::initial));
    }
  }));
}

TEST(Tiers, RiseWithTheNotionalAndAreConvexToTheUnit) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const Brackets brackets = support::random_linear_reference(seed).tiers[0].brackets;
    const Int128 low = any_magnitude(58) - 1;
    const Int128 step = any_magnitude(58);
    for (const auto requirement : {maintenance_requirement, initial_requirement}) {
      const Int128 first = requirement(brackets, low);
      const Int128 second = requirement(brackets, low + step);
      const Int128 third = requirement(brackets, low + 2 * step);
      RC_ASSERT(first <= second && second <= third);
      RC_ASSERT(first + third >= 2 * second - 1);  // each is rounded up by less than one unit
      RC_ASSERT(second - first <= step);           // no rate is above 1
    }
    RC_ASSERT(maintenance_requirement(brackets, low) <= initial_requirement(brackets, low));
  }));
}

/// BTC of the fixed reference: 0.5 % to 50,000, then 1 %, as another kind of table.
reference::Tiers btc_table(reference::TierMode mode) {
  reference::Tiers tiers = support::small_reference().tiers[0];
  tiers.mode = mode;
  return tiers;
}

TEST(Tiers, ThatTakeTheWholeNotionalJumpAtTheirFloors) {
  const reference::Tiers tiers = btc_table(reference::TierMode::whole);
  constexpr std::int64_t kFloor = 50'000'000'000;
  const auto maintenance = [&](Int128 notional, Int128 measure) {
    return narrow(charge_of(tiers, Kind::maintenance, notional, measure));
  };
  EXPECT_EQ(maintenance(1'000, kFloor - 1), 5'000'000'000);
  EXPECT_EQ(maintenance(1'000, kFloor), 10'000'000'000);
}

TEST(Tiers, ThatGrowByIncrementsEndAtTheWholeNotional) {
  reference::Tiers tiers = btc_table(reference::TierMode::increment);
  tiers.brackets.resize(1);
  tiers.measure_unit = 1'000;
  tiers.maintenance_increment = Rate::from_raw(2'000'000);  // 0.2 % a whole unit
  const auto maintenance = [&](Int128 notional, Int128 measure) {
    return narrow(charge_of(tiers, Kind::maintenance, notional, measure));
  };
  EXPECT_EQ(maintenance(7, 0), 7 * 5'000'000);
  EXPECT_EQ(maintenance(7, 1'500), 7 * 8'000'000);
  EXPECT_EQ(maintenance(7, 1), 7 * 5'002'000);
  EXPECT_EQ(maintenance(7, 497'499), 6'999'986'000);
  EXPECT_EQ(maintenance(7, 497'500), 7 * kRateOne);
  EXPECT_EQ(maintenance(7, Int128{1} << 60), 7 * kRateOne);
}

}  // namespace
}  // namespace plimsoll::margin
