#include "engine/ledger/ledger.hpp"
#include "engine/value/magnitude.hpp"

// Open orders, leverage and modes of the accounts.

namespace plimsoll::ledger {

using reference::Instrument;

bool Ledger::can_hold(AccountIndex account, AssetId asset) const noexcept {
  const Account& holder = accounts_[account];
  if (holder.asset == asset) return true;
  return holder.mode == MarginMode::multi_asset &&
         reference_.assets[asset.raw()].index_max.raw() > 0;
}

std::optional<Refusal> Ledger::check_line(AccountIndex account, const Instrument& rules,
                                          PositionSide side) const noexcept {
  const Account& holder = accounts_[account];
  const bool spot = rules.kind == reference::Kind::spot;
  if (!can_hold(account, rules.settle) ||
      (spot && (holder.mode != MarginMode::multi_asset || !can_hold(account, rules.base)))) {
    return Refusal::asset_mismatch;
  }
  const bool hedged = !spot && holder.position_mode == PositionMode::hedge;
  const bool fits = hedged ? side == PositionSide::long_side || side == PositionSide::short_side
                           : side == PositionSide::net;
  if (!fits) return Refusal::side_mismatch;
  return {};
}

bool Ledger::occupied_elsewhere(AccountIndex account, InstrumentId instrument) const noexcept {
  if (accounts_[account].mode != MarginMode::isolated) return false;
  bool elsewhere = false;
  for_each_position(account, [&](const Position& line) {
    elsewhere = elsewhere || (line.open() && line.instrument != instrument);
  });
  return elsewhere;
}

Int128 Ledger::owner_size(AccountIndex account, InstrumentId instrument,
                          PositionIndex line) const noexcept {
  const std::uint32_t owner = accounts_[account].aggregated;
  const Int128 own = line == kNone ? 0 : magnitude(positions_[line].quantity.raw());
  if (owner != Owners::kNone) return owners_.gross(owner, account, instrument) - own;
  Int128 others = 0;
  for_each_position(account, [&](const Position& other) {
    if (other.instrument == instrument) others += magnitude(other.quantity.raw());
  });
  return others - own;
}

std::optional<Refusal> Ledger::check_order(AccountIndex account,
                                           const OrderRequested& order) const {
  const Instrument& rules = reference_.instruments[order.instrument.raw()];
  if (const auto refused = check_line(account, rules, order.side)) return refused;
  const std::int64_t quantity = order.quantity.raw();
  if (quantity == 0 || quantity % rules.lot.raw() != 0) return Refusal::quantity_off_lot;
  if (order.limit < rules.price_min || order.limit > rules.price_max ||
      order.limit.raw() % rules.tick.raw() != 0) {
    return Refusal::price_out_of_range;
  }
  if (order.order.raw() == 0 || find_order(account, order.order) != kNone) {
    return Refusal::order_exists;
  }
  return {};
}

std::optional<Refusal> Ledger::check_order_size(AccountIndex account,
                                                const OrderRequested& order) const {
  const Instrument& rules = reference_.instruments[order.instrument.raw()];
  const PositionIndex found = find_position(account, order.instrument, order.side);
  const Position line = found == kNone ? Position{} : positions_[found];
  const std::int64_t quantity = order.quantity.raw();
  if (order.reduce_only == ReduceOnly::yes) {
    const bool opposite = line.quantity.raw() != 0 && (line.quantity.raw() < 0) != (quantity < 0);
    const bool fits = magnitude(quantity) <= magnitude(line.quantity.raw());
    return opposite && fits ? std::nullopt : std::optional{Refusal::would_not_reduce};
  }
  if ((order.side == PositionSide::long_side && quantity < 0) ||
      (order.side == PositionSide::short_side && quantity > 0)) {
    return Refusal::side_mismatch;
  }
  if (occupied_elsewhere(account, order.instrument)) return Refusal::isolated_occupied;
  const Int128 size =
      magnitude(line.quantity.raw()) + line.buys.raw() + line.sells.raw() + magnitude(quantity);
  if (order.state == OrderState::requested && rules.position_limit.raw() != 0 &&
      size + owner_size(account, order.instrument, found) > rules.position_limit.raw()) {
    return Refusal::position_limit;
  }
  if (!exposure_fits(account, {.instrument = order.instrument, .side = order.side, .size = size})) {
    return Refusal::exposure_out_of_range;
  }
  return {};
}

void Ledger::add_order(AccountIndex account, const OrderRequested& order) {
  const PositionIndex line = touch_position(account, order.instrument, order.side);
  std::uint32_t index = free_order_;
  if (index == kNone) {
    index = static_cast<std::uint32_t>(orders_.size());
    orders_.emplace_back();
  } else {
    free_order_ = orders_[index].next;
  }
  orders_[index] = {.id = order.order,
                    .remaining = order.quantity,
                    .limit = order.limit,
                    .line = line,
                    .next = accounts_[account].first_order,
                    .reduce_only = order.reduce_only};
  accounts_[account].first_order = index;
  Position& position = positions_[line];
  ++position.orders;
  if (order.reduce_only == ReduceOnly::yes) return;
  if (order.quantity.raw() > 0) {
    position.buys += order.quantity;
  } else {
    position.sells -= order.quantity;
  }
}

std::uint32_t Ledger::find_order(AccountIndex account, ExternalId id) const noexcept {
  std::uint32_t i = accounts_[account].first_order;
  while (i != kNone && orders_[i].id != id) i = orders_[i].next;
  return i;
}

std::uint32_t Ledger::order_count(AccountIndex account) const noexcept {
  std::uint32_t count = 0;
  for_each_order(account, [&](const OpenOrder&) { ++count; });
  return count;
}

void Ledger::reduce_order(AccountIndex account, std::uint32_t index, std::int64_t by) {
  OpenOrder& order = orders_[index];
  const PositionIndex line = order.line;
  Position& position = positions_[line];
  const bool buys = order.remaining.raw() > 0;
  order.remaining = Quantity::from_raw(order.remaining.raw() - (buys ? by : -by));
  if (order.reduce_only == ReduceOnly::no) {
    (buys ? position.buys : position.sells) -= Quantity::from_raw(by);
  }
  if (order.remaining.raw() != 0) return;
  std::uint32_t* link = &accounts_[account].first_order;
  while (*link != index) link = &orders_[*link].next;
  *link = order.next;
  order = {};
  order.next = free_order_;
  free_order_ = index;
  --position.orders;
  remove_unused(line);
}

void Ledger::drop_orders(PositionIndex line) {
  const AccountIndex account = positions_[line].account;
  std::uint32_t next = kNone;
  // The line must outlive its orders: hold it as one more.
  ++positions_[line].orders;
  for (std::uint32_t i = accounts_[account].first_order; i != kNone; i = next) {
    next = orders_[i].next;
    if (orders_[i].line != line) continue;
    reduce_order(account, i, narrow(magnitude(orders_[i].remaining.raw())));
  }
  --positions_[line].orders;
}

Rate Ledger::leverage(AccountIndex account, InstrumentId instrument) const noexcept {
  Rate leverage;
  for_each_position(account, [&](const Position& line) {
    if (line.instrument == instrument && line.leverage.raw() != 0) leverage = line.leverage;
  });
  return leverage;
}

void Ledger::set_leverage(AccountIndex account, InstrumentId instrument, Rate leverage) {
  if (leverage.raw() != 0) {
    if (accounts_[account].position_mode == PositionMode::hedge) {
      touch_position(account, instrument, PositionSide::long_side);
      touch_position(account, instrument, PositionSide::short_side);
    } else {
      touch_position(account, instrument, PositionSide::net);
    }
  }
  PositionIndex next = kNone;
  for (PositionIndex i = accounts_[account].first_position; i != kNone; i = next) {
    next = positions_[i].next;
    if (positions_[i].instrument != instrument) continue;
    positions_[i].leverage = leverage;
    remove_unused(i);
  }
}

std::optional<Refusal> Ledger::check_mode(AccountIndex account,
                                          const AccountModeRequested& mode) const {
  const Account& holder = accounts_[account];
  bool open = false;
  bool foreign = false;
  for_each_position(account, [&](const Position& line) {
    open = open || line.open();
    foreign = foreign ||
              (line.open() && reference_.instruments[line.instrument.raw()].settle != mode.asset);
  });
  for_each_balance(account, [&](AssetId asset, Amount amount) {
    foreign = foreign || (asset != mode.asset && amount.raw() != 0);
  });
  const bool isolation =
      (holder.mode == MarginMode::isolated) != (mode.mode == MarginMode::isolated);
  if (open && (isolation || holder.position_mode != mode.position_mode)) {
    return Refusal::positions_open;
  }
  const bool multi = mode.mode == MarginMode::multi_asset;
  if (!multi && foreign) return Refusal::asset_mismatch;
  if (multi && holder.mode != MarginMode::multi_asset && !fits_multi(account, {})) {
    return Refusal::exposure_out_of_range;
  }
  return {};
}

void Ledger::set_mode(AccountIndex account, const AccountModeRequested& mode) {
  Account& holder = accounts_[account];
  for (PositionIndex i = holder.first_position; i != kNone; i = positions_[i].next) leave_list(i);
  if (holder.asset != mode.asset || holder.mode != mode.mode) change_margin(account, mode);
  for (PositionIndex i = holder.first_position; i != kNone; i = positions_[i].next) {
    enter_list(i);
    if (mode.mode == MarginMode::multi_asset) {
      touch_balance(account, reference_.instruments[positions_[i].instrument.raw()].settle);
    }
  }
  holder.auto_top_up = mode.auto_top_up;
  if (holder.position_mode == mode.position_mode) return;
  change_position_mode(account, mode.position_mode);
}

/// Moves balances to where the new mode keeps them, and counts them anew.
void Ledger::change_margin(AccountIndex account, const AccountModeRequested& mode) {
  Account& holder = accounts_[account];
  const auto count = [&](bool joins) {
    if (holder.mode != MarginMode::multi_asset) return;
    for_each_balance(account, [&](AssetId asset, Amount amount) {
      const Int128 held = std::max<Int128>(0, amount.raw());
      totals_[asset.raw()].collateral += joins ? held : -held;
    });
  };
  count(false);
  const AssetId before = holder.asset;
  const Amount balance = std::exchange(holder.balance, {});
  Amount carried;
  for (std::uint32_t i = holder.first_balance; i != kNone; i = balances_[i].next) {
    if (balances_[i].asset == mode.asset) carried = std::exchange(balances_[i].amount, {});
  }
  holder.asset = mode.asset;
  holder.mode = mode.mode;
  if (before == mode.asset) {
    holder.balance = balance;
  } else {
    holder.balance = carried;
    if (balance.raw() != 0) touch_balance(account, before) = balance;
  }
  if (mode.mode == MarginMode::multi_asset) list_numeraire(account);
  count(true);
}

/// REQUIRES: no position and no order; leverages move to the lines of the new mode.
void Ledger::change_position_mode(AccountIndex account, PositionMode mode) {
  accounts_[account].position_mode = mode;
  PositionIndex next = kNone;
  for (PositionIndex i = accounts_[account].first_position; i != kNone; i = next) {
    next = positions_[i].next;
    const bool stale = (positions_[i].side == PositionSide::net) != (mode == PositionMode::one_way);
    if (!stale) continue;
    const InstrumentId instrument = positions_[i].instrument;
    const Rate leverage = positions_[i].leverage;
    if (leverage.raw() != 0) set_leverage(account, instrument, leverage);
    positions_[i].leverage = {};
    next = positions_[i].next;  // set_leverage() may have put lines in between
    remove_unused(i);
  }
}

}  // namespace plimsoll::ledger
