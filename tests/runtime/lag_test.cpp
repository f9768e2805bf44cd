// Goal: an engine that is behind its inputs says so, once, and once when it is no longer. Method:
// inputs through the inbox, with a clock of the test's own.

#include <atomic>

#include <gtest/gtest.h>

#include "engine/core/inline_fabric.hpp"
#include "engine/runtime/engine.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::runtime {
namespace {

struct Outlet {
  void sequenced(const Input& input) {
    if (const auto* report = std::get_if<LagReported>(&input.body)) lags.push_back(report->lag);
  }
  void published(const Event& event) {
    if (const auto* change = std::get_if<LiquidationPauseChanged>(&event.body)) {
      pauses.push_back(change->waiting != 0);
    }
  }
  std::vector<Duration> lags;
  std::vector<bool> pauses;
};

constexpr Duration kSecond = Duration::from_raw(1'000'000'000);

/// Runs an engine over one input for each lag, which is how late it is taken.
Outlet run_with(Duration limit, const std::vector<std::int64_t>& lags_ms) {
  reference::Reference reference = support::small_reference();
  reference.breaker.lag_max = limit;
  core::InlineFabric fabric{reference, 1, watch::Mode::bands};
  Outlet outlet;
  Engine<core::InlineFabric, Outlet> engine{reference, fabric, outlet};
  std::size_t taken = 0;
  for (const std::int64_t lag : lags_ms) {
    Inbox inbox{16};
    Inbox::Producer producer = inbox.make_producer();
    ++taken;
    const Arrival arrival{
        .input = {.sequence = {},
                  .time = EventTime::from_raw(static_cast<std::int64_t>(taken) * kSecond.raw()),
                  .origin = {},
                  .body = TimeAdvanced{}}};
    EXPECT_TRUE(producer.push({&arrival, 1}));
    const std::atomic<bool> finished{true};
    const std::atomic<bool> stop{false};
    engine.run(inbox, finished, stop,
               [lag](EventTime) { return Duration::from_raw(lag * 1'000'000); });
  }
  engine.drain();
  return outlet;
}

TEST(Lag, IsReportedWhenTheLimitIsPassedAndWhenItIsKeptAgain) {
  const Outlet outlet = run_with(kSecond, {10, 1'000, 1'001, 5'000, 900, 20});
  EXPECT_EQ(outlet.lags, (std::vector<Duration>{Duration::from_raw(1'001'000'000),
                                                Duration::from_raw(900'000'000)}));
  EXPECT_EQ(outlet.pauses, (std::vector<bool>{true, false}));
}

TEST(Lag, IsNobodysBusinessWithoutALimit) {
  const Outlet outlet = run_with({}, {10, 100'000, 10});
  EXPECT_TRUE(outlet.lags.empty());
  EXPECT_TRUE(outlet.pauses.empty());
}

}  // namespace
}  // namespace plimsoll::runtime
