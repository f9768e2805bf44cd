#include "tests/service/market_day.hpp"

#include <array>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/wire/commands.hpp"
#include "tests/support/one_contract.hpp"

namespace plimsoll::service::testing {
namespace {

constexpr const char* kFreePorts = R"(
[gateway]
port = 0
[service]
status = "127.0.0.1:0"
)";

std::string write_capture(int seconds, int swing_ms) {
  const std::string path = ::testing::TempDir() + "day" + std::to_string(::getpid());
  std::ofstream file{path};
  std::uint64_t number = 0;
  for (int ms = 0; ms < seconds * 1'000; ++ms) {
    const std::int64_t stamp = 1'700'000'000'000'000'000 + ms * 1'000'000LL;
    const int price = (ms / swing_ms % 2 == 0 ? 50'060 : 49'900);
    file << stamp << R"( {"e":"bookTicker","u":)" << ++number << R"(,"s":"BTCUSDT","b":")" << price
         << R"(.0","B":"1","a":")" << price << R"(.1","A":"1","T":)" << stamp / 1'000'000
         << R"(,"E":)" << stamp / 1'000'000 << "}\n";
  }
  return path;
}

}  // namespace

MarketDay::MarketDay(int seconds, int swing_ms) : capture_{write_capture(seconds, swing_ms)} {
  feeds::live::ServerSettings venue;
  venue.captures = {capture_};
  venue.speed = 1;
  auto started = feeds::live::CaptureServer::start(venue);
  EXPECT_EQ(started.error, "");
  venue_ = std::move(started.server);
  gateway::GatewaySettings matching;
  matching.session = "MATCHING";
  auto opened = gateway::Gateway::open(matching);
  EXPECT_EQ(opened.error, "");
  matching_ = std::move(opened.gateway);
}

MarketDay::~MarketDay() {
  ::unlink(capture_.c_str());
}

configuration::Configuration MarketDay::configuration() const {
  auto result = configuration::parse_configuration(std::string{support::kOneContract} + kFreePorts,
                                                   "day.toml");
  for (const auto& error : result.errors) ADD_FAILURE() << configuration::to_string(error);
  configuration::Configuration configuration = *result.configuration;
  configuration::LiveFeedSettings feed;
  feed.venue = "binance-usdm";
  feed.channels = {"bookTicker"};
  feed.url = "ws://127.0.0.1:" + std::to_string(venue_->port());
  configuration.feeds.push_back(feed);
  configuration.matching.emplace();
  configuration.matching->connect = {"127.0.0.1", matching_->port()};
  configuration.service.flight_file = ::testing::TempDir() + "flight" + std::to_string(::getpid());
  return configuration;
}

void MarketDay::say(const InputBody& body) {
  std::array<std::byte, wire::kCommandSizeMax> bytes{};
  const std::size_t size = wire::encode_command(body, bytes);
  matching_->publish(std::span{bytes}.first(size));
}

void MarketDay::say_account(std::uint64_t number, std::int64_t usdt) {
  const AccountId account = AccountId::from_raw(number);
  say(AccountOpened{account, OwnerId::from_raw(number), {}, {}, {}, {}, {}});
  say(Deposited{account, Amount::from_raw(usdt * 1'000'000), {}, {}});
  say(TradeFilled{
      account, {}, Quantity::from_raw(500), Price::from_raw(50'000'000'000'000), {}, {}, {}, {}});
}

}  // namespace plimsoll::service::testing
