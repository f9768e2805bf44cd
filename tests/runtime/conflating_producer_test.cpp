// Goal: a feed that is too fast loses nothing but ticks that later ones have overtaken, and says
// how many. Method: random ticks into a small inbox that is emptied now and then, compared with a
// list of all that was said; then a feed ten times too fast into an engine, whose record is
// replayed.

#include "engine/runtime/conflating_producer.hpp"

#include <array>
#include <atomic>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "engine/core/event_hash.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/runtime/engine.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::runtime {
namespace {

constexpr std::size_t kInstruments = 3;
constexpr std::size_t kSources = 2;

/// What an input is about: ticks of one key overtake one another.
using Key = std::pair<std::size_t, std::uint32_t>;

Key key_of(const InputBody& body) {
  const std::uint32_t id = std::visit(
      [](const auto& one) {
        if constexpr (requires { one.instrument; }) return one.instrument.raw();
        if constexpr (requires { one.source; }) return one.source.raw();
        return 0U;
      },
      body);
  return {body.index(), id};
}

bool is_conflation(const InputBody& body) {
  return std::holds_alternative<TicksConflated>(body) ||
         std::holds_alternative<SourceTicksConflated>(body);
}

InputBody random_tick(std::mt19937_64& random, std::int64_t n) {
  const InstrumentId instrument =
      InstrumentId::from_raw(static_cast<std::uint32_t>(random() % kInstruments));
  const SourceId source = SourceId::from_raw(static_cast<std::uint32_t>(random() % kSources));
  const Price price = Price::from_raw(n);
  switch (random() % 12) {
    case 0:
      return MarketInterrupted{instrument, Interruption::gap};
    case 1:
      return SourceInterrupted{source, Interruption::disconnected};
    case 2:
    case 3:
      return SourceQuoted{source, price, price, {}, {}};
    case 4:
    case 5:
      return SourcePriced{source, price, {}, {}};
    case 6:
    case 7:
      return TradePrinted{instrument, price, {}};
    case 8:
    case 9:
      return MarkPublished{instrument, price, {}, {}};
    default:
      return BookQuoted{instrument, price, price, {}};
  }
}

class Conflation : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* seed = std::getenv("PLIMSOLL_SEED");
    seed_ = seed != nullptr ? std::strtoull(seed, nullptr, 10) : std::random_device{}();
    std::cout << "PLIMSOLL_SEED=" << seed_ << "\n";
    random_.seed(seed_);
  }
  void take(std::size_t count) {
    std::array<Arrival, 64> taken{};
    const std::size_t got = inbox_.pop(std::span{taken}.first(count));
    for (std::size_t i = 0; i < got; ++i) seen_.push_back(taken[i].input);
  }

  std::uint64_t seed_{0};
  std::mt19937_64 random_;
  Inbox inbox_{16};
  ConflatingProducer producer_{inbox_, kInstruments, kSources};
  std::vector<Input> seen_;
};

TEST_F(Conflation, LeavesOutOnlyWhatALaterOneHasOvertakenAndCountsIt) {
  constexpr std::int64_t kTicks = 20'000;
  std::map<Key, std::uint64_t> said;
  for (std::int64_t n = 1; n <= kTicks; ++n) {
    const InputBody body = random_tick(random_, n);
    ++said[key_of(body)];
    producer_.push(
        {.input = {.sequence = {}, .time = EventTime::from_raw(n), .origin = {}, .body = body}});
    EXPECT_LE(inbox_.waiting(), 16U);
    if (random_() % 16 == 0) take(random_() % 24);
  }
  while (producer_.flush()) take(4);
  take(64);

  std::map<Key, std::uint64_t> seen;
  std::map<Key, std::int64_t> last_time;
  std::uint64_t left_out = 0;
  Key before;
  for (const Input& input : seen_) {
    if (is_conflation(input.body)) {
      const auto count = std::visit(
          [](const auto& one) -> std::uint64_t {
            if constexpr (requires { one.count; }) return one.count.raw();
            return 0;
          },
          input.body);
      EXPECT_GT(count, 0U);
      left_out += count;
      seen[before] += count;  // follows the tick that overtook them
      continue;
    }
    before = key_of(input.body);
    ++seen[before];
    EXPECT_GT(input.time.raw(), last_time[before]);  // one kind's order is kept
    last_time[before] = input.time.raw();
  }
  EXPECT_EQ(left_out, producer_.conflated());
  EXPECT_GT(left_out, 0U);
  for (const auto& [key, count] : said) {
    const bool interruption = key.first == InputBody{MarketInterrupted{}}.index() ||
                              key.first == InputBody{SourceInterrupted{}}.index();
    if (interruption) {
      EXPECT_GT(seen[key], 0U);
    } else {
      EXPECT_EQ(seen[key], count) << key.first << " " << key.second;
    }
  }
}

TEST_F(Conflation, EndsWithTheLatestOfEverything) {
  std::map<Key, std::int64_t> latest;
  for (std::int64_t n = 1; n <= 5'000; ++n) {
    const InputBody body = random_tick(random_, n);
    latest[key_of(body)] = n;
    producer_.push(
        {.input = {.sequence = {}, .time = EventTime::from_raw(n), .origin = {}, .body = body}});
    if (random_() % 32 == 0) take(random_() % 16);
  }
  while (producer_.flush()) take(4);
  take(64);
  std::map<Key, std::int64_t> seen;
  for (const Input& input : seen_) {
    if (!is_conflation(input.body)) seen[key_of(input.body)] = input.time.raw();
  }
  EXPECT_EQ(seen, latest);
}

TEST_F(Conflation, DoesNotHappenWhileThereIsRoom) {
  for (std::int64_t n = 1; n <= 1'000; ++n) {
    producer_.push({.input = {.sequence = {},
                              .time = EventTime::from_raw(n),
                              .origin = {},
                              .body = random_tick(random_, n)}});
    take(1);
  }
  EXPECT_EQ(seen_.size(), 1'000U);
  EXPECT_EQ(producer_.conflated(), 0U);
}

/// Keeps the sequenced inputs, and hashes the events.
struct Outlet {
  void sequenced(const Input& input) { inputs.push_back(input); }
  void published(const Event& event) { hash.add(event); }
  std::vector<Input> inputs;
  core::EventHash hash;
};

TEST_F(Conflation, OfAFeedTenTimesTooFastReplaysToTheSameEventsAndEndsAtTheSamePrices) {
  const reference::Reference reference = support::small_reference();
  Inbox inbox{64};
  ConflatingProducer producer{inbox, reference.instruments.size(), reference.sources.size()};
  core::InlineFabric fabric{reference, 1, watch::Mode::bands};
  Outlet outlet;
  Engine<core::InlineFabric, Outlet> engine{reference, fabric, outlet};

  constexpr std::int64_t kTicks = 30'000;
  std::map<std::uint32_t, Price> last;
  std::array<Arrival, 64> batch{};
  const auto take = [&] {
    const std::size_t count = inbox.pop(batch);
    for (std::size_t i = 0; i < count; ++i) engine.submit(batch[i].input);
  };
  for (std::int64_t n = 1; n <= kTicks; ++n) {
    const auto id = static_cast<std::uint32_t>(random_() % reference.instruments.size());
    const reference::Instrument& instrument = reference.instruments[id];
    const std::int64_t ticks =
        std::max<std::int64_t>(instrument.price_max.raw() / instrument.tick.raw() / 1'000, 1);
    const Price price = Price::from_raw(
        (1 + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(ticks))) *
        instrument.tick.raw());
    last[id] = price;
    producer.push({.input = {.sequence = {},
                             .time = EventTime::from_raw(n * 1'000'000),
                             .origin = {},
                             .body = MarkPublished{InstrumentId::from_raw(id), price, {}, {}}}});
    if (n % 640 == 0) take();  // a tenth of the pace
  }
  for (bool more = true; more;) {
    more = producer.flush();
    take();
  }
  take();
  engine.drain();
  EXPECT_GT(producer.conflated(), static_cast<std::uint64_t>(kTicks) / 2);
  for (const auto& [id, price] : last) {
    EXPECT_EQ(engine.sequencer().marks().of(InstrumentId::from_raw(id)), price);
  }

  core::InlineFabric again{reference, 1, watch::Mode::bands};
  Outlet replayed;
  Engine<core::InlineFabric, Outlet> second{reference, again, replayed};
  for (const Input& input : outlet.inputs) {
    if (input.origin == Origin::external) second.submit(input);
  }
  second.drain();
  EXPECT_EQ(replayed.inputs.size(), outlet.inputs.size());
  EXPECT_EQ(replayed.hash.value(), outlet.hash.value());
  for (const auto& [id, price] : last) {
    EXPECT_EQ(second.sequencer().marks().of(InstrumentId::from_raw(id)), price);
  }
}

TEST_F(Conflation, OfTwoThreadsLosesNothing) {
  std::atomic<bool> done{false};
  std::thread feed{[&] {
    for (std::int64_t n = 1; n <= 20'000; ++n) {
      producer_.push({.input = {.sequence = {},
                                .time = EventTime::from_raw(n),
                                .origin = {},
                                .body = BookQuoted{InstrumentId::from_raw(0), {}, {}, {}}}});
    }
    done.store(true);
  }};
  std::thread tender{[&] {
    while (!done.load()) (void)producer_.flush();
  }};
  std::uint64_t seen = 0;
  std::array<Arrival, 16> batch{};
  const auto take = [&] {
    const std::size_t count = inbox_.pop(batch);
    for (std::size_t i = 0; i < count; ++i) {
      const auto* left_out = std::get_if<TicksConflated>(&batch[i].input.body);
      seen += left_out != nullptr ? left_out->count.raw() : 1;
    }
    return count;
  };
  while (!done.load()) (void)take();
  feed.join();
  tender.join();
  for (bool more = true; more;) {
    const bool kept = producer_.flush();
    more = take() > 0 || kept;
  }
  EXPECT_EQ(seen, 20'000U);
}

}  // namespace
}  // namespace plimsoll::runtime
