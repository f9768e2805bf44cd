// The books of a shard: every refusal, the edges of the limits, and small cases by hand.

#include "engine/ledger/ledger.hpp"

#include <array>
#include <functional>

#include <gtest/gtest.h>

#include "tests/ledger/books.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::ledger {
namespace {

using support::kBtc;
using support::kBtcUsdc;
using support::kCheap;
using support::kEth;
using testing::trade;

constexpr std::int64_t kWhole = 1'000'000'000;  // a price of 1

/// The small reference, with instruments where quantity and exposure limits lie apart: CHEAP has
/// exposure = quantity, ETH exposure = 2 x quantity, BTC exposure = ceil(quantity / 10^6).
reference::Reference edge_reference() {
  reference::Reference reference = support::small_reference();
  const auto set = [&](InstrumentId id, std::int64_t price_max) {
    reference.instruments[id.raw()].tick = Price::from_raw(1);
    reference.instruments[id.raw()].price_max = Price::from_raw(price_max);
  };
  set(kCheap, 1'000);
  set(kEth, 200'000);
  set(kBtc, 1);
  EXPECT_TRUE(reference::finish(reference).empty());
  return reference;
}

class LedgerTest : public ::testing::Test {
 protected:
  explicit LedgerTest(const reference::Reference& reference = support::small_reference())
      : reference_{reference} {
    EXPECT_EQ(testing::open_account(ledger_, 7, support::kUsdt), ann_);
    EXPECT_EQ(testing::open_account(ledger_, 8, support::kUsdt), bob_);
    EXPECT_EQ(testing::open_account(ledger_, 9, support::kUsdc), cat_);
  }

  void expect_conserved() const {
    for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
      EXPECT_TRUE(ledger_.conservation_gap(AssetId::from_raw(i)) == 0) << "asset " << i;
    }
    for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
      EXPECT_TRUE(ledger_.position_gap(InstrumentId::from_raw(i)) == 0) << "instrument " << i;
    }
    testing::HeldPositions held;
    EXPECT_EQ(testing::positions_fault(ledger_, reference_, held), "");
  }
  /// The fill is refused for this reason and has changed nothing.
  void expect_refused(const TradeFilled& fill, Refusal reason, AccountIndex account = 0) {
    const auto before = testing::contents(ledger_, reference_);
    const std::optional<Refusal> refused = ledger_.apply_fill(account, fill);
    ASSERT_TRUE(refused) << to_string(reason);
    EXPECT_EQ(to_string(*refused), to_string(reason));
    EXPECT_TRUE(testing::contents(ledger_, reference_) == before) << to_string(reason);
  }
  void expect_accepted(const TradeFilled& fill, AccountIndex account = 0) {
    EXPECT_FALSE(ledger_.apply_fill(account, fill));
    expect_conserved();
  }
  [[nodiscard]] std::int64_t balance(AccountIndex account) const {
    return ledger_.account(account).balance.raw();
  }

  reference::Reference reference_;
  Ledger ledger_{reference_, 10};
  const AccountIndex ann_{0};
  const AccountIndex bob_{1};
  const AccountIndex cat_{2};
};

class LedgerLimits : public LedgerTest {
 protected:
  LedgerLimits() : LedgerTest{edge_reference()} {}
};

TEST_F(LedgerTest, ARefusedFillChangesNothingWhateverTheReason) {
  expect_accepted(trade(kBtc, 5, 61'800 * kWhole, 3));
  const std::int64_t price_max = reference_.instruments[kBtc.raw()].price_max.raw();
  expect_refused(trade(InstrumentId::from_raw(4), 1, kWhole), Refusal::reference_unknown);
  expect_refused(trade(kNoInstrument, 1, kWhole), Refusal::reference_unknown);
  expect_refused(trade(kBtcUsdc, 1, kWhole), Refusal::asset_mismatch);
  expect_refused(trade(kBtc, 1, kWhole), Refusal::asset_mismatch, cat_);
  expect_refused(trade(kBtc, 0, kWhole), Refusal::quantity_off_lot);
  expect_refused(trade(kBtc, -5, 0), Refusal::price_out_of_range);
  expect_refused(trade(kBtc, -5, -kWhole), Refusal::price_out_of_range);
  expect_refused(trade(kBtc, -5, price_max + 1), Refusal::price_out_of_range);
  expect_refused(trade(kBtc, -5, kWhole, kExposureMax + 1), Refusal::exposure_out_of_range);
  expect_refused(trade(kBtc, std::int64_t{1} << 61, kWhole), Refusal::exposure_out_of_range);
  expect_accepted(trade(kBtc, -5, price_max));
}

TEST_F(LedgerTest, AFillOffTheLotIsRefusedEvenWhenItWouldClose) {
  expect_accepted(trade(kBtc, 7, kWhole));
  reference_.instruments[kBtc.raw()].lot = Quantity::from_raw(5);
  expect_refused(trade(kBtc, -7, kWhole), Refusal::quantity_off_lot);
  expect_refused(trade(kBtc, 1, kWhole), Refusal::quantity_off_lot);
  expect_accepted(trade(kBtc, -5, kWhole));
}

TEST_F(LedgerTest, DepositsAreRefusedWhenNotPositiveOrBeyondTheLimit) {
  EXPECT_EQ(ledger_.deposit(ann_, support::kUsdt, Amount{}), Refusal::amount_not_positive);
  EXPECT_EQ(ledger_.deposit(ann_, support::kUsdt, Amount::from_raw(-1)),
            Refusal::amount_not_positive);
  EXPECT_EQ(ledger_.deposit(ann_, support::kUsdt, Amount::from_raw(kExposureMax + 1)),
            Refusal::exposure_out_of_range);
  EXPECT_FALSE(ledger_.deposit(ann_, support::kUsdt, Amount::from_raw(kExposureMax)));
  EXPECT_EQ(ledger_.deposit(ann_, support::kUsdt, Amount::from_raw(1)),
            Refusal::exposure_out_of_range);
  EXPECT_EQ(balance(ann_), kExposureMax);
  EXPECT_TRUE(ledger_.can_receive(bob_, support::kUsdt, Amount::from_raw(kExposureMax)));
  EXPECT_FALSE(ledger_.can_receive(ann_, support::kUsdt, Amount::from_raw(1)));
  expect_conserved();
}

TEST_F(LedgerLimits, ExposureOfExactlyTheLimitPassesAndOneLotMoreIsRefused) {
  constexpr std::int64_t kHalf = kExposureMax / 2;
  expect_accepted(trade(kEth, kHalf, 1));
  expect_refused(trade(kEth, 1, 1), Refusal::exposure_out_of_range);
  expect_refused(trade(kCheap, 1, 1), Refusal::exposure_out_of_range);
  expect_accepted(trade(kEth, -kHalf, 1));
  expect_accepted(trade(kEth, -kHalf, 1), bob_);
  expect_refused(trade(kEth, -1, 1), Refusal::exposure_out_of_range, bob_);
}

TEST_F(LedgerLimits, ExposureSumsOverPositionsWithoutNettingThem) {
  expect_accepted(trade(kCheap, kExposureMax - 8, 1));
  expect_accepted(trade(kEth, -3, 1));
  expect_accepted(trade(kBtc, 1, 1));  // a part of a unit counts as one
  expect_refused(trade(kBtc, 2'000'000, 1), Refusal::exposure_out_of_range);
  expect_accepted(trade(kBtc, 999'999, 1));
  expect_accepted(trade(kCheap, 1, 1));
  expect_refused(trade(kCheap, 1, 1), Refusal::exposure_out_of_range);
}

TEST_F(LedgerLimits, QuantityIsLimitedWhereTheExposureIsNot) {
  expect_accepted(trade(kBtc, kExposureMax, 1));
  expect_refused(trade(kBtc, 1, 1), Refusal::exposure_out_of_range);
  expect_accepted(trade(kBtc, -kExposureMax, 1));
  expect_accepted(trade(kBtc, -kExposureMax, 1));
  expect_refused(trade(kBtc, -1, 1), Refusal::exposure_out_of_range);
}

TEST_F(LedgerLimits, FeesAndBalancesStopAtTheirLimits) {
  expect_refused(trade(kCheap, 1, 1'000, -kExposureMax - 1), Refusal::exposure_out_of_range);
  expect_accepted(trade(kCheap, 1, 1'000, kExposureMax));
  expect_accepted(trade(kCheap, 1, 1'000, kExposureMax));
  EXPECT_EQ(balance(ann_), -kMoneyMax);
  expect_refused(trade(kCheap, 1, 1'000, 1), Refusal::exposure_out_of_range);
  expect_refused(trade(kCheap, -1, 1), Refusal::exposure_out_of_range);  // realises a loss
  for (int i = 0; i < 4; ++i) expect_accepted(trade(kCheap, 1, 1'000, -kExposureMax));
  EXPECT_EQ(balance(ann_), kMoneyMax);
  expect_refused(trade(kCheap, 1, 1'000, -1), Refusal::exposure_out_of_range);
}

TEST_F(LedgerTest, FundingMovesMoneyFromLongToShortAndRoundsAgainstBoth) {
  expect_accepted(trade(kBtc, 3, 60'000 * kWhole), ann_);
  expect_accepted(trade(kBtc, -1, 60'000 * kWhole), bob_);
  // 0.003 x 60,000.0007 x 0.01 % = 0.01800000021: 18,000.00021 units, and a third of it.
  ledger_.settle_funding({.instrument = kBtc,
                          .rate = Rate::from_raw(100'000),
                          .price = Price::from_raw(60'000'000'700'000)});
  EXPECT_EQ(balance(ann_), -18'001);
  EXPECT_EQ(balance(bob_), 6'000);
  EXPECT_TRUE(ledger_.totals(support::kUsdt).rest_of_world ==
              180'000'000 - 60'000'000 + 18'001 - 6'000);
  EXPECT_TRUE(ledger_.totals(support::kUsdt).rounding == 0);
  expect_conserved();
}

TEST_F(LedgerTest, ALiquidationFillPaysItsFeeToTheHouse) {
  expect_accepted(trade(kBtc, 3, 60'000 * kWhole));
  // Sells 0.002 at 59,000.0001: 118.0000002, of which 118,000,000 units arrive; its entry value is
  // 120. Fee 0.1 % of 118,000,000.2 units, rounded up.
  const Realised realised = ledger_.apply_liquidation_fill(
      ann_, testing::answer(kBtc, -2, 59'000'000'100'000), Rate::from_raw(1'000'000));
  EXPECT_EQ(realised.pnl.raw(), -2'000'000);
  EXPECT_EQ(realised.fee.raw(), 118'001);
  EXPECT_EQ(balance(ann_), -2'118'001);
  EXPECT_TRUE(ledger_.totals(support::kUsdt).to_house == 118'001);
  EXPECT_TRUE(ledger_.totals(support::kUsdt).fees == 0);
  expect_conserved();
}

TEST_F(LedgerTest, AHandOverLeavesAnEmptyAccountAndAllElseAsItWas) {
  EXPECT_FALSE(ledger_.deposit(ann_, support::kUsdt, Amount::from_raw(1'000)));
  expect_accepted(trade(kBtc, 3, 60'000 * kWhole));
  expect_accepted(trade(kEth, -2, 3'000 * kWhole));
  expect_accepted(trade(kBtc, 1, 60'000 * kWhole), bob_);
  // At the entry prices the account is worth its balance: 180 - 60 of mark value, equity 1,000.
  ledger_.hand_over_value(support::kUsdt, 1'000 - 120'000'000);
  ledger_.hand_over(ann_, std::array{support::kUsdt});
  EXPECT_EQ(balance(ann_), 0);
  EXPECT_EQ(ledger_.account(ann_).first_position, kNone);
  ASSERT_EQ(ledger_.holders(kBtc, Group::single).size(), 1U);
  EXPECT_EQ(ledger_.holders(kBtc, Group::single)[0].account, bob_);
  EXPECT_TRUE(ledger_.holders(kEth, Group::single).empty());
  EXPECT_TRUE(ledger_.totals(support::kUsdt).to_house == 1'000 - 120'000'000);
  expect_conserved();
}

TEST_F(LedgerTest, AMoveBetweenAccountsIsNeitherDepositNorWithdrawal) {
  EXPECT_FALSE(ledger_.deposit(ann_, support::kUsdt, Amount::from_raw(100)));
  ledger_.move_margin(ann_, bob_, support::kUsdt, Amount::from_raw(30));
  ledger_.withdraw(bob_, support::kUsdt, Amount::from_raw(10));
  EXPECT_EQ(balance(ann_), 70);
  EXPECT_EQ(balance(bob_), 20);
  EXPECT_TRUE(ledger_.totals(support::kUsdt).deposited == 100);
  EXPECT_TRUE(ledger_.totals(support::kUsdt).withdrawn == 10);
  expect_conserved();
}

TEST_F(LedgerTest, AnUnknownAccountIsNotFound) {
  EXPECT_EQ(ledger_.find(AccountId::from_raw(8)), bob_);
  EXPECT_EQ(ledger_.find(AccountId::from_raw(10)), kNone);
  EXPECT_EQ(ledger_.find_position(bob_, kBtc, PositionSide::net), kNone);
}

}  // namespace
}  // namespace plimsoll::ledger
