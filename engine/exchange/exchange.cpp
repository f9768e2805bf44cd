#include "engine/exchange/exchange.hpp"

#include <algorithm>

#include "engine/reference/turnover.hpp"

namespace plimsoll::exchange {
namespace {

std::int64_t size_of(Quantity quantity) noexcept {
  return quantity.raw() < 0 ? -quantity.raw() : quantity.raw();
}

}  // namespace

Price slipped_price(const reference::Instrument& instrument, const reference::Exchange& rules,
                    bool buys, std::int64_t size, Price mark) noexcept {
  const Int128 notional = reference::turnover(instrument, size, mark).notional();
  const Amount depth = instrument.depth.raw() != 0 ? instrument.depth : rules.depth;
  const Int128 impact = divide_ceil<Int128>(notional * rules.impact.raw(), depth.raw());
  const Int128 slippage =
      std::min<Int128>(rules.half_spread.raw() + impact, rules.slippage_max.raw());
  const Int128 tick = instrument.tick.raw();
  if (buys) {
    const Int128 price = divide_ceil<Int128>(mark.raw() * (kRateOne + slippage), kRateOne);
    const Int128 on_tick = divide_ceil<Int128>(price, tick) * tick;
    return Price::from_raw(narrow(std::min<Int128>(on_tick, instrument.price_max.raw())));
  }
  const Int128 price = divide_floor<Int128>(mark.raw() * (kRateOne - slippage), kRateOne);
  const Int128 on_tick = divide_floor<Int128>(price, tick) * tick;
  return Price::from_raw(narrow(std::max<Int128>({on_tick, tick, instrument.price_min.raw()})));
}

void Exchange::observe(const Event& event) {
  const EventTime due = event.header.time + reference_.exchange.latency;
  if (const auto* order = std::get_if<LiquidationOrderIssued>(&event.body)) {
    orders_.push_back({.due = due,
                       .account = event.header.account,
                       .epoch = order->epoch,
                       .instrument = order->instrument,
                       .side = order->side,
                       .quantity = order->quantity,
                       .limit = order->limit});
  } else if (const auto* unwind = std::get_if<InventoryOrderIssued>(&event.body)) {
    orders_.push_back({.due = due,
                       .account = {},
                       .epoch = {},
                       .instrument = unwind->instrument,
                       .side = PositionSide::net,
                       .quantity = unwind->quantity,
                       .limit = {}});
  }
}

void Exchange::forget_settled(const marks::Marks& marks) {
  std::erase_if(orders_, [&](const Order& order) {
    return marks.terms(order.instrument).status == InstrumentStatus::settled;
  });
}

std::optional<EventTime> Exchange::next_due() const noexcept {
  if (orders_.empty()) return {};
  return orders_.front().due;
}

std::int64_t Exchange::fillable(const Order& order, Price mark) const noexcept {
  const reference::Instrument& instrument = reference_.instruments[order.instrument.raw()];
  const bool buys = order.quantity.raw() > 0;
  const std::int64_t lot = instrument.lot.raw();
  const auto within_limit = [&](std::int64_t lots) {
    const Price price = slipped_price(instrument, reference_.exchange, buys, lots * lot, mark);
    return buys ? price <= order.limit : price >= order.limit;
  };
  std::int64_t low = 0;  // always fillable: nothing
  std::int64_t high = size_of(order.quantity) / lot;
  if (within_limit(high)) return high * lot;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (within_limit(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low * lot;
}

InputBody Exchange::answer_next(const marks::Marks& marks) {
  const Order order = orders_.front();
  orders_.pop_front();
  const reference::Instrument& instrument = reference_.instruments[order.instrument.raw()];
  const Price mark = marks.of(order.instrument);
  const bool buys = order.quantity.raw() > 0;
  const bool for_house = order.account.raw() == 0;
  const std::int64_t size = for_house ? size_of(order.quantity) : fillable(order, mark);
  const Quantity filled = Quantity::from_raw(buys ? size : -size);
  const Price price =
      size == 0 ? Price{} : slipped_price(instrument, reference_.exchange, buys, size, mark);
  if (for_house) {
    return InventoryAnswered{.instrument = order.instrument, .quantity = filled, .price = price};
  }
  return LiquidationAnswered{.account = order.account,
                             .epoch = order.epoch,
                             .instrument = order.instrument,
                             .quantity = filled,
                             .price = price,
                             .side = order.side};
}

}  // namespace plimsoll::exchange
