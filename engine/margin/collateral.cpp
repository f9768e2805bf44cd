#include "engine/margin/collateral.hpp"

#include <algorithm>

#include "engine/reference/turnover.hpp"

namespace plimsoll::margin {
namespace {

using reference::Collateral;
using reference::CollateralStep;
using reference::TierMeasure;

/// The recognised part of x where the steps count the owner's whole, t >= x.
Int128 recognised_of_owner(const std::vector<CollateralStep>& steps, Int128 x, Int128 t) noexcept {
  if (t == x) return recognised(steps, x);
  if (t == 0) return 0;
  return divide_floor<Int128>(recognised(steps, t) * x, t);
}

/// All that the owner has, as far as 128 bits carry it.
Int128 owner_total(Int128 net, Int128 others, Price index) noexcept {
  constexpr Int128 kTotalMax = Int128{1} << 64;
  const Int128 most = std::min(kTotalMax, (Int128{1} << 126) / index.raw());
  return std::max(net, std::min(others + net, most));
}

Int128 apply_factor(Int128 amount, Rate factor) noexcept {
  return factor.raw() == kRateOne ? amount : divide_floor<Int128>(amount * factor.raw(), kRateOne);
}

}  // namespace

Int128 convert_floor(const reference::Reference& reference, AssetId asset, Int128 amount,
                     Price index) noexcept {
  return divide_floor<Int128>(amount * index.raw(), reference::index_divisor(reference, asset));
}

Int128 convert_ceil(const reference::Reference& reference, AssetId asset, Int128 amount,
                    Price index) noexcept {
  return divide_ceil<Int128>(amount * index.raw(), reference::index_divisor(reference, asset));
}

Int128 recognised(const std::vector<CollateralStep>& steps, Int128 x) noexcept {
  Int128 scaled = 0;
  Int128 below = 0;
  for (const CollateralStep& step : steps) {
    if (x <= below) break;
    const bool last = step.up_to == CollateralStep::kNoEnd;
    scaled += ((last ? x : std::min<Int128>(x, step.up_to)) - below) * step.ratio.raw();
    if (last) break;
    below = step.up_to;
  }
  return divide_floor<Int128>(scaled, kRateOne);
}

Int128 counted_of(AssetId asset, Int128 net, Int128 others, const Rules& rules) noexcept {
  const reference::Reference& reference = rules.reference;
  const Collateral* rule = reference::find_collateral(rules.profile, asset);
  if (net < 0) return 0;
  if (rule == nullptr) return asset == reference.numeraire ? net : 0;
  const Price index = rules.market.low.index(asset);
  const Int128 total = rules.profile.aggregate_by_owner ? owner_total(net, others, index) : net;
  if (rule->measure == TierMeasure::quantity) return recognised_of_owner(rule->steps, net, total);
  const Int128 value = convert_floor(reference, asset, net, index);
  const Int128 total_value = total == net ? value : convert_floor(reference, asset, total, index);
  return recognised_of_owner(rule->steps, value, total_value);
}

Int128 worth_of(AssetId asset, Int128 net, Int128 others, const Rules& rules) noexcept {
  const reference::Reference& reference = rules.reference;
  const Collateral* rule = reference::find_collateral(rules.profile, asset);
  if (net < 0) {
    const Int128 value = convert_floor(reference, asset, net, rules.market.high.index(asset));
    if (rule == nullptr || rule->liability_weight.raw() == kRateOne) return value;
    return divide_floor<Int128>(value * rule->liability_weight.raw(), kRateOne);
  }
  const Int128 counted = counted_of(asset, net, others, rules);
  if (rule == nullptr) return counted;
  const Int128 kept = apply_factor(counted, rules.market.low.collateral_factor(asset));
  if (rule->measure == TierMeasure::value) return kept;
  return convert_floor(reference, asset, kept, rules.market.low.index(asset));
}

Int128 value_to_sell(Int128 debt, Rate ratio) noexcept {
  return divide_ceil<Int128>(debt * kRateOne, ratio.raw());
}

Int128 debt_to_exchange(AssetId asset, Int128 balance, const Rules& rules) noexcept {
  const Collateral* rule = reference::find_collateral(rules.profile, asset);
  if (balance >= 0 || rule == nullptr || rule->exchange_above.raw() == 0) return 0;
  const Int128 debt =
      -convert_floor(rules.reference, asset, balance, rules.market.high.index(asset));
  return debt > rule->exchange_above.raw() ? debt : 0;
}

Rate debt_rate(const reference::Profile& profile, Kind kind) noexcept {
  switch (kind) {
    case Kind::maintenance:
      return profile.debt_maintenance;
    case Kind::initial:
      return profile.debt_initial;
    case Kind::withdrawal:
      return profile.debt_withdrawal;
  }
  return profile.debt_withdrawal;
}

Int128 debt_charge(AssetId asset, Int128 net, Kind kind, const Rules& rules) noexcept {
  const Rate rate = debt_rate(rules.profile, kind);
  if (net >= 0 || rate.raw() == 0) return 0;
  const Int128 debt = -convert_floor(rules.reference, asset, net, rules.market.high.index(asset));
  return reference::fee_of(debt, rate);
}

}  // namespace plimsoll::margin
