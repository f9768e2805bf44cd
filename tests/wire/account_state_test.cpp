#include "engine/wire/account_state.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/wire/random_event.hpp"

// What each event makes of the state of its account.

namespace plimsoll::wire {
namespace {

constexpr AccountId kAccount = AccountId::from_raw(7);

class AccountStateFold : public ::testing::Test {
 protected:
  template <class Body>
  void say(const Body& body) {
    Event event{};
    number_ += 3;
    event.header.number = EventNumber::from_raw(number_);
    event.header.time = EventTime::from_raw(static_cast<std::int64_t>(number_) * 1'000);
    event.header.account = kAccount;
    event.body = body;
    fold(event, state_);
  }
  void issue(std::uint32_t call, std::int64_t amount, std::int64_t deadline) {
    say(MarginCallIssued{Amount::from_raw(90), Amount::from_raw(100), Amount::from_raw(amount),
                         EventTime::from_raw(deadline), CallId::from_raw(call)});
  }
  template <class Ending>
  void end(std::uint32_t call) {
    say(Ending{Amount::from_raw(1), Amount::from_raw(2), CallId::from_raw(call)});
  }
  void suspend(std::uint32_t call) { say(MarginCallSuspended{CallId::from_raw(call)}); }
  void resume(std::uint32_t call, std::int64_t deadline) {
    say(MarginCallResumed{EventTime::from_raw(deadline), CallId::from_raw(call)});
  }
  void start(std::uint32_t epoch) {
    say(LiquidationStarted{.equity = {},
                           .maintenance_margin = {},
                           .target = {},
                           .epoch = LiquidationEpoch::from_raw(epoch)});
  }
  void complete(std::uint32_t epoch, LiquidationOutcome outcome) {
    say(LiquidationCompleted{.equity = {},
                             .maintenance_margin = {},
                             .epoch = LiquidationEpoch::from_raw(epoch),
                             .steps = 1,
                             .outcome = outcome});
  }
  void note(std::int64_t confirmed_at) {
    say(BreachNoted{
        .equity = {}, .maintenance_margin = {}, .confirmed_at = EventTime::from_raw(confirmed_at)});
  }
  void expect_call(std::uint32_t call, CallState call_state) const {
    EXPECT_EQ(state_.call.raw(), call);
    EXPECT_EQ(state_.call_state, call_state);
  }
  void expect_liquidation(std::uint32_t epoch, LiquidationState liquidation_state) const {
    EXPECT_EQ(state_.epoch.raw(), epoch);
    EXPECT_EQ(state_.liquidation_state, liquidation_state);
  }

  AccountState state_;
  std::uint64_t number_{0};
};

TEST_F(AccountStateFold, KnowsTheLastEventAndTheLastWorth) {
  issue(1, 50, 9'000);
  suspend(1);  // says no worth
  EXPECT_EQ(state_.account, kAccount);
  EXPECT_EQ(state_.number.raw(), 6U);
  EXPECT_EQ(state_.time.raw(), 6'000);
  EXPECT_EQ(state_.equity.raw(), 90);
  EXPECT_EQ(state_.maintenance_margin.raw(), 100);
  EXPECT_EQ(state_.valued_at.raw(), 3'000);
}

TEST_F(AccountStateFold, FollowsACallThroughItsLife) {
  issue(1, 50, 9'000);
  expect_call(1, CallState::open);
  EXPECT_EQ(state_.amount.raw(), 50);
  EXPECT_EQ(state_.deadline.raw(), 9'000);
  suspend(1);
  expect_call(1, CallState::suspended);
  resume(1, 12'000);
  expect_call(1, CallState::open);
  EXPECT_EQ(state_.deadline.raw(), 12'000);
  end<MarginCallMet>(1);
  expect_call(1, CallState::met);
  issue(2, 60, 20'000);
  end<MarginCallFailed>(2);
  expect_call(2, CallState::failed);
  issue(3, 60, 20'000);
  end<MarginCallEscalated>(3);
  expect_call(3, CallState::escalated);
}

TEST_F(AccountStateFold, FollowsALiquidationAndTheBreachBeforeIt) {
  note(5'000);
  EXPECT_EQ(state_.confirmed_at.raw(), 5'000);
  start(1);
  EXPECT_EQ(state_.confirmed_at.raw(), 0);
  expect_liquidation(1, LiquidationState::open);
  complete(1, LiquidationOutcome::cured);
  expect_liquidation(1, LiquidationState::cured);
  note(8'000);
  say(BreachCleared{});
  EXPECT_EQ(state_.confirmed_at.raw(), 0);
  start(2);
  complete(2, LiquidationOutcome::closed);
  expect_liquidation(2, LiquidationState::closed);
  start(3);
  complete(3, LiquidationOutcome::taken_over);
  expect_liquidation(3, LiquidationState::taken_over);
}

// The events of one cause are in the order of their kinds.
TEST_F(AccountStateFold, GoesByNumbersWhereOrderIsThatOfKinds) {
  start(1);
  start(2);  // 1 ended and 2 began in one cause
  complete(1, LiquidationOutcome::cured);
  expect_liquidation(2, LiquidationState::open);
  issue(1, 50, 9'000);
  suspend(1);
  end<MarginCallMet>(1);
  resume(1, 12'000);  // it went on, and was met, in one cause
  expect_call(1, CallState::met);
  end<MarginCallEscalated>(2);
  issue(2, 50, 9'000);  // likewise
  expect_call(2, CallState::escalated);
}

TEST_F(AccountStateFold, BelievesTheFirstEventOfAHistoryThatBeganBefore) {
  resume(4, 9'000);
  expect_call(4, CallState::open);
  complete(2, LiquidationOutcome::closed);
  expect_liquidation(2, LiquidationState::closed);
}

TEST(AccountState, PassesOverTheHouseAndRefusals) {
  Event event{};
  event.body = MarginCallIssued{};
  EXPECT_FALSE(concerns_account(event));
  event.header.account = kAccount;
  EXPECT_TRUE(concerns_account(event));
  event.body = InputRefused{};
  EXPECT_FALSE(concerns_account(event));
}

TEST(AccountState, TakesAnyEventWhatsoever) {
  EXPECT_TRUE(rc::check([] {
    AccountState state;
    for (std::uint64_t number = 1; number < 50; ++number) {
      Event event = random_event(*rc::gen::inRange<std::size_t>(0, kTemplates));
      event.header.number = EventNumber::from_raw(number);
      if (!concerns_account(event)) continue;
      fold(event, state);
      RC_ASSERT(state.number == event.header.number);
    }
  }));
}

}  // namespace
}  // namespace plimsoll::wire
