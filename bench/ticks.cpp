// Ticks per second: the engine against itself revaluing every account after every tick. Both
// engines hold the same book and get the same ticks: one instrument after the other moves by one
// basis point up or down, as in a quiet market.

#include <chrono>
#include <memory>

#include "bench/benches.hpp"
#include "bench/book.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/generate/random.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// An engine on one thread, with a book in it.
class Subject {
 public:
  Subject(const Book& book, watch::Mode mode)
      : book_{book}, fabric_{book.reference, 1, watch::Mode::bands}, prices_{book.prices} {
    for (const Input& input : book.inputs) submit(input);
    fabric_.watch_as(mode);  // Only now: loading would revalue a growing book at each input.
  }

  /// Submits `ticks` ticks; returns ticks per second.
  double run(std::uint64_t ticks) {
    const std::uint64_t judged = fabric_.shard(0).counters().accounts_judged;
    const Clock::time_point start = Clock::now();
    for (std::uint64_t i = 0; i < ticks; ++i) submit(next_tick());
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    judged_ += fabric_.shard(0).counters().accounts_judged - judged;
    ticks_ += ticks;
    return static_cast<double>(ticks) / seconds;
  }

  [[nodiscard]] std::uint64_t judged_per_tick() const { return judged_ / ticks_; }

 private:
  void submit(const Input& input) {
    sequencer_.submit(input);
    sequencer_.publish_ready();
    sequencer_.clear();
  }

  Input next_tick() {
    const auto at = static_cast<std::size_t>(random_.next() % prices_.size());
    const std::int64_t base = book_.prices[at].raw();
    // Stays within one basis point of the start, so that the work is the same for every pair.
    const std::int64_t tick = book_.reference.instruments[at].tick.raw();
    const std::int64_t step = std::max(tick, base / 10'000 / tick * tick);
    prices_[at] = Price::from_raw(prices_[at].raw() == base ? base + step : base);
    time_ = time_ + Duration::from_raw(100'000);
    return quote_at(book_.reference, InstrumentId::from_raw(static_cast<std::uint32_t>(at)),
                    prices_[at], time_);
  }

  const Book& book_;
  core::InlineFabric fabric_;
  core::Sequencer<core::InlineFabric> sequencer_{book_.reference, fabric_};
  std::vector<Price> prices_;
  generate::Random random_{7};
  EventTime time_{EventTime::from_raw(1)};
  std::uint64_t judged_{0};
  std::uint64_t ticks_{0};
};

Row ticks_row(const Settings& settings, std::uint64_t accounts, std::uint64_t watched_ticks,
              std::uint64_t naive_ticks) {
  const Book book = make_book(settings.config, accounts);
  Subject watched{book, watch::Mode::bands};
  Subject naive{book, watch::Mode::naive};
  std::vector<double> values;
  std::vector<double> baselines;
  (void)watched.run(watched_ticks / 4 + 1);
  (void)naive.run(1);
  for (std::size_t i = 0; i < settings.pairs; ++i) {
    values.push_back(watched.run(watched_ticks));
    baselines.push_back(naive.run(naive_ticks));
  }
  Row row = paired_row("ticks per second, " + std::to_string(accounts) + " accounts", "ticks/s",
                       values, "revalue every account", baselines);
  row.work = "accounts judged a tick: " + std::to_string(watched.judged_per_tick()) + " against " +
             std::to_string(naive.judged_per_tick());
  return row;
}

}  // namespace

std::vector<Row> bench_ticks(const Settings& settings) {
  if (settings.quick) return {ticks_row(settings, 2'000, 200, 50)};
  return {ticks_row(settings, 100'000, 400, 50), ticks_row(settings, 1'000'000, 50, 6)};
}

}  // namespace plimsoll::bench
