#include "engine/generate/random.hpp"

#include <gtest/gtest.h>

#include "engine/generate/quantiles.hpp"

namespace plimsoll::generate {
namespace {

// The authors' SplitMix64 and xoshiro256**, written out once more, word by word.
struct Published {
  std::uint64_t s[4];
  explicit Published(std::uint64_t x) {
    for (std::uint64_t& word : s) {
      std::uint64_t z = (x += 0x9e3779b97f4a7c15);
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }
  std::uint64_t next() {
    const auto rotl = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    const std::uint64_t result = rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
  }
};

TEST(Random, IsThePublishedGenerator) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    Random random{seed};
    Published published{seed};
    for (int i = 0; i < 1'000; ++i) ASSERT_EQ(random.next(), published.next());
  }
}

TEST(Random, StaysWithinBoundsAndReachesThem) {
  Random random{5};
  bool low = false;
  bool high = false;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t drawn = random.between(-3, 3);
    ASSERT_GE(drawn, -3);
    ASSERT_LE(drawn, 3);
    low = low || drawn == -3;
    high = high || drawn == 3;
  }
  EXPECT_TRUE(low && high);
  EXPECT_EQ(random.below(1), 0U);
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(kMillion));
}

TEST(Quantiles, RunThroughTheirTableWithoutFalling) {
  for (const auto table :
       {std::span<const Quantile>{kEquity}, std::span<const Quantile>{kLeverage}}) {
    ASSERT_EQ(table.front().quantile, 0U);
    ASSERT_EQ(table.back().quantile, kMillion);
    std::int64_t before = 0;
    for (std::uint64_t quantile = 0; quantile < kMillion; quantile += 13) {
      const std::int64_t value = value_at(table, quantile);
      ASSERT_GE(value, before);
      before = value;
    }
    for (const Quantile& row : table) {
      if (row.quantile == kMillion) continue;
      EXPECT_EQ(value_at(table, row.quantile), row.value * static_cast<std::int64_t>(kMillion));
    }
    EXPECT_LE(before, table.back().value * static_cast<std::int64_t>(kMillion));
  }
}

}  // namespace
}  // namespace plimsoll::generate
