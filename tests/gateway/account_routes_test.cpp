#include "engine/gateway/account_routes.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace plimsoll::gateway {
namespace {

AccountRange range(std::uint64_t first, std::uint64_t last) {
  return {AccountId::from_raw(first), AccountId::from_raw(last)};
}

TEST(AccountRanges, MergeWhatOverlapsOrTouches) {
  const AccountRanges ranges{{range(20, 30), range(5, 5), range(6, 9), range(25, 40)}};
  const auto merged = ranges.ranges();
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged[0], range(5, 9));
  EXPECT_EQ(merged[1], range(20, 40));
}

TEST(AccountRanges, HoldTheirEndsAndNothingBeyond) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  const AccountRanges ranges{{range(5, 9), range(kLast, kLast)}};
  for (const std::uint64_t inside : {5UL, 7UL, 9UL, kLast}) {
    EXPECT_TRUE(ranges.contains(AccountId::from_raw(inside))) << inside;
  }
  for (const std::uint64_t outside : {0UL, 4UL, 10UL, kLast - 1}) {
    EXPECT_FALSE(ranges.contains(AccountId::from_raw(outside))) << outside;
  }
  EXPECT_FALSE(AccountRanges{}.contains(AccountId::from_raw(1)));
}

/// Some ranges of accounts up to 60, and sometimes the very last account.
std::vector<AccountRange> random_ranges(support::Random& random) {
  std::vector<AccountRange> ranges;
  for (std::size_t left = random.below(5); left > 0; --left) {
    const std::uint64_t first = 1 + random.below(50);
    ranges.push_back(range(first, first + random.below(10)));
  }
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  if (random.chance(200)) ranges.push_back(range(kLast - random.below(2), kLast));
  return ranges;
}

TEST(AccountRoutes, FindTheSetsThatAskingEachFinds) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    support::Random random{seed};
    std::vector<std::vector<AccountRange>> lists(random.below(6));
    std::vector<AccountRanges> sets;
    for (auto& list : lists) {
      list = random_ranges(random);
      sets.emplace_back(list);
    }
    const AccountRoutes routes{sets};
    for (std::uint64_t step = 0; step < 70; ++step) {
      const std::uint64_t id = step < 65 ? step : ~std::uint64_t{0} - (step - 65);
      const AccountId account = AccountId::from_raw(id);
      std::vector<std::uint32_t> expected;
      for (std::uint32_t set = 0; set < lists.size(); ++set) {
        const bool inside = std::any_of(lists[set].begin(), lists[set].end(), [&](const auto& in) {
          return in.first <= account && account <= in.last;
        });
        if (inside) expected.push_back(set);
        ASSERT_EQ(sets[set].contains(account), inside) << "seed " << seed << " account " << id;
      }
      const auto found = routes.sets_with(account);
      ASSERT_EQ(std::vector(found.begin(), found.end()), expected)
          << "seed " << seed << " account " << id;
    }
  }
}

}  // namespace
}  // namespace plimsoll::gateway
