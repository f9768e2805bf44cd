// Goal: a subscriber that is killed at any moment and started again sees each event exactly once.
// Method: SIGKILL, many times, some of them amid events for certain; what all its lives wrote down,
// one after another, are all events in order.

#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "engine/wire/event_text.hpp"
#include "tests/foreign/any_event.hpp"
#include "tests/foreign/node_subscriber.hpp"
#include "tests/foreign/served_events.hpp"
#include "tests/foreign/tools.hpp"

namespace plimsoll::foreign {
namespace {

using cli::testing::lines_of;
using cli::testing::Process;
using std::chrono::milliseconds;
using Lines = std::vector<std::string>;

/// Publishes a few events every millisecond on a thread of its own.
class Publisher {
 public:
  explicit Publisher(ServedEvents& events)
      : thread_{[&events](const std::stop_token& stop) {
          std::mt19937_64 random{5};
          while (!stop.stop_requested()) {
            events.publish(random() % 8);
            std::this_thread::sleep_for(milliseconds{1});
          }
        }} {}
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  std::jthread thread_;
};

/// The events that a subscriber wrote down, without a line that was cut.
using EventsOf = Lines (*)(const Process&);

/// All that `kills` lives and a last one that ends with the session wrote down. start(number) makes
/// a subscriber that asks for that number. Half of the lives are killed up to `life_max` after
/// their start, the others soon after an event.
template <class Start>
Lines follow_through(int kills, milliseconds life_max, ServedEvents& events, Start start,
                     EventsOf events_of) {
  std::mt19937_64 random{3};
  Publisher publisher{events};
  Lines all;
  int amid_events = 0;
  for (int life = 0; life < kills; ++life) {
    const auto process = start(all.size() + 1);
    if (life % 2 == 0) {
      std::this_thread::sleep_for(life_max * (random() % 1'000) / 1'000);
    } else {
      EXPECT_TRUE(process->wait_until([&] { return !events_of(*process).empty(); }));
      std::this_thread::sleep_for(std::chrono::microseconds{random() % 5'000});
    }
    process->send(SIGKILL);
    EXPECT_EQ(process->wait().code, 128 + SIGKILL);
    const Lines seen = events_of(*process);
    if (!seen.empty()) ++amid_events;
    all.insert(all.end(), seen.begin(), seen.end());
  }
  EXPECT_GE(amid_events, kills / 2);
  const auto last = start(all.size() + 1);
  EXPECT_TRUE(last->wait_until([&] { return !events_of(*last).empty(); }));
  publisher.stop();
  events.finish();
  EXPECT_EQ(last->wait().code, 0);
  const Lines seen = events_of(*last);
  all.insert(all.end(), seen.begin(), seen.end());
  return all;
}

std::string event_json(std::uint64_t number) {
  std::string line;
  wire::append_event_json(any_event(number), line);
  return line;
}

TEST(KilledTail, SeesEachEventOnceIn200Lives) {
  ServedEvents events;
  const std::string address = "127.0.0.1:" + std::to_string(events.port());
  const auto start = [&](std::size_t number) {
    return std::make_unique<Process>(cli::testing::Arguments{"tail", "--json", "--connect", address,
                                                             "--from", std::to_string(number)});
  };
  const Lines lines = follow_through(200, milliseconds{40}, events, start, [](const Process& tail) {
    return lines_of(tail.out(), true);
  });
  expect_events(lines, 1, events.count(), event_json);
}

/// With PLIMSOLL_SEEDS_FACTOR as many lives as the other.
int lives_of_node() {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  return factor != nullptr && std::atoi(factor) > 1 ? 200 : 20;
}

TEST_F(NodeTest, SeesEachEventOnceHoweverOftenItIsKilled) {
  ServedEvents events;
  const auto start = [&](std::size_t number) {
    return std::make_unique<NodeSubscriber>(NodeLogOn{events.port(), number, "PLIMSOLL"});
  };
  const Lines lines =
      follow_through(lives_of_node(), milliseconds{150}, events, start,
                     [](const Process& node) { return events_in(lines_of(node.out(), true)); });
  expect_events(lines, 1, events.count(), event_hex);
}

}  // namespace
}  // namespace plimsoll::foreign
