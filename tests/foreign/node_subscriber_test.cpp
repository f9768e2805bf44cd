// Goal: a client that knows only the standard follows our gateway. Method: the npm package
// soupbintcp against the real gateway; every byte of every event is compared.

#include "tests/foreign/node_subscriber.hpp"

#include <csignal>
#include <thread>

#include "tests/foreign/served_events.hpp"
#include "tests/foreign/tools.hpp"
#include "tests/gateway/breaking_proxy.hpp"

namespace plimsoll::foreign {
namespace {

using cli::testing::lines_of;
using gateway::GatewaySettings;
using Lines = std::vector<std::string>;

/// The lines of a subscriber that gets `first` to `last` and then the end of the session.
void expect_session(const Lines& lines, std::uint64_t first, std::uint64_t last) {
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front(), "session PLIMSOLL " + std::to_string(first));
  EXPECT_EQ(lines.back(), "ended");
  expect_events(events_in(lines), first, last, event_hex);
}

TEST_F(NodeTest, ReplaysFromTheFirstEvent) {
  ServedEvents events;
  events.publish(1'000);
  NodeSubscriber subscriber{{events.port()}};
  subscriber.wait_for_lines(1);
  events.finish();
  expect_session(subscriber.finish(), 1, 1'000);
}

TEST_F(NodeTest, ReplaysFromTheMiddle) {
  ServedEvents events;
  events.publish(1'000);
  NodeSubscriber subscriber{{events.port(), 501}};
  subscriber.wait_for_lines(1);
  events.finish();
  expect_session(subscriber.finish(), 501, 1'000);
}

TEST_F(NodeTest, GoesOnFromReplayToLive) {
  ServedEvents events;
  events.publish(100);
  NodeSubscriber subscriber{{events.port()}};
  for (std::size_t i = 1; i <= 20; ++i) {
    subscriber.wait_for_lines(1 + events.count());
    events.publish(i * i);
  }
  events.finish();
  expect_session(subscriber.finish(), 1, 100 + 2'870);
}

TEST_F(NodeTest, GetsOnlyWhatIsNewWhenItAsksForThat) {
  ServedEvents events;
  events.publish(100);
  NodeSubscriber subscriber{{events.port(), 0}};
  subscriber.wait_for_lines(1);
  events.publish(100);
  events.finish();
  expect_session(subscriber.finish(), 101, 200);
}

TEST_F(NodeTest, IsToldWhereRetentionStarts) {
  GatewaySettings settings;
  settings.first_number = 101;
  ServedEvents events{settings};
  events.publish(50);
  NodeSubscriber subscriber{{events.port(), 7}};
  subscriber.wait_for_lines(1);
  events.finish();
  expect_session(subscriber.finish(), 101, 150);
}

TEST_F(NodeTest, IsTurnedAwayWithAWrongPasswordOrSession) {
  GatewaySettings settings;
  settings.users = {{"desk", "secret"}};
  ServedEvents events{settings};
  events.publish(1);
  EXPECT_EQ(NodeSubscriber({events.port(), 1, "", "desk", "wrong"}).finish(2), Lines{"rejected A"});
  EXPECT_EQ(NodeSubscriber({events.port(), 1, "", "", ""}).finish(2), Lines{"rejected A"});
  EXPECT_EQ(NodeSubscriber({events.port(), 1, "OTHER", "desk", "secret"}).finish(2),
            Lines{"rejected S"});
  EXPECT_EQ(events.counters().log_ons, 0U);
  NodeSubscriber subscriber{{events.port(), 1, "PLIMSOLL", "DESK", "Secret"}};
  subscriber.wait_for_lines(1);
  events.finish();
  expect_session(subscriber.finish(), 1, 1);
}

TEST_F(NodeTest, KeepsItsConnectionByItsHeartbeats) {
  GatewaySettings settings;
  settings.silence_max = gateway::Milliseconds{2'500};
  ServedEvents events{settings};
  NodeSubscriber subscriber{{events.port()}};
  subscriber.wait_for_lines(1);
  std::this_thread::sleep_for(std::chrono::seconds{4});
  events.publish(10);
  events.finish();
  expect_session(subscriber.finish(), 1, 10);
  EXPECT_EQ(events.counters().silent_clients_cut, 0U);
}

TEST_F(NodeTest, SeesEachEventOnceThroughABadNetwork) {
  constexpr int kBreaks = 50;
  ServedEvents events;
  gateway::BreakingProxy proxy{events.port(), kBreaks, 11};
  NodeSubscriber subscriber{{proxy.port()}};
  while (proxy.broken() < kBreaks && events.count() < 1'000'000) {
    events.publish(20);
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  events.publish(1);
  const auto has_all = [&] {
    return events_in(lines_of(subscriber.out(), true)).size() >= events.count();
  };
  EXPECT_TRUE(subscriber.wait_until(has_all));
  subscriber.send(SIGKILL);
  const Lines lines = lines_of(subscriber.wait().out, true);
  EXPECT_EQ(proxy.broken(), kBreaks);
  expect_events(events_in(lines), 1, events.count(), event_hex);
}

}  // namespace
}  // namespace plimsoll::foreign
