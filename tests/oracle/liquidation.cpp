#include <algorithm>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "Judging an account" of engine/README.md: what a liquidation does.

namespace plimsoll::oracle {
namespace {

Amount amount_of(Int128 wide) {
  return Amount::from_raw(to_64(wide));
}

}  // namespace

/// Lines with a position: requirement descending, then instrument and side ascending.
std::vector<LineKey> Oracle::by_maintenance(const Account& account, const Prices& prices) const {
  std::vector<LineKey> order;
  for (const auto& [line, position] : account.positions) order.push_back(line);
  const auto size = [&](const LineKey& line) {
    const Int128 own = requirement(account, line, Margin::maintenance, account, prices);
    if (account.mode != MarginMode::multi_asset) return own;
    return convert_ceil(reference_.instruments[line.instrument].settle.raw(), own, prices);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const LineKey& a, const LineKey& b) { return size(a) > size(b); });
  return order;
}

void Oracle::issue_step(Judged& judged) {
  if (!is_exposed(judged.account)) {
    complete(judged, LiquidationOutcome::closed);
    return;
  }
  Account running = judged.account;
  Valuation worth = value(running, judged.prices);
  const Rate target = judged.account.liquidation->target;
  bool held_up = false;
  for (const LineKey& line : by_maintenance(judged.account, judged.prices)) {
    if (!is_below(judged.profile, worth.equity, worth.maintenance, target)) break;
    if (is_held_up(line)) {
      held_up = true;
      continue;
    }
    const std::optional<Reduction> order = reduction_of(judged, line, running, worth);
    if (!order) continue;
    issue_order(judged, *order);
    running = order->after;
    worth = order->worth;
  }
  if (!judged.account.liquidation->in_flight.empty()) {
    ++judged.account.liquidation->steps;
  } else if (!held_up) {
    take_over(judged);
  }
}

/// Is the position left alone because its mark is frozen?
bool Oracle::is_held_up(const LineKey& line) const {
  const Market& market = world_.markets[line.instrument];
  return market.factor.view.is_frozen() && market.status != InstrumentStatus::unlisted &&
         mistake_ != Mistake::frozen_positions_are_liquidated;
}

/// The order that reduces one position, or none when it is skipped.
std::optional<Oracle::Reduction> Oracle::reduction_of(const Judged& judged, const LineKey& line,
                                                      const Account& account,
                                                      const Valuation& worth) const {
  if (world_.markets[line.instrument].status == InstrumentStatus::unlisted) return std::nullopt;
  const reference::Instrument& instrument = reference_.instruments[line.instrument];
  const Int128 held = account.position(line).quantity;
  const Int128 first = limit_distance(tiers_of(line.instrument, held > 0), judged.profile);
  if (first <= 0) return std::nullopt;
  std::vector<Int128> distances{first};
  while (distances.back() != 0) distances.push_back(distances.back() / 2);
  for (const Int128 distance : distances) {
    const std::optional<Int128> limit =
        limit_of(instrument, distance, held, judged.prices.marks[line.instrument].value());
    if (!limit) continue;
    const Reduction order = smallest_reduction(judged, line, account, *limit);
    if (order.worth.equity - order.worth.maintenance >= worth.equity - worth.maintenance) {
      return order;
    }
  }
  return std::nullopt;
}

Oracle::Reduction Oracle::smallest_reduction(const Judged& judged, const LineKey& line,
                                             const Account& account, Int128 limit) const {
  const reference::Instrument& instrument = reference_.instruments[line.instrument];
  const Int128 held = account.position(line).quantity;
  const Int128 lot = held > 0 ? -instrument.lot.raw() : instrument.lot.raw();
  const auto after = [&](Int128 lots) { return reduced(judged, line, account, lots * lot, limit); };
  const auto reaches = [&](Int128 lots) {
    const Valuation then = after(lots).worth;
    return !is_below(judged.profile, then.equity, then.maintenance,
                     judged.account.liquidation->target);
  };
  Int128 low = 1;
  Int128 high = absolute(held) / instrument.lot.raw();
  if (!reaches(high)) low = high;
  while (low < high) {
    const Int128 middle = (low + high) / 2;
    if (reaches(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return after(low);
}

/// The account once `quantity` of a position was filled at the limit and its fee paid.
Oracle::Reduction Oracle::reduced(const Judged& judged, const LineKey& line, const Account& account,
                                  Int128 quantity, Int128 limit) const {
  const reference::Instrument& instrument = reference_.instruments[line.instrument];
  Reduction order{line, quantity, limit, account, {}};
  static_cast<void>(book_line(order.after, line, quantity, limit));
  order.after.balances[instrument.settle.raw()] -=
      fee_of(notional_of(instrument, quantity, limit), judged.profile.liquidation_fee.raw());
  order.worth = value(order.after, judged.account, judged.prices);
  return order;
}

void Oracle::issue_order(Judged& judged, const Reduction& order) {
  Liquidation& liquidation = *judged.account.liquidation;
  liquidation.in_flight.emplace(order.line, order.quantity);
  emit(judged.id, LiquidationOrderIssued{amount_of(judged.equity), amount_of(judged.maintenance),
                                         Quantity::from_raw(to_64(order.quantity)),
                                         Price::from_raw(to_64(order.limit)), liquidation.epoch,
                                         InstrumentId::from_raw(order.line.instrument),
                                         liquidation.steps + 1, order.line.side});
}

void Oracle::take_over(Judged& judged) {
  Account& account = judged.account;
  if (account.mode == MarginMode::multi_asset) buy_all(judged.id, account, judged.prices);
  Judged now = judged_at(judged.id, account, judged.prices);
  if (!is_exposed(account)) {
    complete(now, LiquidationOutcome::closed);
    return;
  }
  emit(now.id, AccountTakenOver{amount_of(now.equity), amount_of(now.maintenance),
                                account.liquidation->epoch, account.asset});
  const Sums sums = sums_of(account, account, now.prices);
  std::set<std::uint32_t> kept;
  for (const auto& [asset, sum] : sums.assets) kept.insert(asset);
  for (const auto& [line, position] : account.positions) {
    kept.erase(reference_.instruments[line.instrument].settle.raw());
  }
  for (const auto& [asset, sum] : sums.assets) {
    if (sum.net() < 0) kept.clear();
  }
  for (const auto& [line, share] : shares_of(account, sums, now.prices))
    take_position(now, line, share);
  // The positions leave at their transfer values, which realises exactly -balance.
  for (const auto& [asset, sum] : sums.assets) {
    if (sum.net() == 0 || kept.contains(asset)) continue;
    world_.assets[asset].in_transit += sum.net();
    emit(now.id, BalanceTakenOver{amount_of(sum.net()), account.liquidation->epoch,
                                  AssetId::from_raw(asset)});
  }
  account.positions.clear();
  std::erase_if(account.balances, [&](const auto& entry) { return !kept.contains(entry.first); });
  Judged left = judged_at(judged.id, account, judged.prices);
  left.maintenance = 0;
  complete(left, LiquidationOutcome::taken_over);
}

/// Of the net amount of each asset, what falls on each position that settles in it.
std::map<LineKey, Int128> Oracle::shares_of(const Account& account, const Sums& sums,
                                            const Prices& prices) const {
  std::map<LineKey, Int128> shares;
  for (const auto& [asset, sum] : sums.assets) {
    std::map<LineKey, Int128> requirements;
    Int128 whole = 0;
    for (const auto& [line, position] : account.positions) {
      if (reference_.instruments[line.instrument].settle.raw() != asset) continue;
      requirements[line] = requirement(account, line, Margin::maintenance, account, prices);
      whole += requirements[line];
    }
    Int128 left = sum.net();
    std::size_t remaining = requirements.size();
    for (const auto& [line, own] : requirements) {
      const bool last = --remaining == 0;
      const Int128 part = whole == 0 ? 0 : floor_of_product(sum.net(), own, whole);
      shares[line] = last ? left : part;
      left -= shares[line];
    }
  }
  return shares;
}

void Oracle::take_position(Judged& judged, const LineKey& line, Int128 share) {
  const reference::Instrument& instrument = reference_.instruments[line.instrument];
  const Int128 quantity = judged.account.position(line).quantity;
  const Int128 worth =
      turnover_down(instrument, quantity, judged.prices.marks[line.instrument].value());
  const Int128 transfer = worth - share;
  const Int128 price = bankruptcy_price(instrument, quantity, transfer);
  world_.markets[line.instrument].quantity_in_transit += quantity;
  world_.assets[instrument.settle.raw()].in_transit -= worth;
  emit(judged.id,
       PositionTakenOver{Quantity::from_raw(to_64(quantity)), amount_of(worth), amount_of(transfer),
                         Price::from_raw(to_64(price)), judged.account.liquidation->epoch,
                         InstrumentId::from_raw(line.instrument), line.side});
}

}  // namespace plimsoll::oracle
