#include "feeds/live/venue_profile.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::feeds::live {
namespace {

using std::chrono::milliseconds;

// Venues that send something every second are dead after 30 s, others after 90 s. A ping costs
// nothing, and every venue takes one of the protocol every 15 s.
constexpr Heartbeat kBusy{.ping_every = milliseconds{15'000}, .silence_max = milliseconds{30'000}};
constexpr Heartbeat kQuiet{.ping_every = milliseconds{15'000}, .silence_max = milliseconds{90'000}};

// The answer to a ping of these keeps the silence away when nothing trades.
constexpr Heartbeat kBybitHeartbeat{.ping_every = milliseconds{20'000},
                                    .ping = R"({"op":"ping"})",
                                    .silence_max = milliseconds{45'000}};
constexpr Heartbeat kPingPong{.ping_every = milliseconds{25'000},
                              .ping = "ping",
                              .pong = "pong",
                              .silence_max = milliseconds{55'000}};
constexpr Heartbeat kDeribitHeartbeat{
    .ping_every = milliseconds{15'000},
    .challenge = R"("test_request")",
    .answer = R"({"jsonrpc":"2.0","id":2,"method":"public/test","params":{}})",
    .silence_max = milliseconds{30'000}};

constexpr std::string_view kOpSubscribe = R"({"op":"subscribe","args":[{topics}]})";

/// Books and quotes of the USD-M futures have a path of their own.
constexpr std::array kBinanceRoutes{Route{"bookTicker", "/public/stream"},
                                    Route{"depth", "/public/stream"}};

constexpr VenueProfile binance(std::string_view name, std::string_view url,
                               std::span<const Route> routes, std::string_view channels,
                               Heartbeat heartbeat) {
  return {.name = name,
          .url = url,
          .routes = routes,
          .default_channels = channels,
          .lower_case_symbols = true,
          .topic = "{symbol}@{channel}",
          .opening = {},
          .subscribe = "?streams={topics}",
          .grouping = Grouping::in_target,
          .batch_max = 200,
          .topics_max = 200,
          .heartbeat = heartbeat};
}

constexpr VenueProfile bybit(std::string_view name, std::string_view url) {
  return {.name = name,
          .url = url,
          .routes = {},
          .default_channels = "tickers,publicTrade",
          .lower_case_symbols = false,
          .topic = "{channel}.{symbol}",
          .opening = {},
          .subscribe = kOpSubscribe,
          .grouping = Grouping::all_topics,
          .batch_max = 10,
          .topics_max = 500,
          .heartbeat = kBybitHeartbeat};
}

constexpr std::array kProfiles{
    binance("binance-usdm", "wss://fstream.binance.com/market/stream", kBinanceRoutes,
            "markPrice@1s,bookTicker,aggTrade", kBusy),
    binance("binance-coinm", "wss://dstream.binance.com/stream", {},
            "markPrice@1s,bookTicker,aggTrade", kBusy),
    binance("binance-spot", "wss://stream.binance.com:9443/stream", {}, "bookTicker,trade", kQuiet),
    VenueProfile{.name = "deribit",
                 .url = "wss://www.deribit.com/ws/api/v2",
                 .routes = {},
                 .default_channels = "ticker.{symbol}.100ms",
                 .lower_case_symbols = false,
                 .topic = "{channel}.{symbol}",
                 .opening = R"({"jsonrpc":"2.0","id":1,"method":"public/set_heartbeat",)"
                            R"("params":{"interval":10}})",
                 .subscribe = R"({"jsonrpc":"2.0","id":{id},"method":"public/subscribe",)"
                              R"("params":{"channels":[{topics}]}})",
                 .grouping = Grouping::all_topics,
                 .batch_max = 200,
                 .topics_max = 500,
                 .heartbeat = kDeribitHeartbeat},
    bybit("bybit", "wss://stream.bybit.com/v5/public/linear"),
    bybit("bybit-inverse", "wss://stream.bybit.com/v5/public/inverse"),
    bybit("bybit-spot", "wss://stream.bybit.com/v5/public/spot"),
    bybit("bybit-option", "wss://stream.bybit.com/v5/public/option"),
    VenueProfile{.name = "okx",
                 .url = "wss://ws.okx.com:8443/ws/v5/public",
                 .routes = {},
                 .default_channels = "mark-price,tickers,trades",
                 .lower_case_symbols = false,
                 .topic = R"({"channel":"{channel}","instId":"{symbol}"})",
                 .opening = {},
                 .subscribe = kOpSubscribe,
                 .grouping = Grouping::all_topics,
                 .batch_max = 100,
                 .topics_max = 400,
                 .heartbeat = kPingPong},
    VenueProfile{.name = "coinbase",
                 .url = "wss://ws-feed.exchange.coinbase.com",
                 .routes = {},
                 .default_channels = "ticker,heartbeat",
                 .lower_case_symbols = false,
                 .topic = "{channel}:{symbol}",
                 .opening = {},
                 .subscribe = R"({"type":"subscribe","product_ids":[{symbols}],)"
                              R"("channels":["{channel}"]})",
                 .grouping = Grouping::per_channel,
                 .batch_max = 100,
                 .topics_max = 400,
                 .heartbeat = kBusy},
    VenueProfile{.name = "kraken-futures",
                 .url = "wss://futures.kraken.com/ws/v1",
                 .routes = {},
                 .default_channels = "ticker,trade",
                 .lower_case_symbols = false,
                 .topic = "{channel}:{symbol}",
                 .opening = {},
                 .subscribe = R"({"event":"subscribe","feed":"{channel}",)"
                              R"("product_ids":[{symbols}]})",
                 .grouping = Grouping::per_channel,
                 .batch_max = 100,
                 .topics_max = 400,
                 .heartbeat = kBusy},
    VenueProfile{.name = "bitmex",
                 .url = "wss://ws.bitmex.com/realtime",
                 .routes = {},
                 .default_channels = "instrument,quote,trade",
                 .lower_case_symbols = false,
                 .topic = "{channel}:{symbol}",
                 .opening = {},
                 .subscribe = kOpSubscribe,
                 .grouping = Grouping::all_topics,
                 .batch_max = 50,
                 .topics_max = 400,
                 .heartbeat = kPingPong},
    VenueProfile{.name = "dydx",
                 .url = "wss://indexer.dydx.trade/v4/ws",
                 .routes = {},
                 .default_channels = "v4_orderbook,v4_trades",
                 .lower_case_symbols = false,
                 .topic = "{channel}:{symbol}",
                 .opening = {},
                 .subscribe = R"({"type":"subscribe","channel":"{channel}","id":"{symbol}"})",
                 .grouping = Grouping::per_topic,
                 .batch_max = 1,
                 .topics_max = 64,
                 .heartbeat = kQuiet},
    VenueProfile{.name = "bitcom",
                 .url = "wss://ws.bit.com",
                 .routes = {},
                 .default_channels = "ticker",
                 .lower_case_symbols = false,
                 .topic = "{channel}:{symbol}",
                 .opening = {},
                 .subscribe = R"({"type":"subscribe","instruments":[{symbols}],)"
                              R"("channels":["{channel}"]})",
                 .grouping = Grouping::per_channel,
                 .batch_max = 100,
                 .topics_max = 400,
                 .heartbeat = kQuiet},
};

}  // namespace

std::span<const VenueProfile> venue_profiles() noexcept {
  return kProfiles;
}

const VenueProfile* find_profile(std::string_view name) noexcept {
  const auto* found =
      std::find_if(kProfiles.begin(), kProfiles.end(),
                   [&](const VenueProfile& profile) { return profile.name == name; });
  return found == kProfiles.end() ? nullptr : found;
}

}  // namespace plimsoll::feeds::live
