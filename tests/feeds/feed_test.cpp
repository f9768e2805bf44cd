#include "feeds/replay/feed.hpp"

#include <map>

#include <gtest/gtest.h>

#include "feeds/replay/first_prices.hpp"
#include "tests/feeds/messages.hpp"
#include "tests/feeds/temporary_file.hpp"

namespace plimsoll::feeds::testing {
namespace {

std::string line(std::int64_t stamp, const std::string& json) {
  return std::to_string(stamp) + " " + json + "\n";
}

std::uint64_t count_of(const FeedStatistics& statistics, std::string_view reason) {
  for (const RejectCount& reject : statistics.rejected) {
    if (reject.reason == reason) return reject.count;
  }
  return 0;
}

std::uint64_t lines_accounted_for(const FeedStatistics& statistics) {
  std::uint64_t sum = statistics.lines_used;
  for (const RejectCount& reject : statistics.rejected) sum += reject.count;
  return sum;
}

TEST(Feed, GivesInputsInMergedOrder) {
  const TemporaryFile books{line(5, join(book_fields())) + line(9, join(book_fields()))};
  const TemporaryFile trades{line(3, join(trade_fields())) + line(5, join(mark_fields()))};
  Feed feed{{books.path(), trades.path()}, two_instruments()};
  const std::vector<std::pair<std::int64_t, std::string_view>> expected{
      {3, "trade_printed"}, {5, "book_quoted"}, {5, "mark_published"}, {9, "book_quoted"}};
  Input input;
  for (const auto& [time, kind] : expected) {
    input.origin = Origin::house;
    ASSERT_EQ(feed.next(input), Step::ready);
    EXPECT_EQ(input.time.raw(), time);
    EXPECT_EQ(input_kind_name(kind_of(input)), kind);
    EXPECT_EQ(input.sequence.raw(), 0U);
    EXPECT_EQ(input.origin, Origin::external);
  }
  EXPECT_EQ(feed.next(input), Step::end);
  EXPECT_FALSE(feed.error().has_value());
}

TEST(Feed, CountsEveryLineOnce) {
  const TemporaryFile first{line(5, join(book_fields())) + "\n" + line(4, join(trade_fields())) +
                            "x {}\n" + line(8, "{}") + "9 {\"e\":"};
  const TemporaryFile second{line(1, "{\"e\":\"depthUpdate\"}") + line(2, "{") + line(3, "{") +
                             line(4, with(book_fields(), "b", R"("b":"61800.30")"))};
  Feed feed{{first.path(), second.path()}, two_instruments()};
  Input input;
  while (feed.next(input) == Step::ready) {
    EXPECT_EQ(feed.statistics().lines_read, lines_accounted_for(feed.statistics()));
  }
  const FeedStatistics statistics = feed.statistics();
  EXPECT_EQ(statistics.lines_read, 10U);
  EXPECT_EQ(statistics.lines_used, 2U);
  EXPECT_EQ(lines_accounted_for(statistics), 10U);
  const std::map<std::string_view, std::uint64_t> reasons{
      {"empty_line", 1},      {"malformed_stamp", 1}, {"half_line", 1},   {"no_event_type", 1},
      {"unknown_message", 1}, {"malformed_json", 2},  {"crossed_book", 1}};
  EXPECT_EQ(statistics.rejected.size(), reasons.size());
  for (const auto& [reason, count] : reasons) EXPECT_EQ(count_of(statistics, reason), count);
  EXPECT_EQ(statistics.stamps_went_back, 1U);
  EXPECT_EQ(statistics.first_time.raw(), 5);
  EXPECT_EQ(statistics.last_time.raw(), 4);
  for (const RejectCount& reject : statistics.rejected) {
    if (reject.reason != "malformed_json") continue;
    EXPECT_EQ(reject.first_path, second.path());
    EXPECT_EQ(reject.first_line, 2U);
  }
}

TEST(Feed, SaysWhatWasSeenOfEachInstrument) {
  const TemporaryFile file{line(1, join(book_fields())) + line(2, join(trade_fields()))};
  Feed feed{{file.path()}, two_instruments()};
  Input input;
  while (feed.next(input) == Step::ready) continue;
  const FeedStatistics statistics = feed.statistics();
  ASSERT_EQ(statistics.instruments.size(), 2U);
  EXPECT_TRUE(statistics.instruments[0].quotes);
  EXPECT_FALSE(statistics.instruments[0].mark);
  EXPECT_FALSE(statistics.instruments[0].trades);
  EXPECT_TRUE(statistics.instruments[1].trades);
  EXPECT_FALSE(statistics.instruments[1].quotes);
}

TEST(Feed, FailsWithTheCapture) {
  Input input;
  Feed missing{{"/no/such/capture"}, two_instruments()};
  ASSERT_TRUE(missing.error().has_value());
  EXPECT_EQ(missing.next(input), Step::failed);

  const std::string packed = gzip(line(1, join(book_fields())));
  const TemporaryFile file{packed.substr(0, packed.size() - 3)};
  Feed cut{{file.path()}, two_instruments()};
  EXPECT_EQ(cut.next(input), Step::ready);
  EXPECT_EQ(cut.next(input), Step::failed);
  ASSERT_TRUE(cut.error().has_value());
  EXPECT_EQ(to_string(*cut.error()), file.path() + ": after line 1: gzip ends in the middle");
}

TEST(FirstPrices, AreTheFirstMarkOrTheMiddleOfTheFirstQuote) {
  const std::string eth_book = with(book_fields(), "s", R"("s":"ETHUSDT")");
  const std::string odd = with(book_fields(), "b", R"("b":"61800.299999998")");
  const TemporaryFile file{line(1, join(aggregate_trade_fields())) + line(2, odd) +
                           line(3, join(mark_fields()))};
  const TemporaryFile other{line(4, with(mark_fields(), "s", R"("s":"ETHUSDT")")) +
                            line(5, eth_book)};
  const FirstPrices found = first_prices({file.path(), other.path()}, two_instruments());
  EXPECT_FALSE(found.error.has_value());
  EXPECT_EQ(found.prices[0].raw(), 61'800'299'999'999);
  EXPECT_EQ(found.prices[1].raw(), 11'794'150'000'000);
}

TEST(FirstPrices, AreZeroWhereThereIsNone) {
  const TemporaryFile file{line(2, join(book_fields()))};
  const FirstPrices found = first_prices({file.path()}, two_instruments());
  EXPECT_GT(found.prices[0].raw(), 0);
  EXPECT_EQ(found.prices[1].raw(), 0);
  EXPECT_TRUE(first_prices({"/no/such/capture"}, two_instruments()).error.has_value());
}

TEST(FirstPrices, ReadNoMoreThanNeeded) {
  reference::Reference reference = two_instruments();
  reference.instruments.pop_back();
  const std::string text = line(2, join(book_fields()));
  const TemporaryFile file{gzip(text) + "garbage that a longer read would meet"};
  EXPECT_FALSE(first_prices({file.path()}, reference).error.has_value());
  EXPECT_TRUE(first_prices({file.path()}, two_instruments()).error.has_value());
}

}  // namespace
}  // namespace plimsoll::feeds::testing
