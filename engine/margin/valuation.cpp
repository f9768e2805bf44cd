#include "engine/margin/valuation.hpp"

#include <algorithm>

#include "engine/margin/tiers.hpp"

namespace plimsoll::margin {

PositionValue value_position(Quantity quantity, Price mark, std::int64_t value_divisor) noexcept {
  // One division serves both roundings: value and notional differ by the remainder, or by sign.
  std::int64_t product{};
  Int128 value{};
  bool inexact{};
  if (!__builtin_mul_overflow(quantity.raw(), mark.raw(), &product)) [[likely]] {
    value = divide_floor<std::int64_t>(product, value_divisor);
    inexact = product % value_divisor != 0;
  } else {
    const Int128 wide = Int128{quantity.raw()} * mark.raw();
    value = divide_floor<Int128>(wide, value_divisor);
    inexact = wide % value_divisor != 0;
  }
  return {value, value < 0 ? -value : value + static_cast<Int128>(inexact)};
}

Int128 maintenance_of(const reference::Instrument& instrument, Quantity quantity,
                      Price mark) noexcept {
  const PositionValue value = value_position(quantity, mark, instrument.value_divisor);
  return maintenance_requirement(instrument.brackets, value.notional);
}

Valuation revalue(const ledger::Ledger& ledger, ledger::AccountIndex account,
                  const marks::Marks& marks, const reference::Reference& reference) noexcept {
  Int128 equity = ledger.account(account).balance.raw();
  Int128 maintenance = 0;
  bool complete = true;
  ledger.for_each_position(account, [&](const ledger::Position& position) {
    if (!marks.known(position.instrument)) {
      complete = false;
      return;
    }
    const reference::Instrument& instrument = reference.instruments[position.instrument.raw()];
    const PositionValue at_mark =
        value_position(position.quantity, marks.of(position.instrument), instrument.value_divisor);
    equity += at_mark.value - position.entry_value.raw();
    maintenance += maintenance_requirement(instrument.brackets, at_mark.notional);
  });
  return {Amount::from_raw(narrow(equity)), Amount::from_raw(narrow(maintenance)), complete};
}

Amount initial_margin(const ledger::Ledger& ledger, ledger::AccountIndex account,
                      const marks::Marks& marks, const reference::Reference& reference) noexcept {
  Int128 initial = 0;
  ledger.for_each_position(account, [&](const ledger::Position& position) {
    const reference::Instrument& instrument = reference.instruments[position.instrument.raw()];
    const PositionValue at_mark =
        value_position(position.quantity, marks.of(position.instrument), instrument.value_divisor);
    initial += initial_requirement(instrument.brackets, at_mark.notional);
  });
  return Amount::from_raw(narrow(initial));
}

Int128 threshold(Int128 maintenance, Rate factor) noexcept {
  return divide_ceil<Int128>(maintenance * factor.raw(), kRateOne);
}

bool below(Int128 equity, Int128 maintenance, Rate factor,
           const reference::Profile& profile) noexcept {
  const Int128 required = threshold(maintenance, factor);
  if (equity == required) return profile.breach_at_equality && maintenance > 0;
  return equity < required;
}

Amount available(const ledger::Ledger& ledger, ledger::AccountIndex account,
                 const marks::Marks& marks, const reference::Reference& reference) noexcept {
  const Valuation valuation = revalue(ledger, account, marks, reference);
  const Amount initial = initial_margin(ledger, account, marks, reference);
  const Amount excess = valuation.equity - initial;
  return std::max(Amount{}, std::min(ledger.account(account).balance, excess));
}

}  // namespace plimsoll::margin
