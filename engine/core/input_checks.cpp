#include "engine/core/input_checks.hpp"

#include "engine/ledger/limits.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::core {
namespace {

constexpr Int128 kFundingMax = kRateOne / 10;

}  // namespace

bool InputChecks::has_lines(InstrumentId instrument) const noexcept {
  return instrument.raw() < reference_.instruments.size() &&
         reference_.instruments[instrument.raw()].kind != reference::Kind::spot;
}

bool InputChecks::is_price(InstrumentId instrument, Price price) const noexcept {
  const reference::Instrument& rules = reference_.instruments[instrument.raw()];
  return price >= rules.price_min && price <= rules.price_max;
}

InputChecks::Answer InputChecks::check_body(const TradeFilled& input,
                                            const marks::Marks& marks) const noexcept {
  return check_instrument(input.instrument, marks);
}

InputChecks::Answer InputChecks::check_instrument(InstrumentId instrument,
                                                  const marks::Marks& marks) const noexcept {
  if (instrument.raw() >= reference_.instruments.size()) return Refusal::reference_unknown;
  const InstrumentStatus status = marks.terms(instrument).status;
  const bool open = status == InstrumentStatus::trading || status == InstrumentStatus::reduce_only;
  return open ? Answer{} : Refusal::not_trading;
}

InputChecks::Answer InputChecks::check(const FundingSettled& input,
                                       const marks::Marks& marks) const noexcept {
  if (!has_lines(input.instrument)) return Refusal::reference_unknown;
  if (marks.terms(input.instrument).status == InstrumentStatus::settled) {
    return Refusal::not_trading;
  }
  if (!within(input.rate.raw(), kFundingMax)) return Refusal::rate_out_of_range;
  return is_price(input.instrument, input.price) ? Answer{} : Refusal::price_out_of_range;
}

InputChecks::Answer InputChecks::check(const FundingEstimated& input) const noexcept {
  if (!has_lines(input.instrument)) return Refusal::reference_unknown;
  return within(input.rate.raw(), kFundingMax) ? Answer{} : Refusal::rate_out_of_range;
}

InputChecks::Answer InputChecks::check(const OpenInterestPublished& input) const noexcept {
  if (!has_lines(input.instrument)) return Refusal::reference_unknown;
  const reference::Instrument& rules = reference_.instruments[input.instrument.raw()];
  const bool fits =
      input.quantity.raw() >= 0 && ledger::exposure_of(rules, input.quantity.raw()).has_value();
  return fits ? Answer{} : Refusal::exposure_out_of_range;
}

InputChecks::Answer InputChecks::check(const InterestCharged& input) const noexcept {
  if (!exists(input.asset)) return Refusal::reference_unknown;
  const bool fits = input.rate.raw() > 0 && input.rate.raw() <= kFundingMax;
  return fits ? Answer{} : Refusal::rate_out_of_range;
}

InputChecks::Answer InputChecks::check(const InventoryAnswered& input) const noexcept {
  if (!has_lines(input.instrument)) return Refusal::reference_unknown;
  return is_price(input.instrument, input.price) ? Answer{} : Refusal::price_out_of_range;
}

InputChecks::Answer InputChecks::check(const InstrumentChanged& input,
                                       const marks::Marks& marks) const noexcept {
  if (!has_lines(input.instrument)) return Refusal::reference_unknown;
  for (const TiersId tiers : {input.tiers_long, input.tiers_short}) {
    if (tiers.raw() >= reference_.tiers.size() ||
        reference_.tiers[tiers.raw()].instrument != input.instrument) {
      return Refusal::reference_unknown;
    }
  }
  const bool settled = marks.terms(input.instrument).status == InstrumentStatus::settled;
  return settled || input.status >= InstrumentStatus::settled ? Refusal::not_trading : Answer{};
}

InputChecks::Answer InputChecks::check(const SettlementPriced& input,
                                       const marks::Marks& marks) const noexcept {
  if (!has_lines(input.instrument)) return Refusal::reference_unknown;
  if (marks.terms(input.instrument).status == InstrumentStatus::settled) {
    return Refusal::not_trading;
  }
  return is_price(input.instrument, input.price) ? Answer{} : Refusal::price_out_of_range;
}

}  // namespace plimsoll::core
