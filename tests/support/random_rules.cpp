#include "tests/support/random_rules.hpp"

#include <algorithm>
#include <array>

#include "engine/reference/turnover.hpp"
#include "tests/support/reference_builder.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::support {
namespace {

using reference::Bracket;
using reference::Collateral;
using reference::Instrument;
using reference::Profile;
using reference::Reference;
using reference::TierMeasure;
using reference::TierMode;
using reference::Tiers;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kBasisPoint = 100'000;  // as a Rate
constexpr std::int64_t kInfinite = reference::CollateralStep::kNoEnd;

/// A quantity that is worth so many dollars at the start, at least 1.
std::int64_t size_of(const Reference& reference, const Instrument& instrument,
                     std::int64_t dollars) {
  const Int128 notional = worth_of(reference, instrument.settle, dollars);
  const Int128 million = 1'000'000;
  const Int128 of_million =
      reference::turnover(instrument, million, starting_price(instrument)).notional();
  return narrow(std::max<Int128>(1, notional * million / std::max<Int128>(1, of_million)));
}

/// The multiplier and scales as finish() reduces them are not there yet; tables of an unfinished
/// instrument are drawn on a finished copy.
Instrument finished_copy(const Reference& reference, InstrumentId id) {
  Reference copy = reference;
  (void)reference::finish(copy);
  return copy.instruments[id.raw()];
}

/// Per whole unit of the measure, so that the rate doubles at some `dollars`.
Rate random_increment(const Reference& reference, const Instrument& instrument, TierMeasure measure,
                      Rate first, Random& random) {
  const std::int64_t dollars = random.between(5'000, 3'000'000);
  const bool by_value = measure == TierMeasure::value;
  const int decimals =
      by_value ? reference.assets[instrument.settle.raw()].decimals : instrument.quantity_decimals;
  const Int128 doubles_at = by_value ? worth_of(reference, instrument.settle, dollars)
                                     : size_of(reference, instrument, dollars);
  const Int128 increment = Int128{first.raw()} * power_of_ten(decimals) / doubles_at;
  return Rate::from_raw(narrow(std::clamp<Int128>(increment, 0, kRateOne)));
}

void vary_open_interest(Tiers& tiers, const Reference& reference, AssetId settle, Random& random) {
  const std::int64_t lower = random.between(0, 20'000'000);
  tiers.open_interest_lower = Amount::from_raw(lower == 0 ? 0 : worth_of(reference, settle, lower));
  tiers.open_interest_upper =
      Amount::from_raw(tiers.open_interest_lower.raw() +
                       worth_of(reference, settle, random.between(1'000, 200'000'000)));
  if (random.chance(500)) tiers.open_interest_step = Rate::from_raw(random.between(1, 100'000));
}

/// Charges of more than the whole notional, as of a coin that may be worth many times more by
/// the time it is bought back.
void make_heavy(Tiers& tiers, Random& random) {
  const std::int64_t times = random.between(2, 60);
  for (Bracket& bracket : tiers.brackets) {
    bracket.maintenance = Rate::from_raw(bracket.maintenance.raw() * times);
    bracket.initial = Rate::from_raw(bracket.initial.raw() * times);
  }
  if (random.chance(300)) tiers.slippage = Rate::from_raw(kRateOne * random.between(1, 3));
}

std::vector<reference::CollateralStep> random_steps(std::int64_t dollar, bool numeraire,
                                                    Random& random) {
  if (numeraire && random.chance(600)) return {{kInfinite, Rate::from_raw(kRateOne)}};
  std::vector<reference::CollateralStep> steps;
  std::int64_t ratio = random.between(800, 1'000);
  std::int64_t dollars = 0;
  const std::int64_t count = random.between(1, 4);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t scale = random.pick(std::array<std::int64_t, 3>{200, 10'000, 300'000});
    dollars += scale * random.between(1, 10);
    steps.push_back({dollars * dollar, Rate::from_raw(ratio * (kRateOne / 1'000))});
    ratio -= random.between(0, ratio / 3);
  }
  if (random.chance(700)) steps.back().up_to = kInfinite;
  return steps;
}

Collateral random_collateral(const Reference& reference, AssetId asset, Random& random) {
  Collateral rule;
  rule.asset = asset;
  rule.measure = random.chance(500) ? TierMeasure::quantity : TierMeasure::value;
  const AssetId counted = rule.measure == TierMeasure::value ? reference.numeraire : asset;
  // A dollar's worth of coin may be a few units only: rounded to one at least.
  rule.steps = random_steps(worth_of(reference, counted, 1), asset == reference.numeraire, random);
  if (random.chance(500)) {
    rule.liability_weight = Rate::from_raw(kRateOne + random.between(0, 200) * kRateOne / 1'000);
  }
  if (random.chance(600)) {
    const std::int64_t dollars = random.pick(std::array<std::int64_t, 4>{1, 100, 2'000, 50'000});
    rule.exchange_above =
        Amount::from_raw(worth_of(reference, reference.numeraire, dollars * random.between(1, 9)));
  }
  if (random.chance(600)) {
    rule.exchange_ratio = Rate::from_raw(kRateOne - random.between(0, 100'000'000));
  }
  return rule;
}

/// Most assets that can be held, in any order: debts are bought with the first of the list first.
void vary_collateral(Profile& profile, const Reference& reference, Random& random) {
  profile.collateral.clear();
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const AssetId asset = AssetId::from_raw(i);
    const bool held = asset == reference.numeraire || reference.assets[i].index_max.raw() > 0;
    if (!held || !random.chance(850)) continue;
    profile.collateral.push_back(random_collateral(reference, asset, random));
  }
  for (std::size_t i = profile.collateral.size(); i > 1; --i) {
    std::swap(profile.collateral[i - 1], profile.collateral[random.below(i)]);
  }
}

}  // namespace

Price starting_index(const reference::Asset& asset) {
  if (asset.name == "BTC") return Price::from_raw(61'800 * kRateOne);
  if (asset.name == "ETH") return Price::from_raw(3'400 * kRateOne);
  return Price::from_raw(kRateOne);
}

std::int64_t worth_of(const Reference& reference, AssetId asset, std::int64_t dollars) {
  const reference::Asset& terms = reference.assets[asset.raw()];
  const Int128 units = Int128{dollars} * power_of_ten(terms.decimals) * kRateOne;
  return narrow(std::max<Int128>(1, units / starting_index(terms).raw()));
}

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

Tiers random_tiers(const Reference& reference, InstrumentId id, Random& random) {
  const Instrument instrument = finished_copy(reference, id);
  Tiers tiers;
  tiers.instrument = id;
  tiers.mode = random.pick(
      std::array{TierMode::marginal, TierMode::marginal, TierMode::whole, TierMode::increment});
  const bool by_value = tiers.mode == TierMode::marginal || random.chance(500);
  tiers.measure = by_value ? TierMeasure::value : TierMeasure::quantity;
  tiers.brackets = random_brackets(1, random);
  for (Bracket& bracket : tiers.brackets) {
    if (bracket.floor == 0) continue;
    bracket.floor = by_value ? worth_of(reference, instrument.settle, bracket.floor)
                             : size_of(reference, instrument, bracket.floor);
  }
  // In a coarse unit two floors may have become one.
  for (std::size_t i = 1; i < tiers.brackets.size(); ++i) {
    tiers.brackets[i].floor = std::max(tiers.brackets[i].floor, tiers.brackets[i - 1].floor + 1);
  }
  if (tiers.mode == TierMode::increment) {
    tiers.brackets.resize(1);
    const Rate first = tiers.brackets[0].maintenance;
    tiers.maintenance_increment =
        random_increment(reference, instrument, tiers.measure, first, random);
    tiers.initial_increment = Rate::from_raw(
        std::min(kRateOne, tiers.maintenance_increment.raw() * random.between(10, 30) / 10));
  }
  if (random.chance(250)) tiers.slippage = Rate::from_raw(random.between(1, 100) * kBasisPoint);
  if (tiers.slippage.raw() > 20 * kBasisPoint && random.chance(300)) {
    tiers.brackets[0].maintenance = Rate{};  // the slippage alone
  }
  if (random.chance(250)) {
    vary_open_interest(tiers, reference, instrument.settle, random);
  } else if (tiers.mode != TierMode::increment && random.chance(100)) {
    make_heavy(tiers, random);
  }
  return tiers;
}

void vary_life(Profile& profile, std::int64_t freed_least, Random& random) {
  const std::int64_t percent = kRateOne / 100;
  profile.breach_at_equality = random.chance(500);
  profile.call_at_equality = random.chance(500);
  profile.liquidation_target = Rate::from_raw(kRateOne + random.between(0, 10) * percent);
  profile.call_trigger =
      Rate::from_raw(profile.liquidation_target.raw() + random.between(0, 30) * percent);
  const std::int64_t width = random.between(1, 10);
  profile.call_target =
      Rate::from_raw(profile.call_trigger.raw() + width * random.between(1, 5 * percent));
  profile.call_period = Duration::from_raw(random.pick(
      std::array<std::int64_t, 5>{1, 70 * kMillisecond, kSecond, 3 * kSecond, 60 * kSecond}));
  profile.liquidation_slippage_max = Rate::from_raw(random.between(1, 200) * kBasisPoint);
  profile.liquidation_fee = Rate::from_raw(random.between(0, freed_least / 2));
  profile.liquidation_steps_max = static_cast<std::uint32_t>(random.between(1, 6));
}

void vary_margining(Profile& profile, const Reference& reference, Random& random) {
  using reference::MarginBasis;
  using reference::OrderMargin;
  using reference::Rounding;
  const std::int64_t percent = kRateOne / 100;
  if (random.chance(400)) profile.takeover_below = Rate::from_raw(random.between(1, 90) * percent);
  profile.order_margin = random.pick(std::array{OrderMargin::none, OrderMargin::worst_side,
                                                OrderMargin::worst_fill, OrderMargin::per_side});
  const bool sided = profile.order_margin == OrderMargin::per_side;
  profile.basis = !sided && random.chance(250) ? MarginBasis::entry : MarginBasis::mark;
  profile.orders_in_maintenance = random.chance(400);
  profile.reserve_funding = random.chance(300);
  if (random.chance(400)) {
    profile.closing_fee = Rate::from_raw(random.between(1, 10 * kBasisPoint));
  }
  if (random.chance(250)) {
    profile.initial_factor = Rate::from_raw(kRateOne + random.between(0, 300) * percent);
  }
  if (random.chance(250)) {
    const std::int64_t least = std::max(kRateOne, profile.initial_factor.raw());
    profile.withdrawal_factor = Rate::from_raw(least + random.between(0, 100) * percent);
  }
  const auto rounding = [&] { return random.chance(700) ? Rounding::up : Rounding::down; };
  profile.requirement_rounding = rounding();
  profile.threshold_rounding = rounding();
  profile.aggregate_by_owner = profile.basis == MarginBasis::mark && random.chance(350);
  profile.profit_is_available = random.chance(700);
  profile.debt_maintenance =
      Rate::from_raw(random.chance(200) ? 0 : random.between(0, 10) * percent);
  profile.debt_initial =
      Rate::from_raw(profile.debt_maintenance.raw() + random.between(0, 15) * percent);
  profile.debt_withdrawal =
      Rate::from_raw(profile.debt_initial.raw() + random.between(0, 20) * percent);
  if (reference.numeraire != kNoAsset && random.chance(850)) {
    vary_collateral(profile, reference, random);
  }
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

}  // namespace plimsoll::support
