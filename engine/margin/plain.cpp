#include "engine/margin/plain.hpp"

#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::margin {
namespace {

TiersId tiers_of(const marks::Marks::Terms& terms, bool is_long) noexcept {
  return is_long ? terms.tiers_long : terms.tiers_short;
}

}  // namespace

bool is_plain(const reference::Profile& profile) noexcept {
  return profile.basis == reference::MarginBasis::mark && !profile.aggregate_by_owner &&
         !profile.orders_in_maintenance;
}

Terms::Terms(const reference::Reference& reference, const marks::Marks& marks, InstrumentId id,
             bool is_long) noexcept
    : instrument{reference.instruments[id.raw()]},
      tiers{reference.tiers[tiers_of(marks.terms(id), is_long).raw()]},
      funding{marks.funding(id)},
      mark{marks.of(id)} {}

Contribution contribution_of(Quantity quantity, Price price, const Terms& terms,
                             const reference::Profile& profile) noexcept {
  if (quantity.raw() == 0) return {};
  const auto [value, exact] =
      reference::turnover(terms.instrument, quantity.raw(), price).floored();
  // Both are rounded away from the holder: of a negative value they are the same.
  const Int128 notional = value < 0 ? -value : value + (exact ? 0 : 1);
  const reference::Tiers& tiers = terms.tiers;
  const Int128 measure =
      tiers.measure == reference::TierMeasure::quantity ? magnitude(quantity.raw()) : notional;
  const Int128 scaled = charge_of(tiers, Kind::maintenance, notional, measure) +
                        notional * (tiers.slippage.raw() + profile.closing_fee.raw());
  Contribution result{.value = value,
                      .requirement = round_charge(scaled, profile.requirement_rounding)};
  const Rate funding = terms.funding;
  if (profile.reserve_funding && funding.raw() != 0 &&
      (funding.raw() > 0) == (quantity.raw() > 0)) {
    result.requirement +=
        reference::fee_of(notional, Rate::from_raw(narrow(magnitude(funding.raw()))));
  }
  const bool jumps =
      tiers.mode == reference::TierMode::whole && tiers.measure == reference::TierMeasure::value;
  if (jumps) result.room = bracket_room(tiers, notional);
  return result;
}

}  // namespace plimsoll::margin
