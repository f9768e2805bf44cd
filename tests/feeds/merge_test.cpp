#include "feeds/replay/merge.hpp"

#include <algorithm>
#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/feeds/temporary_file.hpp"

namespace plimsoll::feeds::testing {
namespace {

struct Place {
  std::int64_t time;  // the latest stamp of its file so far: what the merge orders by
  std::size_t capture;
  std::uint64_t number;
  friend bool operator==(const Place&, const Place&) = default;
};

using Stamps = std::vector<std::vector<std::int64_t>>;

/// Files with one line per stamp.
class Captures {
 public:
  explicit Captures(const Stamps& stamps) {
    for (const auto& file : stamps) {
      std::string text;
      for (const std::int64_t stamp : file) text += std::to_string(stamp) + " {}\n";
      paths_.push_back(files_.emplace_back(text).path());
    }
  }
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  std::deque<TemporaryFile> files_;
  std::vector<std::string> paths_;
};

std::vector<Place> expected_of(const Stamps& stamps) {
  std::vector<Place> places;
  for (std::size_t capture = 0; capture < stamps.size(); ++capture) {
    std::int64_t latest = 0;
    for (std::size_t i = 0; i < stamps[capture].size(); ++i) {
      latest = std::max(latest, stamps[capture][i]);
      places.push_back({latest, capture, i + 1});
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.time < b.time; });
  return places;
}

std::vector<Place> merged_of(Merge& merge) {
  std::vector<Place> places;
  std::vector<std::int64_t> latest(merge.captures());
  MergedLine merged;
  while (merge.next(merged) == Step::ready) {
    auto& time = latest[merged.capture];
    time = std::max(time, merged.line.stamp.raw());
    places.push_back({time, merged.capture, merged.line.number});
  }
  return places;
}

TEST(Merge, OrdersByTimeThenFile) {
  const Stamps stamps{{1, 5, 5}, {1, 2, 5}, {}};
  const Captures captures{stamps};
  Merge merge{captures.paths()};
  const std::vector<Place> expected{{1, 0, 1}, {1, 1, 1}, {2, 1, 2},
                                    {5, 0, 2}, {5, 0, 3}, {5, 1, 3}};
  EXPECT_EQ(merged_of(merge), expected);
  EXPECT_EQ(merge.stamps_went_back(), 0U);
}

TEST(Merge, KeepsTheOrderOfAFileWhoseStampsGoBack) {
  const Captures captures{{{10, 4, 11}, {7, 12}}};
  Merge merge{captures.paths()};
  const std::vector<Place> expected{{7, 1, 1}, {10, 0, 1}, {10, 0, 2}, {11, 0, 3}, {12, 1, 2}};
  EXPECT_EQ(merged_of(merge), expected);
  EXPECT_EQ(merge.stamps_went_back(), 1U);
}

TEST(Merge, EqualsAStableSortByTimeAndFile) {
  EXPECT_TRUE(rc::check([] {
    const auto stamps = *rc::gen::scale(
        0.4, rc::gen::container<Stamps>(
                 rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange(0, 20))));
    const Captures captures{stamps};
    Merge merge{captures.paths()};
    RC_ASSERT(merged_of(merge) == expected_of(stamps));
  }));
}

TEST(Merge, FailsWhenOneCaptureFails) {
  const TemporaryFile good{"1 {}\n3 {}\n"};
  const std::string packed = gzip("1 {}\n2 {}\n");
  const TemporaryFile cut{packed.substr(0, packed.size() - 1)};
  Merge merge{{good.path(), cut.path()}};
  EXPECT_FALSE(merge.error().has_value());
  EXPECT_EQ(merged_of(merge).size(), 3U);
  ASSERT_TRUE(merge.error().has_value());
  EXPECT_EQ(merge.error()->path, cut.path());
  MergedLine merged;
  EXPECT_EQ(merge.next(merged), Step::failed);
}

TEST(Merge, SaysAtOnceThatACaptureIsMissing) {
  const TemporaryFile good{"1 {}\n"};
  Merge merge{{good.path(), "/no/such/capture"}};
  ASSERT_TRUE(merge.error().has_value());
  MergedLine merged;
  EXPECT_EQ(merge.next(merged), Step::failed);
}

TEST(Merge, OfNothingEnds) {
  Merge merge{{}};
  MergedLine merged;
  EXPECT_EQ(merge.next(merged), Step::end);
}

}  // namespace
}  // namespace plimsoll::feeds::testing
