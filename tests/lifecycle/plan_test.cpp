// Goal: a step of a liquidation does what it is for, and no more. Method: random accounts in
// breach; each planned order is really filled in the ledger at its limit, with its fee, and the
// account revalued from the start.

#include "engine/lifecycle/plan.hpp"

#include <gtest/gtest.h>

#include "tests/lifecycle/breached_account.hpp"

namespace plimsoll::lifecycle {
namespace {

using testing::BreachedAccount;

constexpr std::uint64_t kSeeds = 800;

std::vector<PlannedOrder> plan(const BreachedAccount& account) {
  StepPlanner planner{account.reference(), account.marks};
  margin::Portfolio portfolio = account.portfolio();
  return planner.plan(portfolio, account.valuation(), account.target, account.marks);
}

/// Fills an order whole, or but for some lots, at its limit.
void fill(BreachedAccount& account, const PlannedOrder& order, std::int64_t lots_less = 0) {
  const std::int64_t lot = account.instrument_of(order.instrument).lot.raw();
  const std::int64_t less = order.quantity.raw() > 0 ? lots_less * lot : -lots_less * lot;
  const Quantity quantity = Quantity::from_raw(order.quantity.raw() - less);
  if (quantity.raw() == 0) return;
  (void)account.ledger.apply_liquidation_fill(
      0, ledger::testing::answer(order.instrument, quantity.raw(), order.limit.raw()),
      account.profile().liquidation_fee);
}

bool closes(const BreachedAccount& account, const PlannedOrder& order) {
  return account.quantity(order.instrument) == -order.quantity.raw();
}

/// Empty, or which promise this order breaks.
std::string fault_of(const BreachedAccount& account, const PlannedOrder& order) {
  const reference::Instrument& instrument = account.instrument_of(order.instrument);
  const std::int64_t held = account.quantity(order.instrument);
  const std::int64_t quantity = order.quantity.raw();
  if (quantity == 0 || (quantity > 0) == (held > 0)) return "does not reduce";
  if (std::abs(quantity) > std::abs(held)) return "flips the position";
  if (quantity % instrument.lot.raw() != 0) return "off the lot";
  if (order.limit.raw() <= 0 || order.limit > instrument.price_max) return "limit out of range";
  return order.limit.raw() % instrument.tick.raw() == 0 ? "" : "limit off the tick";
}

/// Each position that is left after a step that did not suffice had no limit, or closing it would
/// have lowered the excess, however near to the mark.
void expect_rest_is_worthless(BreachedAccount& account) {
  for (std::uint32_t i = 0; i <= support::kCheap.raw(); ++i) {
    const InstrumentId id = InstrumentId::from_raw(i);
    const std::int64_t held = account.quantity(id);
    if (held == 0) continue;
    const reference::Instrument& instrument = account.instrument_of(id);
    const reference::Tiers& tiers = account.reference().tiers[instrument.tiers_long.raw()];
    const Price limit = order_limit(instrument, Rate{}, held > 0, account.marks.of(id));
    const bool may_sell = reference::liquidation_slippage(tiers, account.profile()).raw() > 0;
    if (limit.raw() == 0 || !may_sell) continue;
    const std::int64_t before = account.excess();
    fill(account, {id, PositionSide::net, Quantity::from_raw(-held), limit});
    EXPECT_LT(account.excess(), before) << "instrument " << i << " was skipped for no reason";
  }
}

/// Plans a step of the account of each seed, and visits it before anything is filled.
template <class Visit>
void for_each_step(Visit&& visit) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    BreachedAccount account{seed};
    account.breach();
    if (!account.below_target()) continue;
    const std::vector<PlannedOrder> orders = plan(account);
    visit(account, orders);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
}

TEST(StepPlan, EveryOrderFilledAtItsLimitReducesOnGridAndNeverLowersTheExcess) {
  std::size_t checked = 0;
  for_each_step([&](BreachedAccount& account, const std::vector<PlannedOrder>& orders) {
    for (const PlannedOrder& order : orders) {
      EXPECT_EQ(fault_of(account, order), "");
      const std::int64_t before = account.excess();
      fill(account, order);
      EXPECT_GE(account.excess(), before);
      ++checked;
    }
  });
  EXPECT_GT(checked, 1'000U);
}

TEST(StepPlan, ReachesTheTargetOrClosesEveryPositionThatItDoesNotSkip) {
  std::size_t reached = 0;
  std::size_t exhausted = 0;
  for_each_step([&](BreachedAccount& account, const std::vector<PlannedOrder>& orders) {
    for (std::size_t i = 0; i < orders.size(); ++i) {
      EXPECT_TRUE(account.below_target()) << "order " << i << " of a target that is reached";
      EXPECT_TRUE(i + 1 == orders.size() || closes(account, orders[i]))
          << "order " << i << " leaves a part although another follows";
      if (i + 1 == orders.size() && !closes(account, orders[i])) {
        fill(account, orders[i]);
        EXPECT_FALSE(account.below_target()) << "a partial order that does not suffice";
      } else {
        fill(account, orders[i]);
      }
    }
    ++(account.below_target() ? exhausted : reached);
    if (account.below_target()) expect_rest_is_worthless(account);
  });
  EXPECT_GT(reached, 300U);
  EXPECT_GT(exhausted, 200U);
}

TEST(StepPlan, TheLastOrderIsNotOneLotLargerThanNeeded) {
  std::size_t partial = 0;
  for_each_step([&](BreachedAccount& account, const std::vector<PlannedOrder>& orders) {
    if (orders.empty()) return;
    for (std::size_t i = 0; i + 1 < orders.size(); ++i) fill(account, orders[i]);
    if (closes(account, orders.back())) return;
    fill(account, orders.back(), 1);
    EXPECT_TRUE(account.below_target());
    ++partial;
  });
  EXPECT_GT(partial, 300U);
}

TEST(StepPlan, TakesTheLargestRequirementFirstEachPositionOnce) {
  std::size_t pairs = 0;
  for_each_step([&](const BreachedAccount& account, const std::vector<PlannedOrder>& orders) {
    for (std::size_t i = 1; i < orders.size(); ++i) {
      const Int128 former = account.maintenance(orders[i - 1].instrument);
      const Int128 latter = account.maintenance(orders[i].instrument);
      EXPECT_TRUE(former > latter ||
                  (former == latter && orders[i - 1].instrument < orders[i].instrument));
      ++pairs;
    }
  });
  EXPECT_GT(pairs, 100U);
}

TEST(StepPlan, NothingIsSoldAtTheTargetAndSomethingJustBelowIt) {
  BreachedAccount account{4};  // of the fixed reference
  const std::int64_t required = narrow(margin::threshold(
      account.valuation().maintenance_margin.raw(), account.target, account.profile()));
  account.set_equity(required + 1);
  EXPECT_TRUE(plan(account).empty());
  account.set_equity(required - 1);
  const std::vector<PlannedOrder> orders = plan(account);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_FALSE(closes(account, orders[0]));
}

// 40 units of notional free 1 of maintenance; selling them at the limit gives 39, the fee takes 1.
/// One account in the small reference, and what is planned for it up to its maintenance.
struct Planned {
  reference::Reference reference = support::small_reference();
  ledger::Ledger ledger{reference, 1};
  marks::Marks marks{reference};
  std::vector<PlannedOrder> orders;

  Planned() { ledger::testing::open_account(ledger, 7, support::kUsdt); }
  void hold(InstrumentId instrument, std::int64_t quantity, Price mark) {
    marks.set(instrument, mark);
    ASSERT_FALSE(ledger.apply_fill(0, ledger::testing::trade(instrument, quantity, mark.raw())));
  }
  void plan() {
    margin::Valuer valuer{reference, ledger, marks};
    StepPlanner planner{reference, marks};
    const margin::Valuation valuation = valuer.revalue(0);
    orders = planner.plan(valuer.copy(0), valuation, Rate::from_raw(kRateOne), marks);
  }
};

// At the full distance rounding would make a loss of closing a single unit; at the mark it does
// not.
TEST(StepPlan, AnOrderThatWouldLowerTheExcessComesNearerToTheMark) {
  Planned planned;
  planned.hold(support::kCheap, 1, Price::from_raw(40'000));
  planned.plan();
  ASSERT_EQ(planned.orders.size(), 1U);
  const reference::Instrument& cheap = planned.reference.instruments[support::kCheap.raw()];
  const Rate whole = reference::liquidation_slippage(
      planned.reference.tiers[cheap.tiers_long.raw()], planned.reference.profiles[0]);
  EXPECT_GT(planned.orders[0].limit, order_limit(cheap, whole, true, Price::from_raw(40'000)));
  EXPECT_LE(planned.orders[0].limit, Price::from_raw(40'000));
}

TEST(StepPlan, ALimitBeyondTheLargestPriceComesNearerToTheMark) {
  Planned planned;
  const Price most = planned.reference.instruments[0].price_max;
  planned.hold(support::kBtc, -10, most);
  planned.plan();
  ASSERT_EQ(planned.orders.size(), 1U);
  EXPECT_EQ(planned.orders[0].limit, most);
}

TEST(StepPlan, AnUnlistedPositionIsSkippedForTheNext) {
  Planned planned;
  planned.hold(support::kBtc, 10, Price::from_raw(60'000 * kRateOne));
  planned.hold(support::kEth, 10, Price::from_raw(3'000 * kRateOne));
  planned.marks.set_status(support::kBtc, InstrumentStatus::unlisted);
  planned.plan();
  ASSERT_EQ(planned.orders.size(), 1U);
  EXPECT_EQ(planned.orders[0].instrument, support::kEth);
  EXPECT_EQ(planned.orders[0].quantity.raw(), -10);
}

}  // namespace
}  // namespace plimsoll::lifecycle
