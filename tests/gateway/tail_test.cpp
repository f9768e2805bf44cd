#include "engine/cli/tail.hpp"

#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "engine/gateway/gateway_thread.hpp"
#include "engine/wire/event_text.hpp"
#include "tests/gateway/breaking_proxy.hpp"
#include "tests/gateway/numbered_event.hpp"

namespace plimsoll::cli {
namespace {

using gateway::GatewaySettings;
using gateway::GatewayThread;
using gateway::Milliseconds;

/// What a run of tail said.
struct TailRun {
  int code{-1};
  std::string out;
  std::string err;
};

TailRun tail(const TailOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_tail(options, out, err);
  return {code, out.str(), err.str()};
}

std::unique_ptr<GatewayThread> start(const GatewaySettings& settings = {}) {
  auto [thread, error] = GatewayThread::start(settings);
  if (!thread) throw std::runtime_error{error};
  return std::move(thread);
}

void push(GatewayThread& thread, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t number = first; number <= last; ++number) {
    thread.push(numbered_event(number));
  }
}

TailOptions options_for(std::uint16_t port) {
  TailOptions options;
  options.port = port;
  options.reconnect_delay = std::chrono::milliseconds{1};
  return options;
}

/// The JSON lines of these events.
std::string json_lines(std::uint64_t first, std::uint64_t last) {
  std::string lines;
  for (std::uint64_t number = first; number <= last; ++number) {
    wire::append_event_json(numbered_event(number), lines);
    lines += '\n';
  }
  return lines;
}

TEST(Tail, PrintsEveryEventUntilTheSessionEnds) {
  const auto gateway = start();
  push(*gateway, 1, 500);
  TailOptions options = options_for(gateway->port());
  options.json = true;
  TailRun run;
  std::thread client{[&] { run = tail(options); }};
  while (gateway->counters().sessions == 0) std::this_thread::yield();
  push(*gateway, 501, 1'000);
  gateway->finish(Milliseconds{5'000});
  client.join();
  EXPECT_EQ(run.code, kTailComplete);
  EXPECT_EQ(run.out, json_lines(1, 1'000));
  EXPECT_EQ(run.err, "tail: events 1 to 1000: 1000 received, 1000 printed, 0 missed\n");
}

TEST(Tail, PrintsLinesForPeopleFromAnyNumberForOneAccount) {
  const auto gateway = start();
  push(*gateway, 1, 100);
  TailOptions options = options_for(gateway->port());
  options.from = 50;
  options.account = AccountId::from_raw(7U);
  options.exit_after = 2;
  const TailRun run = tail(options);
  std::string expected;
  for (const std::uint64_t number : {57U, 67U}) {
    wire::append_event_text(numbered_event(number), {}, expected);
    expected += '\n';
  }
  EXPECT_EQ(run.code, kTailComplete);
  EXPECT_EQ(run.out, expected);
  EXPECT_EQ(run.err, "tail: events 50 to 67: 18 received, 2 printed, 0 missed\n");
}

TEST(Tail, SkipsWhatIsOlderThanANumberOfTheFuture) {
  const auto gateway = start();
  push(*gateway, 1, 10);
  TailOptions options = options_for(gateway->port());
  options.from = 13;
  options.exit_after = 1;
  options.json = true;
  TailRun run;
  std::thread client{[&] { run = tail(options); }};
  while (gateway->counters().sessions == 0) std::this_thread::yield();
  push(*gateway, 11, 13);
  client.join();
  EXPECT_EQ(run.code, kTailComplete);
  EXPECT_EQ(run.out, json_lines(13, 13));
}

TEST(Tail, ReportsWhatIsNoLongerRetained) {
  GatewaySettings settings;
  settings.first_number = 101;
  const auto gateway = start(settings);
  push(*gateway, 101, 110);
  TailOptions options = options_for(gateway->port());
  options.exit_after = 10;
  const TailRun run = tail(options);
  EXPECT_EQ(run.code, kTailGaps);
  EXPECT_EQ(run.err,
            "tail: events 1 to 100 are no longer retained; going on from 101\n"
            "tail: events 101 to 110: 10 received, 10 printed, 100 missed\n");
}

TEST(Tail, FailsWithOneLineWhenThereIsNoGateway) {
  const TailRun run = tail(options_for(1));  // nobody listens on the first port
  EXPECT_EQ(run.code, kTailFailed);
  EXPECT_EQ(run.err, "tail: cannot connect to 127.0.0.1:1: Connection refused\n");
}

TEST(Tail, FailsWithOneLineWhenLogOnIsRejected) {
  GatewaySettings settings;
  settings.users = {{"desk", "secret"}};
  const auto gateway = start(settings);
  TailOptions options = options_for(gateway->port());
  options.user = "desk";
  options.password = "wrong";
  const TailRun run = tail(options);
  EXPECT_EQ(run.code, kTailFailed);
  EXPECT_EQ(run.err, "tail: log-on rejected: not authorised\n");
  options.password = "SECRET";
  options.exit_after = 1;
  push(*gateway, 1, 1);
  EXPECT_EQ(tail(options).code, kTailComplete);
}

/// Follows through a proxy, whose gateway is replaced when the first event has been seen.
TEST(Tail, FailsWhenAnotherSessionHasTakenOver) {
  GatewaySettings settings;
  settings.session = "FIRST";
  auto gateway = start(settings);
  settings.port = gateway->port();
  push(*gateway, 1, 5);
  TailOptions options = options_for(settings.port);
  options.reconnect_attempts = 10'000;
  TailRun run;
  std::thread client{[&] { run = tail(options); }};
  while (gateway->counters().sessions == 0) std::this_thread::yield();
  gateway.reset();  // breaks off
  settings.session = "SECOND";
  gateway = start(settings);
  client.join();
  EXPECT_EQ(run.code, kTailFailed);
  EXPECT_NE(run.err.find("session FIRST is over"), std::string::npos) << run.err;
}

/// The JSON lines of the states of accounts after events 1 to `last`, in the order of their first.
std::string state_lines(std::uint64_t last, const std::vector<std::uint64_t>& accounts) {
  std::string lines;
  for (const std::uint64_t account : accounts) {
    wire::AccountState state;
    for (std::uint64_t number = account; number <= last; number += 10) {
      const Event event = numbered_event(number);
      if (wire::concerns_account(event)) wire::fold(event, state);
    }
    wire::append_account_state_json(state, lines);
    lines += '\n';
  }
  return lines;
}

TEST(Tail, PrintsTheStatesOfAccountsAndThenWhatIsNotInThem) {
  const auto gateway = start();
  push(*gateway, 1, 30);
  TailOptions options = options_for(gateway->port());
  options.from = 25;
  options.snapshot = true;
  options.json = true;
  options.exit_after = 3;
  const TailRun run = tail(options);
  // 25 and 28 refuse something, 30 is of no account; the others are in states.
  const std::string expected = state_lines(30, {2, 3, 5, 6, 8, 9, 1, 4, 7}) + json_lines(25, 25) +
                               json_lines(28, 28) + json_lines(30, 30);
  EXPECT_EQ(run.code, kTailComplete);
  EXPECT_EQ(run.out, expected);
  EXPECT_EQ(run.err,
            "tail: snapshot: 9 accounts printed of 9, made of events 1 to 30\n"
            "tail: events 25 to 30: 6 received, 3 printed, 0 missed\n");
}

TEST(Tail, PrintsOneStateWhereOneAccountIsAskedFor) {
  const auto gateway = start();
  push(*gateway, 1, 30);
  TailOptions options = options_for(gateway->port());
  options.from = 0;
  options.snapshot = true;
  options.account = AccountId::from_raw(7U);
  TailRun run;
  std::thread client{[&] { run = tail(options); }};
  while (gateway->counters().snapshots_sent == 0) std::this_thread::yield();
  push(*gateway, 31, 40);
  gateway->finish(Milliseconds{5'000});
  client.join();
  std::string expected = "#27 2020-03-12T10:41:02.000000027Z account_state account=7 ";
  EXPECT_EQ(run.out.substr(0, expected.size()), expected);
  expected.clear();
  wire::append_event_text(numbered_event(37), {}, expected);
  EXPECT_NE(run.out.find('\n' + expected + '\n'), std::string::npos) << run.out;
  EXPECT_EQ(run.code, kTailComplete);
}

TEST(Tail, FollowsAUserOfSomeAccounts) {
  GatewaySettings settings;
  settings.users = {{"some", "pw", {{AccountId::from_raw(3U), AccountId::from_raw(4U)}}}};
  const auto gateway = start(settings);
  push(*gateway, 1, 60);
  gateway::BreakingProxy proxy{gateway->port(), 5, 3};
  TailOptions options = options_for(proxy.port());
  options.user = "some";
  options.password = "pw";
  options.json = true;
  options.exit_after = 12;
  EXPECT_EQ(tail(options).code, kTailFailed);  // 3 is not the first of all events
  options.part = true;
  const TailRun run = tail(options);
  std::string expected;
  for (std::uint64_t ten = 0; ten < 60; ten += 10) expected += json_lines(ten + 3, ten + 4);
  EXPECT_EQ(run.code, kTailComplete) << run.err;
  EXPECT_EQ(run.out, expected);
  options.snapshot = true;
  options.exit_after = 1;
  EXPECT_EQ(tail(options).out, state_lines(60, {3, 4}) + json_lines(4, 4));
}

// Goal: a client that reconnects sees each event exactly once. Method: break its connection a
// hundred times after a random number of bytes while events are published.
TEST(Tail, SeesEachEventExactlyOnceThroughAHundredBreaks) {
  constexpr std::uint64_t kEvents = 30'000;
  const auto gateway = start();
  gateway::BreakingProxy proxy{gateway->port(), 100, 7};
  TailOptions options = options_for(proxy.port());
  options.json = true;
  options.exit_after = kEvents;
  TailRun run;
  std::thread client{[&] { run = tail(options); }};
  std::uint64_t number = 1;
  while (number <= kEvents) {
    const std::uint64_t last = std::min(number + 49, kEvents);
    push(*gateway, number, last);
    number = last + 1;
    if (proxy.broken() < 100 && number % 1'000 == 1) {
      std::this_thread::sleep_for(std::chrono::milliseconds{3});
    }
  }
  client.join();
  EXPECT_EQ(proxy.broken(), 100);
  EXPECT_EQ(run.code, kTailComplete) << run.err;
  EXPECT_TRUE(run.out == json_lines(1, kEvents));
}

}  // namespace
}  // namespace plimsoll::cli
