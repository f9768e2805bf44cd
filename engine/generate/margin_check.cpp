#include "engine/generate/margin_check.hpp"

#include <algorithm>

#include "engine/generate/quantiles.hpp"
#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::generate {
namespace {

constexpr Int128 kTooMuch = Int128{reference::kExposureMax} + 1;

Int128 requirement(Int128 notional, Rate rate, Int128 amount) {
  return divide_ceil<Int128>(notional * rate.raw() - amount, kRateOne);
}

}  // namespace

PositionSums sums_of(const BookAccount& account, const reference::Reference& reference,
                     const Prices& prices) {
  PositionSums sums;
  for (std::size_t i = 0; i < account.position_count; ++i) {
    const BookPosition& position = account.positions[i];
    const reference::Instrument& instrument = reference.instruments[position.instrument.raw()];
    const Price mark = *prices[position.instrument.raw()];
    const Int128 quantity = position.quantity.raw();
    const Int128 size = magnitude(quantity);
    const auto& brackets = reference.tiers[instrument.tiers_long.raw()].brackets;
    const Int128 notional = reference::turnover(instrument, size, mark).notional();
    const auto above =
        std::find_if(brackets.begin() + 1, brackets.end(),
                     [&](const reference::Bracket& bracket) { return bracket.floor > notional; });
    const reference::Bracket& bracket = *(above - 1);
    sums.notional += notional;
    sums.initial += requirement(notional, bracket.initial, bracket.initial_amount);
    sums.maintenance += requirement(notional, bracket.maintenance, bracket.maintenance_amount);
    sums.exposure += reference::exposure_of(instrument, size).value_or(kTooMuch);
    sums.unrealised_pnl += reference::turnover(instrument, quantity, mark).floor() -
                           reference::turnover(instrument, quantity, position.entry_price).ceil();
  }
  return sums;
}

bool is_healthy(const PositionSums& sums, Amount equity, const reference::Profile& profile) {
  constexpr auto kOne = static_cast<std::int64_t>(kMillion);
  const Int128 trigger =
      divide_ceil<Int128>(sums.maintenance * profile.call_trigger.raw(), kRateOne);
  const Int128 cushioned = divide_ceil<Int128>(trigger * (kOne + kCushion), kOne);
  return equity.raw() >= sums.initial && equity.raw() >= cushioned &&
         sums.exposure <= reference::kExposureMax;
}

}  // namespace plimsoll::generate
