// Goal: threads change nothing. Method: the same random history inline and on 1..4 threads.

#include "engine/runtime/sharded_fabric.hpp"

#include <gtest/gtest.h>

#include "engine/core/inline_fabric.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/runtime/tally.hpp"
#include "tests/support/history.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::runtime {
namespace {

/// Counts, hashes, and checks that no event comes before its cause.
struct Outlet {
  void sequenced(const Input& input) {
    last = input.sequence;
    tally.add(input);
  }
  void published(const Event& event) {
    causes_first = causes_first && event.header.cause <= last;
    gapless = gapless && event.header.number.raw() == tally.events_total() + 1;
    tally.add(event);
  }
  Tally tally;
  Sequence last;
  bool causes_first{true};
  bool gapless{true};
};

template <class Fabric>
std::uint64_t hash_of_run(const reference::Reference& reference, const std::vector<Input>& inputs,
                          Fabric&& fabric) {
  Outlet outlet;
  Engine<std::remove_cvref_t<Fabric>, Outlet> engine{reference, fabric, outlet};
  for (const Input& input : inputs) engine.submit(input);
  engine.drain();
  EXPECT_TRUE(outlet.causes_first);
  EXPECT_TRUE(outlet.gapless);
  EXPECT_TRUE(engine.audit().conserved());
  EXPECT_GT(outlet.tally.events_total(), 0U);
  return outlet.tally.event_hash();
}

TEST(ShardedFabric, EventsAreThoseOfOneThreadForAnyNumberOfThreads) {
  support::HistoryOptions options;
  options.accounts = 200;
  options.inputs = 4'000;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    // Trusted prices: there one input moves several at once.
    const reference::Reference reference =
        seed == 1 ? support::random_reference(seed) : support::guarded_reference(seed);
    const auto inputs = support::random_history(reference, seed, options);
    const std::uint64_t expected =
        hash_of_run(reference, inputs, core::InlineFabric{reference, 1, watch::Mode::naive});
    for (const core::ShardIndex shards : {1U, 2U, 4U}) {
      EXPECT_EQ(
          hash_of_run(reference, inputs, ShardedFabric{reference, shards, watch::Mode::bands}),
          expected)
          << "seed " << seed << ", shards " << shards;
    }
  }
}

}  // namespace
}  // namespace plimsoll::runtime
