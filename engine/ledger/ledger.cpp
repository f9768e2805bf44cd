#include "engine/ledger/ledger.hpp"

#include <algorithm>

#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::ledger {

using reference::Instrument;
using reference::Turnover;

Ledger::Ledger(const reference::Reference& reference, std::size_t accounts)
    : reference_{reference},
      by_id_{accounts},
      holders_(2 * reference.instruments.size()),
      asset_holders_(reference.assets.size()),
      totals_(reference.assets.size()),
      external_positions_(reference.instruments.size()),
      owners_{accounts} {
  // Reserved address space; pages are touched only when used. An account holds at most one line an
  // instrument in one-way mode, so that lists outgrow this only through hedge mode.
  accounts_.reserve(accounts);
  positions_.reserve(reference.limits.positions);
  for (auto& list : holders_) list.reserve(accounts);
}

AccountIndex Ledger::open(const AccountOpened& input) {
  const auto index = static_cast<AccountIndex>(accounts_.size());
  PLIMSOLL_ASSERT(by_id_.insert(input.account.raw(), index));
  Account account{.id = input.account,
                  .owner = input.owner,
                  .parent = input.parent,
                  .balance = {},
                  .profile = input.profile,
                  .asset = input.asset,
                  .mode = input.mode,
                  .position_mode = input.position_mode};
  if (reference_.profiles[input.profile.raw()].aggregate_by_owner) {
    account.aggregated = owners_.join(input.owner, index);
  }
  accounts_.push_back(account);
  if (input.mode == MarginMode::multi_asset) list_numeraire(index);
  return index;
}

void Ledger::list_numeraire(AccountIndex account) {
  if (accounts_[account].listed) return;
  accounts_[account].listed = true;
  asset_holders_[reference_.numeraire.raw()].push_back(account);
}

// Balances.

const Amount* Ledger::find_balance(AccountIndex account, AssetId asset) const noexcept {
  if (accounts_[account].asset == asset) return &accounts_[account].balance;
  for (std::uint32_t i = accounts_[account].first_balance; i != kNone; i = balances_[i].next) {
    if (balances_[i].asset == asset) return &balances_[i].amount;
  }
  return nullptr;
}

Amount Ledger::balance(AccountIndex account, AssetId asset) const noexcept {
  const Amount* amount = find_balance(account, asset);
  return amount == nullptr ? Amount{} : *amount;
}

Amount& Ledger::touch_balance(AccountIndex account, AssetId asset) {
  if (accounts_[account].asset == asset) return accounts_[account].balance;
  std::uint32_t* link = &accounts_[account].first_balance;
  while (*link != kNone && balances_[*link].asset < asset) link = &balances_[*link].next;
  if (*link == kNone || balances_[*link].asset != asset) {
    const auto index = static_cast<std::uint32_t>(balances_.size());
    const std::uint32_t next = *link;
    *link = index;  // Before the pool may move: the link may lie in it.
    balances_.push_back({asset, {}, next});
    asset_holders_[asset.raw()].push_back(account);
    return balances_.back().amount;
  }
  return balances_[*link].amount;
}

void Ledger::add_balance(AccountIndex account, AssetId asset, Int128 change) {
  if (change == 0) return;
  Amount& balance = touch_balance(account, asset);
  const Int128 before = balance.raw();
  balance = Amount::from_raw(narrow(before + change));
  const Account& holder = accounts_[account];
  const bool multi = holder.mode == MarginMode::multi_asset;
  if (!multi && holder.aggregated == Owners::kNone) return;
  const Int128 gained = std::max<Int128>(0, before + change) - std::max<Int128>(0, before);
  if (multi) totals_[asset.raw()].collateral += gained;
  if (holder.aggregated != Owners::kNone) {
    owners_.add_balance(holder.aggregated, account, asset, gained);
  }
}

std::optional<Refusal> Ledger::deposit(AccountIndex account, AssetId asset, Amount amount) {
  if (amount.raw() <= 0) return Refusal::amount_not_positive;
  return import_balance(account, asset, amount);
}

std::optional<Refusal> Ledger::import_balance(AccountIndex account, AssetId asset, Amount amount) {
  if (amount.raw() == 0) return Refusal::amount_not_positive;
  const bool debt = amount.raw() < 0;
  if (!can_hold(account, asset) || (debt && accounts_[account].mode != MarginMode::multi_asset)) {
    return Refusal::asset_mismatch;
  }
  if (!can_receive(account, asset, amount)) return Refusal::exposure_out_of_range;
  add_balance(account, asset, amount.raw());
  totals_[asset.raw()].deposited += amount.raw();
  return {};
}

void Ledger::withdraw(AccountIndex account, AssetId asset, Amount amount) {
  add_balance(account, asset, -Int128{amount.raw()});
  totals_[asset.raw()].withdrawn += amount.raw();
}

void Ledger::move_margin(AccountIndex from, AccountIndex to, AssetId asset, Amount amount) {
  add_balance(from, asset, -Int128{amount.raw()});
  add_balance(to, asset, amount.raw());
}

void Ledger::exchange(AccountIndex account, AssetId from, Amount from_amount, AssetId to,
                      Amount to_amount) {
  add_balance(account, from, -Int128{from_amount.raw()});
  add_balance(account, to, to_amount.raw());
  totals_[from.raw()].rest_of_world += from_amount.raw();
  totals_[to.raw()].rest_of_world -= to_amount.raw();
}

void Ledger::charge_interest(const InterestCharged& interest) {
  for (const AccountIndex account : asset_holders(interest.asset)) {
    if (accounts_[account].mode != MarginMode::multi_asset) continue;
    const Int128 debt = -Int128{balance(account, interest.asset).raw()};
    if (debt <= 0) continue;
    const Int128 owed = reference::fee_of(debt, interest.rate);
    if (!can_carry(account, interest.asset, -owed)) continue;
    add_balance(account, interest.asset, -owed);
    totals_[interest.asset.raw()].fees += owed;
  }
}

// Lines.

PositionIndex Ledger::find_position(AccountIndex account, InstrumentId instrument,
                                    PositionSide side) const noexcept {
  PositionIndex i = accounts_[account].first_position;
  while (i != kNone && (positions_[i].instrument < instrument ||
                        (positions_[i].instrument == instrument && positions_[i].side < side))) {
    i = positions_[i].next;
  }
  return i != kNone && positions_[i].instrument == instrument && positions_[i].side == side ? i
                                                                                            : kNone;
}

PositionIndex Ledger::touch_position(AccountIndex account, InstrumentId instrument,
                                     PositionSide side) {
  const PositionIndex found = find_position(account, instrument, side);
  if (found != kNone) return found;
  PositionIndex index = free_position_;
  if (index == kNone) {
    // Beyond limits.positions this allocates: a fill is a fact and is never refused for room.
    index = static_cast<PositionIndex>(positions_.size());
    positions_.emplace_back();
  } else {
    free_position_ = positions_[index].next;
  }
  PositionIndex* link = &accounts_[account].first_position;
  while (*link != kNone &&
         (positions_[*link].instrument < instrument ||
          (positions_[*link].instrument == instrument && positions_[*link].side < side))) {
    link = &positions_[*link].next;
  }
  Position line{};
  line.instrument = instrument;
  line.account = account;
  line.side = side;
  line.next = *link;
  line.leverage = leverage(account, instrument);
  positions_[index] = line;
  *link = index;
  if (accounts_[account].mode == MarginMode::multi_asset) {
    touch_balance(account, reference_.instruments[instrument.raw()].settle);
  }
  enter_list(index);
  return index;
}

void Ledger::enter_list(PositionIndex index) {
  Position& line = positions_[index];
  auto& list = holders_[list_of(line.instrument, accounts_[line.account].group())];
  line.holder_place = static_cast<std::uint32_t>(list.size());
  list.push_back({.account = line.account, .position = index});
}

void Ledger::leave_list(PositionIndex index) {
  const Position& line = positions_[index];
  auto& list = holders_[list_of(line.instrument, accounts_[line.account].group())];
  const Holder last = list.back();
  list[line.holder_place] = last;
  positions_[last.position].holder_place = line.holder_place;
  list.pop_back();
}

void Ledger::remove_unused(PositionIndex index) {
  const Position& line = positions_[index];
  if (!line.open() && line.leverage.raw() == 0) remove_position(index);
}

void Ledger::remove_position(PositionIndex index) {
  leave_list(index);
  PositionIndex* link = &accounts_[positions_[index].account].first_position;
  while (*link != index) link = &positions_[*link].next;
  *link = positions_[index].next;
  positions_[index] = {};
  positions_[index].next = free_position_;
  free_position_ = index;
}

void Ledger::store_holding(PositionIndex index, const Holding& holding) {
  Position& line = positions_[index];
  PLIMSOLL_ASSERT(holding.quantity != 0 || holding.entry_value == 0);
  const Account& holder = accounts_[line.account];
  if (holder.aggregated != Owners::kNone) {
    owners_.add_gross(holder.aggregated, line.account, line.instrument,
                      magnitude(holding.quantity) - magnitude(line.quantity.raw()));
  }
  line.quantity = Quantity::from_raw(narrow(holding.quantity));
  line.entry_value = Amount::from_raw(narrow(holding.entry_value));
}

void Ledger::book_totals(AssetId asset, InstrumentId instrument, Int128 quantity,
                         const Booking& booking) {
  totals_[asset.raw()].rest_of_world += booking.rest_of_world;
  totals_[asset.raw()].rounding += booking.rounding;
  external_positions_[instrument.raw()] += quantity;
}

// Fills, funding, settlement.

std::optional<Refusal> Ledger::apply_fill(AccountIndex account, const TradeFilled& fill) {
  if (fill.instrument.raw() >= reference_.instruments.size()) return Refusal::reference_unknown;
  const Instrument& rules = reference_.instruments[fill.instrument.raw()];
  if (const auto refused = check_line(account, rules, fill.side)) return refused;
  if (fill.quantity.raw() == 0 || fill.quantity.raw() % rules.lot.raw() != 0) {
    return Refusal::quantity_off_lot;
  }
  if (fill.price < rules.price_min || fill.price > rules.price_max) {
    return Refusal::price_out_of_range;
  }
  if (rules.kind == reference::Kind::spot) return apply_spot_fill(account, fill);

  const PositionIndex found = find_position(account, fill.instrument, fill.side);
  const Position line = found == kNone ? Position{} : positions_[found];
  const Int128 after = Int128{line.quantity.raw()} + fill.quantity.raw();
  if ((fill.side == PositionSide::long_side && after < 0) ||
      (fill.side == PositionSide::short_side && after > 0)) {
    return Refusal::side_mismatch;
  }
  if (occupied_elsewhere(account, fill.instrument)) return Refusal::isolated_occupied;
  const std::uint32_t order = fill.order.raw() == 0 ? kNone : find_order(account, fill.order);
  const bool fills_order = order != kNone && orders_[order].line == found &&
                           (orders_[order].remaining.raw() > 0) == (fill.quantity.raw() > 0);
  const Int128 shrunk = fills_order ? std::min(magnitude(orders_[order].remaining.raw()),
                                               magnitude(fill.quantity.raw()))
                                    : 0;
  const bool counted = fills_order && orders_[order].reduce_only == ReduceOnly::no;
  const Int128 resting = Int128{line.buys.raw()} + line.sells.raw() - (counted ? shrunk : 0);
  if (!within(fill.fee.raw(), kExposureMax) ||
      !exposure_fits(account, {.asset = rules.settle,
                               .amount = -Int128{fill.fee.raw()},
                               .instrument = fill.instrument,
                               .side = fill.side,
                               .size = magnitude(after) + resting})) {
    return Refusal::exposure_out_of_range;
  }
  const Booking booking =
      book_fill({line.quantity.raw(), line.entry_value.raw()}, fill.quantity, fill.price, rules);
  const Int128 gained = booking.realised - fill.fee.raw();
  if (!within(balance(account, rules.settle).raw() + gained, kMoneyMax) ||
      !within(booking.after.entry_value, kMoneyMax)) {
    return Refusal::exposure_out_of_range;
  }
  const PositionIndex index = touch_position(account, fill.instrument, fill.side);
  add_balance(account, rules.settle, gained);
  totals_[rules.settle.raw()].fees += fill.fee.raw();
  book_totals(rules.settle, fill.instrument, fill.quantity.raw(), booking);
  store_holding(index, booking.after);
  if (fills_order) reduce_order(account, order, narrow(shrunk));
  if (find_position(account, fill.instrument, fill.side) == index) remove_unused(index);
  return {};
}

std::optional<Refusal> Ledger::apply_spot_fill(AccountIndex account, const TradeFilled& fill) {
  const Instrument& rules = reference_.instruments[fill.instrument.raw()];
  const std::int64_t scale =
      power_of_ten(reference_.assets[rules.base.raw()].decimals - rules.quantity_decimals);
  const Int128 base = Int128{fill.quantity.raw()} * scale;
  if (!within(fill.fee.raw(), kExposureMax) || !within(base, kExposureMax) ||
      !exposure_of(rules, magnitude(fill.quantity.raw()))) {
    return Refusal::exposure_out_of_range;
  }
  const Turnover cash = reference::turnover(rules, fill.quantity.raw(), fill.price);
  const Int128 paid = cash.ceil();
  const Int128 received = cash.floor();
  if (!exposure_fits(account, {.asset = rules.base,
                               .amount = base,
                               .other = rules.settle,
                               .other_amount = -paid - fill.fee.raw()})) {
    return Refusal::exposure_out_of_range;
  }
  add_balance(account, rules.base, base);
  add_balance(account, rules.settle, -paid - fill.fee.raw());
  totals_[rules.base.raw()].rest_of_world -= base;
  totals_[rules.settle.raw()].rest_of_world += received;
  totals_[rules.settle.raw()].rounding += paid - received;
  totals_[rules.settle.raw()].fees += fill.fee.raw();
  return {};
}

Realised Ledger::apply_liquidation_fill(AccountIndex account, const LiquidationAnswered& answer,
                                        Rate fee_rate) {
  const Instrument& rules = reference_.instruments[answer.instrument.raw()];
  Quantity quantity = answer.quantity;
  const PositionIndex found = find_position(account, answer.instrument, answer.side);
  const Position line = found == kNone ? Position{} : positions_[found];
  if (answer.side != PositionSide::net) {
    // What would flip the line is cut off.
    const Int128 after = Int128{line.quantity.raw()} + quantity.raw();
    const bool flips = answer.side == PositionSide::long_side ? after < 0 : after > 0;
    if (flips) quantity = -line.quantity;
    if (quantity.raw() == 0) return {};
  }
  const PositionIndex index = touch_position(account, answer.instrument, answer.side);
  const Booking booking =
      book_fill({line.quantity.raw(), line.entry_value.raw()}, quantity, answer.price, rules);
  const Int128 fee = reference::fee_of(
      reference::turnover(rules, quantity.raw(), answer.price).notional(), fee_rate);
  add_balance(account, rules.settle, booking.realised - fee);
  totals_[rules.settle.raw()].to_house += fee;
  book_totals(rules.settle, answer.instrument, quantity.raw(), booking);
  store_holding(index, booking.after);
  remove_unused(index);
  return {quantity, Amount::from_raw(narrow(booking.realised)), Amount::from_raw(narrow(fee))};
}

void Ledger::settle_funding(const FundingSettled& funding) {
  for (const Group group : {Group::single, Group::multi}) {
    for (const Holder& entry : holders(funding.instrument, group)) {
      // The two lines of a hedge one after the other, whatever their order in the list.
      const Position& line = positions_[entry.position];
      const PositionIndex first =
          find_position(entry.account, funding.instrument, PositionSide::long_side);
      if (line.side == PositionSide::short_side && first != kNone) continue;
      settle_funding(line, funding);
      if (line.side != PositionSide::long_side) continue;
      const PositionIndex second =
          find_position(entry.account, funding.instrument, PositionSide::short_side);
      if (second != kNone) settle_funding(positions_[second], funding);
    }
  }
}

void Ledger::settle_funding(const Position& line, const FundingSettled& funding) {
  const Instrument& rules = reference_.instruments[funding.instrument.raw()];
  const Rate rate = Rate::from_raw(narrow(magnitude(funding.rate.raw())));
  const Int128 quantity = line.quantity.raw();
  const Turnover turnover = reference::turnover(rules, quantity, funding.price);
  const bool pays = (quantity > 0) == (funding.rate.raw() > 0);
  const Int128 owed = pays
                          ? reference::fee_of(turnover.notional(), rate)
                          : -divide_floor<Int128>(turnover.notional_floor() * rate.raw(), kRateOne);
  if (!can_carry(line.account, rules.settle, -owed)) return;
  add_balance(line.account, rules.settle, -owed);
  totals_[rules.settle.raw()].rest_of_world += owed;
}

Amount Ledger::settle_position(PositionIndex index, Price price) {
  drop_orders(index);
  const Position line = positions_[index];
  if (line.quantity.raw() == 0) {
    remove_unused(index);
    return {};
  }
  const Instrument& rules = reference_.instruments[line.instrument.raw()];
  const Booking booking =
      book_fill({line.quantity.raw(), line.entry_value.raw()}, -line.quantity, price, rules);
  add_balance(line.account, rules.settle, booking.realised);
  book_totals(rules.settle, line.instrument, -Int128{line.quantity.raw()}, booking);
  store_holding(index, booking.after);
  remove_unused(index);
  return Amount::from_raw(narrow(booking.realised));
}

void Ledger::hand_over(AccountIndex account, std::span<const AssetId> assets) {
  PositionIndex next = kNone;
  for (PositionIndex i = accounts_[account].first_position; i != kNone; i = next) {
    next = positions_[i].next;
    external_positions_[positions_[i].instrument.raw()] -= positions_[i].quantity.raw();
    store_holding(i, {});
    remove_unused(i);
  }
  for (const AssetId asset : assets) {
    add_balance(account, asset, -Int128{balance(account, asset).raw()});
  }
}

Int128 Ledger::conservation_gap(AssetId asset) const {
  Int128 sum = 0;
  for (AccountIndex i = 0; i < accounts_.size(); ++i) {
    for_each_balance(i, [&](AssetId held, Amount amount) {
      if (held == asset) sum += amount.raw();
    });
    for_each_position(i, [&](const Position& line) {
      if (reference_.instruments[line.instrument.raw()].settle == asset) {
        sum -= line.entry_value.raw();
      }
    });
  }
  const Totals& totals = totals_[asset.raw()];
  sum += totals.fees + totals.rounding + totals.rest_of_world + totals.to_house;
  return sum - (totals.deposited - totals.withdrawn);
}

Int128 Ledger::position_gap(InstrumentId instrument) const {
  Int128 sum = 0;
  for (const Group group : {Group::single, Group::multi}) {
    for (const Holder& holder : holders(instrument, group)) {
      sum += positions_[holder.position].quantity.raw();
    }
  }
  return sum - external_positions_[instrument.raw()];
}

}  // namespace plimsoll::ledger
