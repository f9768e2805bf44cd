// A take-over shares the equity to the unit and leaves an empty account.

#include <gtest/gtest.h>

#include "engine/lifecycle/plan.hpp"
#include "tests/lifecycle/breached_account.hpp"

namespace plimsoll::lifecycle {
namespace {

using testing::BreachedAccount;

Takeover take_over(const BreachedAccount& account) {
  Takeover takeover;
  plan_takeover(account.reference(), account.marks, account.portfolio(),
                LiquidationEpoch::from_raw(1), takeover);
  return takeover;
}

/// What the positions are worth at their marks, each by itself.
Int128 mark_value(const BreachedAccount& account) {
  Int128 sum = 0;
  account.ledger.for_each_position(0, [&](const ledger::Position& position) {
    sum += reference::turnover(account.instrument_of(position.instrument), position.quantity.raw(),
                               account.marks.of(position.instrument))
               .floor();
  });
  return sum;
}

TEST(Takeover, SharesSumExactlyToTheEquityAndValuesToTheValueAtTheMarks) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    BreachedAccount account{seed};
    account.scatter();
    const Takeover takeover = take_over(account);
    Int128 shares = 0;
    Int128 values = 0;
    for (const PositionTakenOver& taken : takeover.positions) {
      shares += Int128{taken.mark_value.raw()} - taken.transfer_value.raw();
      values += taken.mark_value.raw();
      EXPECT_EQ(taken.quantity.raw(), account.quantity(taken.instrument)) << "seed " << seed;
    }
    EXPECT_TRUE(shares == account.valuation().equity.raw()) << "seed " << seed;
    EXPECT_TRUE(values == mark_value(account)) << "seed " << seed;
  }
}

TEST(Takeover, AtTheTransferValuesTheAccountRealisesExactlyItsBalance) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    BreachedAccount account{seed};
    account.scatter();
    const Takeover takeover = take_over(account);
    Int128 realised = 0;
    for (const PositionTakenOver& taken : takeover.positions) {
      const auto index = account.ledger.find_position(0, taken.instrument, taken.side);
      realised += taken.transfer_value.raw() - account.ledger.position(index).entry_value.raw();
    }
    EXPECT_TRUE(realised == -account.ledger.account(0).balance.raw()) << "seed " << seed;
    const Int128 equity = account.valuation().equity.raw();
    ASSERT_EQ(takeover.balances.size(), equity == 0 ? 0U : 1U) << "seed " << seed;
    EXPECT_TRUE(equity == 0 || takeover.balances[0].amount.raw() == equity) << "seed " << seed;
    account.ledger.hand_over_value(support::kUsdt, equity - mark_value(account));
    account.ledger.hand_over(0, takeover.assets);
    EXPECT_EQ(account.ledger.account(0).balance.raw(), 0) << "seed " << seed;
    EXPECT_EQ(account.ledger.account(0).first_position, ledger::kNone) << "seed " << seed;
    EXPECT_TRUE(account.ledger.conservation_gap(support::kUsdt) == 0) << "seed " << seed;
  }
}

TEST(Takeover, EachShareIsProRataToMaintenanceAndTheLastTakesTheRest) {
  std::size_t several = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    BreachedAccount account{seed};
    account.scatter();
    const auto positions = take_over(account).positions;
    const Int128 equity = account.valuation().equity.raw();
    const Int128 maintenance = account.valuation().maintenance_margin.raw();
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const Int128 exact = equity * account.maintenance(positions[i].instrument);
      const Int128 share =
          Int128{positions[i].mark_value.raw()} - positions[i].transfer_value.raw();
      const bool last = i + 1 == positions.size();
      const Int128 rest = share * maintenance - exact;
      // Floors leave less than a unit each; the last one takes all of them.
      EXPECT_TRUE(last ? rest >= 0 : rest <= 0) << "seed " << seed;
      const auto others = static_cast<Int128>(positions.size());
      EXPECT_TRUE((last ? rest : -rest) < others * maintenance) << "seed " << seed;
      EXPECT_TRUE(i == 0 || positions[i - 1].instrument < positions[i].instrument);
    }
    several += static_cast<std::size_t>(positions.size() > 1);
  }
  EXPECT_GT(several, 200U);
}

}  // namespace
}  // namespace plimsoll::lifecycle
