// Open orders of random histories.

#include <algorithm>

#include "tests/support/history_maker.hpp"
#include "tests/support/random_rules.hpp"

namespace plimsoll::support {

void HistoryMaker::act_on_orders(Client& client) {
  const std::int64_t kind = random_.between(0, 99);
  if (client.orders.empty() || (kind < 55 && client.orders.size() < 6)) {
    return request_order(client);
  }
  kind < 80 ? fill_order(client) : close_order(client);
}

/// Within 3 % of the price, on a tick.
std::int64_t HistoryMaker::some_limit(std::uint32_t id) {
  const reference::Instrument& terms = math_.instrument(id);
  const std::int64_t tick = terms.tick.raw();
  const std::int64_t lowest = (std::max(tick, terms.price_min.raw()) + tick - 1) / tick * tick;
  const Int128 moved = Int128{market_.price(id)} * (1'000 + random_.between(-30, 30)) / 1'000;
  return std::clamp(narrow(moved) / tick * tick, lowest, terms.price_max.raw() / tick * tick);
}

/// Adds to a position, opens another, or only reduces; some rest at the matching engine already.
void HistoryMaker::request_order(Client& client) {
  const std::optional<LineKey> held = some_line(client);
  const bool reduces = held && random_.chance(250);
  std::optional<std::uint32_t> id = some_instrument(client);
  if (held && (reduces || random_.chance(500))) id = held->first;
  if (!id || (client.traded && !market_.is_marked(*id))) return;
  std::int64_t quantity = first_quantity(client, *id);
  LineKey key = line_of(client, *id, quantity);
  if (reduces) {
    key = *held;
    const std::int64_t lot = math_.instrument(*id).lot.raw();
    quantity = -part(client.quantity(key) / lot, 110) * lot;
  } else if (random_.chance(700)) {
    const Worth now = math_.worth(client);
    Int128 size = std::max<Int128>(now.equity - now.initial, 1) * random_.between(1, 40);
    if (client.is_multi_asset()) {
      size = math_.from_numeraire(math_.instrument(*id).settle.raw(), size);
    }
    const std::int64_t lots = math_.lots_of(*id, size) * math_.instrument(*id).lot.raw();
    quantity = quantity < 0 ? -lots : lots;
  }
  const OrderRequested wanted{client.terms.account,
                              InstrumentId::from_raw(*id),
                              Quantity::from_raw(quantity),
                              Price::from_raw(some_limit(*id)),
                              ExternalId::from_raw(++orders_),
                              key.second,
                              reduces ? ReduceOnly::yes : ReduceOnly::no,
                              random_.chance(200) ? OrderState::resting : OrderState::requested};
  client.orders.push_back({wanted.order, key, quantity, wanted.limit.raw(), reduces});
  push(wanted);
}

/// All of an order or a part of it, at its limit or better by a little.
void HistoryMaker::fill_order(Client& client) {
  const std::size_t index = random_.below(client.orders.size());
  const ClientOrder order = client.orders[index];
  if (!market_.is_marked(order.line.first)) return close_order(client);
  const std::int64_t lot = math_.instrument(order.line.first).lot.raw();
  const std::int64_t quantity =
      random_.chance(600) ? order.left : part(order.left / lot, 100) * lot;
  client.orders[index].left -= quantity;
  if (client.orders[index].left == 0) {
    client.orders.erase(client.orders.begin() + static_cast<std::ptrdiff_t>(index));
  }
  const Int128 fee = math_.notional(order.line.first, quantity) * random_.between(-1, 4) / 10'000;
  fill(client, order.line, quantity, order.limit, narrow(fee), order.order);
}

void HistoryMaker::close_order(Client& client) {
  const std::size_t index = random_.below(client.orders.size());
  const ExternalId order = client.orders[index].order;
  client.orders.erase(client.orders.begin() + static_cast<std::ptrdiff_t>(index));
  push(OrderClosed{client.terms.account, order});
}

}  // namespace plimsoll::support
