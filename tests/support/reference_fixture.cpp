#include "tests/support/reference_fixture.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "engine/base/assert.hpp"
#include "tests/support/random.hpp"

namespace plimsoll::support {
namespace {

using reference::Bracket;
using reference::Instrument;
using reference::Profile;
using reference::Reference;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kBasisPoint = 100'000;  // as a Rate

struct BracketTerms {
  std::int64_t floor;  // in whole units of the asset
  std::int64_t maintenance_bp;
  std::int64_t initial_bp;
};

std::vector<Bracket> brackets_of(std::int64_t unit, const std::vector<BracketTerms>& terms) {
  std::vector<Bracket> brackets;
  for (const BracketTerms& term : terms) {
    Bracket bracket;
    bracket.floor = Amount::from_raw(term.floor * unit);
    bracket.maintenance = Rate::from_raw(term.maintenance_bp * kBasisPoint);
    bracket.initial = Rate::from_raw(term.initial_bp * kBasisPoint);
    brackets.push_back(bracket);
  }
  return brackets;
}

Instrument instrument_of(const char* symbol, AssetId settle, int quantity_decimals,
                         std::int64_t tick, std::int64_t price_max) {
  Instrument instrument;
  instrument.symbol = symbol;
  instrument.settle = settle;
  instrument.quantity_decimals = quantity_decimals;
  instrument.lot = Quantity::from_raw(1);
  instrument.tick = Price::from_raw(tick);
  instrument.price_max = Price::from_raw(price_max);
  return instrument;
}

void add_assets(Reference& reference, int second_decimals) {
  reference.assets.push_back({"USDT", 6, Amount{}});
  reference.assets.push_back({"USDC", second_decimals, Amount{}});
}

void add_instruments(Reference& reference) {
  const std::int64_t million = 1'000'000 * kRateOne;
  auto& list = reference.instruments;
  list.push_back(instrument_of("BTCUSDT", kUsdt, 3, 100'000'000, million));
  list.push_back(instrument_of("ETHUSDT", kUsdt, 2, 10'000'000, million / 10));
  list.push_back(instrument_of("CHEAPUSDT", kUsdt, 0, 100, kRateOne));
  list.push_back(instrument_of("BTCUSDC", kUsdc, 3, 100'000'000, million));
}

Profile retail() {
  Profile profile;
  profile.name = "retail";
  profile.breach_at_equality = true;
  profile.call_trigger = Rate::from_raw(1'200'000'000);
  profile.call_target = Rate::from_raw(1'500'000'000);
  profile.call_period = Duration::from_raw(3 * kSecond);
  profile.liquidation_target = Rate::from_raw(1'050'000'000);
  profile.liquidation_slippage_max = Rate::from_raw(100 * kBasisPoint);
  profile.liquidation_fee = Rate::from_raw(10 * kBasisPoint);
  profile.liquidation_steps_max = 3;
  return profile;
}

Profile desk() {
  Profile profile;
  profile.name = "desk";
  profile.breach_at_equality = false;
  profile.call_trigger = Rate::from_raw(1'100'000'000);
  profile.call_target = Rate::from_raw(1'250'000'000);
  profile.call_period = Duration::from_raw(60 * kSecond);
  profile.liquidation_target = Rate::from_raw(1'020'000'000);
  profile.liquidation_slippage_max = Rate::from_raw(50 * kBasisPoint);
  profile.liquidation_fee = Rate::from_raw(5 * kBasisPoint);
  profile.liquidation_steps_max = 5;
  return profile;
}

void add_exchange(Reference& reference) {
  reference.exchange.latency = Duration::from_raw(20 * kMillisecond);
  reference.exchange.half_spread = Rate::from_raw(kBasisPoint);
  reference.exchange.impact = Rate::from_raw(10 * kBasisPoint);
  reference.exchange.depth = Amount::from_raw(1'000'000'000'000);
  reference.exchange.slippage_max = Rate::from_raw(500 * kBasisPoint);
  reference.limits = {4'096, 16'384};
  reference.settle_grid = Duration::from_raw(kMillisecond);
  reference.time_step = Duration::from_raw(100 * kMillisecond);
}

Reference finished(Reference reference) {
  const std::vector<reference::Violation> violations = reference::finish(reference);
  for (const reference::Violation& violation : violations) {
    std::fprintf(stderr, "%s: %s\n", violation.path.c_str(), violation.message.c_str());
  }
  PLIMSOLL_ASSERT(violations.empty());
  return reference;
}

std::int64_t unit_of(const Reference& reference, const Instrument& instrument) {
  return power_of_ten(reference.assets[instrument.settle.raw()].decimals);
}

/// 1 to 5 brackets whose rates and floors rise; sometimes a rate stays.
std::vector<Bracket> random_brackets(std::int64_t unit, Random& random) {
  std::vector<BracketTerms> terms;
  BracketTerms term{0, random.between(40, 300), 0};
  term.initial_bp = term.maintenance_bp * random.between(10, 30) / 10;
  const std::int64_t count = random.between(1, 5);
  for (std::int64_t i = 0; i < count; ++i) {
    terms.push_back(term);
    term.floor += term.floor + random.between(1, 60'000);
    term.maintenance_bp += random.between(0, term.maintenance_bp);
    term.initial_bp = std::max(term.initial_bp, term.maintenance_bp) + random.between(0, 200);
  }
  return brackets_of(unit, terms);
}

void vary(Profile& profile, std::int64_t maintenance_least, Random& random) {
  const std::int64_t percent = kRateOne / 100;
  profile.breach_at_equality = random.chance(500);
  profile.liquidation_target = Rate::from_raw(kRateOne + random.between(0, 10) * percent);
  profile.call_trigger =
      Rate::from_raw(profile.liquidation_target.raw() + random.between(0, 30) * percent);
  profile.call_target = Rate::from_raw(profile.call_trigger.raw() +
                                       random.between(1, 5 * percent) * random.between(1, 10));
  profile.call_period = Duration::from_raw(random.pick(
      std::array<std::int64_t, 5>{1, 70 * kMillisecond, kSecond, 3 * kSecond, 60 * kSecond}));
  profile.liquidation_slippage_max = Rate::from_raw(random.between(1, 200) * kBasisPoint);
  profile.liquidation_fee = Rate::from_raw(random.between(0, maintenance_least / 2));
  profile.liquidation_steps_max = static_cast<std::uint32_t>(random.between(1, 6));
}

void vary_exchange(Reference& reference, Random& random) {
  reference::Exchange& exchange = reference.exchange;
  exchange.latency = Duration::from_raw(random.pick(std::array<std::int64_t, 6>{
      0, 1, 300'000, kMillisecond, 20 * kMillisecond, 250 * kMillisecond}));
  exchange.half_spread = Rate::from_raw(random.between(0, 10 * kBasisPoint));
  exchange.impact = Rate::from_raw(random.chance(200) ? 0 : random.between(1, 300 * kBasisPoint));
  exchange.depth = Amount::from_raw(random.between(10'000, 5'000'000) * 1'000'000);
  exchange.slippage_max = Rate::from_raw(random.between(50, 2'000) * kBasisPoint);
  const std::int64_t grid = random.pick(
      std::array<std::int64_t, 4>{100'000, kMillisecond, 7 * kMillisecond, 100 * kMillisecond});
  reference.settle_grid = Duration::from_raw(grid);
  const std::int64_t least = (50 * kMillisecond + grid - 1) / grid;
  reference.time_step = Duration::from_raw(grid * random.between(least, 3 * least));
}

}  // namespace

reference::Reference small_reference() {
  Reference reference;
  add_assets(reference, 6);
  add_instruments(reference);
  const std::int64_t unit = 1'000'000;
  auto& list = reference.instruments;
  list[0].brackets = brackets_of(unit, {{0, 50, 100},
                                        {50'000, 100, 250},
                                        {250'000, 250, 500},
                                        {1'000'000, 500, 1'000},
                                        {10'000'000, 1'000, 2'000}});
  list[1].brackets = brackets_of(unit, {{0, 100, 200}, {25'000, 200, 400}, {500'000, 500, 1'000}});
  list[2].brackets = brackets_of(unit, {{0, 250, 500}});
  list[3].brackets = brackets_of(unit, {{0, 50, 100}, {100'000, 100, 200}});
  reference.profiles = {retail(), desk()};
  add_exchange(reference);
  return finished(reference);
}

reference::Reference random_reference(std::uint64_t seed) {
  Random random{seed ^ 0x7265666572656e63ULL};
  Reference reference;
  add_assets(reference, random.pick(std::array<int, 5>{0, 2, 6, 6, 8}));
  add_instruments(reference);
  if (random.chance(250)) reference.instruments.pop_back();
  std::int64_t maintenance_least = kRateOne;
  for (Instrument& instrument : reference.instruments) {
    instrument.brackets = random_brackets(unit_of(reference, instrument), random);
    instrument.lot = Quantity::from_raw(random.pick(std::array<std::int64_t, 4>{1, 1, 5, 10}));
    instrument.tick =
        Price::from_raw(instrument.tick.raw() * random.pick(std::array<std::int64_t, 3>{1, 1, 5}));
    maintenance_least = std::min(maintenance_least, instrument.brackets.front().maintenance.raw());
  }
  reference.profiles = {retail(), desk()};
  for (Profile& profile : reference.profiles) vary(profile, maintenance_least, random);
  add_exchange(reference);
  vary_exchange(reference, random);
  if (seed % 8 == 7) reference.limits = {30, 40};
  return finished(reference);
}

Price starting_price(const Instrument& instrument) {
  if (instrument.symbol == "ETHUSDT") return Price::from_raw(3'400 * kRateOne);
  if (instrument.symbol == "CHEAPUSDT") return Price::from_raw(7'100'000);
  if (instrument.symbol == "BTCUSDC") return Price::from_raw(61'750 * kRateOne);
  return Price::from_raw(61'800 * kRateOne);
}

}  // namespace plimsoll::support
