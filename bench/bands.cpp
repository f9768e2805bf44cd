// The engine against others that say the same, in four markets: accounts judged at every tick.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>

#include <sys/mman.h>
#include <csignal>
#include <unistd.h>

#include "bench/bands_rivals.hpp"
#include "bench/benches.hpp"
#include "engine/core/event_hash.hpp"
#include "engine/core/event_order.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// What one engine did in a market.
struct Course {
  std::vector<double> ns;  // by tick
  std::vector<std::uint64_t> hashes;  // by tick: of its events
  std::uint64_t events{0};
  std::vector<std::size_t> sizes;
  std::vector<std::uint64_t> touches;
  std::uint64_t crossings{0};
};

class Runner {
 public:
  Runner(Engine& engine, const std::vector<MarkMove>& moves) : engine_{engine}, moves_{moves} {
    out_.resize(1'000'000, Event{});
  }
  void run(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      out_.clear();
      const EventTime time = EventTime::from_raw(static_cast<std::int64_t>(1'000'000 * (i + 1)));
      const Clock::time_point start = Clock::now();
      engine_.apply(moves_[i], time, out_);
      course.ns.push_back(std::chrono::duration<double, std::nano>(Clock::now() - start).count());
      note();
    }
  }
  Course course;

 private:
  void note() {
    std::stable_sort(out_.begin(), out_.end(), core::published_before);
    core::EventHash hash;
    for (const Event& event : out_) hash.add(event);
    course.hashes.push_back(hash.value());
    course.events += out_.size();
    course.sizes.push_back(out_.size());
    if (auto* e = dynamic_cast<Banded*>(&engine_)) course.touches.push_back(e->shard().bands().counters().touches);
    std::uint64_t crossings = 0;
    for (const Event& event : out_) {
      const bool order = std::holds_alternative<LiquidationOrderIssued>(event.body) ||
                         std::holds_alternative<MarginCallEscalated>(event.body);
      crossings += order ? 0U : 1U;
    }
    course.crossings += crossings;
  }

  Engine& engine_;
  const std::vector<MarkMove>& moves_;
  std::vector<Event> out_;
};

double sum(const std::vector<double>& values, std::size_t from, std::size_t to) {
  double total = 0;
  for (std::size_t i = from; i < to; ++i) total += values[i];
  return total;
}

double worst_ratio(const Course& a, const Course& b, std::size_t width) {
  double worst = 0;
  for (std::size_t i = 0; i + width <= a.ns.size() && i + width <= b.ns.size(); ++i) {
    worst = std::max(worst, sum(a.ns, i, i + width) / sum(b.ns, i, i + width));
  }
  return worst;
}

template <class E>
std::unique_ptr<E> filled(const reference::Reference& reference, std::size_t accounts) {
  auto engine = std::make_unique<E>(reference);
  for (std::uint64_t i = 0; i < accounts; ++i) engine->open(i, band_account(reference, i));
  engine->start();
  return engine;
}

}  // namespace

std::vector<Row> bench_bands(const Settings& settings) {
  std::vector<Row> rows;
  const std::size_t accounts = settings.quick ? 20'000 : 1'000'000;
  const std::size_t ticks = 2'000;
  const std::vector<Market> markets{
      {"quiet", 1, 0}, {"busy", 5, 0}, {"-10 %", 1, -2}, {"-40 %", 10, -10}};
  const char* only = std::getenv("BANDS_ONLY");
  for (const Market& market : markets) {
    if (only != nullptr && market.name != only) continue;
    const reference::Reference reference = band_reference(accounts);
    const auto moves = moves_of(market, ticks);
    const Clock::time_point start = Clock::now();
    auto banded = filled<Banded>(reference, accounts);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    auto recomputing = filled<Recomputing>(reference, accounts);
    auto incremental = filled<Incremental>(reference, accounts);
    // Memory that has lain idle since it was filled is slow once on virtual machines: all engines
    // are walked through first.
    if (!banded->walk() || !recomputing->walk() || !incremental->walk()) std::exit(3);
    if (::mlockall(MCL_CURRENT) != 0) std::cerr << "memory is not locked\n";
    Runner a{*banded, moves};
    Runner b{*recomputing, moves};
    Runner c{*incremental, moves};
    const auto before = banded->shard().bands().counters();
    const auto judged = banded->shard().counters().accounts_judged;
    if (std::getenv("BANDS_ALONE") != nullptr) raise(SIGSTOP);
    constexpr std::size_t kPairs = 9;
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      const std::size_t from = ticks * pair / kPairs;
      const std::size_t to = ticks * (pair + 1) / kPairs;
      a.run(from, to);
      if (std::getenv("BANDS_ALONE") != nullptr) continue;
      c.run(from, to);
      b.run(from, to);
    }
    if (std::getenv("BANDS_ALONE") != nullptr) {
      std::printf("%f\n", sum(a.course.ns, 0, ticks) / ticks);
      std::fflush(stdout);
      _exit(0);
    }
    const auto& counters = banded->shard().bands().counters();
    const double touches = static_cast<double>(counters.touches - before.touches);
    const double mean = sum(a.course.ns, 0, ticks) / static_cast<double>(ticks);
    if (std::getenv("BANDS_DEBUG") != nullptr) {
      for (std::size_t i = 1; i < ticks; ++i) {
        if (a.course.ns[i] > 4e5) std::printf("  %zu: %.0f us touches %lu events %zu contract %u\n", i, a.course.ns[i]/1e3, a.course.touches[i]-a.course.touches[i-1], a.course.sizes[i], moves[i].contract);
      }
      for (std::size_t i = 0; i + 10 <= ticks; i += 10) {
        const double ratio = sum(a.course.ns, i, i + 10) / sum(c.course.ns, i, i + 10);
        std::uint64_t events = 0;
        for (std::size_t k = i; k < i + 10; ++k) events += a.course.sizes[k];
        if (ratio > 1.0 || i % 200 == 0) std::printf("%zu: %.2f a %.0f c %.0f events %lu touches %lu\n", i, ratio, sum(a.course.ns, i, i + 10) / 1e3, sum(c.course.ns, i, i + 10) / 1e3, events, a.course.touches[i+9] - (i ? a.course.touches[i-1] : 0));
      }
    }
    std::printf(
        "%s: load %.1f s, mean %.0f ns median %.0f p99 %.0f p99.9 %.0f worst %.0f | (b) mean %.0f | (c) mean "
        "%.0f worst %.0f | ratios b %.1f c %.2f ten %.2f one %.2f | touches %.2f exhausted %.2f judged %.2f a tick, crossings %.2f, touches a crossing "
        "%.2f | bytes %.0f | same b %d c %d\n",
        market.name.c_str(), seconds, mean, median(a.course.ns), percentile(a.course.ns, 0.99),
        percentile(a.course.ns, 0.999), *std::max_element(a.course.ns.begin(), a.course.ns.end()),
        sum(b.course.ns, 0, ticks) / ticks, sum(c.course.ns, 0, ticks) / ticks,
        *std::max_element(c.course.ns.begin(), c.course.ns.end()),
        sum(b.course.ns, 0, ticks) / sum(a.course.ns, 0, ticks),
        sum(c.course.ns, 0, ticks) / sum(a.course.ns, 0, ticks), worst_ratio(a.course, c.course, 10),
        worst_ratio(a.course, c.course, 1), touches / ticks,
        static_cast<double>(counters.exhausted - before.exhausted) / ticks,
        static_cast<double>(banded->shard().counters().accounts_judged - judged) / ticks,
        static_cast<double>(a.course.crossings) / ticks,
        touches / static_cast<double>(std::max<std::uint64_t>(1, a.course.crossings)),
        static_cast<double>(banded->shard().bands().bytes()) / static_cast<double>(accounts),
        a.course.hashes == b.course.hashes, a.course.hashes == c.course.hashes);
    std::fflush(stdout);
  }
  return rows;
}

}  // namespace plimsoll::bench
