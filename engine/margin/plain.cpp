#include "engine/margin/plain.hpp"

#include <limits>

#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::margin {

bool is_plain(const reference::Profile& profile) noexcept {
  return profile.basis == reference::MarginBasis::mark && !profile.aggregate_by_owner &&
         !profile.orders_in_maintenance;
}

Contribution contribution_of(const reference::Instrument& instrument,
                             const reference::Tiers& tiers, const reference::Profile& profile,
                             Rate funding, Quantity quantity, Price mark) noexcept {
  const reference::Turnover turnover = reference::turnover(instrument, quantity.raw(), mark);
  const Int128 notional = turnover.notional();
  const Int128 measure =
      tiers.measure == reference::TierMeasure::quantity ? magnitude(quantity.raw()) : notional;
  const Int128 scaled = charge_of(tiers, Kind::maintenance, notional, measure) +
                        notional * (tiers.slippage.raw() + profile.closing_fee.raw());
  Contribution result{.value = turnover.floor(),
                      .requirement = round_charge(scaled, profile.requirement_rounding)};
  const bool pays = profile.reserve_funding && funding.raw() != 0 &&
                    (funding.raw() > 0) == (quantity.raw() > 0);
  if (pays) {
    result.requirement +=
        reference::fee_of(notional, Rate::from_raw(narrow(magnitude(funding.raw()))));
  }
  return result;
}

}  // namespace plimsoll::margin
