#include "engine/gateway/streams.hpp"

#include <gtest/gtest.h>

#include "engine/wire/sbe.hpp"
#include "tests/gateway/open_gateway.hpp"
#include "tests/gateway/test_client.hpp"

// What users see who may see only some accounts.

namespace plimsoll::gateway {
namespace {

AccountRange range(std::uint64_t first, std::uint64_t last) {
  return {AccountId::from_raw(first), AccountId::from_raw(last)};
}

/// numbered_event() is of account number % 10.
GatewaySettings with_users() {
  GatewaySettings settings;
  settings.users = {{"all", "pw"},
                    {"some", "pw", {range(3, 3), range(7, 8)}},
                    {"nine", "pw", {range(9, 9)}},
                    {"none", "pw", {range(100, 200)}}};
  settings.accounts_max = 1'000;
  return settings;
}

std::vector<std::uint64_t> numbers_of(std::uint64_t first, std::uint64_t last, bool (*sees)(int)) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = first; number <= last; ++number) {
    if (sees(static_cast<int>(number % 10))) numbers.push_back(number);
  }
  return numbers;
}

bool is_some(int account) {
  return account == 3 || account == 7 || account == 8;
}

TEST(Streams, ShowAUserTheEventsOfItsAccountsAndNoOthers) {
  OpenGateway gateway{with_users()};
  gateway.publish(100);
  TestClient some{gateway.port(), gateway.pump()};
  TestClient nine{gateway.port(), gateway.pump()};
  TestClient none{gateway.port(), gateway.pump()};
  TestClient all{gateway.port(), gateway.pump()};
  EXPECT_EQ(some.log_on_as({"some", "pw", "", 1, 0}), 1U);
  EXPECT_EQ(nine.log_on_as({"NINE", "pw", "", 1, 0}), 1U);
  EXPECT_EQ(none.log_on_as({"none", "pw", "", 1, 0}), 1U);
  EXPECT_EQ(all.log_on_as({"all", "pw", "", 1, 0}), 1U);
  gateway.publish(100);
  EXPECT_EQ(some.numbers(60), numbers_of(1, 200, is_some));
  EXPECT_EQ(nine.numbers(20), numbers_of(1, 200, [](int account) { return account == 9; }));
  EXPECT_EQ(all.numbers(200), numbers_of(1, 200, [](int) { return true; }));
  for (TestClient* client : {&some, &nine, &none, &all}) {
    EXPECT_EQ(client->next(milliseconds{10}).type, '?');
  }
}

TEST(Streams, ReplayByTheUsersOwnNumber) {
  OpenGateway gateway{with_users()};
  gateway.publish(200);
  const auto whole = numbers_of(1, 200, is_some);
  for (std::uint64_t from = 1; from <= whole.size(); from += 7) {
    TestClient client{gateway.port(), gateway.pump()};
    EXPECT_EQ(client.log_on_as({"some", "pw", "", from, 0}), from);
    const std::vector<std::uint64_t> rest{whole.begin() + static_cast<std::ptrdiff_t>(from - 1),
                                          whole.end()};
    EXPECT_EQ(client.numbers(rest.size()), rest);
  }
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_as({"some", "pw", "", 0, 0}), whole.size() + 1);
}

TEST(Streams, RetainAsManyOfAUserAsIsConfigured) {
  GatewaySettings settings = with_users();
  settings.user_retained_events = 500;
  OpenGateway gateway{settings};
  gateway.publish(100'000);
  TestClient client{gateway.port(), gateway.pump()};
  const std::uint64_t first = client.log_on_as({"some", "pw", "", 1, 0}).value_or(0);
  EXPECT_GT(first, 1U);
  EXPECT_LE(first, 30'000U - 500 + 1);
  const auto whole = numbers_of(1, 100'000, is_some);
  EXPECT_EQ(client.numbers(1), std::vector{whole[first - 1]});
}

std::string session_of(const GatewaySettings& settings, std::string_view user) {
  OpenGateway gateway{settings};
  TestClient client{gateway.port(), gateway.pump()};
  client.log_on({user, "pw", "", 1, 0});
  const Received answer = client.next();
  return std::string{wire::parse_login_accepted(std::as_bytes(std::span{answer.payload}))->session};
}

TEST(Streams, HaveANameOfTheSessionAndTheAccounts) {
  const std::string some = session_of(with_users(), "some");
  EXPECT_EQ(session_of(with_users(), "all"), "PLIMSOLL");
  EXPECT_EQ(some.size(), 10U);
  EXPECT_EQ(session_of(with_users(), "some"), some);
  EXPECT_NE(session_of(with_users(), "nine"), some);
  GatewaySettings other = with_users();
  other.session = "OTHER";
  EXPECT_NE(session_of(other, "some"), some);
  other = with_users();
  other.users[1].accounts.push_back(range(50, 50));
  EXPECT_NE(session_of(other, "some"), some);
  other.users[1].accounts = {range(7, 7), range(8, 8), range(3, 3)};  // the same, said otherwise
  EXPECT_EQ(session_of(other, "some"), some);
}

TEST(Streams, RejectTheSessionOfAnotherStream) {
  OpenGateway gateway{with_users()};
  const auto answer = [&](std::string_view user, std::string_view session) {
    TestClient client{gateway.port(), gateway.pump()};
    client.log_on({user, "pw", session, 1, 0});
    const Received received = client.next();
    return received.type == 'J' ? received.type + received.payload : std::string{received.type};
  };
  const std::string some = session_of(with_users(), "some");
  EXPECT_EQ(answer("some", some), "A");
  EXPECT_EQ(answer("some", "PLIMSOLL"), "JS");
  EXPECT_EQ(answer("nine", some), "JS");
  EXPECT_EQ(answer("all", some), "JS");
}

TEST(Streams, CountOnFromTheFirstNumberOfAUser) {
  GatewaySettings settings = with_users();
  settings.first_number = 11;
  settings.users.resize(2);
  EXPECT_EQ(Gateway::open(settings).error,
            "first_number of 'some' is not given, and that of the gateway is not 1");
  settings.users[1].first_number = 4;  // 3, 7 and 8 were its first three
  OpenGateway gateway{settings};
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_as({"some", "pw", "", 4, 0}), 4U);
  gateway.publish(10);
  EXPECT_EQ(client.numbers(3), (std::vector<std::uint64_t>{13, 17, 18}));
}

TEST(Streams, OfNoRangesAreRefused) {
  GatewaySettings settings = with_users();
  settings.users[1].accounts = {range(0, 5)};
  EXPECT_EQ(Gateway::open(settings).error, "accounts of 'some' are not ranges from 1 on");
  settings.users[1].accounts = {range(6, 5)};
  EXPECT_EQ(Gateway::open(settings).error, "accounts of 'some' are not ranges from 1 on");
  settings = with_users();
  settings.users[2].name = "SOME";
  EXPECT_EQ(Gateway::open(settings).error, "user name 'SOME' is there twice");
}

TEST(Streams, EndWithTheSession) {
  OpenGateway gateway{with_users()};
  gateway.publish(30);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_as({"some", "pw", "", 1, 0}), 1U);
  gateway->end_session();
  EXPECT_EQ(client.numbers(9).size(), 9U);
  EXPECT_EQ(client.next().type, 'Z');
}

}  // namespace
}  // namespace plimsoll::gateway
