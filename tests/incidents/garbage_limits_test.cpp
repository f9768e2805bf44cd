// Where the promise of garbage_test.cpp ends, one by one: what has to be configured otherwise, and
// what no configuration can do.

#include <limits>

#include <gtest/gtest.h>

#include "tests/incidents/garbage_feed.hpp"

namespace plimsoll::incidents {
namespace {

/// A market by itself, and 20 accounts that are long there since 50,000 with a leverage of 4.
class OneMarket {
 public:
  OneMarket() {
    quote(0, 50'000);
    for (std::uint64_t i = 1; i <= 20; ++i) open(AccountId::from_raw(i));
  }

  void quote(double now, double value) {
    give(now, BookQuoted{.instrument = kMiddle,
                         .bid = price(value * 0.9999),
                         .ask = price(value * 1.0001),
                         .venue_time = {}});
  }
  void give(double now, const InputBody& body) {
    inputs_.push_back(
        {.sequence = {}, .time = EventTime::from_raw(kStart + seconds(now).raw()), .body = body});
  }
  [[nodiscard]] std::size_t liquidated(const reference::Reference& rules) const {
    return play(rules, inputs_).liquidated.size();
  }

 private:
  void open(AccountId account) {
    give(0, AccountOpened{.account = account,
                          .owner = OwnerId::from_raw(account.raw()),
                          .parent = {},
                          .profile = {},
                          .asset = {}});
    give(0,
         Deposited{.account = account, .amount = Amount::from_raw(2'500'000'000), .transfer = {}});
    give(0, TradeFilled{.account = account,
                        .instrument = kMiddle,
                        .quantity = Quantity::from_raw(200),
                        .price = price(50'000),
                        .fee = {},
                        .fill = {}});
  }

  std::vector<Input> inputs_;
};

/// The market falls by 15 %, which leaves everybody alone, and stays there; the tick that is the
/// first one after velocity_hold is a lie.
TEST(Garbage, ALieInTimeConfirmsNoJump) {
  const reference::Reference rules = feed_venue({});
  OneMarket market;
  for (double now = 10; now < 15; now += 1) market.quote(now, 42'500);
  market.quote(15, 42.5);
  for (double now = 15.5; now < 40; now += 1) market.quote(now, 42'500);
  EXPECT_EQ(market.liquidated(rules), 0U);
}

/// What agrees for as long is a price, whatever it is.
TEST(Garbage, OneMarketAloneBelievesALieThatLasts) {
  const reference::Reference rules = feed_venue({});
  OneMarket market;
  for (double now = 10; now < 20; now += 1) market.quote(now, 42.5);
  EXPECT_EQ(market.liquidated(rules), 20U);
}

/// A lie is the last word of a market for 20 seconds. What is said elsewhere makes the engine look
/// at it again.
std::size_t liquidated_by_the_last_word(Duration age_max) {
  reference::Reference rules = feed_venue({});
  rules.guards[0].age_max = age_max;
  OneMarket market;
  for (double now = 1; now < 10; now += 1) market.quote(now, 50'000);
  market.quote(9.5, 50);
  for (double now = 10; now < 30; now += 1) {
    market.give(now, TradePrinted{.instrument = kMiddle, .price = price(50'000), .venue_time = {}});
  }
  market.quote(30, 50'000);
  return market.liquidated(rules);
}

TEST(Garbage, ThatIsTheLastWordIsBelievedUnlessItAgesBeforeItHasLasted) {
  EXPECT_EQ(liquidated_by_the_last_word(seconds(10)), 20U);
  EXPECT_EQ(liquidated_by_the_last_word(seconds(4)), 0U);
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

TEST(Garbage, ANumberThatIsTooHighSilencesASourceUntilItIsReleased) {
  const reference::Reference rules = feed_venue({});
  Scene scene{kStart / kSecond};
  scene.says(0, 50'000, {}, 1);
  scene.says(0, 50'000, {}, std::numeric_limits<std::uint64_t>::max());
  scene.says(0, 50'000, {}, 2);
  scene.says(0, 50'000, {}, 3);
  scene.at(20);
  scene.give(SourceReleased{.source = {}, .by = {}, .number = {}});
  scene.says(0, 50'000, {}, 4);
  const Outcome outcome = play(rules, scene.inputs());
  EXPECT_EQ(outcome.refused(Refusal::number_repeated), 2U);
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
