#include "engine/reference/reference.hpp"

#include <algorithm>
#include <limits>

#include "engine/reference/check.hpp"
#include "engine/reference/turnover.hpp"

namespace plimsoll::reference {
namespace {

/// What is charged of a notional may be more than all of it.
bool is_charge(Rate rate) noexcept {
  constexpr std::int64_t kChargeMax = 1'000'000;
  return rate.raw() >= 0 && rate.raw() <= kChargeMax * kRateOne;
}

void finish_brackets(Tiers& tiers, const std::string& path, Check& check) {
  check.require(!tiers.brackets.empty(), path + ".brackets", "must not be empty");
  for (std::size_t i = 0; i < tiers.brackets.size(); ++i) {
    Bracket& bracket = tiers.brackets[i];
    const std::string at = path + "." + element("brackets", i);
    check.require(is_charge(bracket.maintenance), at + ".maintenance", "must be 0 to 1000000");
    check.require(bracket.initial >= bracket.maintenance && is_charge(bracket.initial),
                  at + ".initial", "must be at least the maintenance rate and at most 1000000");
    if (i == 0) {
      check.require(bracket.floor == 0, at + ".floor", "of the first bracket must be 0");
      continue;
    }
    const Bracket& below = tiers.brackets[i - 1];
    check.require(bracket.floor > below.floor, at + ".floor", "must be above the one before");
    check.require(bracket.maintenance >= below.maintenance, at + ".maintenance",
                  "must not fall with size");
    check.require(bracket.initial >= below.initial, at + ".initial", "must not fall with size");
    bracket.initial_amount = below.initial_amount +
                             Int128{bracket.floor} * (bracket.initial.raw() - below.initial.raw());
    bracket.maintenance_amount =
        below.maintenance_amount +
        Int128{bracket.floor} * (bracket.maintenance.raw() - below.maintenance.raw());
  }
}

/// REQUIRES: the instrument settles in an asset that exists.
void finish_tiers(Tiers& tiers, const Reference& reference, const std::string& path, Check& check) {
  finish_brackets(tiers, path, check);
  const Instrument& instrument = reference.instruments[tiers.instrument.raw()];
  const bool by_value = tiers.measure == TierMeasure::value;
  const int decimals =
      by_value ? reference.assets[instrument.settle.raw()].decimals : instrument.quantity_decimals;
  check.require(tiers.mode != TierMode::marginal || by_value, path + ".measure",
                "must be value in mode marginal");
  check.require(tiers.mode == TierMode::increment ||
                    (tiers.initial_increment.raw() == 0 && tiers.maintenance_increment.raw() == 0),
                path + ".initial_increment", "is for mode increment");
  check.require(tiers.mode != TierMode::increment || tiers.brackets.size() == 1, path + ".brackets",
                "must be a single one in mode increment");
  check.require(tiers.mode != TierMode::increment || decimals <= 9, path + ".measure",
                "mode increment needs a measure of at most 9 decimals");
  check.require(tiers.maintenance_increment.raw() >= 0, path + ".maintenance_increment",
                "must not be negative");
  check.require(tiers.initial_increment >= tiers.maintenance_increment &&
                    tiers.initial_increment.raw() <= kRateOne,
                path + ".initial_increment", "must be at least maintenance_increment, at most 1");
  check.require(is_charge(tiers.slippage), path + ".slippage", "must be 0 to 1000000");
  const bool grows = tiers.mode == TierMode::increment || tiers.open_interest_upper.raw() != 0;
  check.require(!grows || tiers.brackets.empty() || is_rate(tiers.brackets.front().initial),
                path + ".brackets[0].initial", "that grows to 1 must be at most 1");
  check.require(tiers.open_interest_step.raw() > 0 && is_rate(tiers.open_interest_step),
                path + ".open_interest_step", "must be above 0 and at most 1");
  check.require(tiers.open_interest_lower.raw() >= 0 &&
                    tiers.open_interest_upper >= tiers.open_interest_lower,
                path + ".open_interest_upper", "must be at least open_interest_lower");
  if (decimals >= 0 && decimals <= 12) tiers.measure_unit = power_of_ten(decimals);
}

/// The most that a table charges of a notional, in whole.
std::int64_t charge_max_of(const Tiers& tiers) noexcept {
  Int128 rate = tiers.mode == TierMode::increment ? kRateOne : 0;
  for (const Bracket& bracket : tiers.brackets)
    rate = std::max<Int128>(rate, bracket.initial.raw());
  return narrow(divide_ceil<Int128>(rate + tiers.slippage.raw(), kRateOne));
}

Int128 greatest_common_divisor(Int128 a, Int128 b) noexcept {
  while (b != 0) {
    const Int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// The factors of turnover, from multiplier and scales.
void finish_turnover(Instrument& instrument, int decimals, const std::string& path, Check& check) {
  constexpr std::int64_t kNumeratorMax = 1'000'000'000'000;
  const bool inverse = instrument.kind == Kind::inverse;
  Int128 numerator = Int128{instrument.multiplier} * power_of_ten(decimals);
  Int128 denominator = power_of_ten(instrument.quantity_decimals);
  if (!inverse) denominator *= Int128{power_of_ten(9)} * power_of_ten(9);
  const Int128 common = greatest_common_divisor(numerator, denominator);
  instrument.numerator = numerator / common;
  instrument.denominator = denominator / common;
  if (inverse) {
    check.require(instrument.denominator == 1, path + ".multiplier",
                  "times 10^decimals of the asset must be a multiple of 10^quantity_decimals");
  } else {
    check.require(instrument.numerator <= kNumeratorMax &&
                      instrument.denominator <= std::numeric_limits<std::int64_t>::max(),
                  path + ".multiplier", "does not fit the decimals of quantity and asset");
  }
}

void check_instrument(const Instrument& instrument, const std::string& path, Check& check) {
  check.require(!instrument.symbol.empty(), path + ".symbol", "must not be empty");
  check.require(instrument.lot.raw() > 0, path + ".lot", "must be above 0");
  check.require(instrument.tick.raw() > 0, path + ".tick", "must be above 0");
  check.require(instrument.price_max >= instrument.tick, path + ".price_max",
                "must be at least one tick");
  check.require(instrument.price_min.raw() > 0 && instrument.price_min <= instrument.price_max,
                path + ".price_min", "must be above 0 and at most price_max");
  check.require(
      instrument.price_min <= instrument.tick ||
          instrument.price_min.raw() % std::max<std::int64_t>(1, instrument.tick.raw()) == 0,
      path + ".price_min", "must be at most one tick, or a multiple of it");
  check.require(instrument.position_limit.raw() >= 0, path + ".position_limit",
                "must not be negative");
  check.require(instrument.depth.raw() >= 0, path + ".depth", "must not be negative");
}

void finish_instrument(Instrument& instrument, const Reference& reference, const std::string& path,
                       Check& check) {
  check_instrument(instrument, path, check);
  const bool scaled = instrument.quantity_decimals >= 0 && instrument.quantity_decimals <= 9;
  check.require(scaled, path + ".quantity_decimals", "must be 0 to 9");
  const bool multiplied = instrument.multiplier > 0 && instrument.multiplier <= kRateOne * kRateOne;
  check.require(multiplied, path + ".multiplier", "must be above 0 and at most 1e9");
  const bool settles = instrument.settle.raw() < reference.assets.size();
  check.require(settles, path + ".settle", "names no asset");
  const int decimals = settles ? reference.assets[instrument.settle.raw()].decimals : -1;
  if (scaled && multiplied && decimals >= 0 && decimals <= 12) {
    finish_turnover(instrument, decimals, path, check);
  }
  if (instrument.kind == Kind::spot) {
    const bool based = instrument.base.raw() < reference.assets.size();
    check.require(based && instrument.base != instrument.settle, path + ".base",
                  "must name another asset");
    check.require(
        !based || reference.assets[instrument.base.raw()].decimals >= instrument.quantity_decimals,
        path + ".quantity_decimals", "must be at most the decimals of the base asset");
    check.require(instrument.multiplier == kRateOne, path + ".multiplier", "of a spot pair is 1");
  } else {
    check.require(instrument.tiers_long.raw() < reference.tiers.size() &&
                      instrument.tiers_short.raw() < reference.tiers.size(),
                  path + ".tiers", "must not be empty");
  }
}

void check_collateral(const Collateral& rule, const Reference& reference, const std::string& path,
                      Check& check) {
  const bool exists = rule.asset.raw() < reference.assets.size();
  check.require(exists, path + ".asset", "names no asset");
  check.require(!exists || rule.asset == reference.numeraire ||
                    reference.assets[rule.asset.raw()].index_max.raw() > 0,
                path + ".asset", "needs an index_max");
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    const std::string at = path + "." + element("steps", i);
    check.require(is_rate(rule.steps[i].ratio), at + ".ratio", "must be 0 to 1");
    check.require(rule.steps[i].up_to > (i == 0 ? 0 : rule.steps[i - 1].up_to), at + ".up_to",
                  "must be above 0 and above the one before");
    check.require(i == 0 || rule.steps[i].ratio <= rule.steps[i - 1].ratio, at + ".ratio",
                  "must not grow with size");
  }
  check.require(
      rule.liability_weight.raw() >= kRateOne && rule.liability_weight.raw() <= 4 * kRateOne,
      path + ".liability_weight", "must be 1 to 4");
  check.require(rule.exchange_above.raw() >= 0, path + ".exchange_above", "must not be negative");
  check.require(is_rate(rule.exchange_ratio) && rule.exchange_ratio.raw() >= kRateOne / 10,
                path + ".exchange_ratio", "must be 0.1 to 1");
}

void check_margining(const Profile& profile, const Reference& reference, const std::string& path,
                     Check& check) {
  check.require(profile.takeover_below.raw() >= 0 && profile.takeover_below.raw() < kRateOne,
                path + ".takeover_below", "must be 0 or more, and below 1");
  check.require(profile.closing_fee.raw() >= 0 && profile.closing_fee.raw() <= kRateOne / 10,
                path + ".closing_fee", "must be 0 to 0.1");
  check.require(
      profile.initial_factor.raw() == 0 || (profile.initial_factor.raw() >= kRateOne &&
                                            profile.initial_factor.raw() <= 16 * kRateOne),
      path + ".initial_factor", "must be 0, or 1 to 16");
  check.require(profile.withdrawal_factor.raw() == 0 ||
                    (profile.withdrawal_factor.raw() >= kRateOne &&
                     profile.withdrawal_factor >= profile.initial_factor &&
                     profile.withdrawal_factor.raw() <= 16 * kRateOne),
                path + ".withdrawal_factor",
                "must be 0, or at least initial_factor and 1, at most 16");
  check.require(profile.order_margin != OrderMargin::per_side || profile.basis == MarginBasis::mark,
                path + ".order_margin", "per_side needs basis mark");
  check.require(!profile.aggregate_by_owner || profile.basis == MarginBasis::mark,
                path + ".aggregate_by_owner", "needs basis mark");
  check.require(is_rate(profile.debt_maintenance), path + ".debt_maintenance", "must be 0 to 1");
  check.require(profile.debt_initial >= profile.debt_maintenance &&
                    profile.debt_initial.raw() <= 16 * kRateOne,
                path + ".debt_initial", "must be at least debt_maintenance and at most 16");
  check.require(profile.debt_withdrawal >= profile.debt_initial &&
                    profile.debt_withdrawal.raw() <= 16 * kRateOne,
                path + ".debt_withdrawal", "must be at least debt_initial and at most 16");
  check.require(profile.collateral.empty() || reference.numeraire != kNoAsset, path + ".collateral",
                "needs a numeraire");
  for (std::size_t i = 0; i < profile.collateral.size(); ++i) {
    check_collateral(profile.collateral[i], reference, path + "." + element("collateral", i),
                     check);
    const bool again = std::any_of(
        profile.collateral.begin(), profile.collateral.begin() + static_cast<std::ptrdiff_t>(i),
        [&](const Collateral& other) { return other.asset == profile.collateral[i].asset; });
    check.require(!again, path + "." + element("collateral", i) + ".asset", "appears twice");
  }
}

void check_profile(const Profile& profile, const Reference& reference, const std::string& path,
                   Check& check) {
  check.require(!profile.name.empty(), path + ".name", "must not be empty");
  check.require(profile.liquidation_target.raw() >= kRateOne, path + ".liquidation_target",
                "must be at least 1");
  check.require(profile.call_trigger >= profile.liquidation_target, path + ".call_trigger",
                "must be at least liquidation_target");
  check.require(profile.call_target > profile.call_trigger, path + ".call_target",
                "must be above call_trigger");
  check.require(profile.call_target.raw() <= 16 * kRateOne, path + ".call_target",
                "must be at most 16");
  check.require(profile.call_period.raw() > 0, path + ".call_period", "must be above 0");
  check.require(profile.confirm_time.raw() >= 0, path + ".confirm_time", "must not be negative");
  check.require(profile.liquidation_steps_max > 0, path + ".liquidation_steps_max",
                "must be above 0");
  check.require(
      profile.liquidation_fee.raw() >= 0 && profile.liquidation_fee.raw() <= kRateOne / 10,
      path + ".liquidation_fee", "must be 0 to 0.1");
  check.require(profile.liquidation_slippage_max.raw() > 0 &&
                    profile.liquidation_slippage_max.raw() < kRateOne,
                path + ".liquidation_slippage_max", "must be above 0 and below 1");
  check_margining(profile, reference, path, check);
  for (const Tiers& tiers : reference.tiers) {
    if (tiers.brackets.empty()) continue;
    const Bracket& first = tiers.brackets.front();
    const bool free = first.maintenance.raw() + tiers.slippage.raw() == 0;
    check.require(free || liquidation_slippage(tiers, profile).raw() > 0, path + ".liquidation_fee",
                  "must be below the first maintenance rate of every instrument");
  }
}

void check_asset(const Asset& asset, const std::string& path, Check& check) {
  check.require(!asset.name.empty(), path + ".name", "must not be empty");
  check.require(asset.decimals >= 0 && asset.decimals <= 12, path + ".decimals", "must be 0 to 12");
  check.require(asset.insurance_fund.raw() >= 0, path + ".insurance_fund", "must not be negative");
  check.require(asset.index_max.raw() >= 0, path + ".index_max", "must not be negative");
  check.require(asset.collateral_cap.raw() >= 0, path + ".collateral_cap", "must not be negative");
}

void check_numeraire(const Reference& reference, Check& check) {
  if (reference.numeraire == kNoAsset) return;
  const bool exists = reference.numeraire.raw() < reference.assets.size();
  check.require(exists, "engine.numeraire", "names no asset");
  if (!exists) return;
  const int decimals = reference.assets[reference.numeraire.raw()].decimals;
  for (std::size_t i = 0; i < reference.assets.size(); ++i) {
    const int exponent = kPriceDecimals + reference.assets[i].decimals - decimals;
    check.require(exponent >= 0 && exponent <= 18, element("asset", i) + ".decimals",
                  "9 + decimals - decimals of the numeraire must be 0 to 18");
  }
}

/// Where a table of tiers stands in the configuration.
std::string tiers_path(const Reference& reference, const Tiers& tiers) {
  const Instrument& instrument = reference.instruments[tiers.instrument.raw()];
  std::string path = element("instrument", tiers.instrument.raw());
  const auto index = static_cast<std::uint32_t>(&tiers - reference.tiers.data());
  if (index == instrument.tiers_long.raw()) {
    path.append(".tiers");
  } else if (index == instrument.tiers_short.raw()) {
    path.append(".tiers_short");
  } else {
    std::size_t place = 0;
    for (std::uint32_t i = 0; i < index; ++i) {
      const bool own = reference.tiers[i].instrument == tiers.instrument;
      const bool started = i == instrument.tiers_long.raw() || i == instrument.tiers_short.raw();
      if (own && !started) ++place;
    }
    path.append(".").append(element("alternatives", place));
  }
  return path;
}

template <class T, class Name>
int index_of(const std::vector<T>& list, std::string_view wanted, Name name) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (name(list[i]) == wanted) return static_cast<int>(i);
  }
  return -1;
}

const std::string& symbol_of(const Instrument& instrument) {
  return instrument.symbol;
}
const std::string& asset_name(const Asset& asset) {
  return asset.name;
}
const std::string& profile_name(const Profile& profile) {
  return profile.name;
}
const std::string& tiers_name(const Tiers& tiers) {
  return tiers.name;
}
const std::string& guard_name(const Guard& guard) {
  return guard.name;
}
const std::string& index_name(const Index& index) {
  return index.name;
}
const std::string& source_name(const Source& source) {
  return source.name;
}

}  // namespace

std::vector<Violation> finish(Reference& reference) {
  std::vector<Violation> violations;
  Check check{violations};
  check.require(!reference.assets.empty(), "asset", "at least one is needed");
  check.require(!reference.instruments.empty() || reference.numeraire != kNoAsset, "instrument",
                "at least one is needed");
  check.require(!reference.profiles.empty(), "profile", "at least one is needed");
  for (std::size_t i = 0; i < reference.assets.size(); ++i) {
    check_asset(reference.assets[i], element("asset", i), check);
  }
  check_numeraire(reference, check);
  for (std::size_t i = 0; i < reference.instruments.size(); ++i) {
    finish_instrument(reference.instruments[i], reference, element("instrument", i), check);
  }
  for (Tiers& tiers : reference.tiers) {
    if (tiers.instrument.raw() >= reference.instruments.size()) {
      check.require(false, "instrument", "of tiers does not exist");
      continue;
    }
    const AssetId settle = reference.instruments[tiers.instrument.raw()].settle;
    if (settle.raw() >= reference.assets.size()) continue;
    finish_tiers(tiers, reference, tiers_path(reference, tiers), check);
    Instrument& instrument = reference.instruments[tiers.instrument.raw()];
    instrument.charge_max = std::max(instrument.charge_max, charge_max_of(tiers));
  }
  for (std::size_t i = 0; i < reference.profiles.size(); ++i) {
    check_profile(reference.profiles[i], reference, element("profile", i), check);
  }
  finish_price_rules(reference, check);
  check_unique(reference.assets, "asset", "name", asset_name, check);
  check_unique(reference.instruments, "instrument", "symbol", symbol_of, check);
  check_unique(reference.profiles, "profile", "name", profile_name, check);

  const Exchange& exchange = reference.exchange;
  check.require(exchange.latency.raw() >= 0, "exchange.latency", "must not be negative");
  check.require(exchange.half_spread.raw() >= 0, "exchange.half_spread", "must not be negative");
  check.require(exchange.impact.raw() >= 0, "exchange.impact", "must not be negative");
  check.require(exchange.depth.raw() > 0, "exchange.depth", "must be above 0");
  check.require(exchange.slippage_max.raw() > 0 && exchange.slippage_max.raw() < kRateOne,
                "exchange.slippage_max", "must be above 0 and below 1");
  check.require(exchange.half_spread <= exchange.slippage_max, "exchange.half_spread",
                "must be at most slippage_max");
  check.require(reference.limits.accounts > 0, "limits.accounts", "must be above 0");
  check.require(reference.limits.positions > 0, "limits.positions", "must be above 0");
  constexpr std::size_t kLimitMax = std::numeric_limits<std::uint32_t>::max() / 2;
  check.require(reference.limits.accounts <= kLimitMax, "limits.accounts",
                "must be at most 2147483647");
  check.require(reference.limits.positions <= kLimitMax, "limits.positions",
                "must be at most 2147483647");
  check.require(reference.settle_grid.raw() > 0, "engine.settle_grid", "must be above 0");
  check.require(reference.settle_grid.raw() > 0 && reference.time_step.raw() > 0 &&
                    reference.time_step.raw() % reference.settle_grid.raw() == 0,
                "engine.time_step", "must be a multiple of settle_grid");
  return violations;
}

int find_instrument(const Reference& reference, std::string_view symbol) {
  return index_of(reference.instruments, symbol, symbol_of);
}
int find_asset(const Reference& reference, std::string_view name) {
  return index_of(reference.assets, name, asset_name);
}
int find_tiers(const Reference& reference, std::string_view name) {
  return index_of(reference.tiers, name, tiers_name);
}
int find_profile(const Reference& reference, std::string_view name) {
  return index_of(reference.profiles, name, profile_name);
}
int find_guard(const Reference& reference, std::string_view name) {
  return index_of(reference.guards, name, guard_name);
}
int find_index(const Reference& reference, std::string_view name) {
  return index_of(reference.indices, name, index_name);
}
int find_source(const Reference& reference, std::string_view name) {
  return index_of(reference.sources, name, source_name);
}

Rate liquidation_slippage(const Tiers& tiers, const Profile& profile) {
  const std::int64_t freed = tiers.brackets.front().maintenance.raw() + tiers.slippage.raw() -
                             profile.liquidation_fee.raw();
  return Rate::from_raw(
      std::min(profile.liquidation_slippage_max.raw(), divide_floor<std::int64_t>(freed * 9, 10)));
}

std::optional<Int128> exposure_of(const Instrument& instrument, Int128 size) noexcept {
  constexpr Int128 kProductMax = Int128{1} << 124;  // of the numerator of a turnover
  if (size > kExposureMax) return {};
  const Price price = dearest(instrument);
  const Int128 factor =
      instrument.kind == Kind::inverse ? instrument.numerator : instrument.numerator * price.raw();
  constexpr Int128 kSmall = Int128{1} << 62;  // the product of two such is within it
  const bool small = size <= kSmall && factor <= kSmall;
  if (!small && size != 0 && factor > kProductMax / size) return {};
  const Int128 worth = turnover(instrument, size, price).notional();
  if (worth > kExposureMax / instrument.charge_max) return {};
  return worth * instrument.charge_max;
}

const Collateral* find_collateral(const Profile& profile, AssetId asset) noexcept {
  for (const Collateral& rule : profile.collateral) {
    if (rule.asset == asset) return &rule;
  }
  return nullptr;
}

std::int64_t index_divisor(const Reference& reference, AssetId asset) noexcept {
  return power_of_ten(kPriceDecimals + reference.assets[asset.raw()].decimals -
                      reference.assets[reference.numeraire.raw()].decimals);
}

}  // namespace plimsoll::reference
