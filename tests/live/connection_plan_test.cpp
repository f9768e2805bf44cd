#include "feeds/live/connection_plan.hpp"

#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace plimsoll::feeds::live {
namespace {

using Texts = std::vector<std::string>;

std::vector<ConnectionPlan> plans(std::string_view venue, const Texts& symbols,
                                  const Texts& channels = {}) {
  const Planned planned = plan_connections(*find_profile(venue), {symbols, channels, std::nullopt});
  EXPECT_EQ(planned.error, "");
  return planned.plans;
}

/// All messages of the only connection.
Texts opening(std::string_view venue, const Texts& symbols, const Texts& channels) {
  const auto planned = plans(venue, symbols, channels);
  EXPECT_EQ(planned.size(), 1U);
  return planned.front().opening;
}

TEST(ConnectionPlan, NamesStreamsInTheTargetOnBinance) {
  const auto planned =
      plans("binance-coinm", {"BTCUSD_PERP", "ethusd_perp"}, {"bookTicker", "depth@100ms"});
  ASSERT_EQ(planned.size(), 1U);
  EXPECT_EQ(to_string(planned.front().url),
            "wss://dstream.binance.com/stream?streams=btcusd_perp@bookTicker/"
            "ethusd_perp@bookTicker/btcusd_perp@depth@100ms/ethusd_perp@depth@100ms");
  EXPECT_TRUE(planned.front().opening.empty());
}

TEST(ConnectionPlan, GoesWhereEachChannelIsServed) {
  const auto planned = plans("binance-usdm", {"BTCUSDT"});
  ASSERT_EQ(planned.size(), 2U);
  EXPECT_EQ(planned[0].url.target, "/market/stream?streams=btcusdt@markPrice@1s/btcusdt@aggTrade");
  EXPECT_EQ(planned[1].url.target, "/public/stream?streams=btcusdt@bookTicker");
}

// What is expected here was recorded from the venues, except for the symbols.
TEST(ConnectionPlan, SubscribesInTheWordsOfEachVenue) {
  EXPECT_EQ(opening("okx", {"BTC-USD-220527", "BTC-USDT"}, {"tickers", "trades"}),
            (Texts{R"({"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USD-220527"},)"
                   R"({"channel":"tickers","instId":"BTC-USDT"},)"
                   R"({"channel":"trades","instId":"BTC-USD-220527"},)"
                   R"({"channel":"trades","instId":"BTC-USDT"}]})"}));
  EXPECT_EQ(opening("bybit", {"BANDUSDT"}, {"orderbook.1"}),
            (Texts{R"({"op":"subscribe","args":["orderbook.1.BANDUSDT"]})"}));
  EXPECT_EQ(opening("bitmex", {"XRPU21", "XBTUSD"}, {"orderBookL2"}),
            (Texts{R"({"op":"subscribe","args":["orderBookL2:XRPU21","orderBookL2:XBTUSD"]})"}));
  EXPECT_EQ(
      opening("kraken-futures", {"fi_ethusd_211231", "pi_xrpusd"}, {"book", "trade"}),
      (Texts{
          R"({"event":"subscribe","feed":"book","product_ids":["fi_ethusd_211231","pi_xrpusd"]})",
          R"({"event":"subscribe","feed":"trade","product_ids":["fi_ethusd_211231","pi_xrpusd"]})"}));
  EXPECT_EQ(
      opening("coinbase", {"SKL-USD", "SKL-BTC"}, {"level2"}),
      (Texts{R"({"type":"subscribe","product_ids":["SKL-USD","SKL-BTC"],"channels":["level2"]})"}));
  EXPECT_EQ(
      opening("bitcom", {"ETH-17DEC21-5800-C"}, {"depth"}),
      (Texts{R"({"type":"subscribe","instruments":["ETH-17DEC21-5800-C"],"channels":["depth"]})"}));
  EXPECT_EQ(opening("dydx", {"ETH-USD", "MKR-USD"}, {"v4_trades"}),
            (Texts{R"({"type":"subscribe","channel":"v4_trades","id":"ETH-USD"})",
                   R"({"type":"subscribe","channel":"v4_trades","id":"MKR-USD"})"}));
  EXPECT_EQ(
      opening("deribit", {"BTC-PERPETUAL"}, {"ticker.{symbol}.raw", "quote"}),
      (Texts{R"({"jsonrpc":"2.0","id":1,"method":"public/set_heartbeat","params":{"interval":10}})",
             R"({"jsonrpc":"2.0","id":100,"method":"public/subscribe","params":{"channels":)"
             R"(["ticker.BTC-PERPETUAL.raw","quote.BTC-PERPETUAL"]}})"}));
}

TEST(ConnectionPlan, KeepsEveryTopicOnceWithinTheLimitsOfTheVenue) {
  Texts symbols;
  for (int i = 0; i < 1'234; ++i) symbols.push_back("S" + std::to_string(i) + "USDT");
  symbols.push_back(symbols.front());  // asked for twice
  const std::regex symbol{"s[0-9]+usdt", std::regex::icase};
  for (const VenueProfile& profile : venue_profiles()) {
    std::map<std::string, int> found;
    for (const ConnectionPlan& plan : plans(profile.name, symbols, {"one", "two"})) {
      Texts texts = plan.opening;
      texts.push_back(plan.url.target);
      std::ptrdiff_t on_connection = 0;
      for (const std::string& text : texts) {
        const std::sregex_iterator first{text.begin(), text.end(), symbol};
        const std::ptrdiff_t in_message = std::distance(first, {});
        for (auto match = first; match != std::sregex_iterator{}; ++match) ++found[match->str()];
        ASSERT_LE(in_message, static_cast<std::ptrdiff_t>(profile.batch_max)) << profile.name;
        on_connection += in_message;
      }
      ASSERT_LE(on_connection, static_cast<std::ptrdiff_t>(profile.topics_max)) << profile.name;
    }
    EXPECT_EQ(found.size(), 1'234U) << profile.name;
    for (const auto& [name, count] : found) ASSERT_EQ(count, 2) << profile.name << " " << name;
  }
}

TEST(ConnectionPlan, RefusesWhatWouldChangeTheMessages) {
  const VenueProfile& profile = *find_profile("okx");
  for (const char* text : {"", "A\"", "A\\", "A B", "A\n", "\xc3\xa9"}) {
    EXPECT_NE(plan_connections(profile, {{text}, {}, std::nullopt}).error, "") << text;
    EXPECT_NE(plan_connections(profile, {{"A"}, {text}, std::nullopt}).error, "") << text;
  }
  EXPECT_NE(plan_connections(profile, {{}, {}, std::nullopt}).error, "");
}

TEST(ConnectionPlan, UsesAnotherUrlForEveryChannel) {
  const Wanted wanted{{"BTCUSDT"}, {}, parse_url("ws://127.0.0.1:9000/stream")};
  const Planned planned = plan_connections(*find_profile("binance-usdm"), wanted);
  ASSERT_EQ(planned.plans.size(), 1U);
  EXPECT_EQ(to_string(planned.plans.front().url),
            "ws://127.0.0.1:9000/stream?streams=btcusdt@markPrice@1s/btcusdt@bookTicker/"
            "btcusdt@aggTrade");
}

TEST(VenueProfile, HasAUrlAndABelievableHeartbeatForEveryVenue) {
  std::set<std::string_view> names;
  for (const VenueProfile& profile : venue_profiles()) {
    EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
    ASSERT_TRUE(parse_url(profile.url)) << profile.name;
    EXPECT_TRUE(parse_url(profile.url)->secure) << profile.name;
    EXPECT_GT(profile.heartbeat.silence_max, profile.heartbeat.ping_every) << profile.name;
    EXPECT_EQ(profile.heartbeat.challenge.empty(), profile.heartbeat.answer.empty());
    EXPECT_EQ(find_profile(profile.name), &profile);
  }
  EXPECT_EQ(find_profile("nowhere"), nullptr);
}

}  // namespace
}  // namespace plimsoll::feeds::live
