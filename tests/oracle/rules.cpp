#include "tests/oracle/rules.hpp"

#include <algorithm>

namespace plimsoll::oracle {
namespace {

/// The tier formula with its amounts computed anew: amount_b = amount_(b-1) + floor_b * (rate_b -
/// rate_(b-1)).
Int128 requirement_of(const reference::Instrument& instrument, Int128 notional,
                      Rate reference::Bracket::*rate) {
  Int128 amount = 0;
  Int128 rate_now = (instrument.brackets.front().*rate).raw();
  for (std::size_t b = 1; b < instrument.brackets.size(); ++b) {
    const reference::Bracket& bracket = instrument.brackets[b];
    if (bracket.floor.raw() > notional) break;
    amount += Int128{bracket.floor.raw()} * ((bracket.*rate).raw() - rate_now);
    rate_now = (bracket.*rate).raw();
  }
  return ceil_of(notional * rate_now - amount, kOne);
}

/// One part of a fill: what the account pays for it, and where the difference to the exact price
/// goes.
Int128 pay(const reference::Instrument& instrument, Int128 quantity, Int128 price, Booked& booked) {
  const Int128 cash = ceil_of(quantity * price, instrument.value_divisor);
  const Int128 received = floor_of(quantity * price, instrument.value_divisor);
  booked.rest_of_world += received;
  booked.rounding += cash - received;
  return cash;
}

void book_reduction(const reference::Instrument& instrument, Int128 quantity, Int128 price,
                    Booked& booked) {
  Position& position = booked.after;
  const Int128 share = ceil_of(position.entry * absolute(quantity), absolute(position.quantity));
  booked.realised = -pay(instrument, quantity, price, booked) - share;
  position.entry -= share;
  position.quantity += quantity;
}

void book_opening(const reference::Instrument& instrument, Int128 quantity, Int128 price,
                  Booked& booked) {
  booked.after.entry += pay(instrument, quantity, price, booked);
  booked.after.quantity += quantity;
}

Int128 limit_distance(const reference::Instrument& instrument, const reference::Profile& profile) {
  const Int128 freed =
      Int128{instrument.brackets.front().maintenance.raw()} - profile.liquidation_fee.raw();
  return std::min(Int128{profile.liquidation_slippage_max.raw()}, floor_of(freed * 9, 10));
}

}  // namespace

Int128 value_of(const reference::Instrument& instrument, Int128 quantity, Int128 mark) {
  return floor_of(quantity * mark, instrument.value_divisor);
}

Int128 notional_of(const reference::Instrument& instrument, Int128 quantity, Int128 mark) {
  return ceil_of(absolute(quantity) * mark, instrument.value_divisor);
}

Int128 maintenance_of(const reference::Instrument& instrument, Int128 notional) {
  return requirement_of(instrument, notional, &reference::Bracket::maintenance);
}

Int128 initial_of(const reference::Instrument& instrument, Int128 notional) {
  return requirement_of(instrument, notional, &reference::Bracket::initial);
}

Int128 fee_of(const reference::Instrument& instrument, Int128 quantity, Int128 price, Rate rate) {
  return ceil_of_product(absolute(quantity) * price, rate.raw(), instrument.value_divisor * kOne);
}

Booked book_fill(const reference::Instrument& instrument, const Position& before, Int128 quantity,
                 Int128 price) {
  Booked booked;
  booked.after = before;
  const bool opposite =
      (before.quantity > 0 && quantity < 0) || (before.quantity < 0 && quantity > 0);
  if (!opposite) {
    book_opening(instrument, quantity, price, booked);
  } else if (absolute(quantity) <= absolute(before.quantity)) {
    book_reduction(instrument, quantity, price, booked);
  } else {
    book_reduction(instrument, -before.quantity, price, booked);
    book_opening(instrument, quantity + before.quantity, price, booked);
  }
  return booked;
}

bool is_below(const reference::Profile& profile, Int128 equity, Int128 maintenance, Rate factor) {
  const Int128 threshold = ceil_of(maintenance * factor.raw(), kOne);
  if (equity < threshold) return true;
  return maintenance > 0 && equity == threshold && profile.breach_at_equality;
}

std::optional<Int128> limit_of(const reference::Instrument& instrument,
                               const reference::Profile& profile, Int128 held, Int128 mark) {
  const Int128 distance = limit_distance(instrument, profile);
  const Int128 tick = instrument.tick.raw();
  const Int128 limit = held > 0 ? ceil_of(mark * (kOne - distance), kOne * tick) * tick
                                : floor_of(mark * (kOne + distance), kOne * tick) * tick;
  if (limit <= 0 || limit > instrument.price_max.raw()) return std::nullopt;
  return limit;
}

Int128 exchange_price(const reference::Exchange& exchange, const reference::Instrument& instrument,
                      Int128 quantity, Int128 mark) {
  const Int128 notional = notional_of(instrument, quantity, mark);
  const Int128 impact = ceil_of_product(notional, exchange.impact.raw(), exchange.depth.raw());
  const Int128 slip =
      std::min(exchange.half_spread.raw() + impact, Int128{exchange.slippage_max.raw()});
  const Int128 tick = instrument.tick.raw();
  const Int128 price = quantity > 0 ? ceil_of(mark * (kOne + slip), kOne * tick) * tick
                                    : floor_of(mark * (kOne - slip), kOne * tick) * tick;
  return std::min(std::max(price, tick), Int128{instrument.price_max.raw()});
}

Int128 filled_within(const reference::Exchange& exchange, const reference::Instrument& instrument,
                     Int128 quantity, Int128 mark, Int128 limit) {
  const Int128 lot = quantity > 0 ? instrument.lot.raw() : -instrument.lot.raw();
  const auto fits = [&](Int128 lots) {
    if (lots == 0) return true;
    const Int128 price = exchange_price(exchange, instrument, lots * lot, mark);
    return quantity > 0 ? price <= limit : price >= limit;
  };
  Int128 low = 0;
  Int128 high = quantity / lot;
  while (low < high) {
    const Int128 middle = (low + high + 1) / 2;
    if (fits(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low * lot;
}

}  // namespace plimsoll::oracle
