// A call that fails while a position has no mark: the liquidation opens at the deadline, and its
// step waits until the mark comes.

#include <gtest/gtest.h>

#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "tests/support/describe.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::lifecycle {
namespace {

using support::kBtc;
using support::kEth;

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kOne = 1'000'000'000;  // a price of 1
constexpr std::int64_t kUsdt = 1'000'000;
constexpr AccountId kAnn = AccountId::from_raw(7);

/// An engine in which a call of an account with a BTC is open since 10 ms, at equity 239; since 1 s
/// the account also has 0.01 ETH, of which there is no mark.
class MissingMark : public ::testing::TestWithParam<watch::Mode> {
 protected:
  MissingMark() {
    at(0);
    submit(AccountOpened{kAnn, OwnerId::from_raw(1), {}, support::kRetail, support::kUsdt});
    submit(Deposited{kAnn, Amount::from_raw(290 * kUsdt), {}});
    mark(kBtc, 40'000 * kOne);
    fill(kBtc, 1'000, 40'000 * kOne);
    at(10);
    mark(kBtc, 39'949 * kOne);
    at(1'000);
    fill(kEth, 1, 3'400 * kOne);
  }

  void at(std::int64_t milliseconds) { time_ = kStart + milliseconds * kMillisecond; }
  void submit(const InputBody& body) {
    sequencer_.submit({Sequence{}, EventTime::from_raw(time_), Origin::external, body});
  }
  void mark(InstrumentId instrument, std::int64_t price) {
    submit(MarkPublished{instrument, Price::from_raw(price), {}, {}});
  }
  void fill(InstrumentId instrument, std::int64_t quantity, std::int64_t price) {
    submit(TradeFilled{
        kAnn, instrument, Quantity::from_raw(quantity), Price::from_raw(price), {}, {}});
  }
  /// What was published since the last look; the order of the events is that of publication.
  std::vector<Event> published() {
    sequencer_.publish_all();
    std::vector<Event> events{sequencer_.published().begin() + static_cast<std::ptrdiff_t>(seen_),
                              sequencer_.published().end()};
    seen_ += events.size();
    return events;
  }
  template <class Body>
  static Body body(const std::vector<Event>& events, std::size_t place) {
    const Body* found = place < events.size() ? std::get_if<Body>(&events[place].body) : nullptr;
    EXPECT_NE(found, nullptr) << "event " << place << " of " << events.size()
                              << (place < events.size() ? support::describe(events[place]) : "");
    return found == nullptr ? Body{} : *found;
  }

  reference::Reference reference_ = support::small_reference();
  core::InlineFabric fabric_{reference_, 1, GetParam()};
  core::Sequencer<core::InlineFabric> sequencer_{reference_, fabric_};
  std::int64_t time_{kStart};
  std::size_t seen_{0};
};

TEST_P(MissingMark, TheCallFailsAtItsDeadlineWithoutAnOrder) {
  EXPECT_EQ(published().size(), 1U);  // the call
  at(3'500);
  submit(TimeAdvanced{});
  const std::vector<Event> events = published();
  ASSERT_EQ(events.size(), 2U);
  const auto failed = body<MarginCallFailed>(events, 0);
  EXPECT_EQ(failed.equity.raw(), 239 * kUsdt);  // ETH is left out
  EXPECT_EQ(failed.maintenance_margin.raw(), 199'745'000);
  EXPECT_EQ(body<LiquidationStarted>(events, 1).target.raw(), 1'500'000'000);
  for (const Event& event : events) {
    EXPECT_EQ(event.header.time.raw(), kStart + 3'010 * kMillisecond);
    EXPECT_EQ(event.header.trigger_value, event.header.time.raw());
    EXPECT_EQ(event.header.trigger_instrument, kNoInstrument);
  }
}

TEST_P(MissingMark, TheStepComesWithTheMark) {
  at(3'500);
  submit(TimeAdvanced{});
  mark(kBtc, 39'950 * kOne);  // moves, and still nothing can be judged
  submit(Deposited{kAnn, Amount::from_raw(kUsdt), {}});
  (void)published();
  mark(kEth, 3'400 * kOne);
  const std::vector<Event> events = published();
  ASSERT_EQ(events.size(), 1U);
  const auto order = body<LiquidationOrderIssued>(events, 0);
  EXPECT_EQ(order.instrument, kBtc);
  EXPECT_EQ(order.step, 1U);
  EXPECT_EQ(order.equity.raw(), 241 * kUsdt);
  EXPECT_EQ(order.maintenance_margin.raw(), 199'750'000 + 340'000);
  EXPECT_EQ(events[0].header.time.raw(), kStart + 3'500 * kMillisecond);
  EXPECT_EQ(events[0].header.trigger_instrument, kEth);
  at(4'000);
  submit(TimeAdvanced{});  // The exchange answers, and the liquidation goes on as any other.
  const std::vector<Event> after = published();
  ASSERT_GE(after.size(), 2U);
  EXPECT_LT(body<LiquidationFillApplied>(after, 0).quantity.raw(), 0);
}

TEST_P(MissingMark, AWithdrawalMeanwhileIsRefusedFirstForTheMarkThenForTheLiquidation) {
  (void)published();
  submit(WithdrawalRequested{kAnn, Amount::from_raw(1), {}});
  EXPECT_EQ(body<WithdrawalRefused>(published(), 0).reason, WithdrawalRefusal::mark_missing);
  at(3'010);  // the deadline itself: it passes before the input
  submit(WithdrawalRequested{kAnn, Amount::from_raw(1), {}});
  const std::vector<Event> events = published();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(body<WithdrawalRefused>(events, 2).reason, WithdrawalRefusal::in_liquidation);
}

TEST_P(MissingMark, MoneyThatComesBeforeTheMarkEndsTheLiquidationWithIt) {
  at(3'500);
  submit(Deposited{kAnn, Amount::from_raw(1'000 * kUsdt), {}});
  EXPECT_EQ(published().size(), 3U);  // call, failed, started
  mark(kEth, 3'400 * kOne);
  const auto completed = body<LiquidationCompleted>(published(), 0);
  EXPECT_EQ(completed.outcome, LiquidationOutcome::cured);
  EXPECT_EQ(completed.steps, 0U);
}

INSTANTIATE_TEST_SUITE_P(Modes, MissingMark,
                         ::testing::Values(watch::Mode::bands, watch::Mode::naive),
                         [](const auto& mode) {
                           return mode.param == watch::Mode::naive ? "Naive" : "Watched";
                         });

}  // namespace
}  // namespace plimsoll::lifecycle
