#include "tests/oracle/oracle_case.hpp"

// Cases worked out by hand from engine/README.md: time, calls, liquidations and take-overs of cross
// accounts. Money is written in millionths of a USDT: 290 USDT are 290'000'000. One BTC (quantity
// 1,000) at 40,000 is a notional of 40,000 USDT, in the first bracket: maintenance 0.5 % = 200
// USDT, initial 1 % = 400 USDT.

namespace plimsoll::oracle {
namespace {

using support::kBtc;
using support::kCheap;
using support::kDesk;
using support::kEth;
using support::kRetail;

constexpr std::int64_t kUsdtOne = 1'000'000;

class OracleCase : public Case {
 protected:
  OracleCase() : Case{support::small_reference()} {}

  void open(AccountId account, ProfileId profile) {
    submit(AccountOpened{account, OwnerId::from_raw(1), AccountId{}, profile, support::kUsdt});
  }
  /// An account with one BTC, bought at 40,000, which is also the mark.
  void open_with_one_bitcoin(AccountId account, ProfileId profile, std::int64_t amount) {
    if (oracle_.world().markets[0].factor.view.price == 0) mark(kBtc, price_of(40'000));
    open(account, profile);
    deposit(account, amount);
    fill(account, kBtc, 1'000, price_of(40'000));
  }
};

TEST_F(OracleCase, FillsGapsWithTimeAdvancedOnTheGrid) {
  at(0);
  mark(kBtc, price_of(40'000));
  at(250);
  mark(kBtc, price_of(40'001));
  at(300);
  mark(kBtc, price_of(40'002));  // itself on the grid: nothing between 250 and 300
  const auto& inputs = oracle_.inputs();
  ASSERT_EQ(inputs.size(), 5U);
  EXPECT_EQ(inputs[1].origin, Origin::clock);
  EXPECT_EQ(inputs[1].time.raw(), kStart + 100 * kMillisecond);
  EXPECT_EQ(inputs[2].time.raw(), kStart + 200 * kMillisecond);
  for (std::size_t i = 0; i < inputs.size(); ++i) EXPECT_EQ(inputs[i].sequence.raw(), i + 1);
}

// Deposit 290, one BTC at 40,000. At 39,949 equity is 290 - 51 = 239, maintenance 0.5 % of 39,949 =
// 199.745. T(1.2) = 239.694 > 239: a call. T(1.5) = 299.6175, so the amount is 60.6175.
TEST_F(OracleCase, CallIsIssuedBelowTheTriggerAndMetAtTheTarget) {
  open_with_one_bitcoin(kAnn, kRetail, 290 * kUsdtOne);
  mark(kBtc, price_of(39'950));  // equity 240, T(1.2) = 239.7
  EXPECT_EQ(count(), 0U);
  mark(kBtc, price_of(39'949));
  const auto call = body<MarginCallIssued>(1);
  EXPECT_EQ(call.equity.raw(), 239'000'000);
  EXPECT_EQ(call.maintenance_margin.raw(), 199'745'000);
  EXPECT_EQ(call.amount.raw(), 60'617'500);
  EXPECT_EQ(call.deadline.raw(), kStart + 3'000 * kMillisecond);
  EXPECT_EQ(event(1).header.trigger_instrument, kBtc);
  EXPECT_EQ(event(1).header.trigger_value, price_of(39'949).raw());
  deposit(kAnn, 60'617'499);
  EXPECT_EQ(count(), 1U);
  deposit(kAnn, 1);  // all that was called
  EXPECT_EQ(body<MarginCallMet>(2).equity.raw(), 299'617'500);
  EXPECT_EQ(event(2).header.trigger_instrument, kNoInstrument);
  EXPECT_EQ(count(), 2U);
}

// The call of above, unmet. At the deadline the liquidation opens with target 1.5 and sells k lots
// at the limit: s = min(1 %, (0.5 % - 0.1 %) * 0.9) = 0.36 %; 39,949 * 0.9964 = 39,805.1836, up to
// 39,805.2. A lot costs 39.949 - 39.8052 + fee 0.0398052 = 0.1836052 of equity and frees 0.199745
// of maintenance, 0.2996175 of T(1.5): k * 0.1160123 > 60.6175, k = 523.
//
// 20 ms later: N = 523 * 39.949 = 20,893.327, s = 0.01 % + ceil(20,893.327) * 1e-9 = 120,894e-9;
// 39,949 * (1 - s) = 39,944.17..., down to 39,944.1. fee = ceil(523 * 39,944.1) = 20,890,765;
// realised = 523 * 39.9441 - 40,000 * 0.523 = -29.2357. Equity = 239 - 523 * (39.949 - 39.9441) -
// 20.890765 = 215.546535; maintenance 477 * 39.949 * 0.005 = 95.278365.
TEST_F(OracleCase, CallFailsAtItsDeadlineAndThePositionIsReducedToTheTarget) {
  open_with_one_bitcoin(kAnn, kRetail, 290 * kUsdtOne);
  mark(kBtc, price_of(39'949));
  wait_until(2'999);
  EXPECT_EQ(count(), 1U);
  wait_until(3'010);  // the deadline itself is on the grid of TimeAdvanced
  ASSERT_EQ(count(), 4U);
  EXPECT_EQ(body<MarginCallFailed>(2).equity.raw(), 239'000'000);
  EXPECT_EQ(event(2).header.time.raw(), kStart + 3'000 * kMillisecond);
  EXPECT_EQ(event(2).header.trigger_value, kStart + 3'000 * kMillisecond);
  EXPECT_EQ(body<LiquidationStarted>(3).target.raw(), 1'500'000'000);
  const auto order = body<LiquidationOrderIssued>(4);
  EXPECT_EQ(order.quantity.raw(), -523);
  EXPECT_EQ(order.limit, price_of(39'805, 200));
  EXPECT_EQ(order.step, 1U);
  wait_until(3'030);
  const auto filled = body<LiquidationFillApplied>(5);
  EXPECT_EQ(filled.quantity.raw(), -523);
  EXPECT_EQ(filled.price, price_of(39'944, 100));
  EXPECT_EQ(filled.fee.raw(), 20'890'765);
  EXPECT_EQ(filled.realised_pnl.raw(), -29'235'700);
  EXPECT_EQ(event(5).header.time.raw(), kStart + 3'020 * kMillisecond);
  const auto completed = body<LiquidationCompleted>(6);
  EXPECT_EQ(completed.outcome, LiquidationOutcome::cured);
  EXPECT_EQ(completed.equity.raw(), 215'546'535);
  EXPECT_EQ(completed.maintenance_margin.raw(), 95'278'365);
  EXPECT_EQ(completed.steps, 1U);
  EXPECT_EQ(body<InsuranceFundChanged>(7).after.raw(), 20'890'765);  // same settling point
  EXPECT_EQ(event(7).header.time.raw(), kStart + 3'020 * kMillisecond);
  EXPECT_EQ(count(), 7U);
}

// From the call straight into a breach: at 39,900 equity is 190 < 199.5. Target 1.05; limit 39,900
// * 0.9964 = 39,756.36, up to 39,756.4. A lot costs 39.9 - 39.7564 + 0.0397564 = 0.1833564 and
// frees 1.05 * 0.1995 = 0.209475: k * 0.0261186 > 209.475 - 190, k = 746.
TEST_F(OracleCase, BreachEscalatesTheCall) {
  open_with_one_bitcoin(kAnn, kRetail, 290 * kUsdtOne);
  mark(kBtc, price_of(39'949));
  mark(kBtc, price_of(39'900));
  ASSERT_EQ(count(), 4U);
  EXPECT_EQ(body<MarginCallEscalated>(2).call.raw(), 1U);
  EXPECT_EQ(body<LiquidationStarted>(3).target.raw(), 1'050'000'000);
  const auto order = body<LiquidationOrderIssued>(4);
  EXPECT_EQ(order.quantity.raw(), -746);
  EXPECT_EQ(order.limit, price_of(39'756, 400));
  EXPECT_EQ(order.equity.raw(), 190'000'000);
  EXPECT_EQ(order.maintenance_margin.raw(), 199'500'000);
}

// While the order of above is at the exchange, the market falls through its limit: it expires
// (price 0), the next step is issued. Twice more, each time with a deposit that keeps equity at 5:
// limits 39,713 * 0.9964 -> 39,570.1 and 39,565 * 0.9964 -> 39,422.6. After three steps the house
// takes over at 39,420, and keeps the 5.
TEST_F(OracleCase, ExpiredOrdersAreRepeatedUntilTheStepsAreUsedUp) {
  open_with_one_bitcoin(kAnn, kRetail, 290 * kUsdtOne);
  mark(kBtc, price_of(39'900));
  mark(kBtc, price_of(39'713));  // equity 3
  wait_until(25);
  EXPECT_EQ(body<LiquidationFillApplied>(3).quantity.raw(), 0);
  EXPECT_EQ(body<LiquidationFillApplied>(3).price.raw(), 0);
  EXPECT_EQ(body<LiquidationOrderIssued>(4).step, 2U);
  EXPECT_EQ(body<LiquidationOrderIssued>(4).limit, price_of(39'570, 100));
  mark(kBtc, price_of(39'565));  // equity -145, but an order is in flight
  deposit(kAnn, 150 * kUsdtOne);
  wait_until(45);
  EXPECT_EQ(body<LiquidationOrderIssued>(6).step, 3U);
  EXPECT_EQ(body<LiquidationOrderIssued>(6).limit, price_of(39'422, 600));
  mark(kBtc, price_of(39'420));
  deposit(kAnn, 145 * kUsdtOne);
  wait_until(65);
  EXPECT_EQ(body<AccountTakenOver>(8).equity.raw(), 5 * kUsdtOne);
  EXPECT_EQ(body<PositionTakenOver>(9).transfer_value.raw(), 39'415 * kUsdtOne);
  EXPECT_EQ(body<LiquidationCompleted>(10).steps, 3U);
  EXPECT_EQ(body<BalanceTakenOver>(11).amount.raw(), 5 * kUsdtOne);
  EXPECT_EQ(body<InsuranceFundChanged>(13).amount.raw(), 5 * kUsdtOne);
}

// One BTC at 40,000 (maintenance 200) and 5 ETH at 3,000 (150), deposit 400. BTC at 39,900: equity
// 300 < 349.5. BTC first: s = min(0.5 %, (0.5 % - 0.05 %) * 0.9) = 0.405 %, limit 39,738.405, up to
// 39,738.5; all of it costs 161.5 + fee 19.86925 and leaves equity 118.63075 of T = 1.02 * 150 =
// 153. Then ETH: limit 3,000 * 0.995 = 2,985; a lot of 0.01 costs 0.15 + 0.014925 and frees 1.02 *
// 0.3 = 0.306: k * 0.141075 >= 34.36925, k = 244.
TEST_F(OracleCase, StepGoesOnToTheNextPositionUntilTheTargetIsReached) {
  mark(kEth, price_of(3'000));
  open_with_one_bitcoin(kAnn, kDesk, 400 * kUsdtOne);
  fill(kAnn, kEth, 500, price_of(3'000));
  mark(kBtc, price_of(39'900));
  EXPECT_EQ(body<LiquidationStarted>(1).equity.raw(), 300 * kUsdtOne);
  const auto first = body<LiquidationOrderIssued>(2);
  const auto second = body<LiquidationOrderIssued>(3);
  EXPECT_EQ(first.instrument, kBtc);
  EXPECT_EQ(first.quantity.raw(), -1'000);
  EXPECT_EQ(first.limit, price_of(39'738, 500));
  EXPECT_EQ(second.instrument, kEth);
  EXPECT_EQ(second.quantity.raw(), -244);
  EXPECT_EQ(second.limit, price_of(2'985));
  EXPECT_EQ(second.step, 1U);
}

// The same positions with 700; BTC at 39,000: equity -300, maintenance 195 + 150 = 345. BTC takes
// floor(-300 * 195 / 345) = -169.565218, ETH what is left, -130.434782.
TEST_F(OracleCase, TakeOverSharesTheEquityByMaintenance) {
  mark(kEth, price_of(3'000));
  open_with_one_bitcoin(kAnn, kDesk, 700 * kUsdtOne);
  fill(kAnn, kEth, 500, price_of(3'000));
  mark(kBtc, price_of(39'000));
  const auto bitcoin = body<PositionTakenOver>(3);
  const auto ether = body<PositionTakenOver>(4);
  EXPECT_EQ(bitcoin.transfer_value.raw(), 39'169'565'218);
  EXPECT_EQ(bitcoin.bankruptcy_price.raw(), 39'169'565'218'000);
  EXPECT_EQ(ether.transfer_value.raw(), 15'130'434'782);
  EXPECT_EQ(ether.bankruptcy_price.raw(), 3'026'086'956'400);
}

// Fund 100. One BTC, deposit 290, the mark jumps to 39,500: equity -210, maintenance 197.5. The
// account gives its BTC at 39,500 + 210. The fund pays 100, 110 are bad debt. The house sells at N
// = 39,500: s = 100,000 + 39,500 = 139,500e-9, 39,500 * (1 - s) = 39,494.48975, down to 39,494.4: a
// loss of 5.6, bad debt too.
TEST_F(OracleCase, BankruptcyDrawsTheFundAndBooksBadDebt) {
  submit(FundEndowed{support::kUsdt, Amount::from_raw(100 * kUsdtOne)});
  open_with_one_bitcoin(kAnn, kDesk, 290 * kUsdtOne);
  mark(kBtc, price_of(39'500));
  ASSERT_EQ(count(), 6U);
  EXPECT_EQ(body<LiquidationStarted>(2).equity.raw(), -210'000'000);
  EXPECT_EQ(body<AccountTakenOver>(3).maintenance_margin.raw(), 197'500'000);
  const auto taken = body<PositionTakenOver>(4);
  EXPECT_EQ(taken.quantity.raw(), 1'000);
  EXPECT_EQ(taken.mark_value.raw(), 39'500'000'000);
  EXPECT_EQ(taken.transfer_value.raw(), 39'710'000'000);
  EXPECT_EQ(taken.bankruptcy_price, price_of(39'710));
  EXPECT_EQ(body<LiquidationCompleted>(5).outcome, LiquidationOutcome::taken_over);
  EXPECT_EQ(body<LiquidationCompleted>(5).equity.raw(), 0);
  EXPECT_TRUE(account(kAnn).positions.empty());
  EXPECT_EQ(balance(kAnn), 0);
  EXPECT_EQ(body<BalanceTakenOver>(6).amount.raw(), -210'000'000);

  wait_until(50);
  ASSERT_EQ(count(), 11U);
  EXPECT_EQ(body<InventoryOrderIssued>(7).quantity.raw(), -1'000);
  EXPECT_EQ(body<InsuranceFundChanged>(8).amount.raw(), -100'000'000);
  EXPECT_EQ(body<BadDebtBooked>(9).amount.raw(), 110'000'000);
  EXPECT_EQ(event(9).header.account, kAnn);
  EXPECT_EQ(body<BadDebtBooked>(10).total.raw(), 115'600'000);
  const auto unwound = body<InventoryUnwound>(11);
  EXPECT_EQ(unwound.price, price_of(39'494, 400));
  EXPECT_EQ(unwound.pnl.raw(), -5'600'000);
  EXPECT_EQ(event(11).header.time.raw(), kStart + 20 * kMillisecond);
  EXPECT_EQ(oracle_.world().markets[0].external_net, 0);
}

// Conservation by hand after the bankruptcy: the account is empty, the fund is empty, bad debt is
// 115.6; the rest of the world sold at 40,000 and bought at 39,494.4, so it has 505.6 = 290
// deposited
// + 100 endowed + 115.6 that nobody had.
TEST_F(OracleCase, ConservesMoneyThroughABankruptcy) {
  submit(FundEndowed{support::kUsdt, Amount::from_raw(100 * kUsdtOne)});
  open_with_one_bitcoin(kAnn, kDesk, 290 * kUsdtOne);
  mark(kBtc, price_of(39'500));
  wait_until(50);
  EXPECT_EQ(books().in_transit, 0);
  EXPECT_EQ(books().fund, 0);
  EXPECT_EQ(books().rest_of_world, 505'600'000);
  EXPECT_EQ(books().rest_of_world - books().bad_debt, books().deposits + books().endowments);
}

// 40,000.1 * 0.0012345 % of one BTC is 493,801.2345 millionths: the long pays 493,802, the short
// receives 493,801; the rest of the world gets the difference.
TEST_F(OracleCase, FundingRoundsAgainstBothSides) {
  open_with_one_bitcoin(kAnn, kDesk, 1'000 * kUsdtOne);
  open(kBob, kDesk);
  deposit(kBob, 1'000 * kUsdtOne);
  fill(kBob, kBtc, -1'000, price_of(40'000));
  submit(FundingSettled{kBtc, Rate::from_raw(12'345), price_of(40'000, 100)});
  EXPECT_EQ(balance(kAnn), 1'000 * kUsdtOne - 493'802);
  EXPECT_EQ(balance(kBob), 1'000 * kUsdtOne + 493'801);
  EXPECT_EQ(books().rest_of_world, 1);
  EXPECT_EQ(books().rounding, 0);
}

// One CHEAP at 0.0071001 is 7,100.1 millionths. Buy 3: ceil(21,300.3) = 21,301. Sell 5 at
// 0.0071002: the closing 3 bring 21,300.6, rounded to 21,300, against the entry 21,301: realised
// -1; the 2 that open enter at ceil(-14,200.4) = -14,200.
TEST_F(OracleCase, FlipRoundsEachPartOnItsOwn) {
  mark(kCheap, Price::from_raw(7'100'000));
  open(kAnn, kDesk);
  deposit(kAnn, kUsdtOne);
  fill(kAnn, kCheap, 3, Price::from_raw(7'100'100));
  EXPECT_EQ(position(kAnn, kCheap).entry, 21'301);
  fill(kAnn, kCheap, -5, Price::from_raw(7'100'200));
  EXPECT_EQ(balance(kAnn), kUsdtOne - 1);
  EXPECT_EQ(position(kAnn, kCheap).quantity, -2);
  EXPECT_EQ(position(kAnn, kCheap).entry, -14'200);
  EXPECT_EQ(books().rest_of_world, 21'300 - 21'301 - 14'201);
  EXPECT_EQ(books().rounding, 3);
}

// A third of the entry 21,301 is 7,100.33: 7,101 leave, 14,200 stay. Sold at 7,100.2, rounded to
// 7,100 received: realised 7,100 - 7,101 = -1. On the short side a third of -21,300 leaves exactly.
TEST_F(OracleCase, ReductionRoundsTheShareOfTheEntryUp) {
  mark(kCheap, Price::from_raw(7'100'000));
  for (const AccountId id : {kAnn, kBob}) {
    open(id, kDesk);
    deposit(id, kUsdtOne);
  }
  fill(kAnn, kCheap, 3, Price::from_raw(7'100'100));
  fill(kAnn, kCheap, -1, Price::from_raw(7'100'200));
  EXPECT_EQ(balance(kAnn), kUsdtOne - 1);
  EXPECT_EQ(position(kAnn, kCheap).entry, 14'200);
  fill(kBob, kCheap, -3, Price::from_raw(7'100'100));
  fill(kBob, kCheap, 1, Price::from_raw(7'100'200));  // pays 7,101 against 7,100
  EXPECT_EQ(balance(kBob), kUsdtOne - 1);
  EXPECT_EQ(position(kBob, kCheap).entry, -14'200);
}

// Maintenance 200. Retail at 240 = T(1.2): called, and at 200 = T(1): liquidated. Desk at 220 =
// T(1.1): not called; at 200 = T(1): called, but not liquidated.
TEST_F(OracleCase, EqualityAtAThresholdIsTheProfilesChoice) {
  open_with_one_bitcoin(kAnn, kRetail, 240 * kUsdtOne);
  EXPECT_EQ(body<MarginCallIssued>(1).amount.raw(), 60 * kUsdtOne);
  open_with_one_bitcoin(kBob, kDesk, 220 * kUsdtOne);
  EXPECT_EQ(count(), 1U);
  open_with_one_bitcoin(AccountId::from_raw(13), kDesk, 200 * kUsdtOne);
  EXPECT_EQ(body<MarginCallIssued>(2).amount.raw(), 50 * kUsdtOne);
  EXPECT_EQ(count(), 2U);
  open_with_one_bitcoin(AccountId::from_raw(14), kRetail, 200 * kUsdtOne);
  EXPECT_EQ(body<LiquidationStarted>(3).equity.raw(), 200 * kUsdtOne);
}

// Equity 1,000, initial 400: 600 may leave. Then at 41,000 equity is 1,400 and initial 410, but
// only the balance of 400 is settled.
TEST_F(OracleCase, WithdrawalIsBoundByExcessAndByBalance) {
  open_with_one_bitcoin(kAnn, kDesk, 1'000 * kUsdtOne);
  withdraw(kAnn, 600 * kUsdtOne + 1);
  EXPECT_EQ(body<WithdrawalRefused>(1).available.raw(), 600 * kUsdtOne);
  EXPECT_EQ(body<WithdrawalRefused>(1).reason, WithdrawalRefusal::insufficient_excess);
  withdraw(kAnn, 600 * kUsdtOne);
  EXPECT_EQ(body<WithdrawalAccepted>(2).available_before.raw(), 600 * kUsdtOne);
  mark(kBtc, price_of(41'000));
  withdraw(kAnn, 400 * kUsdtOne + 1);
  EXPECT_EQ(body<WithdrawalRefused>(3).available.raw(), 400 * kUsdtOne);
  fill(kAnn, kEth, 1, price_of(3'000));  // no mark
  withdraw(kAnn, 1);
  EXPECT_EQ(body<WithdrawalRefused>(4).reason, WithdrawalRefusal::mark_missing);
}

// N = 60,000, in the second bracket: 60,000 * 1 % - 50,000 * (1 % - 0.5 %) = 350.
TEST_F(OracleCase, TiersChargeOnlyWhatLiesAboveTheirFloor) {
  mark(kBtc, price_of(60'000));
  open(kAnn, kDesk);
  deposit(kAnn, 10'000 * kUsdtOne);
  fill(kAnn, kBtc, 1'000, price_of(60'000));
  EXPECT_EQ(oracle_.value(kAnn).maintenance, 350 * kUsdtOne);
  EXPECT_EQ(oracle_.value(kAnn).initial, (1'500 - 750) * kUsdtOne);
}

// Two accounts breach at one price: the one with the lower margin level first, kind by kind.
TEST_F(OracleCase, PublishesTheWorstAccountFirst) {
  open_with_one_bitcoin(kAnn, kDesk, 295 * kUsdtOne);
  open_with_one_bitcoin(kBob, kDesk, 290 * kUsdtOne);
  mark(kBtc, price_of(39'900));  // equity 195 and 190 of 199.5
  ASSERT_EQ(count(), 4U);
  EXPECT_EQ(event(1).header.account, kBob);
  EXPECT_EQ(event(2).header.account, kAnn);
  EXPECT_EQ(body<LiquidationStarted>(2).equity.raw(), 195 * kUsdtOne);
  EXPECT_EQ(body<LiquidationOrderIssued>(3).equity.raw(), 190 * kUsdtOne);
}

TEST_F(OracleCase, RefusalChangesNothingAndNamesTheAccount) {
  open(kAnn, kDesk);
  deposit(kAnn, -1);
  fill(kAnn, kBtc, 0, price_of(1));
  fill(kBob, kBtc, 1, price_of(1));
  submit(BookQuoted{kBtc, price_of(2), price_of(2), EventTime{}});
  EXPECT_EQ(body<InputRefused>(1).reason, Refusal::amount_not_positive);
  EXPECT_EQ(body<InputRefused>(2).reason, Refusal::quantity_off_lot);
  EXPECT_EQ(body<InputRefused>(3).reason, Refusal::account_unknown);
  EXPECT_EQ(body<InputRefused>(4).reason, Refusal::price_out_of_range);
  EXPECT_EQ(event(3).header.account, kBob);
  EXPECT_EQ(event(4).header.account.raw(), 0U);
  EXPECT_EQ(event(4).header.trigger_instrument, kNoInstrument);
  EXPECT_EQ(balance(kAnn), 0);
}

}  // namespace
}  // namespace plimsoll::oracle
