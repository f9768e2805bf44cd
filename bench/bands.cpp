// The engine against others that say the same: every account judged at every tick, in several
// markets.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>

#include <sys/mman.h>

#include "bench/bands_markets.hpp"
#include "bench/bands_rivals.hpp"
#include "bench/benches.hpp"
#include "engine/core/event_hash.hpp"
#include "engine/core/event_order.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTicks = 2'000;
constexpr std::size_t kNaiveTicks = 50;
constexpr std::size_t kLockedMax =
    1'000'000;  // accounts up to which memory is locked, and repeated

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What one engine did, by tick.
struct Course {
  std::vector<double> ns;
  std::vector<std::uint64_t> hashes;  // of its events
  std::vector<double> touched;        // accounts whose band was left
  std::vector<double> judged;         // of them, those whose certificate left nothing
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
  Runner(Engine& engine, const std::vector<MarkMove>& moves, std::size_t events_max)
      : engine_{engine}, moves_{moves}, before_{engine.work()} {
    // Every page of it is there before the first tick.
    out_.resize(events_max, Event{});
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
    const watch::BandCounters now = engine_.work();
    course_.touched.push_back(static_cast<double>(now.touches - before_.touches));
    course_.judged.push_back(static_cast<double>(now.exhausted - before_.exhausted));
    before_ = now;
  }

  Engine& engine_;
  const std::vector<MarkMove>& moves_;
  std::vector<Event> out_;
  watch::BandCounters before_;
  Course course_;
};

/// The most that one takes of what another takes, over so many ticks in a row.
double worst_share(const std::vector<double>& one, const std::vector<double>& other,
                   std::size_t width) {
  double worst = 0;
  for (std::size_t i = 0; i + width <= std::min(one.size(), other.size()); ++i) {
    worst = std::max(worst, sum(one, i, i + width) / sum(other, i, i + width));
  }
  return worst;
}

std::string ns_text(double ns) {
  return std::to_string(static_cast<long long>(ns + 0.5));
}

/// Who takes part.
enum Who : std::size_t { kBanded, kRecomputing, kIncremental };
constexpr std::size_t kEngines = 3;

/// One market with one number of accounts.
class Trial {
 public:
  Trial(const Settings& settings, std::size_t accounts, const Market& market)
      : settings_{settings},
        accounts_{accounts},
        market_{market},
        ticks_{market.moves.size() - kNaiveTicks},
        reference_{band_reference(accounts)} {}

  std::vector<Row> run() {
    const std::size_t repetitions = settings_.quick || accounts_ > kLockedMax ? 1 : 3;
    for (repetition_ = 0; repetition_ < repetitions; ++repetition_) {
      for (Course& course : courses_) course = {};
      run_engines();
      expect_same(kRecomputing, "recomputing");
      expect_same(kIncremental, "incremental");
      for (std::size_t who = 0; who < kEngines; ++who) {
        all_ns_[who].push_back(courses_[who].ns);
        all_ns_[who].back().resize(ticks_);
      }
    }
    for (std::size_t who = 0; who < kEngines; ++who) ns_[who] = medians_of(all_ns_[who]);
    std::vector<Row> rows{row(kRecomputing, "recompute all holders, fetched ahead"),
                          row(kIncremental, "exact increments of all holders")};
    rows[0].work = work_;
    describe_times(rows[0]);
    describe_shares(rows[1]);
    if (accounts_ == 1'000'000 && market_.goals.recomputing != 0) {
      rows[0].goal = market_.goals.recomputing;
      rows[1].goal = market_.goals.incremental;
    }
    rows.push_back(naive_row());
    return rows;
  }

 private:
  [[nodiscard]] std::unique_ptr<Engine> make(std::size_t who) const {
    std::unique_ptr<Engine> engine;
    if (who == kBanded) engine = std::make_unique<Banded>(reference_);
    if (who == kRecomputing) engine = std::make_unique<Recomputing>(reference_);
    if (who == kIncremental) engine = std::make_unique<Incremental>(reference_);
    for (std::uint64_t i = 0; i < accounts_; ++i) engine->open(i, band_account(i));
    engine->start();
    // What has lain idle since it was filled is slow once on a virtual machine: all is looked at.
    if (!engine->walk()) {
      std::cerr << "plimsoll-bench: the books are wrong\n";
      std::exit(3);
    }
    return engine;
  }
  [[nodiscard]] std::size_t slice(std::size_t pair) const {
    return ticks_ * pair / settings_.pairs;
  }

  /// One engine after the other, each right after it was filled: of what has lain idle for some
  /// seconds a virtual machine may have taken the memory, and ten million accounts fit only once.
  void run_engines() {
    for (std::size_t who = 0; who < kEngines; ++who) {
      const auto engine = make(who);
      Runner runner{*engine, market_.moves, accounts_ / 2};
      lock_memory();
      runner.run(0, ticks_);
      if (who == kBanded) finish(*engine, runner);
      if (who == kIncremental) runner.run(ticks_, ticks_ + kNaiveTicks);
      courses_[who] = runner.course();
      (void)::munlockall();
    }
  }
  void lock_memory() const {
    if (accounts_ <= kLockedMax && ::mlockall(MCL_CURRENT) != 0) {
      std::cerr << "plimsoll-bench: memory cannot be locked: expect slow ticks\n";
    }
  }

  /// Notes the work, then lets the product revalue all accounts, for the ticks after the market;
  /// the incremental one has to agree with that, too.
  void finish(Engine& engine, Runner& runner) {
    if (repetition_ != 0) return;
    auto& banded = dynamic_cast<Banded&>(engine);
    const Course& course = runner.course();
    const auto per_tick = [this](double count) { return count / static_cast<double>(ticks_); };
    std::ostringstream text;
    text.precision(3);
    text << "a tick: " << per_tick(sum(course.touched, 0, ticks_)) << " touched, "
         << per_tick(sum(course.judged, 0, ticks_)) << " judged, "
         << per_tick(static_cast<double>(course.crossings)) << " thresholds crossed; "
         << static_cast<double>(banded.shard().bands().bytes()) / static_cast<double>(accounts_)
         << " bytes an account";
    work_ = text.str();
    banded.watch_as(watch::Mode::naive);
    runner.run(ticks_, ticks_ + kNaiveTicks);
    naive_rate_ = rate(course.ns, ticks_, ticks_ + kNaiveTicks);
  }

  void expect_same(std::size_t who, const char* name) const {
    const std::vector<std::uint64_t>& one = courses_[kBanded].hashes;
    const std::vector<std::uint64_t>& other = courses_[who].hashes;
    for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
      if (one[i] == other[i]) continue;
      std::cerr << "plimsoll-bench: " << name << " says something else at tick " << i << "\n";
      std::exit(3);
    }
  }

  /// Tick by tick: what the machine does beside us is not the same in every repetition.
  [[nodiscard]] std::vector<double> medians_of(const std::vector<std::vector<double>>& all) const {
    std::vector<double> medians;
    for (std::size_t i = 0; i < ticks_; ++i) {
      std::vector<double> values;
      for (const std::vector<double>& ns : all) values.push_back(ns[i]);
      medians.push_back(median(values));
    }
    return medians;
  }
  /// Ticks a second.
  [[nodiscard]] static double rate(const std::vector<double>& ns, std::size_t from,
                                   std::size_t to) {
    return static_cast<double>(to - from) * 1e9 / sum(ns, from, to);
  }

  [[nodiscard]] Row row(std::size_t who, const char* name) const {
    std::vector<double> values;
    std::vector<double> baselines;
    for (std::size_t pair = 0; pair < settings_.pairs; ++pair) {
      values.push_back(rate(ns_[kBanded], slice(pair), slice(pair + 1)));
      baselines.push_back(rate(ns_[who], slice(pair), slice(pair + 1)));
    }
    Row result = paired_row(title(), "ticks/s", values, name, baselines);
    // Of the whole course: a market is not the same at its beginning and at its end.
    result.value = rate(ns_[kBanded], 0, ticks_);
    result.baseline = rate(ns_[who], 0, ticks_);
    result.ratio = result.value / result.baseline;
    return result;
  }
  [[nodiscard]] Row naive_row() const {
    Row result = paired_row(title(), "ticks/s", {rate(ns_[kBanded], 0, ticks_)},
                            "revalue all accounts", {naive_rate_});
    result.work = "sampled on " + std::to_string(kNaiveTicks) + " ticks";
    return result;
  }

  void describe_times(Row& row) const {
    const std::vector<double>& ns = ns_[kBanded];
    row.work = "ns a tick: mean " + ns_text(sum(ns, 0, ticks_) / static_cast<double>(ticks_)) +
               ", median " + ns_text(median(ns)) + ", p99 " + ns_text(percentile(ns, 0.99)) +
               ", p99.9 " + ns_text(percentile(ns, 0.999)) + ", worst " +
               ns_text(*std::max_element(ns.begin(), ns.end())) + "; " + row.work;
  }
  void describe_shares(Row& row) const {
    double worst_raw = 0;
    for (std::size_t i = 0; i < all_ns_[kBanded].size(); ++i) {
      worst_raw =
          std::max(worst_raw, worst_share(all_ns_[kBanded][i], all_ns_[kIncremental][i], 10));
    }
    std::ostringstream text;
    text.precision(3);
    text << "most of its time over ten ticks: " << worst_share(ns_[kBanded], ns_[kIncremental], 10)
         << ", over one: " << worst_share(ns_[kBanded], ns_[kIncremental], 1);
    if (all_ns_[kBanded].size() > 1) {
      text << " (medians of " << all_ns_[kBanded].size()
           << " repetitions; over ten in the worst of them: " << worst_raw << ")";
    }
    row.work = text.str();
  }
  [[nodiscard]] std::string title() const {
    return market_.name + ", " + std::to_string(accounts_) + " accounts";
  }

  const Settings& settings_;
  std::size_t accounts_;
  const Market& market_;
  std::size_t ticks_;
  reference::Reference reference_;
  std::size_t repetition_{0};
  std::array<Course, kEngines> courses_;                           // of the repetition at hand
  std::array<std::vector<std::vector<double>>, kEngines> all_ns_;  // by repetition
  std::array<std::vector<double>, kEngines> ns_;                   // their medians
  double naive_rate_{0};                                           // ticks a second
  std::string work_;
};

}  // namespace

std::vector<Row> bench_bands(const Settings& settings) {
  std::vector<std::size_t> sizes{100'000, 1'000'000, 10'000'000};
  if (settings.quick) sizes = {5'000};
  if (settings.accounts != 0) sizes = {settings.accounts};
  std::vector<Market> markets = made_up_markets(kTicks + kNaiveTicks);
  for (Market& market : real_markets(settings.data)) markets.push_back(std::move(market));
  std::vector<Row> rows;
  for (const std::size_t accounts : sizes) {
    for (const Market& market : markets) {
      if (market.name.find(settings.market) == std::string::npos) continue;
      const Clock::time_point start = Clock::now();
      for (Row& row : Trial{settings, accounts, market}.run()) rows.push_back(std::move(row));
      std::cerr << market.name << ", " << accounts << " accounts: " << seconds_since(start)
                << " s\n";
    }
  }
  return rows;
}

}  // namespace plimsoll::bench
