#include <map>

#include <gtest/gtest.h>

#include "feeds/replay/feed.hpp"
#include "tests/feeds/messages.hpp"
#include "tests/feeds/temporary_file.hpp"
#include "tests/feeds/venue_reader.hpp"

// Windows, rounds, lost connections, and quotes from trades.

namespace plimsoll::feeds::testing {
namespace {

using Texts = std::vector<std::string>;

std::string quote(std::int64_t stamp, const char* symbol = "BTCUSDT") {
  return std::to_string(stamp) + R"( {"e":"bookTicker","u":7,"s":")" + symbol +
         R"(","b":"10","a":"11","E":)" + std::to_string(stamp / 1'000'000 + 5) + "}\n";
}

/// Every input as "<time> <text>".
Texts all_of(Feed& feed) {
  Texts texts;
  Input input;
  while (feed.next(input) == Step::ready) {
    texts.push_back(std::to_string(input.time.raw()) + " " + text_of(input.body));
  }
  return texts;
}

void expect_every_line_accounted_for(const FeedStatistics& statistics) {
  std::uint64_t sum = statistics.lines_used;
  for (const RejectCount& reject : statistics.rejected) sum += reject.count;
  EXPECT_EQ(statistics.lines_read, sum);
}

TEST(FeedOptions, AWindowGivesTheInputsInsideIt) {
  const TemporaryFile file{quote(1) + quote(2) + quote(3) + quote(4) + quote(5)};
  FeedOptions options;
  options.from = EventTime::from_raw(2);
  options.to = EventTime::from_raw(4);
  Feed feed{{file.path()}, two_instruments(), options};
  EXPECT_EQ(all_of(feed), (Texts{"2 book 0 10 11 @5000000", "3 book 0 10 11 @5000000",
                                 "4 book 0 10 11 @5000000"}));
  const FeedStatistics statistics = feed.statistics();
  EXPECT_EQ(statistics.lines_used, 3U);
  ASSERT_EQ(statistics.rejected.size(), 1U);
  EXPECT_EQ(statistics.rejected[0].reason, "before_from");
  expect_every_line_accounted_for(statistics);
}

TEST(FeedOptions, WhatCameBeforeTheWindowIsRemembered) {
  const std::string topic = R"( {"topic":"tickers.BTCUSDT","type":")";
  const TemporaryFile file{
      "1" + topic + R"(snapshot","data":{"symbol":"BTCUSDT","bid1Price":"10","ask1Price":"11"}})" +
      "\n2" + topic + R"(delta","data":{"symbol":"BTCUSDT","ask1Price":"12"}})" + "\n"};
  FeedOptions options;
  options.from = EventTime::from_raw(2);
  Feed feed{{file.path()}, two_instruments(), options};
  EXPECT_EQ(feed.venue(0), Venue::bybit);
  EXPECT_EQ(all_of(feed), Texts{"2 book 0 10 12 @0"});
}

TEST(FeedOptions, RoundsGoOnInTimeAndAreInterruptedBetween) {
  const TemporaryFile first{quote(1'000'000) + quote(3'000'000)};
  const TemporaryFile second{quote(2'000'000, "ETHUSDT") + "x\n"};
  FeedOptions options;
  options.loops = 3;
  Feed feed{{first.path(), second.path()}, two_instruments(), options};
  EXPECT_EQ(all_of(feed), (Texts{"1000000 book 0 10 11 @6000000", "2000000 book 1 10 11 @7000000",
                                 "3000000 book 0 10 11 @8000000", "4000000 disconnected market 0",
                                 "4000000 disconnected market 1", "4000000 book 0 10 11 @9000000",
                                 "5000000 book 1 10 11 @10000000", "6000000 book 0 10 11 @11000000",
                                 "7000000 disconnected market 0", "7000000 disconnected market 1",
                                 "7000000 book 0 10 11 @12000000", "8000000 book 1 10 11 @13000000",
                                 "9000000 book 0 10 11 @14000000"}));
  const FeedStatistics statistics = feed.statistics();
  EXPECT_EQ(statistics.lines_read, 12U);
  EXPECT_EQ(statistics.lines_used, 9U);
  ASSERT_EQ(statistics.rejected.size(), 1U);
  EXPECT_EQ(statistics.rejected[0].count, 3U);
  EXPECT_EQ(statistics.rejected[0].first_line, 2U);
  expect_every_line_accounted_for(statistics);
}

TEST(FeedOptions, ARoundIsTheWindow) {
  const TemporaryFile file{quote(1'000'000) + quote(3'000'000) + quote(5'000'000)};
  FeedOptions options;
  options.loops = 2;
  options.from = EventTime::from_raw(3'000'000);
  options.to = EventTime::from_raw(4'000'000);
  Feed feed{{file.path()}, two_instruments(), options};
  EXPECT_EQ(all_of(feed), (Texts{"3000000 book 0 10 11 @8000000", "4000000 disconnected market 0",
                                 "4000000 book 0 10 11 @9000000"}));
}

TEST(FeedOptions, NumbersOfTheVenueAreLeftOutOfLaterRounds) {
  reference::Reference reference;
  reference.sources.resize(1);
  reference.sources[0].venue = "binance-usdm";
  reference.sources[0].symbol = "BTCUSDT";
  const TemporaryFile file{quote(1'000'000)};
  FeedOptions options;
  options.loops = 2;
  Feed feed{{file.path()}, reference, options};
  EXPECT_EQ(all_of(feed),
            (Texts{"1000000 quoted 0 10 11 @6000000 #7", "2000000 disconnected source 0",
                   "2000000 quoted 0 10 11 @7000000 #0"}));
}

TEST(FeedOptions, RoundsOfNothingEnd) {
  const TemporaryFile file{"x\n"};
  FeedOptions options;
  options.loops = 1'000'000;
  Feed feed{{file.path()}, two_instruments(), options};
  EXPECT_TRUE(all_of(feed).empty());
}

TEST(FeedOptions, ALostConnectionInterruptsWhatItsCaptureSpokeOf) {
  const std::string stamp = "2021-07-22T22:36:10.0141234Z ";
  const std::string message = quote(1).substr(2);
  const TemporaryFile raw{"\n" + stamp + message + "\n" + stamp + message};
  const TemporaryFile other{quote(1, "ETHUSDT")};
  Feed feed{{raw.path(), other.path()}, two_instruments()};
  const Texts texts = all_of(feed);
  ASSERT_EQ(texts.size(), 4U);
  EXPECT_EQ(texts[2], "1626993370014123400 disconnected market 0");
  const FeedStatistics statistics = feed.statistics();
  EXPECT_EQ(statistics.disconnects, 2U);
  ASSERT_EQ(statistics.rejected.size(), 1U);
  EXPECT_EQ(statistics.rejected[0].reason, "nothing_lost");
  expect_every_line_accounted_for(statistics);
}

TEST(FeedOptions, AnAnswerReachesTheStreamInAnotherFile) {
  const std::string depth =
      R"({"e":"depthUpdate","E":1700000000001,"s":"BTCUSDT","U":98,"u":101,"pu":97,)"
      R"("b":[["11","1"]],"a":[]})";
  const TemporaryFile stream{"wss://fstream.binance.com/stream <-> 1.0\n1.5: " + depth + "\n"};
  const TemporaryFile answers{
      "https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT -> 2.5: "
      R"({"lastUpdateId":100,"bids":[["10","1"]],"asks":[["12","1"]]})"
      "\n"};
  Feed feed{{answers.path(), stream.path()}, two_instruments()};
  EXPECT_EQ(all_of(feed), Texts{"2500000000 book 0 11 12 @1700000000001000000"});
  EXPECT_EQ(feed.statistics().unknown_kinds.size(), 1U);
}

TEST(FeedOptions, QuotesFromTrades) {
  const auto row = [](int stamp, const char* side, const char* price) {
    return "binance-futures,BTCUSDT,158302080314500" + std::to_string(stamp) + ",158302080330716" +
           std::to_string(stamp) + ",id," + side + "," + price + ",1\n";
  };
  const TemporaryFile file{"exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n" +
                           row(1, "sell", "10") + row(2, "buy", "12") + row(3, "sell", "12.5") +
                           row(4, "unknown", "13") + row(5, "buy", "14")};
  FeedOptions options;
  options.translator.quotes_from_trades = true;
  Feed feed{{file.path()}, two_instruments(), options};
  EXPECT_EQ(all_of(feed), (Texts{"1583020803307161000 trade 0 10 @1583020803145001000",
                                 "1583020803307162000 trade 0 12 @1583020803145002000",
                                 "1583020803307162000 book 0 10 12 @1583020803145002000",
                                 "1583020803307163000 trade 0 12.5 @1583020803145003000",
                                 "1583020803307164000 trade 0 13 @1583020803145004000",
                                 "1583020803307165000 trade 0 14 @1583020803145005000",
                                 "1583020803307165000 book 0 12.5 14 @1583020803145005000"}));
  Feed plain{{file.path()}, two_instruments()};
  EXPECT_EQ(all_of(plain).size(), 5U);
}

TEST(FeedOptions, TablesOfTardis) {
  const auto read = [](const std::string& text, const std::string& header) {
    const TemporaryFile file{header + "\n" + text + "\n"};
    Feed feed{{file.path()}, instruments_of({"XBTUSD"})};
    Texts texts = all_of(feed);
    for (const RejectCount& reject : feed.statistics().rejected) {
      if (reject.reason != "header_line") texts.push_back(std::string{reject.reason});
    }
    return texts;
  };
  const std::string start = "exchange,symbol,timestamp,local_timestamp,";
  const std::string row = "bitmex,XBTUSD,1583020803145000,1583020803307160,";
  EXPECT_EQ(read(row + "1583020800000000,0.0001,,1000,9500.5,9500.0,9500.25",
                 start + "funding_timestamp,funding_rate,predicted_funding_rate,open_interest,"
                         "last_price,index_price,mark_price"),
            Texts{"1583020803307160000 mark 0 9500.25 9500 @1583020803145000000"});
  EXPECT_EQ(read(row + "5,9501.5,9501,7", start + "ask_amount,ask_price,bid_price,bid_amount"),
            Texts{"1583020803307160000 book 0 9501 9501.5 @1583020803145000000"});
  EXPECT_EQ(read(row + "5,9501.5,,", start + "ask_amount,ask_price,bid_price,bid_amount"),
            Texts{"one_sided_book"});
  EXPECT_EQ(read(row + "put,9875,,", start + "type,strike_price,bid_price,ask_price"),
            Texts{"options_later"});
  EXPECT_EQ(read(row + "true,ask,6421.5,18640", start + "is_snapshot,side,price,amount"),
            Texts{"unknown_message"});
  EXPECT_EQ(read(row + "5", start + "id,side,price,amount"), Texts{"missing_field"});
  EXPECT_EQ(read(row + "a,buy,x,1", start + "id,side,price,amount"), Texts{"bad_price"});
}

TEST(FeedOptions, DelaysShowTheOffsetOfTheClocks) {
  const TemporaryFile file{quote(1'000'000'000) + quote(2'000'000'000) + quote(2'000'500'000)};
  FeedOptions options;
  options.measures_delays = true;
  Feed feed{{file.path()}, two_instruments(), options};
  (void)all_of(feed);
  const DelaySummary delay = feed.statistics().delay;
  EXPECT_EQ(delay.lines, 3U);
  EXPECT_EQ(delay.least.raw(), -5'000'000);
  EXPECT_EQ(delay.median.raw(), -5'000'000);
  EXPECT_EQ(delay.most.raw(), -4'500'000);
}

}  // namespace
}  // namespace plimsoll::feeds::testing
