#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "feeds/replay/feed.hpp"
#include "feeds/replay/first_prices.hpp"
#include "tests/feeds/messages.hpp"

// Captures of a real venue, which the repository does not hold: found in $PLIMSOLL_DATA.

namespace plimsoll::feeds::testing {
namespace {

class RealCapture : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PLIMSOLL_DATA");
    const std::filesystem::path data{folder != nullptr ? folder : PLIMSOLL_DATA_DEFAULT};
    btc_ = data / "binance/usdm-ws/btcusdt_20240808.gz";
    eth_ = data / "binance/usdm-ws/ethusdt_20240808.gz";
    for (const auto& path : {btc_, eth_}) {
      if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no " << path << ": set PLIMSOLL_DATA to the folder of market data";
      }
    }
  }

  /// How many lines went where: inputs by kind, rejects by reason.
  using Counts = std::map<std::string, std::uint64_t, std::less<>>;
  Counts replay(const std::vector<std::string>& captures) {
    Feed feed{captures, two_instruments()};
    Counts counts;
    Input input;
    EventTime latest;
    Step step{};
    while ((step = feed.next(input)) == Step::ready) {
      ++counts[std::string{input_kind_name(kind_of(input))}];
      EXPECT_GE(input.time, latest);
      latest = input.time;
    }
    EXPECT_EQ(step, Step::end);
    statistics_ = feed.statistics();
    for (const RejectCount& reject : statistics_.rejected) {
      counts[std::string{reject.reason}] = reject.count;
    }
    return counts;
  }

  std::filesystem::path btc_;
  std::filesystem::path eth_;
  FeedStatistics statistics_;
};

TEST_F(RealCapture, EveryLineOfBtcusdtIsAccountedFor) {
  const Counts expected{{"book_quoted", 66'089},
                        {"trade_printed", 21'313},
                        {"unknown_message", 6'551},  // depthUpdate
                        {"no_event_type", 1}};       // the REST snapshot
  EXPECT_EQ(replay({btc_}), expected);
  EXPECT_EQ(statistics_.lines_read, 93'954U);
  EXPECT_EQ(statistics_.lines_used, 66'089U + 21'313U);
  EXPECT_EQ(statistics_.stamps_went_back, 0U);
  EXPECT_TRUE(statistics_.instruments[0].quotes);
  EXPECT_FALSE(statistics_.instruments[0].mark);
  EXPECT_FALSE(statistics_.instruments[1].quotes);
}

TEST_F(RealCapture, BothCapturesMergeWithoutLosingALine) {
  const Counts expected{{"book_quoted", 66'089 + 53'992},
                        {"trade_printed", 21'313 + 14'076},
                        {"unknown_message", 6'551 + 6'586},
                        {"no_event_type", 2}};
  EXPECT_EQ(replay({btc_, eth_}), expected);
  EXPECT_EQ(statistics_.lines_read, 93'954U + 74'655U);
}

TEST_F(RealCapture, FirstPricesAreTheMiddleOfTheFirstQuotes) {
  const FirstPrices found = first_prices({btc_, eth_}, two_instruments());
  ASSERT_FALSE(found.error.has_value()) << to_string(*found.error);
  EXPECT_EQ(found.prices[0].raw(), 61'800'250'000'000);
  EXPECT_GT(found.prices[1].raw(), 2'000 * kUnit);
  EXPECT_LT(found.prices[1].raw(), 3'500 * kUnit);
}

}  // namespace
}  // namespace plimsoll::feeds::testing
