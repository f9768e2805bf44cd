#include "engine/gateway/gateway_thread.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "engine/wire/sbe.hpp"
#include "tests/gateway/numbered_event.hpp"
#include "tests/gateway/test_client.hpp"

namespace plimsoll::gateway {
namespace {

/// Follows from `from` until End of Session; the number of the last event, or 0 if any was out of
/// order.
std::uint64_t follow_to_the_end(std::uint16_t port, std::uint64_t from) {
  TestClient client{port};
  if (client.log_on_from(from) != from) return 0;
  std::uint64_t next = from;
  for (Received received = client.next(); received.type != 'Z'; received = client.next()) {
    if (received.type != 'S') return 0;
    const auto decoded = wire::decode(std::as_bytes(std::span{received.payload}));
    if (!decoded.ok() || decoded.event.header.number.raw() != next) return 0;
    ++next;
  }
  return next - 1;
}

void expect_everybody_gets_everything(WaitPolicy policy, std::uint64_t events) {
  auto [gateway, error] = GatewayThread::start({}, policy, 4'096);
  ASSERT_NE(gateway, nullptr) << error;
  const std::uint16_t port = gateway->port();
  std::array<std::uint64_t, 3> last{};
  std::array<std::thread, 3> clients;
  for (std::size_t i = 0; i < 2; ++i) {
    clients[i] = std::thread{[&last, i, port] { last[i] = follow_to_the_end(port, 1); }};
  }
  for (std::uint64_t number = 1; number <= events; ++number) {
    gateway->push(numbered_event(number));
    if (number == events / 2) {
      clients[2] = std::thread{[&last, port] { last[2] = follow_to_the_end(port, 1'000); }};
    }
  }
  while (gateway->counters().log_ons < 3) std::this_thread::yield();
  gateway->finish(Milliseconds{10'000});
  for (auto& client : clients) client.join();
  for (const std::uint64_t number : last) EXPECT_EQ(number, events);
  const GatewayCounters counters = gateway->counters();
  EXPECT_EQ(counters.events_published, events);
  EXPECT_EQ(counters.log_ons, 3U);
  EXPECT_EQ(counters.connections, 0U);
  EXPECT_EQ(counters.slow_consumers_cut, 0U);
}

TEST(GatewayThread, GivesEveryClientEveryEventWhenItSleeps) {
  expect_everybody_gets_everything(WaitPolicy::block, 200'000);
}

TEST(GatewayThread, GivesEveryClientEveryEventWhenItSpins) {
  expect_everybody_gets_everything(WaitPolicy::spin, 20'000);
}

TEST(GatewayThread, IsWokenForASingleEvent) {
  auto [gateway, error] = GatewayThread::start({}, WaitPolicy::block, 16);
  ASSERT_NE(gateway, nullptr) << error;
  TestClient client{gateway->port()};
  ASSERT_EQ(client.log_on_from(1), 1U);
  for (std::uint64_t number = 1; number <= 20; ++number) {
    std::this_thread::sleep_for(milliseconds{2});  // it falls asleep
    gateway->push(numbered_event(number));
    ASSERT_EQ(client.numbers(1), std::vector{number});
  }
}

TEST(GatewayThread, TakesMoreThanItsRingHoldsWithoutAnyClient) {
  auto [gateway, error] = GatewayThread::start({}, WaitPolicy::block, 16);
  ASSERT_NE(gateway, nullptr) << error;
  for (std::uint64_t number = 1; number <= 10'000; ++number) gateway->push(numbered_event(number));
  gateway->finish(Milliseconds{1'000});
  EXPECT_EQ(gateway->counters().events_published, 10'000U);
}

TEST(GatewayThread, WaitsForNobodyBeyondTheGrace) {
  GatewaySettings settings;
  settings.send_buffer_bytes = 8'192;
  auto [gateway, error] = GatewayThread::start(settings);
  ASSERT_NE(gateway, nullptr) << error;
  TestClient stuck{gateway->port(), {}, 4'096};
  ASSERT_EQ(stuck.log_on_from(1), 1U);
  for (std::uint64_t number = 1; number <= 50'000; ++number) gateway->push(numbered_event(number));
  const auto start = std::chrono::steady_clock::now();
  gateway->finish(Milliseconds{50});
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds{2'000});
}

TEST(GatewayThread, BreaksOffWithoutEndOfSessionWhenItWasNotFinished) {
  auto [gateway, error] = GatewayThread::start({});
  ASSERT_NE(gateway, nullptr) << error;
  TestClient client{gateway->port()};
  ASSERT_EQ(client.log_on_from(1), 1U);
  gateway.reset();
  EXPECT_EQ(client.next().type, '\0');
}

TEST(GatewayThread, SaysWhyItCannotStart) {
  auto [first, first_error] = GatewayThread::start({});
  GatewaySettings settings;
  settings.port = first->port();
  const auto second = GatewayThread::start(settings);
  EXPECT_EQ(second.thread, nullptr);
  EXPECT_NE(second.error.find("Address already in use"), std::string::npos);
}

}  // namespace
}  // namespace plimsoll::gateway
