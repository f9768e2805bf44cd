#include <gtest/gtest.h>

#include "tests/gateway/open_gateway.hpp"
#include "tests/gateway/test_client.hpp"

// What a client is answered when it connects, with real sockets.

namespace plimsoll::gateway {
namespace {

std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = first; number <= last; ++number) numbers.push_back(number);
  return numbers;
}

TEST(LogOn, ReplaysFromTheStartAndGoesOnWithWhatIsNew) {
  OpenGateway gateway;
  gateway.publish(1'000);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1U);
  EXPECT_EQ(client.numbers(1'000), range(1, 1'000));
  gateway.publish(10);
  EXPECT_EQ(client.numbers(10), range(1'001, 1'010));
  EXPECT_EQ(gateway->counters().sessions, 1U);
}

// Wireshark begins a conversation with the answer, and loses its place in the stream when an event
// that is cut came in the same segment.
TEST(LogOn, IsAnsweredInASegmentOfItsOwn) {
  OpenGateway gateway;
  gateway.publish(5);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1U);
  EXPECT_EQ(client.numbers(5), range(1, 5));
  EXPECT_EQ(client.segments(), 2U);
}

TEST(LogOn, ReplaysFromTheMiddle) {
  OpenGateway gateway;
  gateway.publish(1'000);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(501), 501U);
  EXPECT_EQ(client.numbers(500), range(501, 1'000));
}

TEST(LogOn, BeginsWithTheNextNewEventWhenAskedForZero) {
  OpenGateway gateway;
  gateway.publish(1'000);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(0), 1'001U);
  gateway.publish(1);
  EXPECT_EQ(client.numbers(1), range(1'001, 1'001));
}

TEST(LogOn, BeginsWithTheNextNewEventWhenAskedForTheFuture) {
  OpenGateway gateway;
  gateway.publish(10);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(18'446'744'073'709'551'615U), 11U);
  gateway.publish(1);
  EXPECT_EQ(client.numbers(1), range(11, 11));
}

TEST(LogOn, BeginsWhereRetentionStartsWhenAskedForSomethingOlder) {
  GatewaySettings settings;
  settings.retained_events = 100;
  OpenGateway gateway{settings};
  gateway.publish(10'000);
  const std::uint64_t first = gateway->first_retained();
  ASSERT_GT(first, 1U);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), first);
  EXPECT_EQ(client.numbers(10'001 - first), range(first, 10'000));
}

TEST(LogOn, CountsFromTheFirstNumberOfTheSettings) {
  GatewaySettings settings;
  settings.first_number = 1'000'000;
  OpenGateway gateway{settings};
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(1), 1'000'000U);
  gateway.publish(3);
  EXPECT_EQ(client.numbers(3), range(1'000'000, 1'000'002));
}

GatewaySettings with_user() {
  GatewaySettings settings;
  settings.users = {{"desk", "secret"}};
  settings.session = "DAY7";
  return settings;
}

/// What the gateway answers, and whether it then closes.
std::string answer_to(const wire::LoginRequest& request) {
  OpenGateway gateway{with_user()};
  TestClient client{gateway.port(), gateway.pump()};
  client.log_on(request);
  const Received answer = client.next();
  if (answer.type == 'J') {
    EXPECT_EQ(client.next().type, '\0');
    EXPECT_EQ(gateway->counters().log_on_failures, 1U);
  }
  return answer.type + answer.payload;
}

TEST(LogOn, RejectsAWrongPasswordWithA) {
  EXPECT_EQ(answer_to({"desk", "wrong", "", 1, 0}), "JA");
  EXPECT_EQ(answer_to({"desk", "", "", 1, 0}), "JA");
  EXPECT_EQ(answer_to({"", "secret", "", 1, 0}), "JA");
  EXPECT_EQ(answer_to({"desk", "wrong", "OTHER", 1, 0}), "JA");
}

TEST(LogOn, RejectsAnotherSessionWithS) {
  EXPECT_EQ(answer_to({"desk", "secret", "DAY6", 1, 0}), "JS");
}

TEST(LogOn, AcceptsTheRightPasswordInAnyCaseAndTheSessionByNameOrBlank) {
  EXPECT_EQ(answer_to({"DESK", "Secret", "", 1, 0}), "A      DAY7                   1");
  EXPECT_EQ(answer_to({"desk", "secret", "DAY7", 0, 0}), "A      DAY7                   1");
}

TEST(LogOn, SpeaksTheLongRequestAndKeepsItsTimeout) {
  GatewaySettings settings;
  settings.heartbeat = Milliseconds{20};
  OpenGateway gateway{settings};
  TestClient client{gateway.port(), gateway.pump()};
  client.send(wire::login_request_packet_with_timeout({"", "", "", 1, 100}));
  EXPECT_EQ(client.next_any().type, 'A');
  while (client.next_any().type == 'H') {
  }
  EXPECT_EQ(gateway->counters().silent_clients_cut, 1U);
}

/// Sends bytes instead of a log-on. The gateway must close without an answer, and live on.
void expect_closed_after(std::string_view bytes) {
  OpenGateway gateway;
  TestClient client{gateway.port(), gateway.pump()};
  client.send(bytes);
  EXPECT_EQ(client.next().type, '\0');
  EXPECT_EQ(gateway->counters().log_on_failures, 1U);
  EXPECT_EQ(gateway->counters().connections, 0U);
  TestClient other{gateway.port(), gateway.pump()};
  EXPECT_EQ(other.log_on_from(1), 1U);
}

TEST(LogOn, ClosesOnWhateverIsNoLogOn) {
  expect_closed_after({"\0\0", 2});
  expect_closed_after("GET / HTTP/1.1\r\n\r\n");
  expect_closed_after(std::string_view{"\xff\xff", 2});
  expect_closed_after({"\0\1R", 3});
  expect_closed_after({"\0\1L", 3});
  expect_closed_after({"\0\2Ux", 4});
  const auto request = wire::login_request_packet({"", "", "", 1, 0});
  std::string bad_number{reinterpret_cast<const char*>(request.data()), request.size()};
  bad_number.back() = 'x';
  expect_closed_after(bad_number);
}

TEST(LogOn, IsWaitedForOnlyUntilTheDeadline) {
  GatewaySettings settings;
  settings.log_on_deadline = Milliseconds{50};
  OpenGateway gateway{settings};
  TestClient silent{gateway.port(), gateway.pump()};
  TestClient slow{gateway.port(), gateway.pump()};
  slow.send({"\0\x2fL", 3});
  EXPECT_EQ(silent.next().type, '\0');
  EXPECT_EQ(slow.next().type, '\0');
  EXPECT_EQ(gateway->counters().log_on_failures, 2U);
}

TEST(LogOn, WorksByteByByteAndAfterDebugPackets) {
  OpenGateway gateway;
  TestClient client{gateway.port(), gateway.pump()};
  client.send({"\0\3+hi", 5});
  for (const std::byte byte : wire::login_request_packet({"", "", "", 1, 0})) {
    client.send({&byte, 1});
    gateway->poll();
  }
  EXPECT_EQ(client.next().type, 'A');
}

TEST(LogOn, FindsRoomByDroppingWhoConnectedAndSaidNothing) {
  GatewaySettings settings;
  settings.sessions_max = 2;
  OpenGateway gateway{settings};
  TestClient idle{gateway.port(), gateway.pump()};
  TestClient first{gateway.port(), gateway.pump()};
  EXPECT_EQ(first.log_on_from(1), 1U);
  TestClient second{gateway.port(), gateway.pump()};
  EXPECT_EQ(second.log_on_from(1), 1U);
  EXPECT_EQ(idle.next().type, '\0');
  TestClient third{gateway.port(), gateway.pump()};
  EXPECT_EQ(third.next().type, '\0');
  EXPECT_EQ(gateway->counters().connections_refused, 1U);
  EXPECT_EQ(gateway->counters().sessions, 2U);
}

}  // namespace
}  // namespace plimsoll::gateway
