#include <algorithm>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "Inputs, one by one" of engine/README.md: fills, funding and orders.

namespace plimsoll::oracle {
namespace {

constexpr Int128 kRoom = Int128{1} << 60;
constexpr Int128 kResultMax = Int128{1} << 61;
constexpr std::int64_t kFundingRateMax = 100'000'000;

/// Is this quantity on the wrong side of zero for the line?
bool is_flipped(PositionSide side, Int128 quantity) {
  return (side == PositionSide::long_side && quantity < 0) ||
         (side == PositionSide::short_side && quantity > 0);
}

bool is_lots(const reference::Instrument& instrument, Quantity quantity) {
  return quantity.raw() != 0 && quantity.raw() % instrument.lot.raw() == 0;
}

}  // namespace

Oracle::Answer Oracle::apply(const TradeFilled& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (const Answer refusal = check_fill(*account, input)) return refusal;
  trigger_by(input.instrument, input.price.raw());
  const reference::Instrument& instrument = *find_instrument(input.instrument);
  if (instrument.kind == reference::Kind::spot) {
    book_spot(*account, input.instrument, input.quantity.raw(), input.price.raw());
  } else {
    book(*account, {input.instrument.raw(), input.side}, input.quantity.raw(), input.price.raw());
  }
  account->balances[instrument.settle.raw()] -= input.fee.raw();
  world_.assets[instrument.settle.raw()].fees += input.fee.raw();
  *account = with_order_filled(*account, input);
  concern(input.account);
  return std::nullopt;
}

Oracle::Answer Oracle::check_fill(const Account& account, const TradeFilled& input) const {
  const reference::Instrument* instrument = find_instrument(input.instrument);
  if (instrument == nullptr) return Refusal::reference_unknown;
  const InstrumentStatus status = world_.markets[input.instrument.raw()].status;
  if (status != InstrumentStatus::trading && status != InstrumentStatus::reduce_only) {
    return Refusal::not_trading;
  }
  const bool is_spot = instrument->kind == reference::Kind::spot;
  if (is_spot &&
      (account.mode != MarginMode::multi_asset || !can_hold(account, instrument->base))) {
    return Refusal::asset_mismatch;
  }
  if (!can_hold(account, instrument->settle)) return Refusal::asset_mismatch;
  if (!is_side(account, input.instrument, input.side)) return Refusal::side_mismatch;
  if (!is_lots(*instrument, input.quantity)) return Refusal::quantity_off_lot;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  const Int128 held = account.position({input.instrument.raw(), input.side}).quantity;
  if (is_flipped(input.side, held + input.quantity.raw())) return Refusal::side_mismatch;
  if (!is_spot && is_elsewhere(account, input.instrument)) return Refusal::isolated_occupied;
  return check_fill_room(account, input);
}

/// The limits, with the fill applied.
Oracle::Answer Oracle::check_fill_room(const Account& account, const TradeFilled& input) const {
  const reference::Instrument& instrument = *find_instrument(input.instrument);
  const LineKey line{input.instrument.raw(), input.side};
  if (absolute(input.fee.raw()) > kRoom) return Refusal::exposure_out_of_range;

  Account after = with_order_filled(account, input);
  Position booked;
  if (instrument.kind == reference::Kind::spot) {
    if (!has_room_for_spot(input.instrument, input.quantity.raw())) {
      return Refusal::exposure_out_of_range;
    }
    const Int128 cash = turnover_up(instrument, input.quantity.raw(), input.price.raw());
    exchange_spot(after, input.instrument, input.quantity.raw(), cash);
  } else {
    // First as a position of the new size, since a fill out of range cannot be booked.
    Account sized = after;
    sized.positions[line].quantity += input.quantity.raw();
    if (!exposure_of(sized, line) || !has_room_by_owner(account, sized, line)) {
      return Refusal::exposure_out_of_range;
    }
    booked = book_line(after, line, input.quantity.raw(), input.price.raw()).after;
  }
  after.balances[instrument.settle.raw()] -= input.fee.raw();
  if (!has_room_for_lines(after)) return Refusal::exposure_out_of_range;
  if (absolute(after.balance(instrument.settle.raw())) > kResultMax ||
      absolute(booked.entry) > kResultMax) {
    return Refusal::exposure_out_of_range;
  }
  return std::nullopt;
}

/// The account once the open order that the fill names has shrunk.
Account Oracle::with_order_filled(Account account, const TradeFilled& input) {
  const auto found = account.orders.find(input.order.raw());
  if (found == account.orders.end()) return account;
  Order& order = found->second;
  if (order.line != LineKey{input.instrument.raw(), input.side}) return account;
  if ((order.remainder > 0) != (input.quantity.raw() > 0)) return account;
  const Int128 filled = std::min(absolute(input.quantity.raw()), absolute(order.remainder));
  order.remainder -= order.remainder > 0 ? filled : -filled;
  if (order.remainder == 0) account.orders.erase(found);
  return account;
}

Oracle::Answer Oracle::apply(const FundingSettled& input) {
  const reference::Instrument* instrument = find_contract(input.instrument);
  if (instrument == nullptr) return Refusal::reference_unknown;
  if (world_.markets[input.instrument.raw()].status == InstrumentStatus::settled) {
    return Refusal::not_trading;
  }
  if (absolute(input.rate.raw()) > kFundingRateMax) return Refusal::rate_out_of_range;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  trigger_by(input.instrument, input.price.raw());
  const std::uint32_t asset = instrument->settle.raw();
  const Int128 rate = absolute(input.rate.raw());
  for (auto& [id, account] : world_.accounts) {
    for (const auto& [line, position] : account.positions) {
      if (line.instrument != input.instrument.raw()) continue;
      const bool pays = position.quantity * input.rate.raw() > 0;
      const Int128 most = notional_of(*instrument, position.quantity, input.price.raw());
      const Int128 least =
          turnover_down(*instrument, absolute(position.quantity), input.price.raw());
      const Int128 least_too =
          turnover_down(*instrument, -absolute(position.quantity), input.price.raw());
      const Int128 received = floor_of(std::max(least, least_too) * rate, kOne);
      const Int128 paid = pays ? fee_of(most, rate) : -received;
      if (!can_carry(account, asset, -paid)) continue;
      account.balances[asset] -= paid;
      world_.assets[asset].rest_of_world += paid;
    }
  }
  concern_holders(input.instrument);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const OrderRequested& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  concern(input.account);
  if (const Answer refusal = check_order(*account, input)) {
    emit(input.account, OrderRefused{input.order, input.instrument, *refusal});
    return std::nullopt;
  }
  account->orders[input.order.raw()] = {{input.instrument.raw(), input.side},
                                        input.quantity.raw(),
                                        input.limit.raw(),
                                        input.reduce_only == ReduceOnly::yes};
  emit(input.account, OrderAccepted{input.order, input.instrument});
  return std::nullopt;
}

Oracle::Answer Oracle::check_order(const Account& account, const OrderRequested& input) const {
  const reference::Instrument* instrument = find_contract(input.instrument);
  if (instrument == nullptr) return Refusal::reference_unknown;
  const bool reduces = input.reduce_only == ReduceOnly::yes;
  const InstrumentStatus status = world_.markets[input.instrument.raw()].status;
  if (status != InstrumentStatus::trading &&
      !(status == InstrumentStatus::reduce_only && reduces)) {
    return Refusal::not_trading;
  }
  if (!can_hold(account, instrument->settle)) return Refusal::asset_mismatch;
  if (!is_side(account, input.instrument, input.side)) return Refusal::side_mismatch;
  if (!is_lots(*instrument, input.quantity)) return Refusal::quantity_off_lot;
  if (input.limit.raw() % instrument->tick.raw() != 0 || !is_price(input.instrument, input.limit)) {
    return Refusal::price_out_of_range;
  }
  if (input.order.raw() == 0 || account.orders.contains(input.order.raw())) {
    return Refusal::order_exists;
  }
  if (input.state != OrderState::resting && account.liquidation) return Refusal::in_liquidation;
  const Int128 held = account.position({input.instrument.raw(), input.side}).quantity;
  const Int128 quantity = input.quantity.raw();
  if (reduces) {
    const bool opposite = (held > 0 && quantity < 0) || (held < 0 && quantity > 0);
    if (!opposite || absolute(quantity) > absolute(held)) return Refusal::would_not_reduce;
    return std::nullopt;
  }
  if (is_flipped(input.side, quantity)) return Refusal::side_mismatch;
  return check_order_margin(account, input);
}

/// What is asked of an order that counts.
Oracle::Answer Oracle::check_order_margin(const Account& account,
                                          const OrderRequested& input) const {
  const bool requested = input.state != OrderState::resting;
  if (is_elsewhere(account, input.instrument)) return Refusal::isolated_occupied;
  if (requested && passes_position_limit(account, input)) return Refusal::position_limit;
  Account after = account;
  after.orders[input.order.raw()] = {
      {input.instrument.raw(), input.side}, input.quantity.raw(), input.limit.raw(), false};
  if (!has_room_for_lines(after) ||
      !has_room_by_owner(account, after, {input.instrument.raw(), input.side})) {
    return Refusal::exposure_out_of_range;
  }
  return requested ? check_excess(after) : std::nullopt;
}

bool Oracle::passes_position_limit(const Account& account, const OrderRequested& input) const {
  const Int128 limit = find_instrument(input.instrument)->position_limit.raw();
  if (limit == 0) return false;
  const LineKey line{input.instrument.raw(), input.side};
  Int128 size = absolute(input.quantity.raw());
  for (const Order& order : account.orders_of(line)) {
    if (!order.reduce_only) size += absolute(order.remainder);
  }
  if (profile_of(account).aggregate_by_owner) {
    const auto gross = totals_.gross.find({account.owner.raw(), line.instrument});
    return size + (gross == totals_.gross.end() ? 0 : gross->second) > limit;
  }
  for (const auto& [other, position] : account.positions) {
    if (other.instrument == line.instrument) size += absolute(position.quantity);
  }
  return size > limit;
}

Oracle::Answer Oracle::apply(const OrderClosed& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (account->orders.erase(input.order.raw()) == 0) return Refusal::order_unknown;
  concern(input.account);
  return std::nullopt;
}

Oracle::Answer Oracle::check_answer(Int128 ordered, const LiquidationAnswered& input) const {
  const Int128 filled = input.quantity.raw();
  if (filled == 0) return std::nullopt;
  const reference::Instrument& terms = reference_.instruments[input.instrument.raw()];
  const bool same_sign = (filled < 0) == (ordered < 0);
  if (!same_sign || absolute(filled) > absolute(ordered) || filled % terms.lot.raw() != 0) {
    return Refusal::quantity_off_lot;
  }
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const LiquidationAnswered& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  const LineKey line{input.instrument.raw(), input.side};
  if (!account->liquidation || account->liquidation->epoch != input.epoch ||
      !account->liquidation->in_flight.contains(line)) {
    return Refusal::liquidation_unknown;
  }
  if (const Answer wrong = check_answer(account->liquidation->in_flight.at(line), input)) {
    return wrong;
  }
  account->liquidation->in_flight.erase(line);
  trigger_by(input.instrument, input.price.raw());
  Int128 quantity = input.quantity.raw();
  const Int128 held = account->position(line).quantity;
  if (is_flipped(input.side, held + quantity)) quantity = -held;
  Int128 fee = 0;
  Int128 realised = 0;
  if (quantity != 0) {
    const reference::Instrument& instrument = *find_instrument(input.instrument);
    fee = fee_of(notional_of(instrument, quantity, input.price.raw()),
                 profile_of(*account).liquidation_fee.raw());
    realised = book(*account, line, quantity, input.price.raw());
    account->balances[instrument.settle.raw()] -= fee;
    world_.assets[instrument.settle.raw()].in_transit += fee;
  }
  emit(input.account,
       LiquidationFillApplied{input.epoch, input.instrument, Quantity::from_raw(to_64(quantity)),
                              input.price, Amount::from_raw(to_64(fee)),
                              Amount::from_raw(to_64(realised)), input.side});
  concern(input.account);
  return std::nullopt;
}

}  // namespace plimsoll::oracle
