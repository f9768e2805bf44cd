#include "engine/configuration/holdings_check.hpp"

#include <algorithm>

#include "engine/value/decimal.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::configuration {
namespace {

std::string too_large_at(const reference::Instrument& rules) {
  return rules.kind == reference::Kind::inverse ? "makes the account too large at price_min"
                                                : "makes the account too large at price_max";
}

}  // namespace

bool HoldingsCheck::check(const AccountOpened& account, const AccountLine& line, LineFault& fault) {
  account_ = account;
  limits_.begin(account);
  balances_.clear();
  positions_.clear();
  orders_.clear();
  order_numbers_.clear();
  if (!check_balances(line, fault)) return false;
  for (std::size_t i = 0; i < line.positions.size(); ++i) {
    if (!check_position(line.positions[i], i, fault)) return false;
  }
  for (std::size_t i = 0; i < line.orders.size(); ++i) {
    if (!check_order(line.orders[i], i, fault)) return false;
  }
  return true;
}

bool HoldingsCheck::can_hold(AssetId asset) const noexcept {
  if (asset == account_.asset) return true;
  return account_.mode == MarginMode::multi_asset &&
         reference_.assets[asset.raw()].index_max.raw() > 0;
}

bool HoldingsCheck::check_balance(AssetId asset, std::string_view text, const FieldPlace& place,
                                  LineFault& fault) {
  const bool debts = account_.mode == MarginMode::multi_asset;
  const DecimalRule rule{reference_.assets[asset.raw()].decimals, debts ? -kMagnitudeMax : 0,
                         debts ? "out of range" : "must not be negative"};
  std::int64_t raw = 0;
  if (!read_decimal(text, rule, place, raw, fault)) return false;
  if (!limits_.add_balance(asset, raw)) {
    return refuse(fault, place, quote(text), "makes the account too large at index_max");
  }
  if (raw != 0) balances_.push_back({account_.account, asset, Amount::from_raw(raw)});
  return true;
}

bool HoldingsCheck::check_balances(const AccountLine& line, LineFault& fault) {
  if (line.balance && !check_balance(account_.asset, *line.balance, {"balance"}, fault)) {
    return false;
  }
  std::vector<AssetId> seen;
  if (line.balance) seen.push_back(account_.asset);
  for (std::size_t i = 0; i < line.balances.size(); ++i) {
    const BalanceLine& balance = line.balances[i];
    const FieldPlace place{"asset", LinePart::balances, i};
    const int index = reference::find_asset(reference_, balance.asset);
    if (index < 0) return refuse(fault, place, quote(balance.asset), "names no asset");
    const AssetId asset = AssetId::from_raw(static_cast<std::uint32_t>(index));
    if (!can_hold(asset)) {
      return refuse(fault, place, quote(balance.asset), "is an asset that the account cannot hold");
    }
    if (std::find(seen.begin(), seen.end(), asset) != seen.end()) {
      return refuse(fault, place, quote(balance.asset), "appears twice");
    }
    seen.push_back(asset);
    if (!check_balance(asset, balance.amount, {"amount", LinePart::balances, i}, fault)) {
      return false;
    }
  }
  return true;
}

bool HoldingsCheck::check_instrument(std::string_view symbol, LinePart part, std::size_t index,
                                     InstrumentId& instrument, LineFault& fault) const {
  const auto no = [&](const char* reason) {
    return refuse(fault, {"instrument", part, index}, quote(symbol), reason);
  };
  const int found = reference::find_instrument(reference_, symbol);
  if (found < 0) return no("names no instrument");
  instrument = InstrumentId::from_raw(static_cast<std::uint32_t>(found));
  const Rules& rules = reference_.instruments[instrument.raw()];
  if (rules.kind == reference::Kind::spot) return no("is a spot pair");
  if (rules.status == InstrumentStatus::unlisted) return no("is unlisted");
  if (!can_hold(rules.settle)) return no("is settled in an asset that the account cannot hold");
  if (occupied_elsewhere(instrument)) return no("is a second one in an isolated account");
  return true;
}

bool HoldingsCheck::check_side(const std::optional<std::string_view>& word, LinePart part,
                               std::size_t index, PositionSide& side, LineFault& fault) const {
  const FieldPlace place{"side", part, index};
  if (!read_choice(word, kPositionSides, place, side, fault)) return false;
  const bool hedge = account_.position_mode == PositionMode::hedge;
  if (hedge == (side != PositionSide::net)) return true;
  return refuse(fault, place, quote(word.value_or("net")),
                hedge ? "must be long or short in position_mode hedge"
                      : "must be net in position_mode one_way");
}

bool HoldingsCheck::check_quantity(std::string_view text, LinePart part, std::size_t index,
                                   const Rules& rules, Quantity& quantity, LineFault& fault) const {
  const FieldPlace place{"quantity", part, index};
  std::int64_t raw = 0;
  if (!read_decimal(text, {rules.quantity_decimals, -kMagnitudeMax, "out of range"}, place, raw,
                    fault)) {
    return false;
  }
  if (raw == 0) return refuse(fault, place, quote(text), "must not be 0");
  if (raw % rules.lot.raw() != 0) {
    return refuse(fault, place, quote(text),
                  "must be a multiple of the lot " +
                      format_decimal(rules.lot.raw(), rules.quantity_decimals));
  }
  quantity = Quantity::from_raw(raw);
  return true;
}

bool HoldingsCheck::check_position(const PositionLine& line, std::size_t index, LineFault& fault) {
  constexpr LinePart kPart = LinePart::positions;
  PositionInputs position{};
  TradeFilled& fill = position.fill;
  fill.account = account_.account;
  if (!check_instrument(line.instrument, kPart, index, fill.instrument, fault)) return false;
  const Rules& rules = reference_.instruments[fill.instrument.raw()];
  if (!check_side(line.side, kPart, index, fill.side, fault)) return false;
  if (find_position(fill.instrument, fill.side) != nullptr) {
    return refuse(fault, {"instrument", kPart, index}, quote(line.instrument), "appears twice");
  }
  if (!check_quantity(line.quantity, kPart, index, rules, fill.quantity, fault)) return false;
  const FieldPlace quantity_place{"quantity", kPart, index};
  if ((fill.side == PositionSide::long_side && fill.quantity.raw() < 0) ||
      (fill.side == PositionSide::short_side && fill.quantity.raw() > 0)) {
    return refuse(fault, quantity_place, quote(line.quantity),
                  "must be above 0 on side long, below 0 on side short");
  }
  if (!check_entry_price(line, index, fill, fault)) return false;
  if (!check_leverage(line, index, position, fault)) return false;
  if (!limits_.add_position(fill.instrument, fill.side, fill.quantity.raw())) {
    return refuse(fault, quantity_place, quote(line.quantity), too_large_at(rules));
  }
  positions_.push_back(position);
  return true;
}

bool HoldingsCheck::check_entry_price(const PositionLine& line, std::size_t index,
                                      TradeFilled& fill, LineFault& fault) const {
  const Rules& rules = reference_.instruments[fill.instrument.raw()];
  const FieldPlace place{"entry_price", LinePart::positions, index};
  std::int64_t price = 0;
  if (!read_decimal(line.entry_price, {kPriceDecimals, 1, "must be above 0"}, place, price,
                    fault)) {
    return false;
  }
  if (price < rules.price_min.raw()) {
    return refuse(
        fault, place, quote(line.entry_price),
        "must be at least price_min " + format_decimal(rules.price_min.raw(), kPriceDecimals));
  }
  if (price > rules.price_max.raw()) {
    return refuse(
        fault, place, quote(line.entry_price),
        "must be at most price_max " + format_decimal(rules.price_max.raw(), kPriceDecimals));
  }
  fill.price = Price::from_raw(price);
  return true;
}

/// One leverage holds for all positions in an instrument, and is asked for before the first.
bool HoldingsCheck::check_leverage(const PositionLine& line, std::size_t index,
                                   PositionInputs& position, LineFault& fault) {
  if (!line.leverage) return true;
  const FieldPlace place{"leverage", LinePart::positions, index};
  const Rules& rules = reference_.instruments[position.fill.instrument.raw()];
  const auto& first = reference_.tiers[rules.tiers_long.raw()].brackets.front();
  const std::int64_t highest = kRateOne * kRateOne / std::max<std::int64_t>(1, first.initial.raw());
  std::int64_t raw = 0;
  if (!read_decimal(*line.leverage, {kRateDecimals, kRateOne, "must be at least 1"}, place, raw,
                    fault)) {
    return false;
  }
  if (raw > highest) {
    return refuse(fault, place, quote(*line.leverage),
                  "must be at most " + format_decimal(highest, kRateDecimals) +
                      ", 1 / the first initial rate");
  }
  const Rate leverage = Rate::from_raw(raw);
  const LeverageRequested request{account_.account, position.fill.instrument, leverage};
  for (PositionInputs& other : positions_) {
    if (other.fill.instrument != position.fill.instrument) continue;
    if (other.leverage.leverage.raw() != 0 && other.leverage.leverage != leverage) {
      return refuse(fault, place, quote(*line.leverage),
                    "must be that of the other side of the instrument");
    }
    other.leverage = request;
    return true;
  }
  position.leverage = request;
  return true;
}

bool HoldingsCheck::check_order(const OrderLine& line, std::size_t index, LineFault& fault) {
  constexpr LinePart kPart = LinePart::orders;
  OrderRequested order{};
  order.account = account_.account;
  order.order = ExternalId::from_raw(line.order);
  order.reduce_only = line.reduce_only ? ReduceOnly::yes : ReduceOnly::no;
  order.state = OrderState::resting;
  const FieldPlace number_place{"order", kPart, index};
  if (line.order == 0) return refuse(fault, number_place, "0", "must be above 0");
  if (!order_numbers_.insert(line.order).second) {
    return refuse(fault, number_place, std::to_string(line.order), "appears twice");
  }
  if (!check_instrument(line.instrument, kPart, index, order.instrument, fault)) return false;
  const Rules& rules = reference_.instruments[order.instrument.raw()];
  if (rules.status == InstrumentStatus::reduce_only && !line.reduce_only) {
    return refuse(fault, {"instrument", kPart, index}, quote(line.instrument),
                  "takes only orders with reduce_only");
  }
  if (!check_side(line.side, kPart, index, order.side, fault) ||
      !check_quantity(line.quantity, kPart, index, rules, order.quantity, fault) ||
      !check_reducing(line, index, order, fault) || !check_limit(line, index, order, fault)) {
    return false;
  }
  if (!line.reduce_only && !limits_.add_order(order.instrument, order.side, order.quantity.raw())) {
    return refuse(fault, {"quantity", kPart, index}, quote(line.quantity), too_large_at(rules));
  }
  orders_.push_back(order);
  return true;
}

bool HoldingsCheck::check_limit(const OrderLine& line, std::size_t index, OrderRequested& order,
                                LineFault& fault) const {
  const Rules& rules = reference_.instruments[order.instrument.raw()];
  const FieldPlace place{"limit", LinePart::orders, index};
  const auto text_of = [](Price price) { return format_decimal(price.raw(), kPriceDecimals); };
  std::int64_t limit = 0;
  if (!read_decimal(line.limit, {kPriceDecimals, 1, "must be above 0"}, place, limit, fault)) {
    return false;
  }
  if (limit < rules.price_min.raw() || limit > rules.price_max.raw() ||
      limit % rules.tick.raw() != 0) {
    return refuse(fault, place, quote(line.limit),
                  "must be a multiple of the tick " + text_of(rules.tick) + " from price_min " +
                      text_of(rules.price_min) + " to price_max " + text_of(rules.price_max));
  }
  order.limit = Price::from_raw(limit);
  return true;
}

bool HoldingsCheck::check_reducing(const OrderLine& line, std::size_t index,
                                   const OrderRequested& order, LineFault& fault) const {
  const std::int64_t quantity = order.quantity.raw();
  if (!line.reduce_only) {
    const bool opens = order.side == PositionSide::net ||
                       (order.side == PositionSide::long_side) == (quantity > 0);
    return opens || refuse(fault, {"reduce_only", LinePart::orders, index}, "false",
                           "must be true for a sale on side long, a purchase on side short");
  }
  const TradeFilled* position = find_position(order.instrument, order.side);
  const bool reduces = position != nullptr && (position->quantity.raw() > 0) != (quantity > 0) &&
                       magnitude(quantity) <= magnitude(position->quantity.raw());
  return reduces || refuse(fault, {"quantity", LinePart::orders, index}, quote(line.quantity),
                           "would not only reduce the position");
}

bool HoldingsCheck::occupied_elsewhere(InstrumentId instrument) const noexcept {
  if (account_.mode != MarginMode::isolated) return false;
  return (!positions_.empty() && positions_.front().fill.instrument != instrument) ||
         (!orders_.empty() && orders_.front().instrument != instrument);
}

const TradeFilled* HoldingsCheck::find_position(InstrumentId instrument,
                                                PositionSide side) const noexcept {
  for (const PositionInputs& position : positions_) {
    if (position.fill.instrument == instrument && position.fill.side == side) {
      return &position.fill;
    }
  }
  return nullptr;
}

}  // namespace plimsoll::configuration
