// The heap of deadlines against a sorted list that is searched from the front.

#include "engine/lifecycle/deadlines.hpp"

#include <algorithm>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace plimsoll::lifecycle {
namespace {

constexpr std::uint32_t kAccounts = 60;

bool before(const Deadlines::Entry& a, const Deadlines::Entry& b) {
  return std::tuple{a.due, a.id} < std::tuple{b.due, b.id};
}

/// The same, the simple way.
class NaiveDeadlines {
 public:
  void add(const Deadlines::Entry& entry) {
    entries_.push_back(entry);
    std::sort(entries_.begin(), entries_.end(), before);
  }
  void remove(std::uint32_t account) {
    std::erase_if(entries_, [&](const auto& entry) { return entry.account == account; });
  }
  [[nodiscard]] bool has(std::uint32_t account) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const auto& entry) { return entry.account == account; });
  }
  [[nodiscard]] const std::vector<Deadlines::Entry>& entries() const { return entries_; }

 private:
  std::vector<Deadlines::Entry> entries_;
};

/// Ids that are in another order than the indices.
Deadlines::Entry entry_of(std::uint32_t account, std::int64_t due) {
  return {EventTime::from_raw(due), AccountId::from_raw((account * 37 + 11) % 61 + 1), account};
}

void expect_same_first(const Deadlines& heap, const NaiveDeadlines& naive) {
  ASSERT_EQ(heap.empty(), naive.entries().empty());
  if (heap.empty()) return;
  EXPECT_EQ(heap.first().account, naive.entries().front().account);
  EXPECT_EQ(heap.first().due, naive.entries().front().due);
  EXPECT_EQ(heap.first().id, naive.entries().front().id);
}

TEST(Deadlines, TheFirstIsAlwaysTheSmallestOfASortedList) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    support::Random random{seed};
    Deadlines heap{kAccounts};
    NaiveDeadlines naive;
    for (int i = 0; i < 2'000; ++i) {
      const auto account = static_cast<std::uint32_t>(random.below(kAccounts));
      if (naive.has(account)) {
        heap.remove(account);
        naive.remove(account);
      } else {  // few due times, so that ids decide often
        const auto entry = entry_of(account, random.between(0, 20));
        heap.add(entry);
        naive.add(entry);
      }
      expect_same_first(heap, naive);
      ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ", step " << i;
    }
  }
}

TEST(Deadlines, AreEmptiedInTheOrderOfDueTimeThenAccountId) {
  support::Random random{7};
  Deadlines heap{kAccounts};
  NaiveDeadlines naive;
  for (std::uint32_t account = 0; account < kAccounts; ++account) {
    const auto entry = entry_of(account, random.between(0, 5));
    heap.add(entry);
    naive.add(entry);
  }
  for (const Deadlines::Entry& expected : naive.entries()) {
    ASSERT_FALSE(heap.empty());
    EXPECT_EQ(heap.first().id, expected.id);
    heap.remove(heap.first().account);
  }
  EXPECT_TRUE(heap.empty());
}

TEST(DeadlinesDeathTest, AnAccountHasAtMostOneAndOnlyWhatIsThereCanGo) {
  Deadlines heap{2};
  heap.add(entry_of(0, 5));
  EXPECT_DEATH(heap.add(entry_of(0, 6)), "assertion failed");
  EXPECT_DEATH(heap.remove(1), "assertion failed");
}

}  // namespace
}  // namespace plimsoll::lifecycle
