#include "engine/market/market.hpp"

#include <gtest/gtest.h>

#include "tests/market/market_bench.hpp"

namespace plimsoll::market {
namespace {

using support::kBtc;
using support::kEth;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kOne = 1'000'000'000;  // a price of 1

EventTime at(double seconds) {
  return EventTime::from_raw(1'000 * kSecond + static_cast<std::int64_t>(seconds * 1e9));
}
Price price(double value) {
  return Price::from_raw(static_cast<std::int64_t>(value * 1e9 + 0.5));
}
Rate rate(double value) {
  return Rate::from_raw(static_cast<std::int64_t>(value * 1e9 + 0.5));
}
Duration seconds(double value) {
  return Duration::from_raw(static_cast<std::int64_t>(value * 1e9));
}
BookQuoted quote(double bid, double ask, EventTime venue_time = {}, InstrumentId id = kBtc) {
  return {.instrument = id, .bid = price(bid), .ask = price(ask), .venue_time = venue_time};
}
MarkPublished published(double mark) {
  return {.instrument = kBtc, .mark = price(mark), .index = {}, .venue_time = {}};
}
TradePrinted trade(double value) {
  return {.instrument = kBtc, .price = price(value), .venue_time = {}};
}
SourcePriced priced(unsigned source, double value, std::uint64_t number = 0) {
  return {.source = SourceId::from_raw(source),
          .price = price(value),
          .venue_time = {},
          .number = ExternalId::from_raw(number)};
}

/// BTC follows an index of `sources` sources, with guards that each test sets as it needs.
reference::Reference indexed_reference(unsigned sources, reference::MarkMethod method) {
  reference::Reference reference = support::small_reference();
  reference::Guard guard;
  guard.name = "guard";
  reference.guards.push_back(guard);
  reference::Index index;
  index.name = "BTC";
  index.guard = GuardId::from_raw(0);
  index.clamp = rate(0.005);
  index.price_max = price(10'000'000);
  for (unsigned i = 0; i < sources; ++i) {
    reference::Source source;
    source.name = "source-" + std::to_string(i);
    source.venue = "venue";
    source.symbol = "BTC";
    source.field = reference::SourceField::trade;
    source.index = IndexId::from_raw(0);
    reference.sources.push_back(source);
    index.sources.push_back(SourceId::from_raw(i));
  }
  reference.indices.push_back(index);
  reference::MarkRules& mark = reference.instruments[kBtc.raw()].mark;
  mark.method = method;
  mark.index = IndexId::from_raw(0);
  mark.guard = GuardId::from_raw(0);
  return reference;
}

/// BTC by itself, with a guard.
reference::Reference guarded_reference(const reference::Guard& guard,
                                       reference::MarkMethod method) {
  reference::Reference reference = support::small_reference();
  reference.guards.push_back(guard);
  reference.instruments[kBtc.raw()].mark.method = method;
  reference.instruments[kBtc.raw()].mark.guard = GuardId::from_raw(0);
  return reference;
}

reference::Guard guard() {
  reference::Guard rules;
  rules.name = "guard";
  rules.freeze_width = rate(0.02);
  return rules;
}

// Marks without any guard.

TEST(MarketTest, TheMarkIsTheMiddleOfTheBookRoundedDownUntilTheVenuePublishesOne) {
  MarketBench bench{support::small_reference()};
  EXPECT_FALSE(bench.market().marks().known(kBtc));
  EXPECT_FALSE(bench.give(BookQuoted{.instrument = kBtc,
                                     .bid = Price::from_raw(100),
                                     .ask = Price::from_raw(103),
                                     .venue_time = {}},
                          at(0)));
  EXPECT_EQ(bench.mark(kBtc).price.raw(), 101);
  ASSERT_EQ(bench.moves.size(), 1U);
  EXPECT_TRUE(bench.moves[0].sure());
  bench.give(published(50), at(1));
  EXPECT_EQ(bench.mark(kBtc).price, price(50));
  bench.give(quote(80, 82), at(2));
  EXPECT_TRUE(bench.moves.empty());
  EXPECT_EQ(bench.mark(kBtc).price, price(50));
}

TEST(MarketTest, AnUnchangedMarkIsNoMoveAndNothingIsSaidOfIt) {
  MarketBench bench{support::small_reference()};
  bench.give(published(50), at(0));
  bench.give(published(50), at(1));
  EXPECT_TRUE(bench.moves.empty());
  EXPECT_TRUE(bench.events.empty());
}

TEST(MarketTest, UnusablePricesAreRefusedAndLeaveTheMark) {
  MarketBench bench{support::small_reference()};
  const Price most = support::small_reference().instruments[kBtc.raw()].price_max;
  bench.give(published(50), at(0));
  const auto refused = [&](const auto& tick) { return bench.give(tick, at(1)); };
  EXPECT_EQ(refused(published(0)), Refusal::price_out_of_range);
  EXPECT_EQ(refused(quote(5, 5)), Refusal::price_out_of_range);
  EXPECT_EQ(refused(quote(6, 5)), Refusal::price_out_of_range);
  EXPECT_EQ(refused(quote(-1, 5)), Refusal::price_out_of_range);
  EXPECT_EQ(refused(trade(0)), Refusal::price_out_of_range);
  MarkPublished beyond = published(1);
  beyond.mark = Price::from_raw(most.raw() + 1);
  EXPECT_EQ(refused(beyond), Refusal::price_out_of_range);
  EXPECT_EQ(refused(quote(5, 6, {}, InstrumentId::from_raw(99))), Refusal::reference_unknown);
  EXPECT_EQ(bench.mark(kBtc).price, price(50));
}

TEST(MarketTest, ATradeMovesNothingUnlessTheRulesMarkAtTrades) {
  MarketBench plain{support::small_reference()};
  plain.give(trade(99'964), at(0));
  EXPECT_FALSE(plain.market().marks().known(kBtc));
  MarketBench last{guarded_reference(guard(), reference::MarkMethod::last_trade)};
  last.give(trade(99'964), at(0));
  EXPECT_EQ(last.mark(kBtc).price, price(99'964));
}

// The guard on one market.

TEST(MarketTest, ASilentMarketFreezesAtItsAgeAndThawsWithTheNextTick) {
  reference::Guard rules = guard();
  rules.age_max = seconds(2);
  MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
  bench.give(quote(99, 101), at(0));
  bench.pass_time(at(1.999));
  EXPECT_FALSE(bench.mark(kBtc).frozen);
  bench.pass_time(at(2));
  const marks::Move frozen = bench.mark(kBtc);
  EXPECT_TRUE(frozen.frozen);
  EXPECT_EQ(frozen.price, price(100));
  EXPECT_EQ(frozen.low, price(98));
  EXPECT_EQ(frozen.high, price(102));
  const auto said = bench.said<PriceTrustChanged>();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].reason, TrustReason::stale);
  EXPECT_EQ(said[0].trust, Trust::frozen);
  EXPECT_EQ(said[0].instrument, kBtc);
  bench.give(quote(89, 91), at(3));
  EXPECT_TRUE(bench.mark(kBtc).sure());
  EXPECT_EQ(bench.mark(kBtc).price, price(90));
  EXPECT_EQ(bench.said<PriceTrustChanged>().size(), 1U);
}

TEST(MarketTest, AFreezeThatNeverEndsEndsAsConfigured) {
  for (const auto after : {reference::AfterFreeze::wait, reference::AfterFreeze::accept}) {
    reference::Guard rules = guard();
    rules.age_max = seconds(2);
    rules.freeze_max = seconds(10);
    rules.after = after;
    MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
    bench.give(quote(99, 101), at(0));
    bench.pass_time(at(11.999));
    EXPECT_TRUE(bench.mark(kBtc).frozen);
    bench.pass_time(at(1'000));
    const bool waits = after == reference::AfterFreeze::wait;
    EXPECT_EQ(bench.mark(kBtc).frozen, waits);
    EXPECT_EQ(bench.said<PriceTrustChanged>().size(), waits ? 0U : 1U);
    if (waits) continue;
    EXPECT_EQ(bench.said<PriceTrustChanged>()[0].trust, Trust::degraded);
    EXPECT_EQ(bench.mark(kBtc).price, price(100));
  }
}

TEST(MarketTest, AJumpIsBelievedOnceItHasLasted) {
  reference::Guard rules = guard();
  rules.velocity_max = rate(0.1);
  rules.velocity_window = seconds(1);
  rules.velocity_hold = seconds(5);
  MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
  bench.give(quote(99, 101), at(0));
  bench.give(quote(79, 81), at(10));
  const marks::Move doubtful = bench.mark(kBtc);
  EXPECT_TRUE(doubtful.frozen);
  EXPECT_EQ(doubtful.price, price(100));
  EXPECT_EQ(doubtful.low, price(80));
  EXPECT_EQ(doubtful.high, price(102));
  bench.give(quote(77, 79), at(14));
  EXPECT_TRUE(bench.mark(kBtc).frozen);
  EXPECT_EQ(bench.mark(kBtc).low, price(78));
  bench.give(quote(78, 80), at(15));
  EXPECT_TRUE(bench.mark(kBtc).sure());
  EXPECT_EQ(bench.mark(kBtc).price, price(79));
  EXPECT_EQ(bench.said<PriceTrustChanged>().at(0).reason, TrustReason::confirmed);
}

TEST(MarketTest, OnlyWhatAgreesForAsLongIsBelieved) {
  reference::Guard rules = guard();
  rules.velocity_max = rate(0.1);
  rules.velocity_window = seconds(1);
  rules.velocity_hold = seconds(5);
  MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
  bench.give(quote(99, 101), at(0));
  bench.give(quote(79, 81), at(10));
  bench.give(quote(39, 41), at(15));  // a lie as soon as the hold is over
  EXPECT_TRUE(bench.mark(kBtc).frozen);
  bench.give(quote(79, 81), at(16));  // and the truth begins anew
  bench.give(quote(79, 81), at(20.9));
  EXPECT_TRUE(bench.mark(kBtc).frozen);
  bench.give(quote(79, 81), at(21));
  EXPECT_TRUE(bench.mark(kBtc).sure());
  EXPECT_EQ(bench.mark(kBtc).price, price(80));
}

TEST(MarketTest, AReleasedSourceMayCountAnew) {
  MarketBench bench{indexed_reference(1, reference::MarkMethod::index_basis)};
  EXPECT_FALSE(bench.give(priced(0, 100, ~std::uint64_t{0}), at(0)));
  EXPECT_EQ(bench.give(priced(0, 101, 1), at(1)), Refusal::number_repeated);
  const SourceReleased released{.source = SourceId::from_raw(0), .by = {}, .number = {}};
  EXPECT_FALSE(bench.give(released, at(2)));
  EXPECT_FALSE(bench.give(priced(0, 101, 1), at(3)));
}

TEST(MarketTest, AWickIsNeverBelieved) {
  reference::Guard rules = guard();
  rules.velocity_max = rate(0.1);
  rules.velocity_window = seconds(1);
  rules.velocity_hold = seconds(5);
  MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
  bench.give(quote(99, 101), at(0));
  bench.give(quote(9, 11), at(10));
  bench.give(quote(98, 100), at(10.1));
  EXPECT_TRUE(bench.mark(kBtc).sure());
  EXPECT_EQ(bench.mark(kBtc).price, price(99));
}

TEST(MarketTest, AnInterruptionFreezesUntilTheNextTick) {
  MarketBench bench{guarded_reference(guard(), reference::MarkMethod::middle)};
  bench.give(quote(99, 101), at(0));
  bench.give(MarketInterrupted{.instrument = kBtc, .reason = Interruption::gap}, at(1));
  EXPECT_TRUE(bench.mark(kBtc).frozen);
  EXPECT_EQ(bench.said<PriceTrustChanged>().at(0).reason, TrustReason::interrupted);
  bench.give(quote(99, 101), at(2));
  EXPECT_TRUE(bench.mark(kBtc).sure());
}

TEST(MarketTest, AWideBookIsNoPrice) {
  reference::Guard rules = guard();
  rules.spread_max = rate(0.01);
  MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
  EXPECT_FALSE(bench.give(quote(100, 101), at(0)));
  EXPECT_EQ(bench.give(quote(50, 101), at(1)), Refusal::spread_too_wide);
  EXPECT_EQ(bench.mark(kBtc).price, price(100.5));
}

TEST(MarketTest, AClockThatIsWrongByTheSameAllTheTimeIsNoLateness) {
  reference::Guard rules = guard();
  rules.age_max = seconds(1);
  rules.skew_max = seconds(0.5);
  rules.clock_error_max = seconds(5);
  MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
  // The venue stamps 1.27 s later than the time of receipt.
  for (int i = 0; i < 30; ++i) {
    const double now = 0.5 * i;
    EXPECT_FALSE(bench.give(quote(99, 101), at(now))) << i;
    EXPECT_FALSE(bench.give(quote(99, 101, at(now + 1.27)), at(now))) << i;
  }
  // Against that, one is 1.2 s late, and one comes from the future.
  EXPECT_EQ(bench.give(quote(49, 51, at(15.2 + 0.07)), at(15.2)), Refusal::tick_late);
  EXPECT_EQ(bench.give(quote(49, 51, at(15.3 + 1.8)), at(15.3)), Refusal::time_in_future);
  EXPECT_EQ(bench.give(quote(49, 51, at(15.4 - 6)), at(15.4)), Refusal::tick_late);
  EXPECT_EQ(bench.give(quote(49, 51, at(15.5 + 6)), at(15.5)), Refusal::time_in_future);
  EXPECT_EQ(bench.give(quote(49, 51, at(15.4 + 0.3)), at(15.6)), Refusal::tick_late);
  EXPECT_EQ(bench.give(quote(49, 51, at(15.7)), at(15.65)), Refusal::tick_late);
  EXPECT_FALSE(bench.give(quote(99, 101, at(16 + 1.0)), at(16)));
  EXPECT_EQ(bench.give(quote(49, 51, at(16 + 0.9)), at(16.01)), Refusal::time_went_back);
  EXPECT_EQ(bench.mark(kBtc).price, price(100));
}

// Overrides.

TEST(MarketTest, AnOverrideCountsUntilItExpiresAndThenWhatThereIs) {
  reference::Guard rules = guard();
  rules.age_max = seconds(2);
  MarketBench bench{guarded_reference(rules, reference::MarkMethod::middle)};
  bench.give(quote(99, 101), at(0));
  const MarkOverridden said{
      .instrument = kBtc, .price = price(70), .expires = at(10), .by = {}, .number = {}};
  EXPECT_FALSE(bench.give(said, at(1)));
  EXPECT_EQ(bench.mark(kBtc).price, price(70));
  EXPECT_TRUE(bench.mark(kBtc).sure());
  bench.give(quote(98, 100), at(9));
  EXPECT_EQ(bench.mark(kBtc).price, price(70));
  bench.pass_time(at(10));
  EXPECT_EQ(bench.mark(kBtc).price, price(99));
  EXPECT_EQ(bench.said<PriceTrustChanged>().at(0).reason, TrustReason::override_over);
  EXPECT_EQ(bench.give(said, at(10)), Refusal::already_expired);
}

// Indices.

TEST(MarketTest, TheIndexClampsToTheBandAroundTheMedian) {
  MarketBench bench{indexed_reference(4, reference::MarkMethod::index_basis)};
  const IndexId index = IndexId::from_raw(0);
  bench.give(priced(0, 100), at(0));
  EXPECT_EQ(bench.view(index, at(0)).price, price(100));
  bench.give(priced(1, 101), at(0));  // the median of two is their mean: 100.5 +- 0.5 %
  EXPECT_EQ(bench.view(index, at(0)).price, price(100.5));
  bench.give(priced(2, 1), at(0));  // 100 is the median; 99.5, 100, 100.5
  EXPECT_EQ(bench.view(index, at(0)).price, price(100));
  bench.give(priced(3, 100.2), at(0));  // 1, 100, 100.2, 101: 100.1 +- 0.5005
  EXPECT_EQ(bench.view(index, at(0)).price.raw(),
            (99'599'500'000 + 100'000'000'000 + 100'200'000'000 + 100'600'500'000) / 4);
  EXPECT_EQ(bench.mark(kBtc).price, bench.view(index, at(0)).price);
}

TEST(MarketTest, SourcesGoStaleOneByOneAndBelowTheQuorumTheIndexFreezesAndItsMarkWithIt) {
  reference::Reference reference = indexed_reference(3, reference::MarkMethod::index_basis);
  reference.guards[0] = guard();
  reference.guards[0].age_max = seconds(5);
  reference.indices[0].quorum = 2;
  MarketBench bench{reference};
  bench.give(priced(0, 100), at(0));
  EXPECT_FALSE(bench.market().marks().known(kBtc));  // one is no quorum
  bench.give(priced(1, 100), at(1));
  bench.give(priced(2, 100.3), at(2));
  EXPECT_EQ(bench.mark(kBtc).price.raw(), 100'100'000'000);
  bench.pass_time(at(5));
  EXPECT_EQ(bench.said<SourceStateChanged>().size(), 1U);
  EXPECT_EQ(bench.mark(kBtc).price.raw(), 100'150'000'000);
  EXPECT_FALSE(bench.mark(kBtc).frozen);
  bench.pass_time(at(6));
  EXPECT_TRUE(bench.mark(kBtc).frozen);
  const auto said = bench.said<PriceTrustChanged>();
  ASSERT_EQ(said.size(), 2U);  // the index, and the mark that follows it
  EXPECT_EQ(said[0].reason, TrustReason::no_quorum);
  EXPECT_EQ(said[1].reason, TrustReason::index);
  EXPECT_EQ(bench.mark(kBtc).low.raw(), 98'147'000'000);
  bench.give(priced(0, 100), at(6.5));
  EXPECT_TRUE(bench.mark(kBtc).sure());
}

TEST(MarketTest, ALiarIsQuarantinedAndComesBackWhenItIsOver) {
  reference::Reference reference = indexed_reference(3, reference::MarkMethod::index_basis);
  reference.indices[0].quarantine_after = 3;
  reference.indices[0].quarantine_time = seconds(60);
  MarketBench bench{reference};
  bench.give(priced(0, 100), at(0));
  bench.give(priced(1, 100), at(0));
  for (int i = 0; i < 2; ++i) bench.give(priced(2, 90), at(1 + i));
  EXPECT_EQ(bench.view(IndexId::from_raw(0), at(2)).price.raw(), 99'833'333'333);
  bench.give(priced(2, 90), at(3));
  const auto said = bench.said<SourceStateChanged>();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].state, SourceState::quarantined);
  EXPECT_EQ(said[0].clamped, 3U);
  EXPECT_EQ(bench.view(IndexId::from_raw(0), at(3)).price, price(100));
  bench.give(priced(2, 100), at(10));
  EXPECT_TRUE(bench.said<SourceStateChanged>().empty());
  bench.pass_time(at(63));
  EXPECT_EQ(bench.said<SourceStateChanged>().at(0).state, SourceState::live);
  bench.give(priced(2, 90), at(64));
  EXPECT_EQ(bench.said<SourceStateChanged>().size(), 0U);
}

TEST(MarketTest, ASourceThatRepeatsItselfIsRefused) {
  MarketBench bench{indexed_reference(1, reference::MarkMethod::index_basis)};
  EXPECT_FALSE(bench.give(priced(0, 100, 7), at(0)));
  EXPECT_EQ(bench.give(priced(0, 50, 7), at(1)), Refusal::number_repeated);
  EXPECT_EQ(bench.give(priced(0, 50, 6), at(1)), Refusal::number_repeated);
  bench.give(SourceInterrupted{.source = SourceId::from_raw(0), .reason = {}}, at(2));
  EXPECT_FALSE(bench.give(priced(0, 101, 1), at(3)));
  EXPECT_EQ(bench.view(IndexId::from_raw(0), at(3)).price, price(101));
}

// Marks from an index.

TEST(MarketTest, TheBasisIsAMeanOverTimeAndBounded) {
  reference::Reference reference = indexed_reference(1, reference::MarkMethod::index_basis);
  reference.instruments[kBtc.raw()].mark.basis_time = seconds(30);
  reference.instruments[kBtc.raw()].mark.basis_max = rate(0.05);
  MarketBench bench{reference};
  bench.give(priced(0, 100), at(0));
  EXPECT_EQ(bench.mark(kBtc).price, price(100));
  bench.give(quote(100.9, 101.1), at(0));  // premium 1 from now on; none before
  EXPECT_EQ(bench.mark(kBtc).price, price(100));
  bench.give(quote(50, 52), at(10));  // 1 counted for 10 s: a quarter of it
  EXPECT_EQ(bench.mark(kBtc).price, price(100.25));
  bench.give(priced(0, 100), at(40));  // -5 (bounded) counted for 30 s: half of the way
  EXPECT_EQ(bench.mark(kBtc).price.raw(), 100'000'000'000 + 250'000'000 - 2'625'000'000);
}

TEST(MarketTest, TheMedianOfThreeIgnoresAWildMarket) {
  reference::Reference reference = indexed_reference(1, reference::MarkMethod::median);
  MarketBench bench{reference};
  bench.give(priced(0, 100), at(0));
  bench.give(trade(3), at(0));
  EXPECT_EQ(bench.mark(kBtc).price, price(100));
  bench.give(quote(2, 4), at(1));
  EXPECT_EQ(bench.mark(kBtc).price, price(100));
}

// Settlement.

reference::Reference settled_reference() {
  reference::Reference reference = indexed_reference(1, reference::MarkMethod::index_basis);
  reference::Instrument& btc = reference.instruments[kBtc.raw()];
  btc.expiry = at(100);
  btc.mark.settlement_window = seconds(10);
  btc.mark.settlement_step = seconds(1);
  btc.mark.settlement_samples = rate(0.8);
  return reference;
}

TEST(MarketTest, TheSettlementPriceIsTheMeanOfTheSamples) {
  MarketBench bench{settled_reference()};
  bench.give(priced(0, 100), at(0));
  bench.give(priced(0, 110), at(95.5));  // five samples of each
  bench.pass_time(at(100));
  ASSERT_EQ(bench.settlements.size(), 1U);
  EXPECT_EQ(bench.settlements[0].price, price(105));
  EXPECT_EQ(bench.settlements[0].samples, 10U);
}

TEST(MarketTest, ConflationNeverEntersASettlementPrice) {
  MarketBench bench{settled_reference()};
  bench.give(priced(0, 100), at(0));
  bench.give(priced(0, 110), at(98.5));
  const SourceTicksConflated left_out{
      .source = SourceId::from_raw(0), .since = at(97.5), .count = ExternalId::from_raw(7)};
  bench.give(left_out, at(98.5));  // The sample of 98 may be wrong.
  bench.pass_time(at(100));
  ASSERT_EQ(bench.settlements.size(), 1U);
  EXPECT_EQ(bench.settlements[0].samples, 9U);
  EXPECT_EQ(bench.settlements[0].missed, 1U);
  EXPECT_EQ(bench.settlements[0].price.raw(), (7 * 100 + 2 * 110) * kOne / 9);
}

TEST(MarketTest, WithTooFewGoodSamplesThereIsNoSettlementPrice) {
  MarketBench bench{settled_reference()};
  bench.give(priced(0, 100), at(93.5));
  bench.pass_time(at(100));
  EXPECT_TRUE(bench.settlements.empty());
  const auto said = bench.said<SettlementAveraged>();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].price.raw(), 0);
  EXPECT_EQ(said[0].samples, 7U);
}

}  // namespace
}  // namespace plimsoll::market
