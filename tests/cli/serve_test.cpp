// Goal: the service works as its users run it: a venue, a matching engine that is killed and comes
// back, the service between them, a subscriber. Method: all of them as processes; what the
// subscriber saw and what the record says must agree.

#include <array>
#include <chrono>
#include <csignal>
#include <memory>
#include <regex>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/process.hpp"
#include "tests/support/one_contract.hpp"

namespace plimsoll::cli::testing {
namespace {

/// A port that was free a moment ago.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  socklen_t size = sizeof address;
  EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

/// An HTTP/1.0 answer, whole.
std::string ask(std::uint16_t port, const std::string& question) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    (void)::send(socket, question.data(), question.size(), MSG_NOSIGNAL);
    std::array<char, 4096> buffer{};
    for (ssize_t size = 1; size > 0;) {
      size = ::recv(socket, buffer.data(), buffer.size(), 0);
      if (size > 0) answer.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }
  ::close(socket);
  return answer;
}
std::string get(std::uint16_t port, const std::string& target) {
  return ask(port, "GET " + target + " HTTP/1.0\r\n\r\n");
}
std::string post(std::uint16_t port, const std::string& target, const std::string& body) {
  return ask(port, "POST " + target + " HTTP/1.0\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body);
}

constexpr const char* kService = R"(
[gateway]
port = @EVENTS
[service]
status = "127.0.0.1:@STATUS"
idle = "sleep"
flight_file = "@FLIGHT"
[[feed]]
venue = "binance-usdm"
channels = ["bookTicker"]
url = "ws://127.0.0.1:@VENUE"
[matching]
connect = "127.0.0.1:@MATCHING"
[[operator]]
name = "desk"
key_file = "@KEY"
)";

class Serve : public ::testing::Test {
 protected:
  Serve() {
    std::string text = std::string{support::kOneContract} + kService;
    const auto put = [&text](const std::string& mark, const std::string& value) {
      text.replace(text.find(mark), mark.size(), value);
    };
    put("@EVENTS", std::to_string(events_));
    put("@STATUS", std::to_string(status_));
    put("@VENUE", std::to_string(venue_));
    put("@MATCHING", std::to_string(matching_));
    put("@FLIGHT", folder_.at("flight"));
    put("@KEY", folder_.write("key", std::string(40, 'k')));
    ::chmod(folder_.at("key").c_str(), 0600);
    config_ = folder_.write("serve.toml", text);
    // From 50,000 down to 49,100 within a second: whoever is long with a thin margin is in breach.
    std::string capture;
    for (int i = 0; i < 100; ++i) {
      const std::int64_t stamp = 1'700'000'000'000'000'000 + i * 10'000'000LL;
      const std::int64_t ms = stamp / 1'000'000;
      const int price = 50'000 - 9 * i;
      capture += std::to_string(stamp) + R"( {"e":"bookTicker","u":)" + std::to_string(i + 1) +
                 R"(,"s":"BTCUSDT","b":")" + std::to_string(price) + R"(.0","B":"1","a":")" +
                 std::to_string(price) + R"(.1","A":"1","T":)" + std::to_string(ms) + R"(,"E":)" +
                 std::to_string(ms) + "}\n";
    }
    capture_ = folder_.write("capture", capture);
    accounts_ = folder_.write(
        "accounts.jsonl",
        R"({"account":1,"owner":1,"profile":"standard","asset":"USDT","balance":"600","positions":[{"instrument":"BTCUSDT","quantity":"0.5","entry_price":"50000"}]})"
        "\n"
        R"({"account":2,"owner":2,"profile":"standard","asset":"USDT","balance":"100000"})"
        "\n");
    std::string inputs;
    for (int i = 1; i <= 40; ++i) {
      inputs += R"({"input":"withdrawal_requested","time":"+)" + std::to_string(i * 100) +
                R"(ms","account":2,"amount":"1","transfer":)" + std::to_string(i) +
                R"(,"asset":"USDT"})" + "\n";
    }
    inputs_ = folder_.write("inputs.jsonl", inputs);
  }

  Arguments stand_in() const {
    return {"stand-in",
            "--config",
            config_,
            "--listen",
            std::to_string(matching_),
            "--accounts",
            accounts_,
            "--inputs",
            inputs_,
            "--journal",
            folder_.at("journal"),
            "--events",
            "127.0.0.1:" + std::to_string(events_)};
  }
  static std::size_t count(const std::string& text, const std::string& word) {
    std::size_t found = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      ++found;
    }
    return found;
  }

  TemporaryFolder folder_;
  std::uint16_t events_{free_port()};
  std::uint16_t status_{free_port()};
  std::uint16_t venue_{free_port()};
  std::uint16_t matching_{free_port()};
  std::string config_;
  std::string capture_;
  std::string accounts_;
  std::string inputs_;
};

TEST_F(Serve, LiquidatesAtAMatchingEngineThatIsKilledAndComesBack) {
  Process venue{{"serve-capture", "--listen", std::to_string(venue_), "--speed", "1", capture_}};
  const std::string record = folder_.at("record");
  Process service{{"serve", "--config", config_, "--record", record}};
  auto matching = std::make_unique<Process>(stand_in());
  ASSERT_TRUE(service.wait_until(
      [&] { return get(status_, "/ready").find(" 200 ") != std::string::npos; }));
  Process tail{{"tail", "--json", "--connect", "127.0.0.1:" + std::to_string(events_)}};
  ASSERT_TRUE(tail.wait_until([&] { return count(tail.out(), "\"withdrawal_accepted\"") >= 8; }));

  matching->send(SIGKILL);
  EXPECT_EQ(matching->wait().code, 128 + SIGKILL);
  ASSERT_TRUE(service.wait_until([&] {
    return get(status_, "/ready").find("matching engine: connecting") != std::string::npos;
  }));
  matching = std::make_unique<Process>(stand_in());
  ASSERT_TRUE(tail.wait_until([&] {
    const std::string seen = tail.out();
    return count(seen, "\"withdrawal_accepted\"") >= 40 &&
           count(seen, "\"liquidation_completed\"") + count(seen, "\"account_taken_over\"") >= 1;
  }));

  const std::string metrics = get(status_, "/metrics");
  EXPECT_NE(metrics.find("plimsoll_stage_seconds_count{stage=\"judge\"}"), std::string::npos);
  EXPECT_NE(metrics.find("plimsoll_matching_log_ons_total 2"), std::string::npos) << metrics;
  EXPECT_NE(get(status_, "/flight").find("PLMFLT01"), std::string::npos);
  EXPECT_NE(get(status_, "/nothing").find(" 404 "), std::string::npos);

  service.send(SIGTERM);
  const Finished served = service.wait();
  EXPECT_EQ(served.code, kOk) << served.err;
  EXPECT_NE(served.out.find("conservation          ok"), std::string::npos) << served.out;
  const Finished followed = tail.wait();
  EXPECT_EQ(followed.code, kOk) << followed.err;
  EXPECT_NE(followed.err.find(" 0 missed"), std::string::npos) << followed.err;
  for (int i = 1; i <= 40; ++i) {
    EXPECT_EQ(count(followed.out, "\"transfer\":" + std::to_string(i) + ","), 1U) << i;
  }
  EXPECT_GE(count(followed.out, "\"liquidation_fill_applied\""), 1U);

  std::smatch hash;
  ASSERT_TRUE(std::regex_search(served.out, hash, std::regex{R"(event hash\s+(\S+))"}));
  const Finished replayed = run({"replay", "--config", config_, record});
  EXPECT_EQ(replayed.code, kOk) << replayed.err;
  EXPECT_NE(replayed.out.find(hash[1].str()), std::string::npos) << replayed.out << served.out;
}

TEST_F(Serve, TakesWhatAnOperatorHasSignedAndNothingElse) {
  Process venue{{"serve-capture", "--listen", std::to_string(venue_), "--speed", "1", capture_}};
  Process service{{"serve", "--config", config_}};
  ASSERT_TRUE(service.wait_until([&] { return !get(status_, "/health").empty(); }));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string time =
      std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  const std::string line = R"({"input":"liquidations_paused","time":)" + time +
                           R"(,"reason":"operator","by":"desk","number":1})" + "\n";
  const Finished signed_line = run({"sign", "--config", config_, "--operator", "desk"}, line);
  ASSERT_EQ(signed_line.code, kOk) << signed_line.err;
  EXPECT_NE(post(status_, "/inputs", line).find("signature"), std::string::npos);
  EXPECT_NE(post(status_, "/inputs", signed_line.out).find(" 202 "), std::string::npos);
  const std::string deposit = R"({"input":"deposited","time":)" + time +
                              R"(,"account":2,"amount":"1","transfer":1,"asset":"USDT"})";
  EXPECT_NE(post(status_, "/inputs", deposit).find("not one that an operator says"),
            std::string::npos);
  Process tail{{"tail", "--json", "--connect", "127.0.0.1:" + std::to_string(events_)}};
  EXPECT_TRUE(
      tail.wait_until([&] { return count(tail.out(), "\"liquidation_pause_changed\"") == 1; }));
  service.send(SIGTERM);
  EXPECT_EQ(service.wait().code, kOk);
}

TEST_F(Serve, WritesAFlightRecordWhenItCrashes) {
  Process venue{{"serve-capture", "--listen", std::to_string(venue_), "--speed", "1", capture_}};
  Process service{{"serve", "--config", config_}};
  ASSERT_TRUE(service.wait_until([&] {
    return get(status_, "/metrics").find("plimsoll_feed_messages_total") != std::string::npos &&
           get(status_, "/health").find("last message") != std::string::npos;
  }));
  service.send(SIGABRT);
  EXPECT_EQ(service.wait().code, 128 + SIGABRT);
  const Finished flight = run({"flight", folder_.at("flight")});
  EXPECT_EQ(flight.code, kOk) << flight.err;
  EXPECT_NE(flight.out.find("\"input\":\"book_quoted\""), std::string::npos);
}

TEST_F(Serve, SaysWhatKeepsItFromBeingReady) {
  Process service{{"serve", "--config", config_}};
  ASSERT_TRUE(service.wait_until([&] { return !get(status_, "/ready").empty(); }));
  const std::string answer = get(status_, "/ready");
  EXPECT_NE(answer.find(" 503 "), std::string::npos);
  EXPECT_NE(answer.find("feed binance-usdm: not connected, no message yet"), std::string::npos)
      << answer;
  EXPECT_NE(answer.find("matching engine: connecting"), std::string::npos) << answer;
  service.send(SIGINT);
  EXPECT_EQ(service.wait().code, kOk);
}

TEST_F(Serve, RefusesABookBeyondItsLimits) {
  std::string book;
  for (int i = 1; i <= 4'097; ++i) {
    book += R"({"account":)" + std::to_string(i) +
            R"(,"profile":"standard","asset":"USDT","balance":"1"})" + "\n";
  }
  const std::string path = folder_.write("large.jsonl", book);
  expect_refusal({"serve", "--config", config_, "--accounts", path}, kBadInput,
                 {path + ":4097: account = 4097: is more than limits.accounts = 4096"});
}

TEST_F(Serve, RefusesWhatCannotBeOpened) {
  Process first{{"serve", "--config", config_}};
  ASSERT_TRUE(first.wait_until([&] { return !get(status_, "/health").empty(); }));
  expect_refusal({"serve", "--config", config_}, kFailed,
                 {"cannot listen on 127.0.0.1:" + std::to_string(events_)});
  first.send(SIGTERM);
  EXPECT_EQ(first.wait().code, kOk);
}

}  // namespace
}  // namespace plimsoll::cli::testing
