#include "engine/gateway/gateway.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/wire/sbe.hpp"
#include "tests/gateway/open_gateway.hpp"
#include "tests/gateway/test_client.hpp"

// The life of sessions after log-on, with real sockets.

namespace plimsoll::gateway {
namespace {

TEST(Gateway, SaysWhyItCannotListen) {
  OpenGateway first;
  GatewaySettings settings;
  settings.port = first.port();
  const OpenedGateway second = Gateway::open(settings);
  EXPECT_EQ(second.gateway, nullptr);
  EXPECT_EQ(second.error, "cannot listen on 127.0.0.1:" + std::to_string(first.port()) +
                              ": Address already in use");
  settings.address = "192.0.2.1";  // of no machine
  EXPECT_EQ(Gateway::open(settings).error,
            "cannot listen on 192.0.2.1:" + std::to_string(first.port()) +
                ": Cannot assign requested address");
}

template <class Spoil>
std::string error_with(Spoil spoil) {
  GatewaySettings settings;
  spoil(settings);
  const OpenedGateway opened = Gateway::open(settings);
  EXPECT_EQ(opened.gateway, nullptr);
  return opened.error;
}

TEST(Gateway, SaysWhichSettingIsWrong) {
  EXPECT_EQ(error_with([](auto& settings) { settings.address = "localhost"; }),
            "'localhost' is not a numeric address");
  EXPECT_EQ(error_with([](auto& settings) { settings.session = "TOO LONG"; }),
            "session name 'TOO LONG' is not 1 to 10 letters or digits");
  EXPECT_EQ(error_with([](auto& settings) {
              settings.users = {{"toolong", ""}};
            }),
            "user name 'toolong' is not 1 to 6 characters");
  EXPECT_EQ(error_with([](auto& settings) {
              settings.users = {{"a", "elevenchars"}};
            }),
            "password of 'a' is longer than 10 characters");
  EXPECT_NE(error_with([](auto& settings) { settings.retained_events = 0; }), "");
  EXPECT_NE(error_with([](auto& settings) { settings.first_number = 0; }), "");
  EXPECT_NE(error_with([](auto& settings) { settings.sessions_max = 0; }), "");
}

TEST(Gateway, SendsHeartbeatsWhenThereIsNothingElse) {
  GatewaySettings settings;
  settings.heartbeat = Milliseconds{20};
  OpenGateway gateway{settings};
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.next_any().type, 'H');
  gateway.publish(1);
  EXPECT_EQ(client.numbers(1).size(), 1U);
}

TEST(Gateway, CutsAClientThatIsSilentAndKeepsOneThatIsNot) {
  GatewaySettings settings;
  settings.silence_max = Milliseconds{100};
  OpenGateway gateway{settings};
  TestClient silent{gateway.port(), gateway.pump()};
  TestClient alive{gateway.port(), gateway.pump()};
  EXPECT_EQ(silent.log_on_from(1), 1U);
  EXPECT_EQ(alive.log_on_from(1), 1U);
  for (int i = 0; i < 20; ++i) {
    alive.send(wire::empty_packet(wire::PacketType::client_heartbeat));
    EXPECT_EQ(alive.next(milliseconds{15}).type, '?');
  }
  EXPECT_EQ(silent.next().type, '\0');
  EXPECT_EQ(gateway->counters().silent_clients_cut, 1U);
  EXPECT_EQ(gateway->counters().sessions, 1U);
}

TEST(Gateway, ClosesAtOnceOnLogout) {
  OpenGateway gateway;
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1U);
  client.send(wire::empty_packet(wire::PacketType::logout_request));
  EXPECT_EQ(client.next().type, '\0');
  EXPECT_EQ(gateway->counters().protocol_errors, 0U);
}

TEST(Gateway, IgnoresWhatAClientMaySendAndClosesOnAnythingElse) {
  OpenGateway gateway;
  std::uint64_t errors = 0;
  for (const std::string_view bytes : {std::string_view{"\0\1X", 3},
                                       {"\0\2Rx", 4},
                                       {"\0\2Ox", 4},
                                       {"\0\1L", 3},
                                       {"\0\0", 2},
                                       {"\x01\xff", 2},
                                       {"\0\1S", 3}}) {
    TestClient client{gateway.port(), gateway.pump()};
    EXPECT_EQ(client.log_on_from(0), 1U);
    client.send({"\0\1R\0\4Uabc\0\1U\0\3+hi", 17});
    EXPECT_EQ(client.next(milliseconds{10}).type, '?');
    client.send(bytes);
    EXPECT_EQ(client.next().type, '\0');
    EXPECT_EQ(gateway->counters().protocol_errors, ++errors);
  }
}

TEST(Gateway, SurvivesClientsThatReset) {
  OpenGateway gateway;
  gateway.publish(50'000);
  for (int i = 0; i < 20; ++i) {
    TestClient client{gateway.port(), gateway.pump()};
    if (i % 2 == 0) {
      EXPECT_EQ(client.log_on_from(1), 1U);
    }
    client.reset();
  }
  EXPECT_TRUE(gateway.poll_until([&] { return gateway->drained(); }));
}

TEST(Gateway, SurvivesRandomBytesBeforeAndAfterLogOn) {
  OpenGateway gateway;
  gateway.publish(10);
  std::mt19937_64 random{3};
  for (int run = 0; run < 200; ++run) {
    TestClient client{gateway.port(), gateway.pump()};
    if (run % 2 == 0) {
      ASSERT_EQ(client.log_on_from(0), 11U);
    }
    std::string bytes;
    for (std::uint64_t left = random() % 300; left > 0; --left) {
      bytes += static_cast<char>(random() % 4 == 0 ? random() : random() % 3);
    }
    client.send(bytes);
    gateway->poll();
  }
  EXPECT_TRUE(gateway.poll_until([&] { return gateway->drained(); }));
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1U);
  EXPECT_EQ(client.numbers(10).size(), 10U);
}

/// Small buffers on both sides, so that a client that does not read is noticed soon.
GatewaySettings quick_to_cut() {
  GatewaySettings settings;
  settings.send_buffer_bytes = 8'192;
  settings.write_stall_max = Milliseconds{100};
  settings.linger_max = Milliseconds{2'000};
  return settings;
}

/// Reads what a client was sent before it was cut: events without a gap, one notice, the end.
void expect_events_then_one_notice(TestClient& client) {
  std::uint64_t last = 0;
  Received received = client.next();
  for (; received.type == 'S'; received = client.next()) {
    const auto decoded = wire::decode(std::as_bytes(std::span{received.payload}));
    ASSERT_TRUE(decoded.ok());
    ASSERT_EQ(decoded.event.header.number.raw(), ++last);
  }
  EXPECT_GT(last, 0U);
  EXPECT_EQ(received.type, '+');
  EXPECT_NE(received.payload.find("slow consumer"), std::string::npos);
  EXPECT_EQ(client.next().type, '\0');
}

TEST(Gateway, CutsAClientThatDoesNotReadWithOneNoticeAndOthersMissNothing) {
  OpenGateway gateway{quick_to_cut()};
  TestClient slow{gateway.port(), gateway.pump(), 4'096};
  TestClient fast{gateway.port(), gateway.pump()};
  EXPECT_EQ(slow.log_on_from(1), 1U);
  EXPECT_EQ(fast.log_on_from(1), 1U);
  std::uint64_t last = 0;
  while (gateway->counters().slow_consumers_cut == 0) {
    gateway.publish(500);
    for (const std::uint64_t number : fast.numbers(500)) ASSERT_EQ(number, ++last);
    ASSERT_EQ(last % 500, 0U);
    ASSERT_LT(last, 5'000'000U);
  }
  expect_events_then_one_notice(slow);
  gateway.publish(100);
  EXPECT_EQ(fast.numbers(100).back(), last + 100);
  EXPECT_EQ(gateway->counters().slow_consumers_cut, 1U);
  EXPECT_EQ(gateway->counters().sessions, 1U);
}

TEST(Gateway, CutsAClientWhoseNextEventIsNoLongerRetained) {
  GatewaySettings settings = quick_to_cut();
  settings.write_stall_max = Milliseconds{60'000};
  settings.retained_events = 1'000;
  OpenGateway gateway{settings};
  TestClient slow{gateway.port(), gateway.pump(), 4'096};
  EXPECT_EQ(slow.log_on_from(1), 1U);
  gateway.publish(500);
  for (int i = 0; i < 10; ++i) gateway->poll();
  gateway.publish(20'000);
  expect_events_then_one_notice(slow);
  EXPECT_EQ(gateway->counters().slow_consumers_cut, 1U);
}

TEST(Gateway, ClosesACutClientThatNeverReadsWhenItHasLingeredLongEnough) {
  GatewaySettings settings = quick_to_cut();
  settings.linger_max = Milliseconds{50};
  OpenGateway gateway{settings};
  TestClient slow{gateway.port(), gateway.pump(), 4'096};
  EXPECT_EQ(slow.log_on_from(1), 1U);
  gateway.publish(100'000);
  EXPECT_TRUE(gateway.poll_until([&] { return gateway->drained(); }));
  EXPECT_EQ(gateway->counters().slow_consumers_cut, 1U);
}

TEST(Gateway, SendsManyEventsInOneSend) {
  OpenGateway gateway;
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1U);
  gateway.publish(100);
  gateway->flush();
  const std::uint64_t sent = gateway->counters().bytes_sent;
  EXPECT_GT(sent, 100 * 58U);
  EXPECT_EQ(client.numbers(100).size(), 100U);
  EXPECT_EQ(gateway->counters().bytes_sent, sent);
}

TEST(Gateway, LetsNoReplayHoldUpWhoFollowsClosely) {
  GatewaySettings settings;
  settings.write_stall_max = settings.silence_max = Milliseconds{300'000};
  OpenGateway gateway{settings};
  gateway.publish(100'000);
  std::vector<std::unique_ptr<TestClient>> replaying;
  for (int i = 0; i < 20; ++i) {
    replaying.push_back(std::make_unique<TestClient>(gateway.port(), gateway.pump()));
    EXPECT_EQ(replaying.back()->log_on_from(1), 1U);
  }
  TestClient live{gateway.port(), gateway.pump()};
  EXPECT_EQ(live.log_on_from(0), 100'001U);
  for (std::uint64_t number = 100'001; number <= 100'020; ++number) {
    gateway.publish(1);
    const std::uint64_t sent = gateway->counters().bytes_sent;
    gateway->flush();
    EXPECT_LE(gateway->counters().bytes_sent - sent, 5 * 128 * 1'024U);
    ASSERT_EQ(live.numbers(1), std::vector{number});
  }
  for (const auto& client : replaying) EXPECT_EQ(client->numbers(100'020).size(), 100'020U);
}

TEST(Gateway, EndsTheSessionForEachClientAfterItsLastEvent) {
  GatewaySettings settings;
  settings.send_buffer_bytes = 8'192;
  OpenGateway gateway{settings};
  gateway.publish(20'000);
  TestClient behind{gateway.port(), gateway.pump(), 4'096};
  TestClient current{gateway.port(), gateway.pump()};
  TestClient unknown{gateway.port(), gateway.pump()};
  EXPECT_EQ(behind.log_on_from(1), 1U);
  EXPECT_EQ(current.log_on_from(0), 20'001U);
  gateway->end_session();
  EXPECT_EQ(current.next().type, 'Z');
  // The gateway has shut its half only: a heartbeat does no harm.
  EXPECT_EQ(current.next().type, '\0');
  current.send(wire::empty_packet(wire::PacketType::client_heartbeat));
  EXPECT_EQ(behind.numbers(20'000).back(), 20'000U);
  EXPECT_EQ(behind.next().type, 'Z');
  EXPECT_EQ(unknown.next().type, '\0');
  EXPECT_THROW((TestClient{gateway.port(), gateway.pump()}), std::runtime_error);
}

TEST(Gateway, IsDrainedWhenClientsHaveLeftAfterTheEnd) {
  OpenGateway gateway;
  {
    TestClient client{gateway.port(), gateway.pump()};
    EXPECT_EQ(client.log_on_from(1), 1U);
    gateway->end_session();
    EXPECT_EQ(client.next().type, 'Z');
    EXPECT_FALSE(gateway->drained());
  }
  EXPECT_TRUE(gateway.poll_until([&] { return gateway->drained(); }));
  EXPECT_EQ(gateway->counters().connections, 0U);
}

TEST(Gateway, ForgetsAClientThatStaysAfterTheEnd) {
  GatewaySettings settings;
  settings.linger_max = Milliseconds{30};
  OpenGateway gateway{settings};
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1U);
  gateway->end_session();
  EXPECT_TRUE(gateway.poll_until([&] { return gateway->drained(); }));
}

/// The highest file descriptor in use, plus one.
rlim_t descriptors_in_use() {
  int highest = 0;
  DIR* directory = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(directory)) {
    highest = std::max(highest, std::atoi(entry->d_name));
  }
  ::closedir(directory);
  return static_cast<rlim_t>(highest) + 1;
}

TEST(Gateway, AcceptsAgainAfterItRanOutOfFileDescriptors) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan, built together with ASan, needs descriptors of its own";
#endif
  OpenGateway gateway;
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlim_t normal = limit.rlim_cur;
  // The client takes the lowest free descriptor; then there is none left for the gateway.
  limit.rlim_cur = descriptors_in_use() + 16;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  std::vector<int> fillers;
  for (int filler = ::dup(0); filler >= 0; filler = ::dup(0)) fillers.push_back(filler);
  ASSERT_FALSE(fillers.empty());
  ::close(fillers.back());
  fillers.pop_back();
  TestClient client{gateway.port(), gateway.pump()};
  client.log_on({"", "", "", 1, 0});
  EXPECT_TRUE(gateway.poll_until([&] { return gateway->counters().accept_failures > 0; }));
  for (const int filler : fillers) ::close(filler);
  limit.rlim_cur = normal;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(client.next().type, 'A');
}

}  // namespace
}  // namespace plimsoll::gateway
