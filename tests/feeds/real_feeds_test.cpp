#include <cstdlib>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "feeds/replay/feed.hpp"

// Every file of real market data, which the repository does not hold: found in $PLIMSOLL_DATA.

namespace plimsoll::feeds::testing {
namespace {

namespace fs = std::filesystem;
using Counts = std::map<std::string, std::uint64_t, std::less<>>;

class RealFeeds : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PLIMSOLL_DATA");
    data_ = folder != nullptr ? folder : PLIMSOLL_DATA_DEFAULT;
    if (!fs::is_directory(data_)) {
      GTEST_SKIP() << "no " << data_ << ": set PLIMSOLL_DATA to the folder of market data";
    }
  }

  /// Inputs by kind, and lines rejected by reason, of one file with every symbol listed.
  Counts counts_of(const fs::path& path, FeedStatistics* statistics_out = nullptr) {
    FeedOptions options;
    options.lists_every_symbol = true;
    options.measures_delays = true;
    Feed feed{{path.string()}, {}, options};
    Input input;
    while (feed.next(input) == Step::ready) continue;
    EXPECT_FALSE(feed.error().has_value()) << path;
    const FeedStatistics statistics = feed.statistics();
    Counts counts;
    std::uint64_t explained = statistics.lines_used;
    for (const RejectCount& reject : statistics.rejected) {
      counts[std::string{reject.reason}] = reject.count;
      explained += reject.count;
    }
    EXPECT_EQ(statistics.lines_read, explained) << path;
    for (std::size_t kind = 0; kind < kInputKinds; ++kind) {
      if (statistics.inputs_by_kind[kind] == 0) continue;
      counts[std::string{input_kind_name(static_cast<std::uint8_t>(kind))}] =
          statistics.inputs_by_kind[kind];
    }
    if (statistics_out != nullptr) *statistics_out = statistics;
    return counts;
  }

  fs::path data_;
};

TEST_F(RealFeeds, NothingIsUnexplained) {
  std::size_t captures = 0;
  for (const auto& entry : fs::recursive_directory_iterator{data_}) {
    if (!entry.is_regular_file()) continue;
    const CaptureReader reader{entry.path().string()};
    EXPECT_FALSE(reader.error().has_value()) << entry.path();
    if (reader.format().format == CaptureFormat::none) {
      EXPECT_FALSE(reader.format().not_a_capture.empty()) << entry.path();
      EXPECT_NE(reader.format().not_a_capture, "binary") << entry.path();
      continue;
    }
    ++captures;
    const Counts counts = counts_of(entry.path());
    for (const char* reason : {"malformed_json", "malformed_stamp", "bad_price", "bad_time",
                               "line_too_long", "missing_field"}) {
      EXPECT_FALSE(counts.contains(reason)) << entry.path() << ": " << reason;
    }
    // A table of the examples has no end of line at its end.
    const bool example = entry.path().string().find("format-examples") != std::string::npos;
    EXPECT_TRUE(example || !counts.contains("half_line")) << entry.path();
  }
  EXPECT_GT(captures, 30U);
}

TEST_F(RealFeeds, EveryVenueGivesWhatItsCaptureHolds) {
  const std::map<std::string, Counts> expected{
      {"binance/spot-ws/btcusdt_20240808.gz", {{"book_quoted", 28'040}, {"trade_printed", 9'757}}},
      {"binance/coinm-ws/btcusd_perp_20240808.gz",
       {{"book_quoted", 19'136}, {"trade_printed", 2'286}}},
      {"bybit/ws-v5-2025-06-13/BYBIT.ws.1.0", {{"book_quoted", 198}, {"control_message", 4}}},
      {"bybit/ws-2021-04-17/BYBIT.ws.25.0.gz", {{"book_quoted", 3'260}, {"control_message", 16}}},
      {"coinbase/ws-2021-04-17/COINBASE.ws.28.0.gz",
       {{"book_quoted", 107}, {"trade_printed", 107 + 97}, {"past_trades", 10}}},
      {"kraken/futures-ws-2021-07-22/KRAKEN_FUTURES.ws.1.0.gz", {{"past_trades", 10}}},
      {"bitmex/ws-2021-07-22/BITMEX.ws.1.0.gz", {{"past_trades", 10}}},
      {"deribit/ws-2021-04-05/DERIBIT-5dd9ce.0.gz", {{"mark_published", 273}}},
      {"bitcom-options/ws-2021-12-10/BIT.COM.ws.1.0.gz", {{"control_message", 3}}},
  };
  for (const auto& [path, wanted] : expected) {
    const Counts counts = counts_of(data_ / path);
    for (const auto& [name, count] : wanted) {
      const auto found = counts.find(name);
      EXPECT_EQ(found == counts.end() ? 0 : found->second, count) << path << ": " << name;
    }
  }
}

TEST_F(RealFeeds, NumbersOfBooksHaveNoHole) {
  for (const char* path :
       {"binance/usdm-ws/btcusdt_20240808.gz", "deribit/ws-2021-04-05/DERIBIT-5dd9ce.0.gz",
        "okx/ws-2022-05-13/OKX.ws.1.0.gz", "bybit/ws-2021-04-17/BYBIT.ws.25.0.gz"}) {
    FeedStatistics statistics;
    (void)counts_of(data_ / path, &statistics);
    EXPECT_EQ(statistics.gaps, 0U) << path;
    EXPECT_GT(statistics.lines_used, 0U) << path;
  }
}

// The recorder's clock of that day was behind the venue's.
TEST_F(RealFeeds, AnOffsetOfTheClocksIsSeen) {
  FeedStatistics statistics;
  (void)counts_of(data_ / "binance/usdm-ws/btcusdt_20240808.gz", &statistics);
  EXPECT_LT(statistics.delay.median.raw(), -1'200'000'000);
  EXPECT_GT(statistics.delay.median.raw(), -1'300'000'000);
}

}  // namespace
}  // namespace plimsoll::feeds::testing
