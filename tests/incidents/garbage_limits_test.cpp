// Where the promise of garbage_test.cpp ends, one by one: what has to be configured otherwise, and
// what no configuration can do.

#include <limits>

#include <gtest/gtest.h>

#include "tests/incidents/garbage_feed.hpp"

namespace plimsoll::incidents {
namespace {

/// A market by itself falls by 15 % and stays there; the tick that is the first one after
/// velocity_hold is a lie. Accounts with a leverage up to 4, which the fall leaves alone.
std::size_t liquidated_by_a_lie_in_time(Duration confirm_time) {
  reference::Reference rules = feed_venue({});
  rules.profiles[0].confirm_time = confirm_time;
  std::vector<Input> inputs;
  double now = 0;
  const auto give = [&](const InputBody& body) {
    inputs.push_back(
        {.sequence = {}, .time = EventTime::from_raw(kStart + seconds(now).raw()), .body = body});
  };
  const auto quote = [&](double value) {
    give(BookQuoted{.instrument = kMiddle,
                    .bid = price(value * 0.9999),
                    .ask = price(value * 1.0001),
                    .venue_time = {}});
  };
  quote(50'000);
  for (std::uint64_t i = 1; i <= 20; ++i) {
    const AccountId account = AccountId::from_raw(i);
    give(AccountOpened{.account = account,
                       .owner = OwnerId::from_raw(i),
                       .parent = {},
                       .profile = {},
                       .asset = {}});
    give(Deposited{.account = account, .amount = Amount::from_raw(2'500'000'000), .transfer = {}});
    give(TradeFilled{.account = account,
                     .instrument = kMiddle,
                     .quantity = Quantity::from_raw(200),
                     .price = price(50'000),
                     .fee = {},
                     .fill = {}});
  }
  for (now = 10; now < 15; now += 1) quote(42'500);
  quote(42.5);
  for (now = 15.5; now < 40; now += 1) quote(42'500);
  return play_once(rules, inputs).liquidated.size();
}

TEST(Garbage, OneMarketAloneBelievesWhateverConfirmsItsJump) {
  EXPECT_EQ(liquidated_by_a_lie_in_time({}), 20U);
}

TEST(Garbage, AccountsWithAConfirmTimeOutlastTheLieThatConfirmsAJump) {
  EXPECT_EQ(liquidated_by_a_lie_in_time(seconds(2)), 0U);
}

/// Five sources see a fall of 0.9 % a second, one after the other.
std::size_t quarantined_in_a_run(Rate clamp) {
  reference::Reference rules = feed_venue({});
  rules.indices[0].clamp = clamp;
  Scene scene{kStart / kSecond};
  for (int second = 0; second < 10; ++second) {
    for (unsigned source = 0; source < kSources; ++source) {
      scene.at(second + 0.01 * source);
      scene.says(source, 50'000 * (1 - 0.009 * second));
    }
  }
  return play(rules, scene.inputs()).source_states(SourceState::quarantined);
}

TEST(Garbage, ANarrowClampTakesTheFirstToSeeAFallForALiar) {
  EXPECT_GT(quarantined_in_a_run(rate(0.005)), 0U);
  EXPECT_EQ(quarantined_in_a_run(rate(0.02)), 0U);
}

TEST(Garbage, ANumberThatIsTooHighSilencesASourceUntilItsFeedIsInterrupted) {
  const reference::Reference rules = feed_venue({});
  Scene scene{kStart / kSecond};
  scene.says(0, 50'000, {}, 1);
  scene.says(0, 50'000, {}, std::numeric_limits<std::uint64_t>::max());
  scene.says(0, 50'000, {}, 2);
  scene.says(0, 50'000, {}, 3);
  scene.at(20);
  scene.give(SourceReleased{.source = {}, .by = {}, .number = {}});
  scene.says(0, 50'000, {}, 4);
  scene.give(SourceInterrupted{.source = {}, .reason = {}});
  scene.says(0, 50'000, {}, 5);
  const Outcome outcome = play(rules, scene.inputs());
  EXPECT_EQ(outcome.refused(Refusal::number_repeated), 3U);
  EXPECT_EQ(outcome.source_states(SourceState::stale), 1U);
  EXPECT_EQ(outcome.source_states(SourceState::live), 2U);
}

TEST(Garbage, OfAMajorityOfSourcesIsAPriceOnceItHasLasted) {
  const reference::Reference rules = feed_venue({});
  std::vector<Input> inputs;
  const auto say = [&](unsigned source, double value, double now) {
    inputs.push_back({.sequence = {},
                      .time = EventTime::from_raw(kStart + seconds(now).raw()),
                      .body = SourcePriced{.source = SourceId::from_raw(source),
                                           .price = price(value),
                                           .venue_time = {},
                                           .number = {}}});
  };
  for (int second = 0; second < 30; ++second) {
    for (unsigned source = 0; source < kSources; ++source) {
      say(source, second < 10 || source > 2 ? 50'000 : 50, second);
    }
  }
  const Outcome run = play_once(rules, inputs);
  const auto confirmed =
      std::count_if(run.events.begin(), run.events.end(), [](const Event& event) {
        const auto* trust = std::get_if<PriceTrustChanged>(&event.body);
        return trust != nullptr && trust->reason == TrustReason::confirmed &&
               trust->price < price(51);
      });
  EXPECT_EQ(confirmed, 1);
}

}  // namespace
}  // namespace plimsoll::incidents
