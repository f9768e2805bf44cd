// Where the time from a JSON tick to a sent event goes, and what it costs to know that. The path of
// bench/wire.cpp on one thread, with the venue's socket left out: parse, sequence, judge, encode,
// send to one subscriber over loopback. Each tick makes one account's call be met or issued again.

#include "bench/stages.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <iomanip>
#include <sstream>

#include "bench/tipping_engine.hpp"
#include "bench/wire_client.hpp"
#include "engine/platform/latency_histogram.hpp"
#include "engine/platform/tick_clock.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

enum Stage : std::size_t { kParse, kSequence, kJudge, kEncode, kSend, kStages };
constexpr std::array<const char*, kStages> kNames{"parse", "sequence", "judge", "encode", "send"};

using Histograms = std::array<platform::LatencyHistogram, kStages>;

/// The two ticks with the padding that a translator wants.
class PaddedLines {
 public:
  explicit PaddedLines(const std::array<TickLine, 2>& ticks) {
    for (std::size_t i = 0; i < 2; ++i) {
      std::memcpy(bytes_[i].data(), ticks[i].data(), kTickSize);
    }
  }
  [[nodiscard]] std::string_view line(std::size_t i) const {
    return {bytes_[i % 2].data(), kTickSize};
  }

 private:
  std::array<std::array<char, kTickSize + feeds::Translator::kPadding>, 2> bytes_{};
};

/// The median nanoseconds of a tick over `rounds`, the subscriber's reading not counted.
template <bool kMeasured>
double run(TippingEngine& engine, const RawSocket& subscriber, std::size_t rounds,
           Histograms& histograms) {
  const PaddedLines lines{engine.ticks()};
  std::vector<double> times;
  times.reserve(rounds);
  for (std::size_t i = 0; i < rounds; ++i) {
    const Clock::time_point start = Clock::now();
    if constexpr (kMeasured) {
      const std::uint64_t t0 = platform::ticks_now();
      engine.parse(lines.line(i));
      const std::uint64_t t1 = platform::ticks_now();
      engine.submit();
      const std::uint64_t t2 = platform::ticks_now();
      const std::uint64_t judge = engine.take_judge_ticks();
      engine.encode();
      const std::uint64_t t3 = platform::ticks_now();
      engine.send();
      const std::uint64_t t4 = platform::ticks_now();
      histograms[kParse].add(t1 - t0);
      histograms[kSequence].add(t2 - t1 - judge);
      histograms[kJudge].add(judge);
      histograms[kEncode].add(t3 - t2);
      histograms[kSend].add(t4 - t3);
    } else {
      engine.parse(lines.line(i));
      engine.submit();
      engine.encode();
      engine.send();
    }
    times.push_back(std::chrono::duration<double, std::nano>(Clock::now() - start).count());
    receive_event(subscriber);
  }
  return median(std::move(times));
}

/// A subscriber on the engine's own thread.
RawSocket log_on_to(TippingEngine& engine) {
  RawSocket socket = connect_loopback(engine.port());
  const auto request = wire::login_request_packet(
      {.user = "bench", .password = "", .session = "", .next_number = 0});
  socket.send_all(request);
  std::array<std::byte, wire::kPacketHeaderSize + 30> accepted{};
  for (std::size_t have = 0; have < accepted.size();) {
    engine.poll();
    have += socket.receive_some(std::span{accepted}.subspan(have));
  }
  PLIMSOLL_ASSERT(accepted[2] == static_cast<std::byte>('A'));
  return socket;
}

std::string shares(const Histograms& histograms) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(0) << "p50 of each, ns:";
  for (std::size_t i = 0; i < kStages; ++i) {
    const double ns =
        static_cast<double>(histograms[i].read().at(0.5)) * platform::nanoseconds_per_tick();
    text << " " << kNames[i] << " " << ns;
  }
  return text.str();
}

}  // namespace

std::vector<Row> stage_rows(const Settings& settings, const Book& book, InstrumentId tipping,
                            std::uint64_t accounts) {
  const std::size_t rounds = settings.quick ? 200 : 2'000;
  const std::size_t pairs = settings.quick ? settings.pairs : settings.pairs * 5;
  TippingEngine engine{book, tipping, accounts};
  const RawSocket subscriber = log_on_to(engine);
  Histograms histograms;
  Histograms unused;
  std::vector<double> values;
  std::vector<double> baselines;
  (void)run<true>(engine, subscriber, rounds, unused);
  (void)run<false>(engine, subscriber, rounds, unused);
  for (std::size_t i = 0; i < pairs; ++i) {
    values.push_back(run<true>(engine, subscriber, rounds, histograms));
    baselines.push_back(run<false>(engine, subscriber, rounds, unused));
  }
  Row row =
      paired_row("tick to event with stages measured, " + std::to_string(accounts) + " accounts",
                 "ns", values, "not measured", baselines);
  row.sense = "at_most";
  row.goal = 1.02;
  row.work = shares(histograms);
  return {row};
}

}  // namespace plimsoll::bench
