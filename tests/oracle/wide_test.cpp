#include <array>

#include "tests/oracle/oracle_case.hpp"
#include "tests/support/reference_builder.hpp"

// Cases worked out by hand from engine/README.md: orders, modes, collateral, inverse contracts and
// settlement. USD (the numeraire) and USDT have no decimals here, BTC has eight.

namespace plimsoll::oracle {
namespace {

constexpr AssetId kUsd = AssetId::from_raw(0);
constexpr AssetId kUsdt = AssetId::from_raw(1);
constexpr AssetId kCoin = AssetId::from_raw(2);
constexpr InstrumentId kPerp = InstrumentId::from_raw(0);     // linear, one BTC a contract
constexpr InstrumentId kInverse = InstrumentId::from_raw(1);  // 100 USD a contract
constexpr InstrumentId kSpot = InstrumentId::from_raw(2);     // BTC/USDT in units of 0.01
constexpr ProfileId kWorstSide = ProfileId::from_raw(0);
constexpr ProfileId kWorstFill = ProfileId::from_raw(1);
constexpr ProfileId kPerSide = ProfileId::from_raw(2);
constexpr ProfileId kByOwner = ProfileId::from_raw(3);
constexpr ProfileId kExchanging = ProfileId::from_raw(4);
constexpr std::int64_t kPercent = kRateOne / 100;
constexpr std::int64_t kBitcoin = 100'000'000;

reference::Instrument inverse_terms() {
  reference::Instrument inverse =
      support::linear_instrument("BTCUSD", kCoin, 0, kRateOne / 10, 1'000'000 * kRateOne);
  inverse.kind = reference::Kind::inverse;
  inverse.multiplier = 100 * kRateOne;
  inverse.price_min = Price::from_raw(100 * kRateOne);
  return inverse;
}

reference::Collateral collateral_of(AssetId asset, Rate liability_weight) {
  reference::Collateral rule;
  rule.asset = asset;
  rule.steps = {{reference::CollateralStep::kNoEnd, Rate::from_raw(kRateOne)}};
  rule.liability_weight = liability_weight;
  return rule;
}

/// Equality is not a breach; call 1.2 to 1.5, liquidation to 1.05, no fee.
reference::Profile profile_of(const char* name) {
  reference::Profile profile;
  profile.name = name;
  profile.call_trigger = Rate::from_raw(120 * kPercent);
  profile.call_target = Rate::from_raw(150 * kPercent);
  profile.call_period = Duration::from_raw(3'000 * kMillisecond);
  profile.liquidation_target = Rate::from_raw(105 * kPercent);
  profile.liquidation_slippage_max = Rate::from_raw(kPercent / 2);
  profile.liquidation_steps_max = 3;
  profile.debt_initial = Rate::from_raw(10 * kPercent);
  profile.debt_maintenance = Rate::from_raw(5 * kPercent);
  profile.debt_withdrawal = Rate::from_raw(20 * kPercent);
  profile.collateral = {collateral_of(kUsd, Rate::from_raw(kRateOne)),
                        collateral_of(kUsdt, Rate::from_raw(kRateOne)),
                        collateral_of(kCoin, Rate::from_raw(kRateOne))};
  profile.collateral[2].steps = {{20 * kBitcoin, Rate::from_raw(95 * kPercent)},
                                 {30 * kBitcoin, Rate::from_raw(92 * kPercent)},
                                 {40 * kBitcoin, Rate::from_raw(87 * kPercent)}};
  return profile;
}

std::vector<reference::Profile> profiles() {
  std::vector<reference::Profile> list{profile_of("worst_side"), profile_of("worst_fill"),
                                       profile_of("per_side"), profile_of("by_owner"),
                                       profile_of("exchanging")};
  list[1].order_margin = reference::OrderMargin::worst_fill;
  list[2].order_margin = reference::OrderMargin::per_side;
  list[3].aggregate_by_owner = true;
  list[4].collateral[1].exchange_above = Amount::from_raw(10'000);
  list[4].collateral[0].exchange_ratio = Rate::from_raw(975'000'000);
  return list;
}

/// The linear contract: 1 % and 2 %, from 10,000 on 2 % and 4 %. The inverse one: 1 % and 2 %.
reference::Reference wide_reference() {
  reference::Reference reference;
  reference.assets = {support::asset_of("USD", 0), support::asset_of("USDT", 0),
                      support::asset_of("BTC", 8)};
  reference.assets[1].index_max = price_of(2);
  reference.assets[2].index_max = price_of(1'000'000);
  reference.numeraire = kUsd;
  support::add_linear(
      reference, support::linear_instrument("BTCUSDT", kUsdt, 0, kRateOne, 1'000'000 * kRateOne),
      support::brackets_of(1, {{0, 100, 200}, {10'000, 200, 400}}));
  support::add_linear(reference, inverse_terms(), support::brackets_of(1, {{0, 100, 200}}));
  reference::Instrument spot =
      support::linear_instrument("BTC/USDT", kUsdt, 2, kRateOne, 1'000'000 * kRateOne);
  spot.kind = reference::Kind::spot;
  spot.base = kCoin;
  reference.instruments.push_back(spot);
  reference.profiles = profiles();
  reference.exchange = support::small_reference().exchange;
  reference.limits = {100, 100};
  reference.settle_grid = Duration::from_raw(kMillisecond);
  reference.time_step = Duration::from_raw(100 * kMillisecond);
  return support::finished(reference);
}

class WideCase : public Case {
 protected:
  WideCase() : Case{wide_reference()} {}

  void open(AccountId account, ProfileId profile, AssetId asset,
            MarginMode mode = MarginMode::cross, AccountId parent = {},
            PositionMode position_mode = PositionMode::one_way) {
    submit(
        AccountOpened{account, OwnerId::from_raw(1), parent, profile, asset, mode, position_mode});
  }
  void open_multi(AccountId account, ProfileId profile) {
    open(account, profile, kUsd, MarginMode::multi_asset);
  }
  void index(AssetId asset, Price price) { submit(IndexPublished{asset, price, EventTime{}}); }
  void order(AccountId account, std::uint64_t id, std::int64_t quantity, Price limit,
             ReduceOnly reduce_only = ReduceOnly::no, PositionSide side = PositionSide::net) {
    submit(OrderRequested{account, kPerp, Quantity::from_raw(quantity), limit,
                          ExternalId::from_raw(id), side, reduce_only});
  }
};

// 1,000 contracts of 100 USD at 50,000 are 2 BTC, at 60,000 1.66666666...: long, the value is
// floor(-166,666,666.67) against an entry of -200,000,000.
TEST_F(WideCase, InverseContractsGainLessAndLessInCoin) {
  mark(kInverse, price_of(50'000));
  open(kAnn, kWorstSide, kCoin);
  deposit(kAnn, kBitcoin, kCoin);
  fill(kAnn, kInverse, 1'000, price_of(50'000));
  EXPECT_EQ(position(kAnn, kInverse).entry, -2 * kBitcoin);
  mark(kInverse, price_of(60'000));
  EXPECT_EQ(oracle_.value(kAnn).equity, kBitcoin + 200'000'000 - 166'666'667);
  EXPECT_EQ(oracle_.value(kAnn).maintenance, 1'666'667);  // of 166,666,667, rounded up
  // Half of it is sold: -500 are worth 83,333,333.33, so paid is 83,333,334; share -100,000,000.
  fill(kAnn, kInverse, -500, price_of(60'000));
  EXPECT_EQ(balance(kAnn, kCoin), kBitcoin + 16'666'666);
}

// 20 at 0.95, 10 at 0.92, 5 at 0.87: 32.55.
TEST_F(WideCase, CollateralCountsLessTheMoreThereIs) {
  index(kCoin, price_of(50'000));
  open_multi(kAnn, kWorstSide);
  deposit(kAnn, 35 * kBitcoin, kCoin);
  EXPECT_EQ(oracle_.value(kAnn).equity, 3'255 * 50'000 / 100);
}

// The same for an owner who has 25 of them in another account. The 35 count 32.55, of which 10 are
// 32.55 * 10 / 35 = 9.3; alone they count 9.5.
TEST_F(WideCase, CollateralOfAnOwnerCountsAsAWhole) {
  index(kCoin, price_of(50'000));
  open_multi(kAnn, kByOwner);
  open_multi(kBob, kByOwner);
  deposit(kAnn, 10 * kBitcoin, kCoin);
  EXPECT_EQ(oracle_.value(kAnn).equity, 950 * 50'000 / 100);
  deposit(kBob, 25 * kBitcoin, kCoin);
  EXPECT_EQ(oracle_.value(kAnn).equity, 930 * 50'000 / 100);
}

// A debt of 20,000 USDT is bought with USD at 0.975: ceil(20,000 / 0.975) = 20,513.
TEST_F(WideCase, DebtAboveTheLimitIsExchangedAtOnce) {
  index(kUsdt, price_of(1));
  open_multi(kAnn, kExchanging);
  deposit(kAnn, 100'000, kUsd);
  submit(BalanceImported{kAnn, kUsdt, Amount::from_raw(-10'000)});
  EXPECT_EQ(count(), 0U);
  submit(BalanceImported{kAnn, kUsdt, Amount::from_raw(-10'000)});
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(body<CollateralExchanged>(1).from_amount.raw(), 20'513);
  EXPECT_EQ(body<CollateralExchanged>(1).to_amount.raw(), 20'000);
  EXPECT_EQ(balance(kAnn, kUsd), 100'000 - 20'513);
  EXPECT_EQ(balance(kAnn, kUsdt), 0);
}

// Debt 40,000 against one BTC at 44,000 * 0.95 = 41,800: equity 1,800 of 2,000. There is nothing to
// sell but the coin: 40,000 / 44,000 of it, rounded up. What is left is worth
// floor(floor(9,090,909 * 0.95) * 44,000 / 1e8) = 3,799.
TEST_F(WideCase, LiquidationOfADebtAloneBuysIt) {
  index(kUsdt, price_of(1));
  index(kCoin, price_of(50'000));
  open_multi(kAnn, kWorstSide);
  deposit(kAnn, kBitcoin, kCoin);
  submit(BalanceImported{kAnn, kUsdt, Amount::from_raw(-40'000)});
  index(kCoin, price_of(44'000));
  ASSERT_EQ(count(), 3U);
  EXPECT_EQ(body<LiquidationStarted>(1).equity.raw(), 1'800);
  EXPECT_EQ(body<LiquidationStarted>(1).maintenance_margin.raw(), 2'000);
  EXPECT_EQ(body<LiquidationCompleted>(2).outcome, LiquidationOutcome::closed);
  EXPECT_EQ(body<LiquidationCompleted>(2).equity.raw(), 3'799);
  EXPECT_EQ(body<CollateralExchanged>(3).from_amount.raw(), 90'909'091);
}

// Withdrawal: debts of 1,000 require 200 for what leaves. Equity is 1,500 - 1,000 - w.
TEST_F(WideCase, DebtsBindMoreOfWhatMayLeave) {
  index(kUsdt, price_of(1));
  open_multi(kAnn, kWorstSide);
  deposit(kAnn, 1'500, kUsd);
  submit(BalanceImported{kAnn, kUsdt, Amount::from_raw(-1'000)});
  EXPECT_EQ(oracle_.value(kAnn).initial, 100);
  withdraw(kAnn, 301, kUsd);
  EXPECT_EQ(body<WithdrawalRefused>(1).available.raw(), 300);
  withdraw(kAnn, 300, kUsd);
  EXPECT_EQ(body<WithdrawalAccepted>(2).asset, kUsd);
}

// Long 5 at 1,000; buys of 3 at 1,010, sells of 12 at 990. Sizes 5, 8 and -7 require 100, 160 and
// 140; filling would lose 30 and 120; by sides, 8 long or 12 short: 10,000 at 2 %, 2,000 at 4 %.
TEST_F(WideCase, OrdersCountByTheRuleOfTheProfile) {
  mark(kPerp, price_of(1'000));
  std::array<Int128, 3> initial{};
  for (std::uint32_t i = 0; i < initial.size(); ++i) {
    const AccountId id = AccountId::from_raw(20 + i);
    open(id, ProfileId::from_raw(i), kUsdt);
    deposit(id, 1'000, kUsdt);
    fill(id, kPerp, 5, price_of(1'000));
    order(id, 1, 3, price_of(1'010));
    order(id, 2, -12, price_of(990));
    order(id, 3, -5, price_of(990), ReduceOnly::yes);
    initial[i] = oracle_.value(id).initial;
    EXPECT_EQ(oracle_.value(id).maintenance, 50);
  }
  EXPECT_EQ(initial[kWorstSide.raw()], 160);
  EXPECT_EQ(initial[kWorstFill.raw()], 140 + 120);
  EXPECT_EQ(initial[kPerSide.raw()], 280);
  EXPECT_EQ(count(), 9U);
}

TEST_F(WideCase, OrdersAreRefusedForTheFirstReason) {
  mark(kPerp, price_of(1'000));
  open(kAnn, kWorstSide, kUsdt);
  deposit(kAnn, 100, kUsdt);
  order(kAnn, 1, 5, price_of(1'000));
  order(kAnn, 1, 1, price_of(1'000));
  order(kAnn, 2, 1, price_of(1'000));
  order(kAnn, 3, -1, price_of(1'000), ReduceOnly::yes);
  EXPECT_EQ(body<OrderAccepted>(1).order.raw(), 1U);
  EXPECT_EQ(body<OrderRefused>(2).reason, Refusal::order_exists);
  EXPECT_EQ(body<OrderRefused>(3).reason, Refusal::insufficient_excess);
  EXPECT_EQ(body<OrderRefused>(4).reason, Refusal::would_not_reduce);
  submit(LeverageRequested{kAnn, kPerp, Rate::from_raw(20 * kRateOne)});  // 250 of 5,000
  EXPECT_EQ(body<InputRefused>(5).reason, Refusal::insufficient_excess);
  submit(LeverageRequested{kAnn, kPerp, Rate::from_raw(51 * kRateOne)});
  EXPECT_EQ(body<InputRefused>(6).reason, Refusal::leverage_out_of_range);
  submit(OrderClosed{kAnn, ExternalId::from_raw(1)});
  submit(LeverageRequested{kAnn, kPerp, Rate::from_raw(20 * kRateOne)});
  EXPECT_EQ(body<LeverageChanged>(7).instrument, kPerp);
}

TEST_F(WideCase, HedgeModeHoldsBothSides) {
  mark(kPerp, price_of(1'000));
  open(kAnn, kWorstSide, kUsdt, MarginMode::cross, AccountId{}, PositionMode::hedge);
  deposit(kAnn, 1'000, kUsdt);
  fill(kAnn, kPerp, 5, price_of(1'000), PositionSide::long_side);
  fill(kAnn, kPerp, -3, price_of(1'000), PositionSide::short_side);
  EXPECT_EQ(oracle_.value(kAnn).maintenance, 80);
  fill(kAnn, kPerp, 4, price_of(1'000), PositionSide::short_side);
  EXPECT_EQ(body<InputRefused>(1).reason, Refusal::side_mismatch);
  order(kAnn, 1, -1, price_of(1'000), ReduceOnly::no, PositionSide::long_side);
  EXPECT_EQ(body<OrderRefused>(2).reason, Refusal::side_mismatch);
}

// 5 at 1,000 with 100. At 985: equity 25, maintenance ceil(49.25) = 50. T(1.5) = 75.
TEST_F(WideCase, IsolatedAccountIsToppedUpByItsParent) {
  mark(kPerp, price_of(1'000));
  open(kAnn, kWorstSide, kUsdt);
  deposit(kAnn, 60, kUsdt);
  open(kBob, kWorstSide, kUsdt, MarginMode::isolated, kAnn);
  deposit(kBob, 100, kUsdt);
  submit(AccountModeRequested{kBob, kUsdt, MarginMode::isolated, PositionMode::one_way,
                              AutoTopUp::on});
  fill(kBob, kPerp, 5, price_of(1'000));
  mark(kPerp, price_of(985));
  ASSERT_EQ(count(), 2U);
  EXPECT_EQ(body<MarginToppedUp>(2).amount.raw(), 50);
  EXPECT_EQ(body<MarginToppedUp>(2).parent, kAnn);
  EXPECT_EQ(balance(kAnn, kUsdt), 10);
  // At 975: equity 25 of 49; with the last 10 it is 35.
  mark(kPerp, price_of(975));
  ASSERT_EQ(count(), 5U);
  EXPECT_EQ(body<LiquidationStarted>(3).equity.raw(), 35);
  EXPECT_EQ(body<MarginToppedUp>(5).amount.raw(), 10);
}

// Alone, 10 at 1,000 require 100. With 10 more of the owner, 20,000 require 300, half of it each;
// the first account has 125, so it breaches though nothing of its own changed.
TEST_F(WideCase, TiersOfAnOwnerCountAsAWhole) {
  mark(kPerp, price_of(1'000));
  for (const AccountId id : {kAnn, kBob}) {
    open(id, kByOwner, kUsdt);
    deposit(id, id == kAnn ? 125 : 10'000, kUsdt);
  }
  fill(kAnn, kPerp, 10, price_of(1'000));
  EXPECT_EQ(oracle_.value(kAnn).maintenance, 100);
  EXPECT_EQ(count(), 0U);
  fill(kBob, kPerp, -10, price_of(1'000));
  EXPECT_EQ(oracle_.value(kAnn).maintenance, 150);
  EXPECT_EQ(body<LiquidationStarted>(1).equity.raw(), 125);
  EXPECT_EQ(event(1).header.account, kAnn);
  EXPECT_EQ(event(1).header.trigger_value, price_of(1'000).raw());
}

TEST_F(WideCase, SettlementPaysOutAndEndsTheInstrument) {
  mark(kPerp, price_of(1'000));
  open(kAnn, kWorstSide, kUsdt);
  deposit(kAnn, 1'000, kUsdt);
  fill(kAnn, kPerp, 5, price_of(1'000));
  order(kAnn, 1, 1, price_of(1'000));
  submit(FuturesSettled{});
  EXPECT_EQ(body<InputRefused>(2).reason, Refusal::price_unknown);
  submit(SettlementPriced{kPerp, price_of(1'100)});
  submit(FuturesSettled{});
  EXPECT_EQ(body<PositionSettled>(3).quantity.raw(), 5);
  EXPECT_EQ(body<PositionSettled>(3).realised_pnl.raw(), 500);
  EXPECT_EQ(balance(kAnn, kUsdt), 1'500);
  EXPECT_TRUE(account(kAnn).lines().empty());
  fill(kAnn, kPerp, 1, price_of(1'000));
  EXPECT_EQ(body<InputRefused>(4).reason, Refusal::not_trading);
}

// The house takes 10 over at 980 in the same millisecond in which they are settled at 990.
TEST_F(WideCase, InventoryOfASettledInstrumentIsSettledToo) {
  mark(kPerp, price_of(1'000));
  open(kAnn, kWorstSide, kUsdt);
  deposit(kAnn, 150, kUsdt);
  fill(kAnn, kPerp, 10, price_of(1'000));
  mark(kPerp, price_of(980));  // equity -50
  submit(SettlementPriced{kPerp, price_of(990)});
  submit(FuturesSettled{});  // nobody has a line
  EXPECT_EQ(body<AccountTakenOver>(2).equity.raw(), -50);
  EXPECT_EQ(body<BalanceTakenOver>(5).amount.raw(), -50);
  wait_until(30);
  EXPECT_EQ(count(), 8U);
  EXPECT_EQ(body<InsuranceFundChanged>(8).after.raw(), 50);  // the 100 of before, less 50
  EXPECT_EQ(body<InventoryUnwound>(7).pnl.raw(), 100);
}

// A spot fill of 0.5 BTC at 50,001: 25,000.5 USDT are paid as 25,001.
TEST_F(WideCase, SpotFillsExchangeBaseForQuote) {
  open_multi(kAnn, kWorstSide);
  deposit(kAnn, 30'000, kUsdt);
  fill(kAnn, kSpot, 50, price_of(50'001));
  EXPECT_EQ(balance(kAnn, kCoin), kBitcoin / 2);
  EXPECT_EQ(balance(kAnn, kUsdt), 30'000 - 25'001);
  EXPECT_EQ(books(kUsdt).rounding, 1);
}

/// The same with at most ten BTC as collateral over all accounts.
class CappedCase : public WideCase {
 protected:
  CappedCase() { reference_.assets[2].collateral_cap = Amount::from_raw(10 * kBitcoin); }
};

// 35 BTC of 10: factor floor(10 / 35); 32.55 * factor, at 50,000, rounded down each time.
TEST_F(CappedCase, CollateralAboveTheCapCountsInPart) {
  index(kCoin, price_of(50'000));
  open_multi(kAnn, kWorstSide);
  deposit(kAnn, 35 * kBitcoin, kCoin);
  wait_until(10);
  EXPECT_EQ(books(kCoin).factor, 285'714'285);
  EXPECT_EQ(oracle_.value(kAnn).equity, 464'999);
}

}  // namespace
}  // namespace plimsoll::oracle
