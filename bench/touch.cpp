// What it costs to renew the bands of an account of four positions whose band a price has left and
// whose certificate still leaves something: the bands alone, in a crash.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <sstream>

#include <sys/mman.h>

#include "bench/bands_markets.hpp"
#include "bench/benches.hpp"
#include "engine/generate/random.hpp"
#include "engine/watch/bands.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTicks = 1'800;
constexpr std::uint64_t kLeast = 50;  // touches of a tick that counts
constexpr std::size_t kReads = 200'000;

double ns_since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

/// The certificate of an account at the first prices: what a call at 1.2 of 0.5 % leaves.
void certify(const BandAccount& account, watch::Certificate& certificate) {
  constexpr double kCharge = 1.2 * 0.005;
  certificate.clear(static_cast<double>(account.balance));
  for (std::size_t i = 0; i < kLines; ++i) {
    const bool is_long = account.quantity[i] > 0;
    const std::int64_t price = first_price(account.contract[i]);
    const double unit = static_cast<double>(std::abs(account.quantity[i])) / 1'000;
    certificate.floor -= unit * static_cast<double>(price) * kCharge;
    const double slope = unit * (is_long ? 1 - kCharge : 1 + kCharge);
    certificate.sides.push_back(
        {.factor = account.contract[i],
         .direction = is_long ? watch::Direction::falls : watch::Direction::rises,
         .base = Price::from_raw(price),
         .limit = is_long ? Price{} : Price::from_raw(2 * price),
         .slope = slope,
         .gain = slope * 0.98});
  }
}

watch::Bands fill(std::size_t accounts) {
  watch::Bands bands{kContracts, accounts, kLines * accounts};
  for (watch::Factor f = 0; f < kContracts; ++f) {
    (void)bands.move(f, Price::from_raw(first_price(f)));
  }
  watch::Certificate certificate;
  bands.batch([&] {
    for (std::uint32_t i = 0; i < accounts; ++i) {
      certify(band_account(i), certificate);
      bands.open();
      bands.add(i, certificate);
    }
  });
  return bands;
}

/// Cache lines in one long ring, in random order: what one cold read costs when nothing is known of
/// it before.
class ColdReads {
 public:
  explicit ColdReads(std::size_t bytes) : lines_(bytes / sizeof(Line)) {
    std::vector<std::uint32_t> order(lines_.size());
    std::iota(order.begin(), order.end(), 0U);
    generate::Random random{5};
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random.next() % i]);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      lines_[order[i]].next = order[(i + 1) % order.size()];
    }
  }
  /// Nanoseconds of one.
  [[nodiscard]] double time() {
    const Clock::time_point start = Clock::now();
    for (std::size_t i = 0; i < kReads; ++i) at_ = lines_[at_].next;
    asm volatile("" : : "r"(at_));  // somebody may want to know where this ends
    return ns_since(start) / static_cast<double>(kReads);
  }

 private:
  struct alignas(64) Line {
    std::uint32_t next;
  };
  std::vector<Line> lines_;
  std::uint32_t at_{0};
};

}  // namespace

std::vector<Row> bench_touch(const Settings& settings) {
  const std::size_t accounts = settings.accounts != 0 ? settings.accounts
                               : settings.quick       ? 100'000
                                                      : 1'000'000;
  watch::Bands bands = fill(accounts);
  ColdReads reads{bands.bytes()};
  if (::mlockall(MCL_CURRENT) != 0) {
    std::cerr << "plimsoll-bench: memory cannot be locked: expect slow ticks\n";
  }
  const std::vector<Market> markets = made_up_markets(kTicks);
  const auto crash = std::find_if(markets.begin(), markets.end(), [](const Market& market) {
    return market.name.starts_with("-40 %");
  });
  std::vector<double> values;
  std::vector<double> baselines;
  double touches = 0;
  double ticks = 0;
  double spent = 0;
  for (std::size_t pair = 0; pair < settings.pairs; ++pair) {
    baselines.push_back(reads.time());
    std::vector<double> costs;
    for (std::size_t i = kTicks * pair / settings.pairs; i < kTicks * (pair + 1) / settings.pairs;
         ++i) {
      const MarkMove& move = crash->moves[i];
      const watch::BandCounters before = bands.counters();
      const Clock::time_point start = Clock::now();
      if (!bands.move(move.contract, Price::from_raw(move.price))) {
        bands.cross(
            move.contract, [](std::uint32_t, bool) {}, [&](std::uint32_t a) { bands.clear(a); });
      }
      const double ns = ns_since(start);
      const std::uint64_t touched = bands.counters().touches - before.touches;
      if (touched < kLeast) continue;
      costs.push_back(ns / static_cast<double>(touched));
      touches += static_cast<double>(touched);
      spent += static_cast<double>(bands.counters().exhausted - before.exhausted);
      ticks += 1;
    }
    if (costs.empty()) {
      std::cerr << "plimsoll-bench: touch: too few accounts: no tick touches " << kLeast << "\n";
      std::exit(3);
    }
    values.push_back(median(costs));
  }
  (void)::munlockall();
  Row row = paired_row("renew the bands of a touched account", "ns", values,
                       "one cold read that depends on the last, of as many bytes", baselines);
  std::ostringstream text;
  text.precision(3);
  text << accounts << " accounts of " << kLines << " positions, -40 %; of "
       << static_cast<long long>(ticks) << " ticks with at least " << kLeast << " touches, "
       << touches / ticks << " a tick, " << 100 * spent / touches
       << " % of them with nothing left; least of the medians of a ninth: "
       << *std::min_element(values.begin(), values.end());
  row.work = text.str();
  row.sense = "at_most";
  return {row};
}

}  // namespace plimsoll::bench
