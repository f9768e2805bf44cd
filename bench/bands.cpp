// The engine against others that say the same: every account judged at every tick, in four markets.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>

#include <sys/mman.h>

#include "bench/bands_rivals.hpp"
#include "bench/benches.hpp"
#include "engine/core/event_hash.hpp"
#include "engine/core/event_order.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTicks = 2'000;
constexpr std::size_t kNaiveTicks = 50;
constexpr std::size_t kEventsMax = 1'000'000;  // of one tick
constexpr std::size_t kLockedMax = 1'000'000;  // accounts up to which all memory is locked

/// What one engine did.
struct Course {
  std::vector<double> ns;             // by tick
  std::vector<std::uint64_t> hashes;  // by tick: of its events
  std::uint64_t crossings{0};         // events but orders and what they end: thresholds crossed
};

double sum(const std::vector<double>& values, std::size_t from, std::size_t to) {
  double total = 0;
  for (std::size_t i = from; i < to; ++i) total += values[i];
  return total;
}

/// Takes an engine through a market.
class Runner {
 public:
  Runner(Engine& engine, const std::vector<MarkMove>& moves) : engine_{engine}, moves_{moves} {
    // Every page of it is there before the first tick.
    out_.resize(kEventsMax, Event{});
  }
  void run(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      out_.clear();
      const EventTime time = EventTime::from_raw(static_cast<std::int64_t>(1'000'000 * (i + 1)));
      const Clock::time_point start = Clock::now();
      engine_.apply(moves_[i], time, out_);
      course_.ns.push_back(std::chrono::duration<double, std::nano>(Clock::now() - start).count());
      note();
    }
  }
  [[nodiscard]] const Course& course() const noexcept { return course_; }
  /// Ticks a second from one tick to another.
  [[nodiscard]] double rate(std::size_t from, std::size_t to) const {
    return static_cast<double>(to - from) * 1e9 / sum(course_.ns, from, to);
  }

 private:
  void note() {
    std::stable_sort(out_.begin(), out_.end(), core::published_before);
    core::EventHash hash;
    for (const Event& event : out_) {
      hash.add(event);
      const bool follows = std::holds_alternative<LiquidationOrderIssued>(event.body) ||
                           std::holds_alternative<MarginCallEscalated>(event.body);
      course_.crossings += follows ? 0U : 1U;
    }
    course_.hashes.push_back(hash.value());
  }

  Engine& engine_;
  const std::vector<MarkMove>& moves_;
  std::vector<Event> out_;
  Course course_;
};

/// The most that one takes of what another takes, over so many ticks in a row.
double worst_share(const Course& one, const Course& other, std::size_t width) {
  double worst = 0;
  for (std::size_t i = 0; i + width <= kTicks; ++i) {
    worst = std::max(worst, sum(one.ns, i, i + width) / sum(other.ns, i, i + width));
  }
  return worst;
}

template <class E>
std::unique_ptr<E> filled(const reference::Reference& reference, std::size_t accounts) {
  auto engine = std::make_unique<E>(reference);
  for (std::uint64_t i = 0; i < accounts; ++i) engine->open(i, band_account(i));
  engine->start();
  // What has lain idle since it was filled is slow once on a virtual machine: all is looked at.
  if (!engine->walk()) {
    std::cerr << "plimsoll-bench: the books are wrong\n";
    std::exit(3);
  }
  return engine;
}

void expect_same(const Course& one, const Course& other, const char* name) {
  const std::size_t shared = std::min(one.hashes.size(), other.hashes.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (one.hashes[i] == other.hashes[i]) continue;
    std::cerr << "plimsoll-bench: " << name << " says something else at tick " << i << "\n";
    std::exit(3);
  }
}

/// What a market asks of the ratios, at a million accounts.
struct Goals {
  Market market;
  double recomputing{0};
  double incremental{0};
};

std::string ns_text(double ns) {
  return std::to_string(static_cast<long long>(ns + 0.5));
}

/// One market with one number of accounts.
class Trial {
 public:
  Trial(const Settings& settings, std::size_t accounts, const Goals& goals)
      : settings_{settings},
        accounts_{accounts},
        goals_{goals},
        moves_{moves_of(goals.market, kTicks + kNaiveTicks)},
        reference_{band_reference(accounts)} {}

  std::vector<Row> run() {
    const Clock::time_point start = Clock::now();
    banded_ = filled<Banded>(reference_, accounts_);
    seconds_ = std::chrono::duration<double>(Clock::now() - start).count();
    const auto incremental = filled<Incremental>(reference_, accounts_);
    const auto recomputing = filled<Recomputing>(reference_, accounts_);
    if (accounts_ <= kLockedMax && ::mlockall(MCL_CURRENT) != 0) {
      std::cerr << "plimsoll-bench: memory cannot be locked: expect slow ticks\n";
    }
    Runner banded{*banded_, moves_};
    Runner others[]{{*recomputing, moves_}, {*incremental, moves_}};
    before_ = banded_->shard().bands().counters();
    for (std::size_t pair = 0; pair < settings_.pairs; ++pair) {
      const std::size_t from = kTicks * pair / settings_.pairs;
      const std::size_t to = kTicks * (pair + 1) / settings_.pairs;
      banded.run(from, to);
      for (Runner& other : others) other.run(from, to);
    }
    expect_same(banded.course(), others[0].course(), "recomputing");
    expect_same(banded.course(), others[1].course(), "incremental");
    std::vector<Row> rows{row(banded, others[0], "recompute all holders, fetched ahead"),
                          row(banded, others[1], "exact increments of all holders")};
    describe(rows[0], banded.course());
    describe(rows[1], banded.course(), others[1].course());
    if (accounts_ == 1'000'000) {
      rows[0].goal = goals_.recomputing;
      rows[1].goal = goals_.incremental;
    }
    rows.push_back(naive_row(banded, others[1]));
    (void)::munlockall();
    return rows;
  }

 private:
  Row row(const Runner& banded, const Runner& other, const char* name) const {
    std::vector<double> values;
    std::vector<double> baselines;
    for (std::size_t pair = 0; pair < settings_.pairs; ++pair) {
      const std::size_t from = kTicks * pair / settings_.pairs;
      const std::size_t to = kTicks * (pair + 1) / settings_.pairs;
      values.push_back(banded.rate(from, to));
      baselines.push_back(other.rate(from, to));
    }
    Row result = paired_row(title(), "ticks/s", values, name, baselines);
    // Of the whole course: a market is not the same at its beginning and at its end.
    result.value = banded.rate(0, kTicks);
    result.baseline = other.rate(0, kTicks);
    result.ratio = result.value / result.baseline;
    return result;
  }

  /// The engine itself revaluing all accounts, for the ticks after the market; the incremental one
  /// has to agree with that, too.
  Row naive_row(Runner& banded, Runner& incremental) {
    incremental.run(kTicks, kTicks + kNaiveTicks);
    banded_->watch_as(watch::Mode::naive);
    banded.run(kTicks, kTicks + kNaiveTicks);
    expect_same(banded.course(), incremental.course(), "naive");
    Row result = paired_row(title(), "ticks/s", {banded.rate(0, kTicks)}, "revalue all accounts",
                            {banded.rate(kTicks, kTicks + kNaiveTicks)});
    result.work = "sampled on " + std::to_string(kNaiveTicks) + " ticks";
    return result;
  }

  /// Mean, tail, and the work done.
  void describe(Row& row, const Course& course) const {
    const std::vector<double> ns(course.ns.begin(), course.ns.begin() + kTicks);
    const auto& counters = banded_->shard().bands().counters();
    const auto per_tick = [](std::uint64_t count) {
      return static_cast<double>(count) / static_cast<double>(kTicks);
    };
    std::ostringstream text;
    text.precision(3);
    text << "ns a tick: mean " << ns_text(sum(ns, 0, kTicks) / kTicks) << ", median "
         << ns_text(median(ns)) << ", p99 " << ns_text(percentile(ns, 0.99)) << ", p99.9 "
         << ns_text(percentile(ns, 0.999)) << ", worst "
         << ns_text(*std::max_element(ns.begin(), ns.end()))
         << "; a tick: " << per_tick(counters.touches - before_.touches) << " touched, "
         << per_tick(counters.exhausted - before_.exhausted) << " judged, "
         << per_tick(course.crossings) << " thresholds crossed; "
         << static_cast<double>(banded_->shard().bands().bytes()) / static_cast<double>(accounts_)
         << " bytes an account, filled in " << seconds_ << " s";
    row.work = text.str();
  }
  void describe(Row& row, const Course& course, const Course& other) const {
    std::ostringstream text;
    text.precision(3);
    text << "most of its time over ten ticks: " << worst_share(course, other, 10)
         << ", over one: " << worst_share(course, other, 1);
    row.work = text.str();
  }
  [[nodiscard]] std::string title() const {
    return goals_.market.name + ", " + std::to_string(accounts_) + " accounts";
  }

  const Settings& settings_;
  std::size_t accounts_;
  const Goals& goals_;
  std::vector<MarkMove> moves_;
  reference::Reference reference_;
  std::unique_ptr<Banded> banded_;
  double seconds_{0};
  watch::BandCounters before_;
};

}  // namespace

std::vector<Row> bench_bands(const Settings& settings) {
  const std::vector<Goals> markets{{{"quiet, 1 bp", 1, 0}, 5'000, 500},
                                   {{"busy, 5 bp", 5, 0}, 0, 0},
                                   {{"-10 % in a line", 1, -2}, 30, 3},
                                   {{"-40 %, 10 bp noise", 10, -10}, 10, 1}};
  const std::vector<std::size_t> sizes = settings.quick
                                             ? std::vector<std::size_t>{5'000}
                                             : std::vector<std::size_t>{100'000, 1'000'000};
  std::vector<Row> rows;
  for (const std::size_t accounts : sizes) {
    for (const Goals& goals : markets) {
      for (Row& row : Trial{settings, accounts, goals}.run()) rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace plimsoll::bench
