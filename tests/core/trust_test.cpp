// Goal: prices that are not believed liquidate nobody, and protect nobody who would be liquidated
// without them; what was only delayed comes about at its very time. Method: accounts small enough
// to be worked out by hand, on one to three shards, with watches and without: all say the same.

#include <gtest/gtest.h>

#include "tests/core/run_engine.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::core {
namespace {

constexpr AssetId kDollar = AssetId::from_raw(0);
constexpr AssetId kCoin = AssetId::from_raw(1);
constexpr InstrumentId kSure = InstrumentId::from_raw(0);   // marked by its venue, without a guard
constexpr InstrumentId kDoubt = InstrumentId::from_raw(1);  // marked at its book, with one
constexpr AccountId kAnn = AccountId::from_raw(1);
constexpr AccountId kBob = AccountId::from_raw(2);
constexpr AccountId kCid = AccountId::from_raw(3);
constexpr std::int64_t kUnit = 1'000;            // of a quantity
constexpr std::int64_t kDollars = 1'000'000;     // of an amount
constexpr std::int64_t kSecond = 1'000'000'000;  // of a time

EventTime at(double seconds) {
  return EventTime::from_raw(1'000 * kSecond + static_cast<std::int64_t>(seconds * 1e9 + 0.5));
}
Duration seconds(double value) {
  return Duration::from_raw(static_cast<std::int64_t>(value * 1e9));
}
Price price(double value) {
  return Price::from_raw(static_cast<std::int64_t>(value * 1e9 + 0.5));
}
Rate rate(double value) {
  return Rate::from_raw(static_cast<std::int64_t>(value * 1e9 + 0.5));
}

reference::Profile profile() {
  reference::Profile rules;
  rules.name = "trader";
  rules.call_trigger = rate(1.05);
  rules.call_target = rate(1.5);
  rules.call_period = seconds(1e6);
  rules.liquidation_target = rate(1.05);
  rules.liquidation_slippage_max = rate(0.01);
  rules.liquidation_fee = rate(0.001);
  rules.liquidation_steps_max = 3;
  rules.debt_maintenance = rate(0.05);
  rules.debt_initial = rules.debt_withdrawal = rate(0.1);
  reference::Collateral coin;
  coin.asset = kCoin;
  coin.steps = {{.up_to = reference::CollateralStep::kNoEnd, .ratio = rate(0.9)}};
  rules.collateral.push_back(coin);
  return rules;
}

/// Two contracts of one coin, maintenance 5 %, initial 10 %; an index of a coin from one source.
/// The guard of the second contract and of the index freezes within 5 %, and is otherwise as each
/// test sets it.
reference::Reference rules() {
  reference::Reference reference;
  reference.assets = {support::asset_of("USDT", 6), support::asset_of("COIN", 6)};
  reference.assets[1].index_max = price(1'000);
  reference.numeraire = kDollar;
  for (const char* symbol : {"SURE", "DOUBT"}) {
    support::add_linear(
        reference, support::linear_instrument(symbol, kDollar, 3, kSecond / 100, 10'000 * kSecond),
        support::brackets_of(kDollars, {{0, 500, 1'000}}));
  }
  reference.profiles.push_back(profile());
  reference::Guard guard;
  guard.name = "guard";
  guard.freeze_width = rate(0.05);
  reference.guards.push_back(guard);
  reference.instruments[1].mark.method = reference::MarkMethod::middle;
  reference.instruments[1].mark.guard = GuardId::from_raw(0);
  reference::Index index;
  index.name = "COIN";
  index.asset = kCoin;
  index.guard = GuardId::from_raw(0);
  index.clamp = rate(0.01);
  index.price_max = price(1'000);
  reference.indices.push_back(index);
  reference::Source source;
  source.name = "coin";
  source.index = IndexId::from_raw(0);
  reference.sources.push_back(source);
  reference.exchange.latency = seconds(0.02);
  reference.exchange.depth = Amount::from_raw(1'000'000 * kDollars);
  reference.exchange.slippage_max = rate(0.05);
  reference.limits = {16, 64};
  reference.settle_grid = seconds(0.001);
  reference.time_step = seconds(0.1);
  return reference;
}

/// With a guard that does not believe a move of more than a tenth within a second for `hold`
/// seconds.
reference::Reference slow_rules(double hold) {
  reference::Reference reference = rules();
  reference.guards[0].velocity_max = rate(0.1);
  reference.guards[0].velocity_window = seconds(1);
  reference.guards[0].velocity_hold = seconds(hold);
  return reference;
}

/// With one that does not believe a price for longer than two seconds.
reference::Reference ageing_rules() {
  reference::Reference reference = rules();
  reference.guards[0].age_max = seconds(2);
  return reference;
}

/// Inputs, and what the engine says to them.
class Story {
 public:
  explicit Story(reference::Reference reference)
      : reference_{support::finished(std::move(reference))} {
    mark(0, kSure, 100);
    mark(0, kDoubt, 100);
    coin(0, 10);
  }

  void give(double time, const InputBody& body) {
    inputs_.push_back({.sequence = {}, .time = at(time), .body = body});
  }
  void mark(double time, InstrumentId instrument, double value) {
    if (instrument == kSure) {
      give(time, MarkPublished{instrument, price(value), {}, {}});
    } else {
      give(time, BookQuoted{instrument, price(value - 0.01), price(value + 0.01), {}});
    }
  }
  void coin(double time, double value) { give(time, SourcePriced{{}, price(value), {}, {}}); }
  /// Money in dollars.
  void open(AccountId account, double money, MarginMode mode = MarginMode::cross) {
    give(0, AccountOpened{account, OwnerId::from_raw(account.raw()), {}, {}, kDollar, mode});
    deposit(account, kDollar, money);
  }
  void deposit(AccountId account, AssetId asset, double amount) {
    if (amount == 0) return;
    give(0, Deposited{account, dollars(amount), {}, asset});
  }
  /// A quantity in thousandths, at 100.
  void buy(AccountId account, InstrumentId instrument, std::int64_t quantity) {
    give(0, TradeFilled{account, instrument, Quantity::from_raw(quantity), price(100), {}, {}});
  }
  void withdraw(double time, AccountId account, double amount) {
    give(time, WithdrawalRequested{account, dollars(amount), {}, kDollar});
  }
  void order(double time, AccountId account, std::int64_t quantity, std::uint64_t number) {
    give(time, OrderRequested{.account = account,
                              .instrument = kDoubt,
                              .quantity = Quantity::from_raw(quantity),
                              .limit = price(100),
                              .order = ExternalId::from_raw(number)});
  }
  static Amount dollars(double amount) {
    return Amount::from_raw(static_cast<std::int64_t>(amount * kDollars));
  }

  /// Runs everything up to a time, in every way there is.
  void run(double until) {
    give(until, TimeAdvanced{});
    EngineRun first = run_inline(reference_, inputs_, 1, watch::Mode::bands, true);
    EXPECT_TRUE(first.audit.conserved());
    for (const auto mode : {watch::Mode::bands, watch::Mode::naive}) {
      for (const ShardIndex shards : {1U, 2U, 3U}) {
        const EngineRun other = run_inline(reference_, inputs_, shards, mode);
        const std::ptrdiff_t place = first_difference(first.events, other.events);
        EXPECT_EQ(place, -1) << shards << " shards\n"
                             << describe(first.events, place) << "\n"
                             << describe(other.events, place);
      }
    }
    events_ = std::move(first.events);
  }

  /// When something was said of an account.
  template <class Body>
  [[nodiscard]] std::vector<EventTime> times(AccountId account) const {
    std::vector<EventTime> result;
    for (const Event& event : events_) {
      if (event.header.account != account || !std::holds_alternative<Body>(event.body)) continue;
      result.push_back(event.header.time);
    }
    return result;
  }
  template <class Body>
  [[nodiscard]] std::vector<Body> said(AccountId account) const {
    std::vector<Body> result;
    for (const Event& event : events_) {
      const auto* body = std::get_if<Body>(&event.body);
      if (body != nullptr && event.header.account == account) result.push_back(*body);
    }
    return result;
  }
  /// When the account's liquidations started.
  [[nodiscard]] std::vector<EventTime> liquidations(AccountId account) const {
    return times<LiquidationStarted>(account);
  }

 private:
  reference::Reference reference_;
  std::vector<Input> inputs_;
  std::vector<Event> events_;
};

using Times = std::vector<EventTime>;

// Who is in breach, and who is only because of a frozen price.

TEST(Trust, DustOfAFrozenContractProtectsNobody) {
  Story story{ageing_rules()};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.buy(kAnn, kDoubt, 1);  // Its mark is frozen from 2 s on.
  story.mark(5, kSure, 92);    // 20 left, 46 needed.
  story.run(10);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(5)});
  const auto orders = story.said<LiquidationOrderIssued>(kAnn);
  ASSERT_FALSE(orders.empty());
  for (const auto& order : orders) EXPECT_EQ(order.instrument, kSure);
  EXPECT_FALSE(story.said<LiquidationCompleted>(kAnn).empty());
}

TEST(Trust, DustOfAFrozenCollateralProtectsNobody) {
  Story story{ageing_rules()};
  story.open(kAnn, 100, MarginMode::multi_asset);
  story.deposit(kAnn, kCoin, 0.001);  // Its index is frozen from 2 s on.
  story.buy(kAnn, kSure, 10 * kUnit);
  story.mark(5, kSure, 92);
  story.run(10);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(5)});
}

TEST(Trust, WhoIsInBreachOnlyThroughAFrozenMarkIsNotLiquidatedUntilItThawsThere) {
  Story story{ageing_rules()};
  story.open(kAnn, 100);
  story.buy(kAnn, kDoubt, 10 * kUnit);  // In breach below 94.7; frozen within 95 to 105.
  story.mark(7, kDoubt, 92);
  story.run(8);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(7)});
}

TEST(Trust, AJumpThatLastsLiquidatesWhenItIsBelieved) {
  Story story{slow_rules(4)};
  story.open(kAnn, 100);
  story.buy(kAnn, kDoubt, 10 * kUnit);
  story.open(kBob, 0, MarginMode::multi_asset);
  story.deposit(kBob, kCoin, 10);
  story.give(0, BalanceImported{kBob, kDollar, Story::dollars(-80)});  // In breach below 9.33.
  for (double time = 3; time < 9; time += 0.5) {
    story.mark(time, kDoubt, 80);
    story.coin(time, 8);
  }
  story.run(9);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(7)});
  EXPECT_EQ(story.liquidations(kBob), Times{at(7)});
}

TEST(Trust, AJumpThatDoesNotLastLiquidatesNobody) {
  Story story{slow_rules(4)};
  story.open(kAnn, 100);
  story.buy(kAnn, kDoubt, 10 * kUnit);
  story.open(kBob, 100);
  story.buy(kBob, kDoubt, -10 * kUnit);
  story.mark(3, kDoubt, 10);
  story.mark(6.9, kDoubt, 100);
  story.mark(20, kDoubt, 300);
  story.mark(23.9, kDoubt, 100);
  story.run(60);
  EXPECT_TRUE(story.liquidations(kAnn).empty());
  EXPECT_TRUE(story.liquidations(kBob).empty());
}

TEST(Trust, WhoIsInBreachAtEveryEndOfAFreezeIsLiquidatedInIt) {
  Story story{ageing_rules()};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.buy(kAnn, kDoubt, kUnit);  // Worth 5 more at its best end, of which 0.25 are needed.
  story.mark(5, kSure, 95);        // 50 left, 52.5 needed: at the best end 55 and 52.75.
  story.mark(6, kSure, 94.6);      // 46 and 52.3: at the best end 51 and 52.55.
  story.run(7);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(6)});
}

// A freeze that never ends.

TEST(Trust, AFreezeThatLastsTooLongAcceptsWhereItIsConfiguredTo) {
  reference::Reference reference = slow_rules(1'000);
  reference.guards[0].freeze_max = seconds(10);
  reference.guards[0].after = reference::AfterFreeze::accept;
  Story story{reference};
  story.open(kAnn, 100);
  story.buy(kAnn, kDoubt, 10 * kUnit);
  story.mark(3, kDoubt, 80);
  story.run(60);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(13)});
}

TEST(Trust, AFreezeThatLastsTooLongWaitsForAnOperatorWhereItIsConfiguredTo) {
  reference::Reference reference = slow_rules(1'000);
  reference.guards[0].freeze_max = seconds(10);
  Story story{reference};
  story.open(kAnn, 100);
  story.buy(kAnn, kDoubt, 10 * kUnit);
  story.mark(3, kDoubt, 80);
  story.run(500);
  EXPECT_TRUE(story.liquidations(kAnn).empty());
  story.give(500, MarkOverridden{.instrument = kDoubt,
                                 .price = price(80),
                                 .expires = at(600),
                                 .by = OperatorId::from_raw(1),
                                 .number = ExternalId::from_raw(1)});
  story.run(510);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(500)});
}

// Calls.

reference::Reference calling_rules() {
  reference::Reference reference = ageing_rules();
  reference.profiles[0].call_trigger = rate(1.2);
  reference.profiles[0].call_period = seconds(10);
  return reference;
}

TEST(Trust, TheDeadlineOfACallIsLaterByExactlyTheTimeThatAPriceWasFrozen) {
  Story story{calling_rules()};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.buy(kAnn, kDoubt, 1);
  story.mark(1, kSure, 95.5);  // 55 left, 47.75 needed, called below 57.3; due at 11 s.
  for (double time = 7.25; time < 30; time += 1) story.mark(time, kDoubt, 100);
  story.run(30);
  EXPECT_EQ(story.times<MarginCallIssued>(kAnn), Times{at(1)});
  EXPECT_EQ(story.times<MarginCallSuspended>(kAnn), Times{at(2)});
  EXPECT_EQ(story.times<MarginCallResumed>(kAnn), Times{at(7.25)});
  ASSERT_EQ(story.said<MarginCallResumed>(kAnn).size(), 1U);
  EXPECT_EQ(story.said<MarginCallResumed>(kAnn)[0].deadline, at(11 + 5.25));
  EXPECT_EQ(story.times<MarginCallFailed>(kAnn), Times{at(16.25)});
  EXPECT_EQ(story.liquidations(kAnn), Times{at(16.25)});
}

TEST(Trust, TheDeadlineOfACallIsLaterThoughAnotherContractHasNoPriceYet) {
  constexpr InstrumentId kLate = InstrumentId::from_raw(2);
  reference::Reference reference = calling_rules();
  support::add_linear(
      reference, support::linear_instrument("LATE", kDollar, 3, kSecond / 100, 10'000 * kSecond),
      support::brackets_of(kDollars, {{0, 500, 1'000}}));
  Story story{std::move(reference)};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.buy(kAnn, kDoubt, 1);
  story.mark(1, kSure, 95.5);
  story.give(1.5, TradeFilled{kAnn, kLate, Quantity::from_raw(1), price(100), {}, {}});
  for (double time = 7.25; time < 12; time += 1) story.mark(time, kDoubt, 100);
  story.mark(12, kLate, 100);
  for (double time = 12.25; time < 30; time += 1) story.mark(time, kDoubt, 100);
  story.run(30);
  EXPECT_EQ(story.times<MarginCallIssued>(kAnn), Times{at(1)});
  EXPECT_EQ(story.times<MarginCallSuspended>(kAnn), Times{at(2)});
  EXPECT_EQ(story.times<MarginCallResumed>(kAnn), Times{at(7.25)});
  EXPECT_EQ(story.times<MarginCallFailed>(kAnn), Times{at(16.25)});
}

TEST(Trust, ACallThatIsSuspendedForeverNeverFailsAndCanBeMet) {
  Story story{calling_rules()};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.buy(kAnn, kDoubt, 1);
  story.mark(1, kSure, 95.5);
  story.mark(100, kSure, 101);
  story.run(200);
  EXPECT_EQ(story.times<MarginCallSuspended>(kAnn), Times{at(2)});
  EXPECT_EQ(story.times<MarginCallMet>(kAnn), Times{at(100)});
  EXPECT_TRUE(story.liquidations(kAnn).empty());
}

// New risk.

TEST(Trust, WithdrawalsAreJudgedAtTheWorseEndOfAFreeze) {
  Story story{ageing_rules()};
  for (const AccountId account : {kAnn, kBob}) {
    story.open(account, 500);
    story.buy(account, kDoubt, (account == kAnn ? 10 : -10) * kUnit);
  }
  for (const double time : {1, 3}) {
    for (const AccountId account : {kAnn, kBob}) {
      story.withdraw(time, account, 450);  // 100 of 500 are needed at 1 s.
    }
  }
  story.run(4);
  const auto of_ann = story.said<WithdrawalRefused>(kAnn);
  ASSERT_EQ(of_ann.size(), 2U);
  EXPECT_EQ(of_ann[0].available, Story::dollars(400));
  EXPECT_EQ(of_ann[1].available, Story::dollars(500 - 50 - 95));  // At 95.
  const auto of_bob = story.said<WithdrawalRefused>(kBob);
  ASSERT_EQ(of_bob.size(), 2U);
  EXPECT_EQ(of_bob[0].available, Story::dollars(400));
  EXPECT_EQ(of_bob[1].available, Story::dollars(500 - 50 - 105));  // At 105.
}

TEST(Trust, OrdersAreJudgedAtTheWorseEndOfAFreeze) {
  Story story{ageing_rules()};
  story.open(kAnn, 200);
  story.buy(kAnn, kDoubt, 10 * kUnit);
  story.order(1, kAnn, 10 * kUnit, 1);  // 200 of 200 are needed.
  story.give(1.5, OrderClosed{kAnn, ExternalId::from_raw(1)});
  story.order(3, kAnn, 10 * kUnit, 2);      // At 95: 190 of 150.
  story.order(3, kAnn, 10 * kUnit / 2, 3);  // At 95: 142.5 of 150.
  story.run(4);
  const auto accepted = story.said<OrderAccepted>(kAnn);
  ASSERT_EQ(accepted.size(), 2U);
  EXPECT_EQ(accepted[0].order.raw(), 1U);
  EXPECT_EQ(accepted[1].order.raw(), 3U);
  const auto refused = story.said<OrderRefused>(kAnn);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, Refusal::insufficient_excess);
}

// Confirmation.

reference::Reference confirming_rules() {
  reference::Reference reference = rules();
  reference.profiles[0].confirm_time = seconds(3);
  return reference;
}

TEST(Trust, AWickOfOneTickLiquidatesNobodyAndABreachThatLastsDoesAtItsTime) {
  Story story{confirming_rules()};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.mark(5, kSure, 50);
  story.mark(5.1, kSure, 100);
  story.mark(10, kSure, 93);
  story.mark(11, kSure, 94);
  story.run(20);
  EXPECT_EQ(story.times<BreachNoted>(kAnn), (Times{at(5), at(10)}));
  EXPECT_EQ(story.times<BreachCleared>(kAnn), Times{at(5.1)});
  EXPECT_EQ(story.liquidations(kAnn), Times{at(13)});
}

TEST(Trust, ABreachThatIsOverForAMomentLastsAnew) {
  Story story{confirming_rules()};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.mark(5, kSure, 93);
  story.mark(7.9, kSure, 100);
  story.mark(7.91, kSure, 93);
  story.run(20);
  EXPECT_EQ(story.liquidations(kAnn), Times{at(10.91)});
}

TEST(Trust, AFreezeClearsABreachThatWasNoted) {
  reference::Reference reference = confirming_rules();
  reference.guards[0].age_max = seconds(2);
  Story story{reference};
  story.open(kAnn, 100);
  story.buy(kAnn, kDoubt, 10 * kUnit);
  story.mark(1, kDoubt, 93);  // Frozen at 3 s, within 88.35 to 97.65; noted until 4 s.
  story.run(20);
  EXPECT_EQ(story.times<BreachCleared>(kAnn), Times{at(3)});
  EXPECT_TRUE(story.liquidations(kAnn).empty());
}

// Pauses.

/// Ann is being liquidated when new liquidations begin to wait; Bob and Cid fall into breach then,
/// and Cid out of it again.
template <class Pause, class Resume>
void expect_new_ones_wait(const reference::Reference& reference, const Pause& pause,
                          const Resume& resume) {
  Story story{reference};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  for (const AccountId account : {kBob, kCid}) story.open(account, 100);
  story.buy(kBob, kDoubt, 10 * kUnit);
  story.buy(kCid, kDoubt, 10 * kUnit);
  story.mark(4, kSure, 92);
  story.give(4.001, pause);
  story.mark(5, kDoubt, 93);
  story.withdraw(5.5, kBob, 1);
  story.give(6, Deposited{kCid, Story::dollars(100), {}, kDollar});
  story.give(9, resume);
  story.run(12);
  // What is open goes on.
  EXPECT_EQ(story.liquidations(kAnn), Times{at(4)});
  EXPECT_EQ(story.times<LiquidationFillApplied>(kAnn), Times{at(4.02)});
  EXPECT_EQ(story.times<LiquidationCompleted>(kAnn), Times{at(4.02)});
  // So does valuation.
  EXPECT_EQ(story.times<MarginCallIssued>(kBob), Times{at(5)});
  const auto refused = story.said<WithdrawalRefused>(kBob);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, WithdrawalRefusal::insufficient_excess);
  // What is new waits.
  EXPECT_EQ(story.liquidations(kBob), Times{at(9)});
  EXPECT_TRUE(story.liquidations(kCid).empty());
  const auto changes = story.said<LiquidationPauseChanged>(AccountId{});
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].waiting, 1U);
  EXPECT_EQ(changes[1].waiting, 0U);
}

TEST(Trust, WhileAnOperatorPausesThemNewLiquidationsWait) {
  const auto by = OperatorId::from_raw(7);
  expect_new_ones_wait(
      rules(),
      LiquidationsPaused{
          .reason = PauseReason::operator_said, .by = by, .number = ExternalId::from_raw(1)},
      LiquidationsResumed{
          .reason = PauseReason::operator_said, .by = by, .number = ExternalId::from_raw(2)});
}

TEST(Trust, WhileTheEngineIsBehindNewLiquidationsWait) {
  reference::Reference reference = rules();
  reference.breaker.lag_max = seconds(1);
  expect_new_ones_wait(reference, LagReported{.lag = seconds(1.5)}, LagReported{.lag = seconds(1)});
}

TEST(Trust, ABreakerHoldsNewLiquidationsBackForItsTime) {
  reference::Reference reference = rules();
  reference.breaker.liquidations_max = 1;
  reference.breaker.window = seconds(60);
  reference.breaker.hold = seconds(5);
  Story story{reference};
  story.open(kAnn, 60);
  story.open(kBob, 90);
  story.open(kCid, 100);
  for (const AccountId account : {kAnn, kBob, kCid}) story.buy(account, kSure, 10 * kUnit);
  story.mark(4, kSure, 98);
  story.mark(4.1, kSure, 95);
  story.mark(4.2, kSure, 94);
  story.run(12);
  EXPECT_EQ(story.liquidations(kAnn).at(0), at(4));
  EXPECT_EQ(story.liquidations(kBob).at(0), at(4.1));
  EXPECT_EQ(story.liquidations(kCid).at(0), at(9.1));
}

TEST(Trust, ADeadlineAndAConfirmationThatFallIntoAPauseComeAboutAtItsEnd) {
  reference::Reference reference = confirming_rules();
  reference.profiles[0].call_trigger = rate(1.2);
  reference.profiles[0].call_period = seconds(4);
  Story story{reference};
  story.open(kAnn, 100);
  story.buy(kAnn, kSure, 10 * kUnit);
  story.open(kBob, 100);
  story.buy(kBob, kDoubt, 10 * kUnit);
  story.mark(1, kSure, 95.5);  // Ann is called until 5 s.
  story.give(2, LiquidationsPaused{});
  story.mark(3, kDoubt, 93);  // Bob's breach is confirmed at 6 s.
  story.give(9, LiquidationsResumed{});
  story.run(12);
  EXPECT_EQ(story.times<MarginCallFailed>(kAnn), Times{at(9)});
  EXPECT_EQ(story.liquidations(kAnn), Times{at(9)});
  EXPECT_EQ(story.liquidations(kBob), Times{at(9)});
}

}  // namespace
}  // namespace plimsoll::core
