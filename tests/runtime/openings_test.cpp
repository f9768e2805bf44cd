// Goal: shards on threads of their own that open their accounts side by side say what one thread
// says that is told each of them as an input. Method: random books and histories, both ways.

#include <iostream>

#include <gtest/gtest.h>

#include "engine/core/inline_fabric.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/runtime/sharded_fabric.hpp"
#include "engine/runtime/tally.hpp"
#include "tests/support/random_book.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::runtime {
namespace {

struct Outlet {
  void opened(const Openings& openings) { tally.add(openings); }
  void sequenced(const Input& input) { tally.add(input); }
  void published(const Event& event) { tally.add(event); }
  Tally tally;
};

/// A book and what happens then.
struct Case {
  explicit Case(std::uint64_t seed)
      : reference{seed % 2 == 0 ? support::random_reference(seed)
                                : support::guarded_reference(seed)},
        book{support::random_book(reference, seed, 24)},
        inputs{support::history_of(reference, book, seed,
                                   {.accounts = 30, .inputs = 1'500, .minutes_per_mille = 0})} {}

  [[nodiscard]] EventTime start() const { return inputs.front().time; }

  reference::Reference reference;
  support::RandomBook book;
  std::vector<Input> inputs;
};

enum class Way { told, at_once };

/// A fund is endowed first, by `lead` before the book.
template <class Fabric>
Tally run(const Case& random, Fabric&& fabric, Way way, Duration lead = {}) {
  Outlet outlet;
  Engine<std::remove_cvref_t<Fabric>, Outlet> engine{random.reference, fabric, outlet};
  engine.submit({.sequence = {},
                 .time = random.start() + -lead,
                 .origin = {},
                 .body = FundEndowed{support::kUsdt, Amount::from_raw(1'000)}});
  if (way == Way::at_once) {
    EXPECT_FALSE(engine.open(random.book.openings(), random.start()));
  } else {
    random.book.openings().for_each_input([&](const InputBody& body) {
      engine.submit({.sequence = {}, .time = random.start(), .origin = {}, .body = body});
    });
  }
  for (const Input& input : random.inputs) engine.submit(input);
  engine.drain();
  EXPECT_TRUE(engine.audit().conserved());
  return outlet.tally;
}

TEST(ShardedOpenings, SayAndCountTheSameAsTheInputsOnOneThread) {
  std::uint64_t events = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Case random{seed};
    const Tally expected =
        run(random, core::InlineFabric{random.reference, 1, watch::Mode::bands}, Way::told);
    for (const core::ShardIndex shards : {1U, 2U}) {
      const Tally actual =
          run(random, ShardedFabric{random.reference, shards, watch::Mode::bands}, Way::at_once);
      const std::string what =
          "seed " + std::to_string(seed) + ", shards " + std::to_string(shards);
      EXPECT_EQ(actual.event_hash(), expected.event_hash()) << what;
      EXPECT_EQ(actual.events_by_kind(), expected.events_by_kind()) << what;
      EXPECT_EQ(actual.inputs_total(), expected.inputs_total()) << what;
    }
    events += expected.events_total();
  }
  std::cout << "events compared, for each number of shards: " << events << "\n";
  EXPECT_GT(events, 2'000U);
}

TEST(ShardedOpenings, MayComeWhenTimeHasPassed) {
  const Duration lead = Duration::from_raw(10'000'000'000);
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const Case random{seed};
    const Tally expected =
        run(random, core::InlineFabric{random.reference, 1, watch::Mode::bands}, Way::told, lead);
    const Tally actual =
        run(random, ShardedFabric{random.reference, 2, watch::Mode::bands}, Way::at_once, lead);
    EXPECT_EQ(actual.event_hash(), expected.event_hash()) << "seed " << seed;
    EXPECT_EQ(actual.inputs_total(), expected.inputs_total()) << "seed " << seed;
  }
}

TEST(ShardedOpenings, NameTheAccountThatIsRefusedOnWhateverThread) {
  const reference::Reference reference = support::small_reference();
  for (std::size_t wrong = 0; wrong < 8; ++wrong) {
    support::RandomBook book;
    for (std::uint64_t i = 1; i <= 8; ++i) {
      book.accounts.push_back({.account = AccountId::from_raw(i),
                               .owner = OwnerId::from_raw(i),
                               .parent = {},
                               .balance = Amount::from_raw(1'000'000),
                               .profile = support::kDesk,
                               .asset = support::kUsdt});
    }
    book.accounts[wrong].balance = Amount::from_raw(-1);
    Outlet outlet;
    ShardedFabric fabric{reference, 3, watch::Mode::bands};
    Engine<ShardedFabric, Outlet> engine{reference, fabric, outlet};
    const auto fault = engine.open(book.openings(), EventTime::from_raw(1));
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->account, book.accounts[wrong].account);
    EXPECT_EQ(fault->refusal, Refusal::amount_not_positive);
  }
}

}  // namespace
}  // namespace plimsoll::runtime
