// Goal: a histogram says how long things took to within a sixteenth, and nobody waits for it.

#include "engine/platform/latency_histogram.hpp"

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace plimsoll::platform {
namespace {

TEST(LatencyHistogram, BucketsFollowOneAnotherWithoutAGap) {
  std::uint64_t last = 0;
  for (std::size_t bucket = 0; bucket < 975; ++bucket) {
    const std::uint64_t end = LatencyHistogram::last_of(bucket);
    EXPECT_EQ(LatencyHistogram::bucket_of(end), bucket);
    EXPECT_EQ(LatencyHistogram::bucket_of(end + 1), bucket + 1);
    EXPECT_TRUE(bucket == 0 || end > last);
    EXPECT_TRUE(bucket < 16 || end - last <= last / 16 + 1) << bucket;
    last = end;
  }
  EXPECT_EQ(LatencyHistogram::last_of(975), ~std::uint64_t{0});
}

TEST(LatencyHistogram, QuantilesAreThoseOfWhatWasAddedToWithinASixteenth) {
  std::mt19937_64 random{7};
  LatencyHistogram histogram;
  std::vector<std::uint64_t> all;
  for (int i = 0; i < 20'000; ++i) {
    all.push_back(random() >> (20 + random() % 40));
    histogram.add(all.back());
  }
  std::sort(all.begin(), all.end());
  const auto reading = histogram.read();
  EXPECT_EQ(reading.count(), all.size());
  for (const double quantile : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(quantile * static_cast<double>(all.size()) + 0.5);
    const std::uint64_t exact = all[rank - 1];
    EXPECT_GE(reading.at(quantile), exact) << quantile;
    EXPECT_LE(reading.at(quantile), exact + exact / 16 + 1) << quantile;
  }
}

TEST(LatencyHistogram, OfNothingSaysNothing) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.read().count(), 0U);
  EXPECT_EQ(histogram.read().at(0.5), 0U);
}

TEST(LatencyHistogram, IsReadWhileItGrows) {
  constexpr std::uint64_t kAdded = 200'000;
  LatencyHistogram histogram;
  std::thread adder{[&] {
    for (std::uint64_t i = 0; i < kAdded; ++i) histogram.add(i % 1'000);
  }};
  std::uint64_t before = 0;
  while (before < kAdded) {
    const std::uint64_t count = histogram.read().count();
    EXPECT_GE(count, before);
    before = count;
  }
  adder.join();
  EXPECT_EQ(before, kAdded);
}

}  // namespace
}  // namespace plimsoll::platform
