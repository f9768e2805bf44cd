#include "engine/watch/steepness.hpp"

#include <algorithm>

namespace plimsoll::watch {
namespace {

using reference::Profile;

/// The steepest that any profile makes of a table's rates, in units of 1e-9.
struct Steepest {
  Int128 factor{kRateOne};  // of requirements
  Int128 extra{0};          // closing fee, funding, losses of orders: per unit of notional
  Int128 weight{kRateOne};  // of values in multi-asset mode, with their debt charge
};

Steepest steepest_of(const std::vector<Profile>& profiles) {
  Steepest steepest;
  for (const Profile& profile : profiles) {
    steepest.factor = std::max<Int128>(steepest.factor, profile.call_target.raw());
    Int128 extra = profile.closing_fee.raw();
    if (profile.reserve_funding) extra += kRateOne / 10;
    if (profile.order_margin == reference::OrderMargin::worst_fill) extra += kRateOne;
    steepest.extra = std::max(steepest.extra, extra);
  }
  for (const Profile& profile : profiles) {
    Int128 weight = kRateOne;
    for (const reference::Collateral& rule : profile.collateral) {
      weight = std::max<Int128>(weight, rule.liability_weight.raw());
    }
    const Int128 debt =
        divide_ceil<Int128>(steepest.factor * profile.debt_maintenance.raw(), kRateOne);
    steepest.weight = std::max(steepest.weight, weight + debt);
  }
  return steepest;
}

/// The highest rate of an instrument's tables, also of those that are not in force.
Int128 rate_of(const reference::Reference& reference, std::uint32_t instrument) {
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

double to_double(Int128 x) noexcept {
  return static_cast<double>(x);
}

}  // namespace

Steepness::Steepness(const reference::Reference& reference) {
  const Steepest steepest = steepest_of(reference.profiles);
  index_ = to_double(std::max(steepest.weight, steepest.factor) + kRateOne) / kRateOne;
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    const Int128 rate = rate_of(reference, i) + steepest.extra;
    const Int128 charged = divide_ceil<Int128>(steepest.factor * rate, kRateOne);
    const Int128 roundings =
        4 + divide_ceil<Int128>(steepest.factor * (rate + Int128{5} * kRateOne),
                                Int128{kRateOne} * kRateOne);
    single_.push_back({.slope = to_double(kRateOne + charged) / kRateOne,
                       .value = 1,
                       .charge = to_double(charged) / kRateOne,
                       .roundings = to_double(roundings),
                       .rising = charged <= kRateOne});
    const Int128 weighed = roundings * (2 + divide_ceil<Int128>(steepest.weight, kRateOne));
    multi_.push_back({.slope = to_double(steepest.weight + charged) / kRateOne,
                      .value = to_double(steepest.weight) / kRateOne,
                      .charge = to_double(charged) / kRateOne,
                      .roundings = to_double(weighed),
                      .rising = false});
  }
}

}  // namespace plimsoll::watch
