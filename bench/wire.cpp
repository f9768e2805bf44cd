// Tick in to event out over loopback. The client sends one JSON tick and busy-polls for the event
// that it causes; the engine's one thread busy-polls the tick socket, parses, sequences, judges,
// encodes and sends. Ticks move an instrument up and down between two prices at which one account's
// margin call is met and issued again: each causes exactly one event. The baseline answers the same
// number of bytes with the same number of bytes and does nothing in between.

#include <array>
#include <atomic>
#include <chrono>
#include <iomanip>
#include <memory>
#include <sstream>
#include <thread>

#include "bench/benches.hpp"
#include "bench/book.hpp"
#include "bench/fan_out.hpp"
#include "bench/stages.hpp"
#include "bench/tipping_engine.hpp"
#include "bench/wire_client.hpp"
#include "engine/platform/thread.hpp"
#include "engine/wire/sbe.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMetSize =
    wire::kPacketHeaderSize + wire::kMessageHeaderSize + wire::kBlockLength<MarginCallMet>;
constexpr std::size_t kIssuedSize =
    wire::kPacketHeaderSize + wire::kMessageHeaderSize + wire::kBlockLength<MarginCallIssued>;

/// The engine's side of the sockets: answers ticks on `socket` until `stop`.
void answer_ticks(TippingEngine& engine, const RawSocket& socket, const std::atomic<bool>& stop) {
  std::array<std::byte, kTickSize + feeds::Translator::kPadding> buffer{};
  std::size_t have = 0;
  for (std::uint64_t turn = 0; !stop.load(std::memory_order_relaxed); ++turn) {
    have += socket.receive_some(std::span{buffer}.subspan(have, kTickSize - have));
    if (have == kTickSize) {
      have = 0;
      engine.parse({reinterpret_cast<const char*>(buffer.data()), kTickSize});
      engine.submit();
      engine.encode();
      engine.send();
    } else if (turn % 256 == 0) {
      engine.poll();
    }
  }
}

/// Logs on for new events; the log-on is answered while the server runs.
RawSocket log_on(std::uint16_t port) {
  RawSocket socket = connect_loopback(port);
  const auto request = wire::login_request_packet(
      {.user = "bench", .password = "", .session = "", .next_number = 0});
  socket.send_all(request);
  std::array<std::byte, wire::kPacketHeaderSize + 30> accepted{};
  socket.receive_exactly(accepted);
  PLIMSOLL_ASSERT(accepted[2] == static_cast<std::byte>('A'));
  return socket;
}

using RoundTrips = std::vector<double>;  // microseconds
constexpr std::size_t kWarmUp = 200;

/// Round trips of `exchange(number)`, the first ones not counted.
template <class Exchange>
RoundTrips time_round_trips(std::size_t rounds, Exchange&& exchange) {
  RoundTrips times;
  times.reserve(rounds);
  for (std::size_t i = 0; i < rounds + kWarmUp; ++i) {
    const Clock::time_point start = Clock::now();
    exchange(i);
    const std::chrono::duration<double, std::micro> took = Clock::now() - start;
    if (i >= kWarmUp) times.push_back(took.count());
  }
  return times;
}

/// The same bytes to and fro with nothing in between. The event's size alternates as the engine's.
RoundTrips raw_round_trips(std::size_t rounds) {
  auto [client_tick, server_tick] = loopback_pair();
  auto [client_event, server_event] = loopback_pair();
  std::atomic<bool> stop{false};
  std::thread server{[&, &in = server_tick, &out = server_event] {
    platform::pin_current_thread(0);
    std::array<std::byte, kTickSize> tick{};
    std::array<std::byte, kIssuedSize> event{};
    std::size_t have = 0;
    for (bool issued = true; !stop.load(std::memory_order_relaxed);) {
      have += in.receive_some(std::span{tick}.subspan(have));
      if (have < kTickSize) continue;
      have = 0;
      out.send_all(std::span{event}.first(issued ? kIssuedSize : kMetSize));
      issued = !issued;
    }
  }};
  const TickLine tick{};
  RoundTrips times = time_round_trips(rounds, [&, &out = client_tick, &in = client_event](auto i) {
    std::array<std::byte, kIssuedSize> event{};
    out.send_all(tick);
    in.receive_exactly(std::span{event}.first(i % 2 == 0 ? kIssuedSize : kMetSize));
  });
  stop.store(true);
  server.join();
  return times;
}

/// Through the engine. Each tick must cause exactly one event.
RoundTrips engine_round_trips(TippingEngine& engine, std::size_t rounds) {
  auto [client_tick, server_tick] = loopback_pair();
  std::atomic<bool> stop{false};
  std::thread server{[&, &in = server_tick] {
    platform::pin_current_thread(0);
    answer_ticks(engine, in, stop);
  }};
  const std::uint64_t before = engine.events();
  RoundTrips times;
  {
    const RawSocket events = log_on(engine.port());
    times = time_round_trips(rounds, [&, &out = client_tick](std::size_t i) {
      out.send_all(engine.ticks()[i % 2]);
      receive_event(events);
    });
  }
  stop.store(true);
  server.join();
  PLIMSOLL_ASSERT(engine.events() - before == rounds + kWarmUp);
  return times;
}

/// An engine on its book, and what its round trips were like.
struct Course {
  std::string name;
  std::unique_ptr<TippingEngine> engine;
  std::uint64_t judged_before{0};
  std::vector<double> p50;  // by turn
  std::vector<double> p99;
};

std::string adds_text(const std::vector<double>& values, const std::vector<double>& baselines) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < values.size(); ++i) differences.push_back(values[i] - baselines[i]);
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << "adds " << median(differences) << " us";
  return text.str();
}

/// All engines and the raw exchange take turns; rows for the median and the 99th percentile, and
/// for what each adds to the first.
std::vector<Row> wire_rows(std::vector<Course>& courses, std::size_t turns, std::size_t rounds) {
  platform::pin_current_thread(1);  // The server's thread takes processor 0.
  for (Course& course : courses) course.judged_before = course.engine->judged();
  std::vector<double> raw_p50;
  std::vector<double> raw_p99;
  for (std::size_t i = 0; i < turns; ++i) {
    for (Course& course : courses) {
      const RoundTrips through = engine_round_trips(*course.engine, rounds);
      course.p50.push_back(median(through));
      course.p99.push_back(percentile(through, 0.99));
    }
    const RoundTrips raw = raw_round_trips(rounds);
    raw_p50.push_back(median(raw));
    raw_p99.push_back(percentile(raw, 0.99));
  }
  std::vector<Row> rows;
  const auto add_row = [&rows](const std::string& name, const std::vector<double>& values,
                               const std::string& baseline, const std::vector<double>& baselines) {
    Row row = paired_row(name, "us", values, baseline, baselines);
    row.work = adds_text(values, baselines);
    row.sense = "at_most";
    rows.push_back(std::move(row));
  };
  for (const Course& course : courses) {
    const std::string raw = "raw busy-poll ping-pong";
    add_row(course.name + ", p50", course.p50, raw, raw_p50);
    rows.back().work += "; accounts judged a tick: " +
                        std::to_string((course.engine->judged() - course.judged_before) /
                                       (turns * (rounds + kWarmUp)));
    add_row(course.name + ", p99", course.p99, raw, raw_p99);
    if (&course == &courses.front()) continue;
    add_row(course.name + ", p50", course.p50, "the same of the first", courses.front().p50);
  }
  return rows;
}

}  // namespace

std::vector<Row> bench_wire(const Settings& settings) {
  const std::uint64_t many = settings.quick ? 1'000 : 1'000'000;
  const Book book = make_book(settings.config, 0, many + 1);
  const InstrumentId hot = InstrumentId::from_raw(0);
  const auto quiet =
      InstrumentId::from_raw(static_cast<std::uint32_t>(book.reference.instruments.size() - 1));
  struct Case {
    InstrumentId tipping;
    std::uint64_t accounts;
    const char* holders;
  };
  std::vector<Course> courses;
  for (const Case& each : {Case{quiet, 0, "1 holder"}, Case{quiet, many, "1 holder"},
                           Case{hot, many, "30 % holders"}}) {
    Course& course = courses.emplace_back();
    course.name =
        "tick in, event out, " + std::to_string(each.accounts) + " accounts, " + each.holders;
    course.engine = std::make_unique<TippingEngine>(book, each.tipping, each.accounts);
  }
  std::vector<Row> rows = wire_rows(courses, 4 * settings.pairs, settings.quick ? 100 : 1'000);
  courses.clear();
  for (Row& row : stage_rows(settings, book, quiet, many)) rows.push_back(std::move(row));
  for (Row& row : fan_out_rows(settings)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace plimsoll::bench
