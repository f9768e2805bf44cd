#include "engine/watch/steepness.hpp"

#include <algorithm>

namespace plimsoll::watch {
namespace {

using reference::Profile;

double to_double(Int128 x) noexcept {
  return static_cast<double>(x);
}

/// What requirements are multiplied with, at most.
Int128 factor_of(const Profile& profile) noexcept {
  return std::max<Int128>(kRateOne, profile.call_target.raw());
}

/// Closing fee, funding, losses of orders: per unit of notional, 1e-9.
Int128 extra_of(const Profile& profile) noexcept {
  Int128 extra = profile.closing_fee.raw();
  if (profile.reserve_funding) extra += kRateOne / 10;
  if (profile.order_margin == reference::OrderMargin::worst_fill) extra += kRateOne;
  return extra;
}

Int128 charged_of(const Profile& profile, Int128 rate) noexcept {
  return divide_ceil<Int128>(factor_of(profile) * (rate + extra_of(profile)), kRateOne);
}

Int128 roundings_of(const Profile& profile, Int128 rate) noexcept {
  return 4 +
         divide_ceil<Int128>(factor_of(profile) * (rate + extra_of(profile) + Int128{5} * kRateOne),
                             Int128{kRateOne} * kRateOne);
}

/// Of a value in multi-asset mode, with its debt charge.
Int128 weight_of(const Profile& profile, const reference::Collateral* rule) noexcept {
  const Int128 weight =
      rule == nullptr ? kRateOne : std::max<Int128>(kRateOne, rule->liability_weight.raw());
  return weight +
         divide_ceil<Int128>(factor_of(profile) * profile.debt_maintenance.raw(), kRateOne);
}

Int128 highest_rate_of(const reference::Reference& reference, std::uint32_t instrument) {
  Int128 highest = 0;
  for (const reference::Tiers& tiers : reference.tiers) {
    if (tiers.instrument.raw() != instrument) continue;
    const Int128 rate = tiers.mode == reference::TierMode::increment
                            ? 2 * kRateOne
                            : tiers.brackets.back().maintenance.raw();
    highest = std::max(highest, rate + tiers.slippage.raw());
  }
  return highest;
}

}  // namespace

Steepness::Steepness(const reference::Reference& reference) : reference_{reference} {
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i)
    rates_.push_back(highest_rate_of(reference, i));
  for (std::uint32_t p = 0; p < reference.profiles.size(); ++p) {
    const Profile& profile = reference.profiles[p];
    for (const Int128 rate : rates_) single_.push_back(single_at(ProfileId::from_raw(p), rate));
    Int128 steepest = std::max(factor_of(profile), weight_of(profile, nullptr));
    for (const reference::Collateral& rule : profile.collateral) {
      steepest = std::max(steepest, weight_of(profile, &rule));
    }
    index_.push_back(to_double(steepest + kRateOne) / kRateOne);
  }
}

Steepness::Line Steepness::single_at(ProfileId profile, Int128 rate) const noexcept {
  const Profile& rules = reference_.profiles[profile.raw()];
  const Int128 charged = charged_of(rules, rate);
  return {.slope = to_double(kRateOne + charged) / kRateOne,
          .value = 1,
          .charge = to_double(charged) / kRateOne,
          .roundings = to_double(roundings_of(rules, rate)),
          .rising = charged <= kRateOne};
}

Steepness::Line Steepness::multi_at(ProfileId profile, AssetId settle, Int128 rate) const noexcept {
  const Profile& rules = reference_.profiles[profile.raw()];
  const Int128 weight = weight_of(rules, reference::find_collateral(rules, settle));
  const Int128 charged = charged_of(rules, rate);
  const Int128 weighed = roundings_of(rules, rate) * (2 + divide_ceil<Int128>(weight, kRateOne));
  return {.slope = to_double(weight + charged) / kRateOne,
          .value = to_double(weight) / kRateOne,
          .charge = to_double(charged) / kRateOne,
          .roundings = to_double(weighed),
          .rising = false};
}

}  // namespace plimsoll::watch
