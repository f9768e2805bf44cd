// One-way hops between two pinned threads: half a round trip through two queues of a kind, against
// half a round trip of a bare cache line. That is the least any hand-over can cost.

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "bench/benches.hpp"
#include "engine/core/sequenced.hpp"
#include "engine/message/event.hpp"
#include "engine/platform/thread.hpp"
#include "engine/runtime/broadcast_ring.hpp"
#include "engine/runtime/inbox.hpp"
#include "engine/runtime/spsc_ring.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Two cache lines, one written by each thread: the least two threads can exchange.
class LinePair {
 public:
  void send(std::size_t side, std::uint64_t number) noexcept {
    lines_[side].value.store(number, std::memory_order_release);
  }
  [[nodiscard]] bool receive(std::size_t side, std::uint64_t number) noexcept {
    return lines_[1 - side].value.load(std::memory_order_acquire) == number;
  }

 private:
  struct alignas(64) Line {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Line, 2> lines_;
};

/// Sequenced inputs through the ring that leads to the shards, one each way.
class BroadcastPair {
 public:
  void send(std::size_t side, std::uint64_t /*number*/) noexcept {
    while (!rings_[side].write(item_)) platform::spin_pause();
  }
  [[nodiscard]] bool receive(std::size_t side, std::uint64_t number) noexcept {
    if (rings_[1 - side].read(number) == nullptr) return false;
    rings_[1 - side].done(0, number);
    return true;
  }

 private:
  using Ring = runtime::BroadcastRing<core::Sequenced>;
  core::Sequenced item_{};
  std::array<Ring, 2> rings_{Ring{1024, 1}, Ring{1024, 1}};
};

/// Events through the ring that leads back from a shard, one each way.
class EventPair {
 public:
  void send(std::size_t side, std::uint64_t /*number*/) noexcept {
    while (!rings_[side].try_push(event_)) platform::spin_pause();
  }
  [[nodiscard]] bool receive(std::size_t side, std::uint64_t /*number*/) noexcept {
    return rings_[1 - side].pop([](const Event& /*event*/) {}) > 0;
  }

 private:
  using Ring = runtime::SpscRing<Event>;
  Event event_{};
  std::array<Ring, 2> rings_{Ring{1024}, Ring{1024}};
};

/// Inputs through the inbox (moodycamel), one each way, one by one.
class InboxPair {
 public:
  void send(std::size_t side, std::uint64_t /*number*/) {
    (void)producers_[side].push({&arrival_, 1});
  }
  [[nodiscard]] bool receive(std::size_t side, std::uint64_t /*number*/) {
    std::array<runtime::Arrival, 1> taken;
    return inboxes_[1 - side].pop(taken) > 0;
  }

 private:
  runtime::Arrival arrival_{};
  std::array<runtime::Inbox, 2> inboxes_{runtime::Inbox{1024}, runtime::Inbox{1024}};
  std::array<runtime::Inbox::Producer, 2> producers_{inboxes_[0].make_producer(),
                                                     inboxes_[1].make_producer()};
};

/// Nanoseconds of one hop: half of the mean round trip over `rounds`.
template <class Pair>
double hop_ns(std::uint64_t rounds) {
  Pair pair;
  std::thread other{[&] {
    platform::pin_current_thread(1);
    for (std::uint64_t n = 1; n <= rounds; ++n) {
      while (!pair.receive(1, n)) platform::spin_pause();
      pair.send(1, n);
    }
  }};
  platform::pin_current_thread(0);
  const Clock::time_point start = Clock::now();
  for (std::uint64_t n = 1; n <= rounds; ++n) {
    pair.send(0, n);
    while (!pair.receive(0, n)) platform::spin_pause();
  }
  const double ns = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  other.join();
  return ns / static_cast<double>(rounds) / 2;
}

template <class Pair>
Row hop_row(const Settings& settings, const std::string& name) {
  const std::uint64_t rounds = settings.quick ? 20'000 : 200'000;
  std::vector<double> values;
  std::vector<double> baselines;
  for (std::size_t i = 0; i < settings.pairs; ++i) {
    values.push_back(hop_ns<Pair>(rounds));
    baselines.push_back(hop_ns<LinePair>(rounds));
  }
  Row row = paired_row(name, "ns", values, "bare cache line", baselines);
  row.sense = "at_most";
  return row;
}

}  // namespace

std::vector<Row> bench_hops(const Settings& settings) {
  return {hop_row<BroadcastPair>(settings, "hop: sequencer to shard (broadcast ring)"),
          hop_row<EventPair>(settings, "hop: shard to publisher (event ring)"),
          hop_row<InboxPair>(settings, "hop: feed to sequencer (inbox, one by one)")};
}

}  // namespace plimsoll::bench
