#include "feeds/live/backoff.hpp"

#include <set>

#include <gtest/gtest.h>

namespace plimsoll::feeds::live {
namespace {

constexpr BackoffSettings kSettings{Milliseconds{100}, Milliseconds{1'500}, Milliseconds{10'000}};

TEST(Backoff, WaitsHalfToAllOfABoundThatDoublesUpToTheMaximum) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Backoff backoff{kSettings, seed};
    for (const int bound : {100, 200, 400, 800, 1'500, 1'500, 1'500}) {
      const Milliseconds wait = backoff.next();
      ASSERT_GE(wait.count(), bound / 2) << seed;
      ASSERT_LE(wait.count(), bound) << seed;
    }
  }
}

TEST(Backoff, SpreadsClientsOverTheHalf) {
  std::set<Milliseconds> waits;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) waits.insert(Backoff{kSettings, seed}.next());
  EXPECT_EQ(waits.size(), 51U);  // 50 to 100, both included
}

TEST(Backoff, IsTheSameForTheSameSeed) {
  Backoff one{kSettings, 11};
  Backoff other{kSettings, 11};
  for (int i = 0; i < 20; ++i) EXPECT_EQ(one.next(), other.next());
}

TEST(Backoff, BeginsAnewOnlyAfterAStableConnection) {
  Backoff backoff{kSettings, 3};
  for (int i = 0; i < 10; ++i) (void)backoff.next();
  backoff.connection_lasted(Milliseconds{9'999});
  EXPECT_GE(backoff.next(), Milliseconds{750});
  backoff.connection_lasted(Milliseconds{10'000});
  EXPECT_LE(backoff.next(), Milliseconds{100});
  EXPECT_GE(backoff.next(), Milliseconds{100});
}

TEST(Backoff, TakesBoundsOfOneMillisecond) {
  Backoff backoff{{Milliseconds{1}, Milliseconds{1}, Milliseconds{1}}, 1};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(backoff.next(), Milliseconds{1});
}

}  // namespace
}  // namespace plimsoll::feeds::live
