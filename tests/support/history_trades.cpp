// Positions of random histories.

#include <algorithm>
#include <array>

#include "tests/support/history_maker.hpp"
#include "tests/support/random_rules.hpp"

namespace plimsoll::support {

/// An instrument that the client may trade, or none.
std::optional<std::uint32_t> HistoryMaker::some_instrument(const Client& client) {
  for (int attempt = 0; attempt < 16; ++attempt) {
    const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
    const reference::Instrument& terms = math_.instrument(id);
    if (terms.kind == reference::Kind::spot || (client.dust && id != 2)) continue;
    if (!math_.can_hold(client, terms.settle)) continue;
    if (client.is_multi_asset() && market_.index(terms.settle.raw()) == 0 && client.traded) {
      continue;
    }
    const bool occupied = client.terms.mode == MarginMode::isolated && !client.lines.empty() &&
                          client.lines.begin()->first.first != id;
    if (occupied && !random_.chance(30)) continue;
    if (listings_[id].status != InstrumentStatus::trading && !random_.chance(60)) continue;
    if (market_.is_marked(id) || !client.traded) return id;
  }
  return std::nullopt;
}

LineKey HistoryMaker::line_of(const Client& client, std::uint32_t id, std::int64_t quantity) {
  if (!client.hedges()) return {id, PositionSide::net};
  return {id, quantity > 0 ? PositionSide::long_side : PositionSide::short_side};
}

std::optional<LineKey> HistoryMaker::some_line(const Client& client) {
  if (client.lines.empty()) return std::nullopt;
  return std::next(client.lines.begin(),
                   static_cast<std::ptrdiff_t>(random_.below(client.lines.size())))
      ->first;
}

void HistoryMaker::fill(Client& client, const LineKey& key, std::int64_t quantity,
                        std::int64_t price, std::int64_t fee, ExternalId order) {
  const std::uint32_t id = key.first;
  const Int128 paid = math_.cost(id, quantity, price);
  client.cash[math_.instrument(id).settle.raw()] -= paid + fee;
  ClientLine& line = client.lines[key];
  const std::int64_t before = line.quantity;
  line.quantity += quantity;
  if (before == 0 || (before > 0) == (quantity > 0)) {
    line.entry_value += paid;
  } else if (before != 0 && (line.quantity > 0) == (before > 0)) {
    line.entry_value = line.entry_value * line.quantity / before;
  } else {
    line.entry_value = math_.cost(id, line.quantity, price);
  }
  if (line.quantity == 0) client.lines.erase(key);
  client.traded = true;
  push(TradeFilled{client.terms.account, InstrumentId::from_raw(id), Quantity::from_raw(quantity),
                   Price::from_raw(price), Amount::from_raw(fee), ExternalId::from_raw(++fills_),
                   key.second, order});
}

/// A price near the mark, and a fee: mostly paid, sometimes a rebate, sometimes none.
void HistoryMaker::fill_at_market(Client& client, const LineKey& key, std::int64_t quantity) {
  const reference::Instrument& terms = math_.instrument(key.first);
  const std::int64_t least = std::max(terms.tick.raw(), terms.price_min.raw());
  const std::int64_t price =
      std::clamp(market_.price(key.first) + terms.tick.raw() * random_.between(-20, 20), least,
                 terms.price_max.raw());
  const std::int64_t bps = random_.pick(std::array<std::int64_t, 5>{5, 4, 2, 0, -1});
  const Int128 fee = math_.notional(key.first, quantity) * bps / 10'000;
  fill(client, key, quantity, price, narrow(fee));
}

/// Maintenance of a new position in the margin asset of the client.
Int128 HistoryMaker::needed(const Client& client, std::uint32_t id, std::int64_t quantity) const {
  const Int128 maintenance = math_.requirement(math_.profile(client), id, quantity).maintenance;
  return client.is_multi_asset()
             ? math_.to_numeraire(math_.instrument(id).settle.raw(), maintenance) + 1
             : maintenance;
}

/// New money and one to three positions: at a level of maintenance between a breach and a quiet
/// life, or exactly at a threshold.
void HistoryMaker::start_anew(Client& client) {
  const std::optional<std::uint32_t> id = some_instrument(client);
  if (!id) return;
  const std::int64_t quantity = first_quantity(client, *id);
  const Int128 maintenance = needed(client, *id, quantity);
  const LineKey key = line_of(client, *id, quantity);
  client.cash.clear();
  client.lines.clear();
  if (client.auto_top_up && random_.chance(900)) {
    feed_parent(client, maintenance * random_.between(1, 1'500) / 100);
  }
  if (random_.chance(150)) {
    const Int128 exact = some_threshold(client, maintenance);
    deposit(client, client.terms.asset, exact + random_.between(-1, 1));
    return fill(client, key, quantity, market_.price(*id), 0);
  }
  const bool alone = client.dust || client.terms.mode == MarginMode::isolated;
  const std::int64_t more = alone || !market_.is_marked(*id) ? 0 : random_.between(0, 2);
  give(client, maintenance * (1 + more) * level() / 100);
  fill_at_market(client, key, quantity);
  const Int128 dollars = std::max<Int128>(
      1, math_.notional(*id, quantity) / worth_of(reference_, math_.instrument(*id).settle, 1));
  for (std::int64_t i = 0; i < more; ++i) open_beside(client, dollars);
}

/// A client so new that it is right about itself: exactly at a threshold, or one beside it, and
/// sometimes with the exact answer to the call that follows.
void HistoryMaker::open_at_threshold() {
  open();
  Client& client = clients_.back();
  const std::optional<std::uint32_t> id = some_instrument(client);
  if (!id || !market_.is_marked(*id)) return;
  const std::int64_t quantity = first_quantity(client, *id);
  const Int128 maintenance = needed(client, *id, quantity);
  const LineKey key = line_of(client, *id, quantity);
  const AssetId asset = client.terms.asset;
  if (random_.chance(500)) {
    const Int128 exact = some_threshold(client, maintenance);
    deposit(client, asset, exact + random_.between(-1, 1));
    return fill(client, key, quantity, market_.price(*id), 0);
  }
  const reference::Profile& profile = math_.profile(client);
  deposit(client, asset, math_.threshold(client, maintenance, profile.call_trigger) - 1);
  fill(client, key, quantity, market_.price(*id), 0);
  const Int128 target = math_.threshold(client, maintenance, profile.call_target);
  deposit(client, asset, target - math_.worth(client).equity + random_.between(-1, 1));
}

/// Two or three new clients that do the same, the second at twice the size: in a crash their
/// margin levels are equal, and deficit and account decide who comes first.
void HistoryMaker::open_twins() {
  open();
  const Client first = clients_.back();
  const std::optional<std::uint32_t> id = some_instrument(first);
  if (!id || !market_.is_marked(*id)) return;
  const std::int64_t quantity = signed_lots(*id, random_.between(1, 9));
  const Int128 money = needed(first, *id, quantity) * level() / 100;
  const std::array<std::int64_t, 3> sizes{1, 2, 1};
  const std::size_t count = 2 + random_.below(2);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) {
      Client twin = first;
      twin.auto_top_up = false;
      twin.terms.account = next_account();
      clients_.push_back(twin);
      push(twin.terms);
    }
    Client& client = clients_.back();
    deposit(client, client.terms.asset, money * sizes[i]);
    fill(client, line_of(client, *id, quantity), quantity * sizes[i], market_.price(*id), 0);
  }
}

/// Another position of about the same size, long or short.
void HistoryMaker::open_beside(Client& client, Int128 dollars) {
  const std::optional<std::uint32_t> id = some_instrument(client);
  if (!id || !market_.is_marked(*id)) return;
  const Int128 size = dollars * worth_of(reference_, math_.instrument(*id).settle, 1);
  const std::int64_t quantity =
      signed_lots(*id, math_.lots_of(*id, size * random_.between(50, 150) / 100));
  fill_at_market(client, line_of(client, *id, quantity), quantity);
}

/// Equity in hundredths of maintenance.
std::int64_t HistoryMaker::level() {
  const std::int64_t kind = random_.between(0, 99);
  if (kind < 10) return random_.between(85, 110);
  if (kind < 55) return random_.between(110, 220);
  if (kind < 90) return random_.between(220, 600);
  return random_.between(600, 3'000);
}

Int128 HistoryMaker::some_threshold(const Client& client, Int128 maintenance) {
  const reference::Profile& profile = math_.profile(client);
  const Rate factor = random_.pick(
      std::array<Rate, 5>{Rate::from_raw(kRateOne), profile.call_trigger, profile.call_target,
                          profile.liquidation_target, profile.takeover_below});
  return math_.threshold(client, maintenance, factor);
}

std::int64_t HistoryMaker::signed_lots(std::uint32_t id, std::int64_t lots) {
  const std::int64_t quantity = std::max<std::int64_t>(lots, 1) * math_.instrument(id).lot.raw();
  return random_.chance(650) ? quantity : -quantity;
}

/// A few of the cheapest, or 20 to 2 million dollars of notional, at the price of now.
std::int64_t HistoryMaker::first_quantity(const Client& client, std::uint32_t id) {
  if (client.dust) return signed_lots(id, random_.between(1, 40));
  const std::int64_t scale =
      random_.pick(std::array<std::int64_t, 5>{20, 200, 2'000, 20'000, 200'000});
  const std::int64_t dollars = scale * random_.between(10, 100) / 10;
  return signed_lots(id,
                     math_.lots_of(id, worth_of(reference_, math_.instrument(id).settle, dollars)));
}

/// Adds to a position, reduces it, closes it, flips it, or opens a small one elsewhere.
void HistoryMaker::trade(Client& client) {
  const std::optional<LineKey> held = some_line(client);
  if (!held) return start_anew(client);
  const std::uint32_t id = held->first;
  const std::int64_t quantity = client.quantity(*held);
  if (!market_.is_marked(id)) return push(market_.next(random_));
  const std::int64_t lot = math_.instrument(id).lot.raw();
  const std::int64_t lots = quantity / lot;
  const std::int64_t kind = random_.between(0, 99);
  if (kind < 30) return fill_at_market(client, *held, part(lots, 30) * lot);
  if (kind < 60) return fill_at_market(client, *held, -part(lots, 100) * lot);
  if (kind < 70) return fill_at_market(client, *held, -quantity);
  if (kind < 80 && !client.hedges()) {
    return fill_at_market(client, *held, -quantity - part(lots, 60) * lot);
  }
  trade_elsewhere(client);
}

/// In hedge mode often the other side of the same instrument.
void HistoryMaker::trade_elsewhere(Client& client) {
  std::optional<std::uint32_t> other = some_instrument(client);
  if (client.hedges() && random_.chance(500)) other = some_line(client)->first;
  if (!other || !market_.is_marked(*other)) return;
  const Worth now = math_.worth(client);
  Int128 room = std::max<Int128>(now.equity - now.maintenance, 1) * random_.between(1, 20);
  if (client.is_multi_asset()) {
    room = math_.from_numeraire(math_.instrument(*other).settle.raw(), room);
  }
  const std::int64_t lots = std::min<std::int64_t>(math_.lots_of(*other, room), 100'000'000);
  const std::int64_t quantity = signed_lots(*other, lots);
  fill_at_market(client, line_of(client, *other, quantity), quantity);
}

/// Buys or sells a coin: now and then more than the client has, which leaves a debt.
void HistoryMaker::trade_spot(Client& client) {
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
    const reference::Instrument& pair = math_.instrument(id);
    if (pair.kind != reference::Kind::spot) continue;
    const bool priced = market_.index(pair.base.raw()) > 0 && market_.index(pair.settle.raw()) > 0;
    if (!math_.can_hold(client, pair.base) || !math_.can_hold(client, pair.settle) || !priced) {
      continue;
    }
    const Int128 equity = std::max<Int128>(math_.worth(client).equity, 1);
    const Int128 size =
        math_.from_numeraire(pair.settle.raw(), equity * random_.between(1, 150) / 100);
    std::int64_t lots = math_.lots_of(id, size);
    if (random_.chance(450)) lots = -lots;
    const std::int64_t quantity = lots * pair.lot.raw();
    const int decimals = reference_.assets[pair.base.raw()].decimals - pair.quantity_decimals;
    const Int128 paid = math_.cost(id, quantity, market_.price(id));
    client.cash[pair.base.raw()] += Int128{quantity} * power_of_ten(decimals);
    client.cash[pair.settle.raw()] -= paid;
    client.traded = true;
    return push(TradeFilled{client.terms.account, InstrumentId::from_raw(id),
                            Quantity::from_raw(quantity), Price::from_raw(market_.price(id)),
                            Amount{}, ExternalId::from_raw(++fills_)});
  }
  trade(client);
}

/// 1 to `percent` hundredths of a number of lots, with its sign, never 0.
std::int64_t HistoryMaker::part(std::int64_t lots, std::int64_t percent) {
  const std::int64_t some = lots * random_.between(1, percent) / 100;
  if (some != 0) return some;
  return lots < 0 ? -1 : 1;
}

}  // namespace plimsoll::support
