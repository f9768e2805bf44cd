#include "engine/market/index_price.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace plimsoll::market {
namespace {

using support::Random;

constexpr std::uint64_t kSeeds = 4'000;

reference::Index rules_of(reference::IndexMethod method, std::int64_t clamp) {
  reference::Index rules;
  rules.method = method;
  rules.clamp = Rate::from_raw(clamp);
  return rules;
}

std::int64_t honest_price(Random& random) {
  return random.between(99'000'000'000, 101'000'000'000);
}

/// Anything that a source could say: near, far, at the ends of the type.
std::int64_t hostile_price(Random& random) {
  switch (random.below(5)) {
    case 0:
      return 1;
    case 1:
      return std::numeric_limits<std::int64_t>::max() / 2;
    case 2:
      return random.between(1, 99'000'000'000);
    case 3:
      return random.between(101'000'000'000, 10'000'000'000'000);
    default:
      return honest_price(random) + random.between(-600'000'000, 600'000'000);
  }
}

TEST(IndexPriceTest, AMinorityCannotMoveItOutOfTheHonestRangeWidenedByTheClamp) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    for (std::int64_t n = 3; n <= 9; ++n) {
      const std::int64_t clamp = random.between(0, 50'000'000);
      const auto method = static_cast<reference::IndexMethod>(random.below(3));
      const std::int64_t liars = random.between(0, (n - 1) / 2);
      std::vector<Constituent> constituents;
      std::int64_t least = std::numeric_limits<std::int64_t>::max();
      std::int64_t most = 0;
      for (std::int64_t i = 0; i < n; ++i) {
        const std::int64_t price = i < liars ? hostile_price(random) : honest_price(random);
        if (i >= liars) {
          least = std::min(least, price);
          most = std::max(most, price);
        }
        constituents.push_back({.source = SourceId::from_raw(static_cast<std::uint32_t>(i)),
                                .price = Price::from_raw(price),
                                .weight = Rate::from_raw(random.between(1, 5'000'000'000))});
      }
      const IndexPrice index = index_price(rules_of(method, clamp), constituents);
      const std::int64_t band = most / 1'000'000'000 * clamp + clamp;
      ASSERT_GE(index.price.raw(), least - band) << n << " sources, " << liars << " liars";
      ASSERT_LE(index.price.raw(), most + band) << n << " sources, " << liars << " liars";
    }
  }
}

TEST(IndexPriceTest, OneLiarMoreThanAMinorityCanDoIt) {
  // The bound is tight: two of three carry the median with them.
  std::vector<Constituent> constituents;
  for (const std::int64_t price : {500, 500, 100}) {
    constituents.push_back({.source = {},
                            .price = Price::from_raw(price * 1'000'000'000),
                            .weight = Rate::from_raw(kRateOne)});
  }
  const IndexPrice index =
      index_price(rules_of(reference::IndexMethod::mean, 5'000'000), constituents);
  EXPECT_GT(index.price.raw(), 490'000'000'000);
}

TEST(IndexPriceTest, TheOrderOfTheSourcesDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Random random{seed};
    std::vector<Constituent> constituents;
    for (std::uint32_t i = 0; i < 7; ++i) {
      constituents.push_back({.source = SourceId::from_raw(i),
                              .price = Price::from_raw(hostile_price(random)),
                              .weight = Rate::from_raw(random.between(1, 3'000'000'000))});
    }
    std::vector<Constituent> turned{constituents.rbegin(), constituents.rend()};
    const auto rules = rules_of(reference::IndexMethod::weighted, 5'000'000);
    EXPECT_EQ(index_price(rules, constituents).price, index_price(rules, turned).price) << seed;
  }
}

}  // namespace
}  // namespace plimsoll::market
