#include "tests/oracle/rules.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace plimsoll::oracle {
namespace {

using reference::Instrument;

/// One part of a fill: what the account pays for it, and where the difference to the exact price
/// goes.
Int128 pay(const Instrument& instrument, Int128 quantity, Int128 price, Booked& booked) {
  const Int128 cash = turnover_up(instrument, quantity, price);
  const Int128 received = turnover_down(instrument, quantity, price);
  booked.rest_of_world += received;
  booked.rounding += cash - received;
  return cash;
}

void book_reduction(const Instrument& instrument, Int128 quantity, Int128 price, Booked& booked) {
  Position& position = booked.after;
  const Int128 share = ceil_of(position.entry * absolute(quantity), absolute(position.quantity));
  booked.realised = -pay(instrument, quantity, price, booked) - share;
  position.entry -= share;
  position.quantity += quantity;
}

void book_opening(const Instrument& instrument, Int128 quantity, Int128 price, Booked& booked) {
  booked.after.entry += pay(instrument, quantity, price, booked);
  booked.after.quantity += quantity;
}

}  // namespace

Int128 limit_distance(const reference::Tiers& tiers, const reference::Profile& profile) {
  const Int128 freed = Int128{tiers.brackets.front().maintenance.raw()} + tiers.slippage.raw() -
                       profile.liquidation_fee.raw();
  return std::min(Int128{profile.liquidation_slippage_max.raw()}, floor_of(freed * 9, 10));
}

Int128 turnover_down(const Instrument& instrument, Int128 quantity, Int128 price) {
  if (instrument.kind == reference::Kind::inverse) {
    return floor_of_product(-quantity, instrument.numerator, price);
  }
  return floor_of_product(quantity * price, instrument.numerator, instrument.denominator);
}

Int128 turnover_up(const Instrument& instrument, Int128 quantity, Int128 price) {
  return -turnover_down(instrument, -quantity, price);
}

Int128 notional_of(const Instrument& instrument, Int128 quantity, Int128 mark) {
  return std::max(turnover_up(instrument, quantity, mark),
                  turnover_up(instrument, -quantity, mark));
}

bool has_right_ratio(const reference::Reference& reference, const Instrument& instrument) {
  const bool inverse = instrument.kind == reference::Kind::inverse;
  const int decimals = reference.assets[instrument.settle.raw()].decimals;
  const Int128 numerator = instrument.multiplier * ten_to(decimals);
  const Int128 denominator = ten_to(instrument.quantity_decimals + (inverse ? 0 : 18));
  Int128 a = numerator;
  Int128 b = denominator;
  while (b != 0) a = std::exchange(b, a % b);
  return instrument.numerator == numerator / a && instrument.denominator == denominator / a &&
         (!inverse || instrument.denominator == 1);
}

Booked book_fill(const Instrument& instrument, const Position& before, Int128 quantity,
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

Int128 threshold_of(const reference::Profile& profile, Int128 maintenance, Rate factor) {
  return profile.threshold_rounding == reference::Rounding::up
             ? ceil_of_product(maintenance, factor.raw(), kOne)
             : floor_of_product(maintenance, factor.raw(), kOne);
}

bool is_below(const reference::Profile& profile, Int128 equity, Int128 maintenance, Rate factor) {
  const Int128 threshold = threshold_of(profile, maintenance, factor);
  if (equity < threshold) return true;
  return maintenance > 0 && equity == threshold && profile.breach_at_equality;
}

bool is_below_trigger(const reference::Profile& profile, Int128 equity, Int128 maintenance) {
  const Int128 threshold = threshold_of(profile, maintenance, profile.call_trigger);
  const bool meets = equity == threshold && maintenance > 0;
  return meets ? profile.call_at_equality : equity < threshold;
}

bool is_ruined(const reference::Profile& profile, Int128 equity, Int128 maintenance) {
  if (equity < 0) return true;
  return profile.takeover_below.raw() != 0 &&
         is_below(profile, equity, maintenance, profile.takeover_below);
}

std::optional<Int128> limit_of(const Instrument& instrument, Int128 distance, Int128 held,
                               Int128 mark) {
  const Int128 tick = instrument.tick.raw();
  const Int128 wanted = mark * (held > 0 ? kOne - distance : kOne + distance);
  const Int128 up = ceil_of(wanted, kOne * tick) * tick;
  const Int128 down = floor_of(wanted, kOne * tick) * tick;
  Int128 limit = held > 0 ? up : down;
  if (held > 0 && up > mark) limit = down;
  if (held < 0 && down < mark) limit = up;
  if (limit < instrument.price_min.raw() || limit > instrument.price_max.raw()) {
    return std::nullopt;
  }
  return limit;
}

Int128 bankruptcy_price(const Instrument& instrument, Int128 quantity, Int128 transfer) {
  if (transfer == 0) return 0;
  const Int128 price =
      instrument.kind == reference::Kind::inverse
          ? floor_of_product(absolute(quantity), instrument.numerator, absolute(transfer))
          : floor_of_product(absolute(transfer), instrument.denominator,
                             absolute(quantity) * instrument.numerator);
  return price > std::numeric_limits<std::int64_t>::max() ? 0 : price;
}

Int128 exchange_price(const reference::Exchange& exchange, const Instrument& instrument,
                      Int128 quantity, Int128 mark) {
  const Int128 notional = notional_of(instrument, quantity, mark);
  const Int128 depth = instrument.depth.raw() != 0 ? instrument.depth.raw() : exchange.depth.raw();
  const Int128 impact = ceil_of_product(notional, exchange.impact.raw(), depth);
  const Int128 slip =
      std::min(exchange.half_spread.raw() + impact, Int128{exchange.slippage_max.raw()});
  const Int128 tick = instrument.tick.raw();
  const Int128 price = quantity > 0 ? ceil_of(mark * (kOne + slip), kOne * tick) * tick
                                    : floor_of(mark * (kOne - slip), kOne * tick) * tick;
  const Int128 least = std::max(tick, Int128{instrument.price_min.raw()});
  return std::min(std::max(price, least), Int128{instrument.price_max.raw()});
}

Int128 filled_within(const reference::Exchange& exchange, const Instrument& instrument,
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
