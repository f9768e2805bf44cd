// Goal: what went wrong elsewhere does not go wrong here. Method: each incident with its prices,
// times and sizes as far as they were published, played three times: with the guard, without any,
// and with one of its parameters off; and once more with a fall that is true. How many accounts
// each run liquidates is worked out beside the engine, and is a golden number as well.

#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>

#include "tests/incidents/incident.hpp"

namespace plimsoll::incidents {
namespace {

/// What the runs of an incident said.
struct Played {
  Outcome guarded;
  Outcome without;
  Outcome weakened;
  Outcome afterwards;
};

Played play_all(const Incident& incident) {
  return {.guarded = play(incident.guarded, incident.inputs),
          .without = play(incident.without, incident.unguarded_inputs),
          .weakened = play(incident.weakened, incident.inputs),
          .afterwards = play(incident.guarded, incident.aftermath)};
}

/// The golden numbers, twice: as they are written here, and as arithmetic has them.
Played expect_golden(const Incident& incident, const Expected& golden) {
  const Played played = play_all(incident);
  EXPECT_EQ(incident.expected.guarded, golden.guarded);
  EXPECT_EQ(incident.expected.without, golden.without);
  EXPECT_EQ(incident.expected.weakened, golden.weakened);
  EXPECT_EQ(incident.expected.afterwards, golden.afterwards);
  EXPECT_EQ(played.guarded.liquidated.size(), golden.guarded);
  EXPECT_EQ(played.without.liquidated.size(), golden.without);
  EXPECT_EQ(played.weakened.liquidated.size(), golden.weakened);
  EXPECT_EQ(played.afterwards.liquidated.size(), golden.afterwards);
  // A guard that is off by one parameter is noticed.
  EXPECT_GT(golden.without, golden.guarded);
  EXPECT_GT(golden.weakened, golden.guarded);
  EXPECT_GT(golden.afterwards, 0U);
  return played;
}

TEST(Incidents, AnOutlierThatWasToBeExcludedIsClampedAndQuarantined) {
  const Played played =
      expect_golden(outlier_that_was_to_be_excluded(),
                    {.guarded = 0, .without = 279, .weakened = 231, .afterwards = 279});
  EXPECT_EQ(played.guarded.source_states(SourceState::quarantined), 1U);
  EXPECT_TRUE(played.guarded.said<PriceTrustChanged>().empty());
}

TEST(Incidents, FeedsThatFallSilentAreLeftOutAndTooFewFreeze) {
  const Played played = expect_golden(
      feeds_that_fall_silent(), {.guarded = 0, .without = 240, .weakened = 185, .afterwards = 246});
  EXPECT_EQ(played.guarded.source_states(SourceState::stale), 3U);
  EXPECT_EQ(played.guarded.source_states(SourceState::interrupted), 1U);
  EXPECT_EQ(played.guarded.distrusted(TrustReason::no_quorum), 1U);
  EXPECT_EQ(played.guarded.distrusted(TrustReason::index), 1U);  // the mark that follows it
}

TEST(Incidents, TwoThatDeviateDoNotMoveTheMedian) {
  const Played played = expect_golden(
      two_that_deviate(), {.guarded = 0, .without = 385, .weakened = 216, .afterwards = 380});
  EXPECT_EQ(played.guarded.source_states(SourceState::quarantined), 2U);
  EXPECT_GE(played.guarded.source_states(SourceState::stale), 1U);
  EXPECT_TRUE(played.guarded.said<PriceTrustChanged>().empty());
}

TEST(Incidents, PublishersNearZeroAreRefusedOrClampedWhateverTheyWeigh) {
  const Played played = expect_golden(
      publishers_near_zero(), {.guarded = 0, .without = 298, .weakened = 277, .afterwards = 255});
  EXPECT_EQ(played.guarded.refused(Refusal::price_out_of_range), 60U);
  EXPECT_EQ(played.guarded.source_states(SourceState::quarantined), 2U);
}

TEST(Incidents, ATradeAtAnyPriceMovesNoMark) {
  const Played played = expect_golden(
      trade_at_any_price(), {.guarded = 0, .without = 300, .weakened = 300, .afterwards = 255});
  EXPECT_EQ(played.guarded.refused(Refusal::spread_too_wide), 5U);
}

TEST(Incidents, OrdersThatCameLateAreRefusedAndNothingStartsWhileTheEngineIsBehind) {
  const Played played = expect_golden(
      orders_that_came_late(), {.guarded = 0, .without = 156, .weakened = 156, .afterwards = 156});
  EXPECT_EQ(played.guarded.refused(Refusal::tick_late), 90U);
  EXPECT_EQ(played.guarded.source_states(SourceState::interrupted), 3U);
  EXPECT_EQ(played.guarded.distrusted(TrustReason::no_quorum), 1U);
  const auto pauses = played.guarded.said<LiquidationPauseChanged>();
  ASSERT_EQ(pauses.size(), 2U);
  EXPECT_EQ(pauses[0].reason, PauseReason::lag);
  EXPECT_EQ(pauses[0].paused, 1U);
  EXPECT_EQ(pauses[1].waiting, 0U);
}

TEST(Incidents, APumpedCoinFreezesUntilItHasLastedAndNobodyHoldsTooMuch) {
  const Played played = expect_golden(
      pumped_coin(), {.guarded = 0, .without = 300, .weakened = 300, .afterwards = 300});
  EXPECT_EQ(played.guarded.distrusted(TrustReason::velocity), 1U);
  const auto refused = played.guarded.said<OrderRefused>();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, Refusal::position_limit);
  // What it cannot do: a pump that lasts is a price.
  EXPECT_EQ(played.afterwards.distrusted(TrustReason::confirmed), 1U);
}

TEST(Incidents, CollateralInAThinBookIsWorthWhatOthersSayAndNotLessThanItsRedemption) {
  const Incident incident = collateral_in_a_thin_book();
  const Played played =
      expect_golden(incident, {.guarded = 0, .without = 488, .weakened = 67, .afterwards = 188});
  EXPECT_EQ(played.guarded.refused(Refusal::spread_too_wide), 40U);
  EXPECT_EQ(played.guarded.distrusted(TrustReason::redemption), 1U);
  // Redemption carries no new risk.
  const auto refused = played.guarded.said<WithdrawalRefused>();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, WithdrawalRefusal::insufficient_excess);
  // Without it the sources that had fallen a little would have been enough for some.
  EXPECT_EQ(play(incident.guarded, incident.unguarded_inputs).liquidated.size(), 15U);
}

TEST(Incidents, ADollarAtOneThirtyIsOneOpinionOfFive) {
  const Played played = expect_golden(
      dollar_at_one_thirty(), {.guarded = 0, .without = 197, .weakened = 56, .afterwards = 197});
  EXPECT_TRUE(played.guarded.said<PriceTrustChanged>().empty());
}

/// Do the liquidations of one cause start with the worst account?
bool worst_first(const Outcome& outcome, EventTime time) {
  double last = -1e9;
  for (const Event& event : outcome.events) {
    const auto* started = std::get_if<LiquidationStarted>(&event.body);
    if (started == nullptr || event.header.time != time) continue;
    const double level = static_cast<double>(started->equity.raw()) /
                         static_cast<double>(started->maintenance_margin.raw());
    if (level < last - 1e-9) return false;
    last = level;
  }
  return last > -1e9;
}

TEST(Incidents, AMachineThatDoesNotStopIsStoppedAndResumedByAnOperatorWorstFirst) {
  const Incident incident = machine_that_does_not_stop();
  const Played played =
      expect_golden(incident, {.guarded = 54, .without = 304, .weakened = 115, .afterwards = 304});
  const auto pauses = played.guarded.said<LiquidationPauseChanged>();
  ASSERT_EQ(pauses.size(), 2U);
  EXPECT_EQ(pauses[0].reason, PauseReason::breaker);
  EXPECT_EQ(pauses[0].paused, 1U);
  EXPECT_EQ(pauses[1].waiting, 0U);
  EXPECT_TRUE(worst_first(played.afterwards, incident.aftermath.back().time));
}

TEST(Incidents, ABreakerSeesWhatOneTickStartsOnlyAfterwards) {
  // What one input starts is one batch: only a guard on prices holds it back.
  const Incident incident = machine_that_does_not_stop();
  std::vector<Input> inputs;
  for (const Input& input : incident.inputs) {
    const auto* tick = std::get_if<SourcePriced>(&input.body);
    if (tick != nullptr && tick->price < price(50'000) && tick->price > price(47'500)) continue;
    inputs.push_back(input);
    // All at once down, and back within a few seconds.
    inputs.back().time = std::min(input.time, incident.inputs.front().time + seconds(8));
  }
  EXPECT_EQ(play(incident.guarded, inputs).liquidated.size(), 304U);
  reference::Reference slower = incident.guarded;
  slower.guards[0].velocity_max = rate(0.03);
  const Outcome held = play(slower, inputs);
  EXPECT_EQ(held.distrusted(TrustReason::velocity), 1U);
  EXPECT_TRUE(held.liquidated.empty());
}

TEST(Incidents, AllOfThemInOneTable) {
  const std::vector<Incident> incidents{outlier_that_was_to_be_excluded(),
                                        feeds_that_fall_silent(),
                                        two_that_deviate(),
                                        trade_at_any_price(),
                                        collateral_in_a_thin_book(),
                                        orders_that_came_late(),
                                        publishers_near_zero(),
                                        dollar_at_one_thirty(),
                                        pumped_coin(),
                                        machine_that_does_not_stop()};
  std::printf("%-24s %5s %5s %5s %5s  %-72s %s\n", "incident", "with", "w/out", "weak", "true",
              "verdict", "weakened by");
  for (const Incident& incident : incidents) {
    const Expected counts{
        .guarded = play_once(incident.guarded, incident.inputs).liquidated.size(),
        .without = play_once(incident.without, incident.unguarded_inputs).liquidated.size(),
        .weakened = play_once(incident.weakened, incident.inputs).liquidated.size(),
        .afterwards = play_once(incident.guarded, incident.aftermath).liquidated.size()};
    std::printf("%-24s %5zu %5zu %5zu %5zu  %-72s %s\n", incident.name, counts.guarded,
                counts.without, counts.weakened, counts.afterwards, incident.verdict,
                incident.weakness);
    EXPECT_LT(counts.guarded, counts.without);
    EXPECT_LT(counts.guarded, counts.weakened);
  }
}

}  // namespace
}  // namespace plimsoll::incidents
