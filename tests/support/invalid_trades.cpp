// Fills, orders and leverage that are refused, or nearly.

#include <algorithm>

#include "tests/support/invalid_parts.hpp"

namespace plimsoll::support {
namespace {

TradeFilled fill_of(const InvalidContext& context) {
  const bool sells = context.valid.side == PositionSide::short_side;
  const Quantity lot = context.instrument.lot;
  return {context.valid.account.account,
          context.valid.instrument,
          sells ? -lot : lot,
          context.valid.price,
          Amount{},
          ExternalId{},
          context.valid.side};
}

/// A side that the account's mode does not have.
PositionSide other_side(const InvalidContext& context) {
  if (context.random.chance(200)) return static_cast<PositionSide>(7);
  const bool hedges = context.valid.side != PositionSide::net;
  return hedges ? PositionSide::net : PositionSide::long_side;
}

/// In another asset or instrument: at one tick it would only be a gift of money where it settles.
TradeFilled of_a_stranger(const InvalidContext& context) {
  TradeFilled filled = fill_of(context);
  const AccountOpened& stranger = context.valid.stranger;
  const InstrumentId id = context.any_instrument();
  const reference::Instrument& terms = context.reference.instruments[id.raw()];
  const bool settles = terms.settle == stranger.asset || stranger.mode == MarginMode::multi_asset;
  if (settles) return filled;
  filled.account = stranger.account;
  filled.side =
      stranger.position_mode == PositionMode::hedge ? PositionSide::long_side : PositionSide::net;
  filled.instrument = id;
  filled.quantity = terms.lot;
  filled.price = id == context.valid.instrument ? context.valid.price : terms.tick;
  return filled;
}

InputBody fill_refused(const InvalidContext& context) {
  TradeFilled filled = fill_of(context);
  const std::int64_t lot = context.instrument.lot.raw();
  switch (context.random.below(context.valid.plain ? 5 : 9)) {
    case 0:
      filled.instrument = context.no_instrument();
      return filled;
    case 1:
      filled.quantity = Quantity{};
      return filled;
    case 2:
      filled.quantity = Quantity::from_raw(lot + 1);  // fine when the lot is 1
      return filled;
    case 3:
      filled.price = context.bad_price();
      return filled;
    case 4:
      return of_a_stranger(context);
    case 5:
      filled.side = other_side(context);
      return filled;
    case 6:  // through zero, in hedge mode
      filled.quantity = Quantity::from_raw(-context.valid.quantity.raw() - filled.quantity.raw());
      return filled;
    case 7:  // with the instrument's least and greatest price, an order that is nobody's
      filled.price =
          context.random.chance(500) ? context.instrument.price_min : context.instrument.price_max;
      filled.quantity = Quantity::from_raw(context.random.chance(500) ? lot : -lot);
      filled.order = ExternalId::from_raw(999'999'999U);
      return filled;
    default:  // often of an account that is not multi-asset
      filled.instrument = context.spot_or_none();
      return filled;
  }
}

InputBody fill_beyond_limits(const InvalidContext& context) {
  TradeFilled filled = fill_of(context);
  Random& random = context.random;
  const std::int64_t lot = context.instrument.lot.raw();
  const Int128 room = context.room();
  switch (random.below(context.extremes ? 7 : 5)) {
    case 0:
      filled.fee = Amount::from_raw(random.chance(500) ? kBalanceMax + 1 : kLeast);
      return filled;
    case 1:
      filled.fee = Amount::from_raw(-kBalanceMax - 1);
      return filled;
    case 2:
      filled.quantity = Quantity::from_raw(kMost / lot * lot);
      return filled;
    case 3:
      filled.quantity = Quantity::from_raw(kLeast / lot * lot);
      return filled;
    case 4:
      filled.quantity = Quantity::from_raw(narrow(room + 2 * lot));
      return filled;
    case 5:
      filled.quantity = Quantity::from_raw(narrow(-room + lot));
      return filled;
    default:
      filled.quantity = Quantity::from_raw(narrow(room / 1'000 / lot * lot));
      filled.fee = Amount::from_raw(-kBalanceMax / 1'000);
      return filled;
  }
}

OrderRequested order_of(const InvalidContext& context) {
  const bool sells = context.valid.side == PositionSide::short_side;
  const Quantity lot = context.instrument.lot;
  const std::int64_t tick = context.instrument.tick.raw();
  return {context.valid.account.account,
          context.valid.instrument,
          sells ? -lot : lot,
          Price::from_raw(context.valid.price.raw() / tick * tick),
          ExternalId::from_raw(5'000'000'000U + context.random.below(1'000'000'000)),
          context.valid.side};
}

InputBody order_refused(const InvalidContext& context) {
  Random& random = context.random;
  OrderRequested order = order_of(context);
  const std::int64_t lot = context.instrument.lot.raw();
  const std::int64_t held = context.valid.quantity.raw();
  if (random.chance(200)) order.state = OrderState::resting;
  switch (random.below(13)) {
    case 0:
      order.instrument = random.chance(500) ? context.no_instrument() : context.spot_or_none();
      return order;
    case 1:
      order.instrument = context.any_instrument();
      return order;
    case 2:
      order.side = other_side(context);
      return order;
    case 3:
      order.quantity = Quantity::from_raw(random.pick(std::array<std::int64_t, 3>{0, lot + 1, 1}));
      return order;
    case 4:
      order.limit = context.bad_price();
      return order;
    case 5:
      order.limit = Price::from_raw(order.limit.raw() + random.between(0, 1));  // off the tick
      return order;
    case 6:
      order.order = random.chance(300) ? ExternalId{} : context.valid.order;  // open already
      return order;
    case 7:  // reduces nothing, or one lot too much
      order.reduce_only = ReduceOnly::yes;
      order.quantity = Quantity::from_raw(held == 0 ? lot : -held + (held > 0 ? -lot : lot));
      return order;
    case 8:  // of just all there is
      order.reduce_only = ReduceOnly::yes;
      order.quantity = Quantity::from_raw(held == 0 ? -lot : -held);
      return order;
    case 9:  // against its line without being reduce-only
      order.quantity = Quantity::from_raw(-order.quantity.raw());
      return order;
    case 10:
      order.quantity =
          Quantity::from_raw(random.chance(500) ? kMost / lot * lot : kLeast / lot * lot);
      return order;
    case 11:  // more than the limits, or nearly
      order.quantity = Quantity::from_raw(
          narrow(context.room() / (random.chance(500) ? 1 : 4) / lot * lot + lot));
      return order;
    default: {  // around the position limit, or as much as nobody can pay
      const std::int64_t limit = context.instrument.position_limit.raw();
      const Int128 wanted = limit > 0 ? limit - (held < 0 ? -held : held) : lot * 100'000;
      const std::int64_t quantity = narrow(wanted / lot * lot + random.between(0, 1) * lot);
      order.quantity = Quantity::from_raw(order.quantity.raw() < 0 ? -quantity : quantity);
      return order;
    }
  }
}

InputBody close_refused(const InvalidContext& context) {
  return OrderClosed{context.valid.account.account, context.random.chance(500)
                                                        ? ExternalId{}
                                                        : ExternalId::from_raw(777'777'777U)};
}

InputBody leverage_refused(const InvalidContext& context) {
  LeverageRequested wanted{context.valid.account.account, context.valid.instrument,
                           Rate::from_raw(kRateOne)};
  Random& random = context.random;
  if (random.chance(250)) {
    wanted.instrument = random.chance(500) ? context.no_instrument() : context.spot_or_none();
    return wanted;
  }
  const reference::Tiers& tiers = context.reference.tiers[context.instrument.tiers_long.raw()];
  const std::int64_t rate = std::max<std::int64_t>(1, tiers.brackets.front().initial.raw());
  const std::int64_t most = kRateOne * kRateOne / rate;
  wanted.leverage = Rate::from_raw(random.pick(std::array<std::int64_t, 9>{
      -1, 1, kRateOne - 1, kRateOne, most, most + 1, most - 1, kMost, kLeast}));
  return wanted;
}

}  // namespace

InputBody invalid_trade(const InvalidContext& context) {
  return context.random.chance(500) ? fill_refused(context) : fill_beyond_limits(context);
}

InputBody invalid_order(const InvalidContext& context) {
  const std::int64_t kind = context.random.between(0, 99);
  if (kind < 70) return order_refused(context);
  return kind < 80 ? close_refused(context) : leverage_refused(context);
}

}  // namespace plimsoll::support
