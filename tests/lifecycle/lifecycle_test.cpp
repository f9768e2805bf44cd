// The judgement of single accounts, by hand. One BTC (quantity 1,000) at 40,000 needs 200 USDT of
// maintenance; the retail profile calls below 1.2 times that, and asks for 1.5 times.

#include "engine/lifecycle/lifecycle.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/books.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::lifecycle {
namespace {

using ledger::testing::trade;
using support::kBtc;
using support::kCheap;

constexpr std::int64_t kUsdt = 1'000'000;     // one, as an Amount
constexpr std::int64_t kOne = 1'000'000'000;  // one, as a Price
constexpr std::int64_t kSecond = 1'000'000'000;

class LifecycleTest : public ::testing::Test {
 protected:
  LifecycleTest() {
    ledger::testing::open_account(ledger_, 7, support::kUsdt, support::kRetail);
    lifecycle_.open();
  }

  void deposit(std::int64_t amount) {
    EXPECT_FALSE(ledger_.deposit(0, support::kUsdt, Amount::from_raw(amount)));
  }
  void fill(InstrumentId instrument, std::int64_t quantity, std::int64_t price) {
    EXPECT_FALSE(ledger_.apply_fill(0, trade(instrument, quantity, price)));
  }
  /// One BTC bought at 40,000 with so much money.
  void open_bitcoin(std::int64_t amount) {
    deposit(amount);
    fill(kBtc, 1'000, 40'000 * kOne);
  }
  [[nodiscard]] Cause cause() const { return {.sequence = {}, .time = EventTime::from_raw(now_)}; }

  /// What judging the account says, as kinds.
  std::vector<std::string> judge() {
    events_.clear();
    (void)lifecycle_.judge(0, cause(), false, events_);
    return kinds();
  }
  std::vector<std::string> judge_at(std::int64_t mark, InstrumentId instrument = kBtc) {
    marks_.set(instrument, Price::from_raw(mark));
    return judge();
  }
  std::vector<std::string> pass_deadlines() {
    events_.clear();
    lifecycle_.pass_time(cause(), events_, [](ledger::AccountIndex) {});
    return kinds();
  }
  std::optional<Refusal> answer(std::int64_t quantity, std::int64_t price,
                                std::uint32_t epoch = 1) {
    events_.clear();
    return lifecycle_.apply_answer(0,
                                   {.account = AccountId::from_raw(7),
                                    .epoch = LiquidationEpoch::from_raw(epoch),
                                    .instrument = kBtc,
                                    .quantity = Quantity::from_raw(quantity),
                                    .price = Price::from_raw(price)},
                                   cause(), events_);
  }
  [[nodiscard]] std::vector<std::string> kinds() const {
    std::vector<std::string> names;
    for (const Event& event : events_) names.emplace_back(event_kind_name(kind_of(event)));
    return names;
  }
  template <class Body>
  Body event(std::size_t place) const {
    const Body* body = place < events_.size() ? std::get_if<Body>(&events_[place].body) : nullptr;
    EXPECT_NE(body, nullptr) << "event " << place << " of " << events_.size();
    return body == nullptr ? Body{} : *body;
  }

  using Kinds = std::vector<std::string>;
  const Kinds kTakenOver{"account_taken_over", "position_taken_over", "balance_taken_over",
                         "liquidation_completed"};
  reference::Reference reference_ = support::small_reference();
  ledger::Ledger ledger_{reference_, 10};
  marks::Marks marks_{reference_};
  Lifecycle lifecycle_{reference_, ledger_, marks_, 10};
  std::vector<Event> events_;
  std::int64_t now_{5 * kSecond};
};

TEST_F(LifecycleTest, ACallIsIssuedOnceAndMetOnce) {
  open_bitcoin(290 * kUsdt);
  EXPECT_EQ(judge_at(39'950 * kOne), Kinds{});  // equity 240 > 1.2 x 199.75
  EXPECT_EQ(judge_at(39'949 * kOne), Kinds{"margin_call_issued"});
  EXPECT_EQ(event<MarginCallIssued>(0).amount.raw(), 60'617'500);
  EXPECT_EQ(event<MarginCallIssued>(0).deadline.raw(), now_ + 3 * kSecond);
  EXPECT_EQ(judge(), Kinds{});
  deposit(60'617'499);
  EXPECT_EQ(judge(), Kinds{});
  deposit(1);  // what was asked for: it is met, although this profile breaches at equality
  EXPECT_EQ(judge(), Kinds{"margin_call_met"});
  EXPECT_EQ(judge(), Kinds{});
  EXPECT_EQ(lifecycle_.state(0).call.raw(), 1U);
}

TEST_F(LifecycleTest, ACallAsksForAtLeastOneUnit) {
  // 40 units of notional need 1 of maintenance; ceil(1.2) and ceil(1.5) are both 2.
  deposit(2);
  fill(kCheap, 1, 40'000);
  EXPECT_EQ(judge_at(40'000, kCheap), Kinds{"margin_call_issued"});
  EXPECT_EQ(event<MarginCallIssued>(0).equity.raw(), 2);
  EXPECT_EQ(event<MarginCallIssued>(0).amount.raw(), 1);
  deposit(1);
  EXPECT_EQ(judge(), Kinds{"margin_call_met"});
}

TEST_F(LifecycleTest, ABreachEscalatesTheCallAndSellsNoMoreThanNeeded) {
  open_bitcoin(290 * kUsdt);
  EXPECT_EQ(judge_at(39'949 * kOne), Kinds{"margin_call_issued"});
  EXPECT_EQ(judge_at(39'909 * kOne),  // equity 199 < 199.545
            (Kinds{"margin_call_escalated", "liquidation_started", "liquidation_order_issued"}));
  EXPECT_EQ(event<LiquidationStarted>(1).target.raw(), 1'050'000'000);
  EXPECT_LT(event<LiquidationOrderIssued>(2).quantity.raw(), 0);
  EXPECT_GT(event<LiquidationOrderIssued>(2).quantity.raw(), -1'000);
  EXPECT_EQ(judge(), Kinds{});  // an order is in flight
}

TEST_F(LifecycleTest, ABreachWithoutACallEscalatesNothing) {
  open_bitcoin(290 * kUsdt);
  EXPECT_EQ(judge_at(39'909 * kOne), (Kinds{"liquidation_started", "liquidation_order_issued"}));
}

TEST_F(LifecycleTest, NothingIsDecidedWhileAnOrderIsInFlight) {
  open_bitcoin(290 * kUsdt);
  (void)judge_at(39'909 * kOne);
  EXPECT_EQ(judge_at(30'000 * kOne), Kinds{});  // bankrupt, and yet
  EXPECT_FALSE(answer(0, 0));
  EXPECT_EQ(kinds(), Kinds{"liquidation_fill_applied"});
  EXPECT_EQ(judge(), kTakenOver);
  EXPECT_EQ(event<LiquidationCompleted>(3).steps, 1U);
}

TEST_F(LifecycleTest, AFullFillAtTheLimitCures) {
  open_bitcoin(290 * kUsdt);
  (void)judge_at(39'909 * kOne);
  const auto order = event<LiquidationOrderIssued>(1);
  EXPECT_FALSE(answer(order.quantity.raw(), order.limit.raw()));
  EXPECT_EQ(judge(), (Kinds{"liquidation_completed", "margin_call_issued"}));
  EXPECT_EQ(event<LiquidationCompleted>(0).outcome, LiquidationOutcome::cured);
}

TEST_F(LifecycleTest, AnAnswerCountsOnceAndOnlyForItsEpoch) {
  open_bitcoin(290 * kUsdt);
  EXPECT_EQ(answer(0, 0), Refusal::liquidation_unknown);
  (void)judge_at(39'909 * kOne);
  EXPECT_EQ(answer(0, 0, 2), Refusal::liquidation_unknown);
  EXPECT_FALSE(answer(0, 0));
  EXPECT_EQ(answer(0, 0), Refusal::liquidation_unknown);
}

TEST_F(LifecycleTest, AfterTheLastStepTheHouseTakesOver) {
  open_bitcoin(290 * kUsdt);
  (void)judge_at(39'909 * kOne);
  for (int step = 2; step <= 3; ++step) {
    EXPECT_FALSE(answer(0, 0));
    EXPECT_EQ(judge(), Kinds{"liquidation_order_issued"});
    EXPECT_EQ(event<LiquidationOrderIssued>(0).step, static_cast<std::uint32_t>(step));
  }
  EXPECT_FALSE(answer(0, 0));
  EXPECT_EQ(judge(), kTakenOver);
  EXPECT_EQ(event<AccountTakenOver>(0).equity.raw(), 199 * kUsdt);
  EXPECT_EQ(event<PositionTakenOver>(1).transfer_value.raw(), (39'909 - 199) * kUsdt);
  EXPECT_EQ(event<PositionTakenOver>(1).bankruptcy_price.raw(), 39'710 * kOne);
  EXPECT_EQ(event<BalanceTakenOver>(2).amount.raw(), 199 * kUsdt);
  EXPECT_EQ(event<BalanceTakenOver>(2).asset, support::kUsdt);
  EXPECT_EQ(event<LiquidationCompleted>(3).steps, 3U);
  EXPECT_EQ(ledger_.account(0).balance.raw(), 0);
}

TEST_F(LifecycleTest, ABankruptAccountIsTakenOverAtOnce) {
  open_bitcoin(290 * kUsdt);
  (void)judge_at(39'949 * kOne);
  EXPECT_EQ(judge_at(39'700 * kOne),
            (Kinds{"margin_call_escalated", "liquidation_started", "account_taken_over",
                   "position_taken_over", "balance_taken_over", "liquidation_completed"}));
  EXPECT_EQ(event<AccountTakenOver>(2).equity.raw(), -10 * kUsdt);
  EXPECT_EQ(judge(), Kinds{});  // nothing is left to judge
}

TEST_F(LifecycleTest, AnAccountThatSoldEverythingItselfIsClosed) {
  open_bitcoin(290 * kUsdt);
  (void)judge_at(39'909 * kOne);
  fill(kBtc, -1'000, 39'909 * kOne);
  EXPECT_EQ(judge(), Kinds{});
  EXPECT_FALSE(answer(0, 0));
  EXPECT_EQ(judge(), Kinds{"liquidation_completed"});
  EXPECT_EQ(event<LiquidationCompleted>(0).outcome, LiquidationOutcome::closed);
  EXPECT_EQ(event<LiquidationCompleted>(0).equity.raw(), 199 * kUsdt);
}

TEST_F(LifecycleTest, ACallFailsAtItsDeadlineAndNotBefore) {
  open_bitcoin(290 * kUsdt);
  (void)judge_at(39'949 * kOne);
  const std::int64_t deadline = event<MarginCallIssued>(0).deadline.raw();
  now_ = deadline - 1;
  EXPECT_EQ(pass_deadlines(), Kinds{});
  now_ = deadline + 5;
  EXPECT_EQ(pass_deadlines(),
            (Kinds{"margin_call_failed", "liquidation_started", "liquidation_order_issued"}));
  EXPECT_EQ(events_[0].header.time.raw(), deadline);
  EXPECT_EQ(events_[2].header.trigger_value, deadline);
  EXPECT_EQ(event<LiquidationStarted>(1).target.raw(), 1'500'000'000);
  EXPECT_EQ(pass_deadlines(), Kinds{});
}

TEST_F(LifecycleTest, AnAccountWithoutAMarkIsNotJudged) {
  open_bitcoin(1);
  EXPECT_EQ(judge(), Kinds{});
  EXPECT_EQ(judge_at(40'000 * kOne), (Kinds{"liquidation_started", "liquidation_order_issued"}));
}

}  // namespace
}  // namespace plimsoll::lifecycle
