#include "engine/watch/certifier.hpp"

#include <algorithm>

#include "engine/margin/plain.hpp"
#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::watch {
namespace {

using reference::Instrument;
using reference::Kind;

double to_double(Int128 x) noexcept {
  const auto small = static_cast<std::int64_t>(x);
  return small == x ? static_cast<double>(small) : static_cast<double>(x);
}

double to_double(Price price) noexcept {
  return static_cast<double>(price.raw());
}

double to_double(Rate rate) noexcept {
  return static_cast<double>(rate.raw());
}

double distance_of(Price a, Price b) noexcept {
  return to_double(magnitude(Int128{a.raw()} - b.raw()));
}

/// How far an index may rise before conversions at it have to be bounded anew.
Price index_limit(Price index) noexcept {
  return Price::from_raw(index.raw() + index.raw() / 8);
}

/// Twice a price, but no more than there can be.
Price doubled(Price price, Price most) noexcept {
  return price.raw() > most.raw() / 2 ? most : Price::from_raw(2 * price.raw());
}

/// Is a line charged by the first bracket, from its first unit on, up to a notional?
bool stays_in_first(const reference::Tiers& tiers, const ledger::Position& line, Int128 notional) {
  if (tiers.brackets.size() == 1) return true;
  const Int128 measure =
      tiers.measure == reference::TierMeasure::quantity ? magnitude(line.quantity.raw()) : notional;
  return measure < tiers.brackets[1].floor;
}

double units_of(const ledger::Position& line) noexcept {
  return to_double(magnitude(line.quantity.raw()) + line.buys.raw() + line.sells.raw());
}

}  // namespace

Certifier::Certifier(const reference::Reference& reference, const ledger::Ledger& ledger,
                     const marks::Marks& marks)
    : reference_{reference}, ledger_{ledger}, marks_{marks}, steepness_{reference} {
  const std::size_t factors = 2 * reference.instruments.size() + reference.assets.size();
  certificate_.sides.reserve(2 * factors);
  factors_.reserve(factors);
  assets_.reserve(factors);
}

// Lines that stand for themselves.

bool Certifier::certify_floor(ledger::AccountIndex account, const Findings& findings) {
  const reference::Profile& profile = reference_.profiles[ledger_.account(account).profile.raw()];
  certificate_.clear(static_cast<double>(findings.floor));
  bool certified = true;
  auto now = findings.parts.begin();
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    if (!line.counts() || !certified) return;
    const margin::Contribution& part = *now++;
    if (line.quantity.raw() == 0) return;
    certified = add_floor_side(line, part, findings.floor_factor, profile);
  });
  return certified;
}

bool Certifier::add_floor_side(const ledger::Position& line, const margin::Contribution& now,
                               Rate factor, const reference::Profile& profile) {
  const bool is_long = line.quantity.raw() > 0;
  const margin::Terms terms{reference_, marks_, line.instrument, is_long};
  const Steepness::Line& steepness =
      steepness_.single(ledger_.account(line.account).profile, line.instrument);
  if (terms.tiers.mode != reference::TierMode::marginal || !steepness.rising) return false;
  const Price mark = terms.mark;
  const Instrument& instrument = terms.instrument;
  const bool inverse = instrument.kind == Kind::inverse;
  // Filled in where it lies.
  Side& side = certificate_.sides.emplace_back();
  side.factor = factor_of(line.instrument);
  side.direction = is_long ? Direction::falls : Direction::rises;
  side.base = mark;
  Price worse = instrument.price_min;
  if (is_long && inverse) worse = std::max(worse, Price::from_raw(mark.raw() / 2));
  if (!is_long) worse = doubled(mark, instrument.price_max);
  certificate_.floor -= 2 * steepness.roundings;
  if (worse != mark) {
    const double distance = distance_of(mark, worse);
    double loss = 0;
    const double required = to_double(now.requirement) * to_double(factor) / kRateOne;
    if (is_long && !inverse) {
      // Where it is worth least, it is worth no less than its requirement times the factor.
      loss = to_double(now.value) - required;
    } else if (!inverse && stays_in_first(terms.tiers, line, 2 * magnitude(now.value))) {
      // Value and requirement are proportional to the mark as long as it is not above the end.
      loss = (to_double(-now.value) + required) * (distance / to_double(mark));
    } else {
      const margin::Contribution then =
          margin::contribution_of(line.quantity, worse, terms, profile);
      loss =
          to_double(now.value - then.value +
                    reference::unscale_ceil((then.requirement - now.requirement) * factor.raw()));
    }
    side.slope = std::max(0.0, loss / distance);
    // Of a short inverse line the chord is one over the inverse price, steepest at the mark.
    if (inverse && !is_long) side.slope *= to_double(worse) / to_double(mark);
  }
  const bool last = worse == (is_long ? instrument.price_min : instrument.price_max);
  side.limit = last ? Price{} : worse;
  if (!inverse) {
    // At least the move of the value, less the most that a requirement can grow by with it. Orders
    // do not count in either.
    const double unit = to_double(magnitude(line.quantity.raw()) * instrument.numerator) /
                        to_double(instrument.denominator);
    side.gain = std::min(side.slope, unit * (is_long ? 2 - steepness.slope : 1));
  }
  return true;
}

void Certifier::certify_ceiling(ledger::AccountIndex account, const Findings& findings) {
  certificate_.clear(static_cast<double>(findings.ceiling));
  const ProfileId profile = ledger_.account(account).profile;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    if (line.quantity.raw() == 0) return;
    const std::size_t before = certificate_.sides.size();
    add_line(line, Exposure{steepness_.single(profile, line.instrument)});
    // A line that rises with its price can lift the excess only one way.
    const auto falls = certificate_.sides.begin() + static_cast<std::ptrdiff_t>(before);
    certificate_.sides.erase(line.quantity.raw() > 0 ? falls : falls + 1);
    certificate_.sides.back().twin = false;
  });
}

// Accounts as a whole.

void Certifier::certify_all(ledger::AccountIndex account, const Findings& findings) {
  const bool multi = ledger_.account(account).mode == MarginMode::multi_asset;
  certificate_.clear(static_cast<double>(findings.least()));
  const bool may_rise =
      findings.ceiling == Findings::kUnlimited && findings.room == Findings::kUnlimited;
  const ProfileId profile = ledger_.account(account).profile;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    if (!line.counts()) return;
    const Int128 rate = highest_rate(line, reference_.profiles[profile.raw()]);
    Exposure exposure{steepness_.single_at(profile, rate)};
    exposure.within = rate < steepness_.highest_rate(line.instrument);
    exposure.may_rise = may_rise;
    exposure.gain = 1;
    if (multi) {
      // What an asset counts may be next to nothing: no gain is sure.
      const AssetId settle = reference_.instruments[line.instrument.raw()].settle;
      const Price high = index_limit(marks_.state(settle).high);
      exposure.steepness = steepness_.multi_at(profile, settle, rate);
      exposure.worth =
          to_double(high) / static_cast<double>(reference::index_divisor(reference_, settle));
      exposure.gain = 0;
      constexpr double kConversions = 64;  // roundings after the conversion
      certificate_.floor -= 2 * kConversions;
    }
    add_line(line, exposure);
  });
  if (!multi) return;
  // First the indices move, at the present marks, then the marks.
  const double reach = to_double(findings.indexed) * steepness_.index(profile);
  for (const AssetId asset : assets_of(account)) add_index(asset, reach);
}

Int128 Certifier::highest_rate(const ledger::Position& line,
                               const reference::Profile& profile) const {
  const Int128 highest = steepness_.highest_rate(line.instrument);
  // Other positions of the owner, or what was paid, may move a line into another bracket.
  if (profile.aggregate_by_owner || profile.basis != reference::MarginBasis::mark) return highest;
  const Int128 units = magnitude(line.quantity.raw()) + line.buys.raw() + line.sells.raw();
  const reference::Turnover now = reference::turnover(reference_.instruments[line.instrument.raw()],
                                                      units, marks_.of(line.instrument));
  const marks::Marks::Terms& terms = marks_.terms(line.instrument);
  Int128 rate = 0;
  for (const TiersId id : {terms.tiers_long, terms.tiers_short}) {
    const reference::Tiers& tiers = reference_.tiers[id.raw()];
    if (tiers.mode == reference::TierMode::increment) return highest;
    const Int128 measure =
        tiers.measure == reference::TierMeasure::quantity ? units : 2 * now.notional() + 2;
    const reference::Bracket& last = tiers.brackets[margin::bracket_of(tiers, measure)];
    rate = std::max<Int128>(rate, last.maintenance.raw() + tiers.slippage.raw());
  }
  return rate;
}

void Certifier::add_line(const ledger::Position& line, const Exposure& exposure) {
  const Instrument& instrument = reference_.instruments[line.instrument.raw()];
  const Price mark = marks_.of(line.instrument);
  const bool inverse = instrument.kind == Kind::inverse;
  const double unit = to_double(instrument.numerator) * exposure.worth;
  const double counted = units_of(line) * unit;
  const double held = to_double(magnitude(line.quantity.raw())) * unit;
  // The way that the notional grows, the requirement can; a line that is worth less when its
  // notional grows then loses both, another one at least gains.
  const bool worse = (line.quantity.raw() > 0) == inverse;
  double grows = counted * exposure.steepness.slope;
  double shrinks = grows;
  if (exposure.may_rise) {
    grows = std::max(0.0, counted * exposure.steepness.charge +
                              held * (worse ? exposure.steepness.value : -exposure.gain));
    shrinks = worse ? 0 : held * exposure.steepness.value;
  }
  Side falls{.factor = factor_of(line.instrument), .direction = Direction::falls, .base = mark};
  Side rises{.factor = factor_of(line.instrument), .direction = Direction::rises, .base = mark};
  if (inverse) {
    // 1 / price is convex: a chord down to half the mark, the tangent upwards.
    const double half = to_double(mark) / 2;
    falls.limit = Price::from_raw(mark.raw() - mark.raw() / 2);  // twice the notional
    falls.slope = grows / (to_double(mark) * half);
    rises.slope = shrinks / (to_double(mark) * to_double(mark));
  } else {
    falls.slope = shrinks / to_double(instrument.denominator);
    rises.slope = grows / to_double(instrument.denominator);
    if (exposure.within) rises.limit = doubled(mark, instrument.price_max);
  }
  if (falls.slope > 0) certificate_.sides.push_back(falls);
  rises.twin = falls.slope > 0;
  if (rises.slope > 0) certificate_.sides.push_back(rises);
  certificate_.floor -= 2 * exposure.steepness.roundings * std::max(1.0, exposure.worth);
}

void Certifier::add_index(AssetId asset, double reach) {
  if (asset == reference_.numeraire) return;
  const Price index = marks_.index(asset);
  Side side{.factor = factor_of(asset), .direction = Direction::falls, .base = index};
  side.slope = reach / to_double(index);
  certificate_.sides.push_back(side);
  side.direction = Direction::rises;
  side.twin = true;
  side.limit = index_limit(index);
  certificate_.sides.push_back(side);
  constexpr double kRoundings = 256;
  certificate_.floor -= 2 * kRoundings;
}

const std::vector<AssetId>& Certifier::assets_of(ledger::AccountIndex account) {
  assets_.clear();
  ledger_.for_each_balance(account, [&](AssetId asset, Amount) { assets_.push_back(asset); });
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    assets_.push_back(reference_.instruments[line.instrument.raw()].settle);
  });
  std::sort(assets_.begin(), assets_.end());
  assets_.erase(std::unique(assets_.begin(), assets_.end()), assets_.end());
  std::erase_if(assets_, [&](AssetId asset) { return !marks_.indexed(asset); });
  return assets_;
}

const std::vector<Factor>& Certifier::factors_of(ledger::AccountIndex account) {
  factors_.clear();
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    factors_.push_back(factor_of(line.instrument));
  });
  if (ledger_.account(account).mode == MarginMode::multi_asset) {
    for (const AssetId asset : assets_of(account)) factors_.push_back(factor_of(asset));
  }
  return factors_;
}

}  // namespace plimsoll::watch
