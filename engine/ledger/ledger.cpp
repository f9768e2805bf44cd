#include "engine/ledger/ledger.hpp"

#include <algorithm>

namespace plimsoll::ledger {
namespace {

bool within(Int128 value, std::int64_t bound) noexcept {
  return value >= -bound && value <= bound;
}

Int128 magnitude(Int128 x) noexcept {
  return x < 0 ? -x : x;
}

}  // namespace

Ledger::Ledger(const reference::Reference& reference, std::size_t accounts)
    : reference_{reference},
      by_id_{accounts},
      holders_(reference.instruments.size()),
      totals_(reference.assets.size()),
      external_positions_(reference.instruments.size()) {
  // Reserved address space; pages are touched only when used. An account holds at most one position
  // an instrument, so no list of holders outgrows the accounts.
  accounts_.reserve(accounts);
  positions_.reserve(reference.limits.positions);
  for (auto& list : holders_) list.reserve(accounts);
}

AccountIndex Ledger::open(const AccountOpened& input) {
  const auto index = static_cast<AccountIndex>(accounts_.size());
  PLIMSOLL_ASSERT(by_id_.insert(input.account.raw(), index));
  accounts_.push_back({.id = input.account,
                       .owner = input.owner,
                       .parent = input.parent,
                       .balance = {},
                       .profile = input.profile,
                       .asset = input.asset});
  return index;
}

bool Ledger::can_receive(AccountIndex account, Amount amount) const noexcept {
  return within(Int128{accounts_[account].balance.raw()} + amount.raw(), kExposureMax);
}

std::optional<Refusal> Ledger::deposit(AccountIndex account, Amount amount) {
  if (amount.raw() <= 0) return Refusal::amount_not_positive;
  if (!can_receive(account, amount)) return Refusal::exposure_out_of_range;
  accounts_[account].balance += amount;
  totals_[accounts_[account].asset.raw()].deposited += amount.raw();
  return {};
}

void Ledger::withdraw(AccountIndex account, Amount amount) {
  accounts_[account].balance -= amount;
  totals_[accounts_[account].asset.raw()].withdrawn += amount.raw();
}

void Ledger::move_margin(AccountIndex from, AccountIndex to, Amount amount) {
  PLIMSOLL_ASSERT(accounts_[from].asset == accounts_[to].asset);
  accounts_[from].balance -= amount;
  accounts_[to].balance += amount;
}

PositionIndex Ledger::find_position(AccountIndex account, InstrumentId instrument) const noexcept {
  PositionIndex i = accounts_[account].first_position;
  while (i != kNone && positions_[i].instrument < instrument) i = positions_[i].next;
  return i != kNone && positions_[i].instrument == instrument ? i : kNone;
}

Holding Ledger::holding_of(PositionIndex index) const noexcept {
  if (index == kNone) return {};
  return {positions_[index].quantity.raw(), positions_[index].entry_value.raw()};
}

bool Ledger::exposure_fits(AccountIndex account, InstrumentId instrument,
                           Int128 quantity_after) const noexcept {
  const auto exposure = [this](InstrumentId id, Int128 quantity) {
    const reference::Instrument& rules = reference_.instruments[id.raw()];
    return divide_ceil<Int128>(magnitude(quantity) * rules.price_max.raw(), rules.value_divisor);
  };
  Int128 total = exposure(instrument, quantity_after);
  for_each_position(account, [&](const Position& position) {
    if (position.instrument != instrument) {
      total += exposure(position.instrument, position.quantity.raw());
    }
  });
  return total <= kExposureMax;
}

std::optional<Refusal> Ledger::apply_fill(AccountIndex account, const TradeFilled& fill) {
  if (fill.instrument.raw() >= holders_.size()) return Refusal::reference_unknown;
  const reference::Instrument& rules = reference_.instruments[fill.instrument.raw()];
  Account& holder = accounts_[account];
  if (rules.settle != holder.asset) return Refusal::asset_mismatch;
  if (fill.quantity.raw() == 0 || fill.quantity.raw() % rules.lot.raw() != 0) {
    return Refusal::quantity_off_lot;
  }
  if (fill.price.raw() <= 0 || fill.price > rules.price_max) return Refusal::price_out_of_range;

  const PositionIndex index = find_position(account, fill.instrument);
  const Holding before = holding_of(index);
  const Int128 quantity_after = before.quantity + fill.quantity.raw();
  if (!within(fill.fee.raw(), kExposureMax) || !within(quantity_after, kExposureMax) ||
      !exposure_fits(account, fill.instrument, quantity_after)) {
    return Refusal::exposure_out_of_range;
  }
  const Booking booking = book_fill(before, fill.quantity, fill.price, rules.value_divisor);
  const Int128 balance_after = Int128{holder.balance.raw()} + booking.realised - fill.fee.raw();
  if (!within(balance_after, kMoneyMax) || !within(booking.after.entry_value, kMoneyMax)) {
    return Refusal::exposure_out_of_range;
  }
  holder.balance = Amount::from_raw(narrow(balance_after));
  totals_[holder.asset.raw()].fees += fill.fee.raw();
  apply_totals(holder.asset, fill.instrument, fill.quantity.raw(), booking);
  store_holding(account, fill.instrument, index, booking.after);
  return {};
}

Realised Ledger::apply_liquidation_fill(AccountIndex account, InstrumentId instrument,
                                        Quantity quantity, Price price, Rate fee_rate) {
  const reference::Instrument& rules = reference_.instruments[instrument.raw()];
  Account& holder = accounts_[account];
  const PositionIndex index = find_position(account, instrument);
  const Booking booking = book_fill(holding_of(index), quantity, price, rules.value_divisor);
  const Int128 fee = divide_ceil<Int128>(magnitude(quantity.raw()) * price.raw() * fee_rate.raw(),
                                         Int128{rules.value_divisor} * kRateOne);
  holder.balance = Amount::from_raw(narrow(holder.balance.raw() + booking.realised - fee));
  totals_[holder.asset.raw()].to_house += fee;
  apply_totals(holder.asset, instrument, quantity.raw(), booking);
  store_holding(account, instrument, index, booking.after);
  return {Amount::from_raw(narrow(booking.realised)), Amount::from_raw(narrow(fee))};
}

void Ledger::apply_totals(AssetId asset, InstrumentId instrument, Int128 quantity,
                          const Booking& booking) {
  totals_[asset.raw()].rest_of_world += booking.rest_of_world;
  totals_[asset.raw()].rounding += booking.rounding;
  external_positions_[instrument.raw()] += quantity;
}

void Ledger::settle_funding(const FundingSettled& funding) {
  const reference::Instrument& rules = reference_.instruments[funding.instrument.raw()];
  Totals& totals = totals_[rules.settle.raw()];
  // |price * rate| is below 2^63 * 2^27, so its product with a quantity below 2^60 may pass 128
  // bits only where exposure_fits() has already refused the quantity.
  for (const Holder& entry : holders(funding.instrument)) {
    const Exchanged owed =
        exchange_of(Int128{entry.quantity.raw()} * funding.price.raw() * funding.rate.raw(),
                    Int128{rules.value_divisor} * kRateOne);
    Account& holder = accounts_[entry.account];
    holder.balance = Amount::from_raw(narrow(holder.balance.raw() - owed.paid));
    totals.rest_of_world += owed.received;
    totals.rounding += owed.paid - owed.received;
  }
}

void Ledger::hand_over(AccountIndex account, Int128 mark_value, Amount equity) {
  Account& holder = accounts_[account];
  while (holder.first_position != kNone) {
    const Position& position = positions_[holder.first_position];
    external_positions_[position.instrument.raw()] -= position.quantity.raw();
    remove_position(account, holder.first_position);
  }
  holder.balance = {};
  totals_[holder.asset.raw()].to_house += equity.raw() - mark_value;
}

void Ledger::store_holding(AccountIndex account, InstrumentId instrument, PositionIndex index,
                           const Holding& holding) {
  if (holding.quantity == 0) {
    PLIMSOLL_ASSERT(holding.entry_value == 0);
    if (index != kNone) remove_position(account, index);
    return;
  }
  if (index == kNone) index = insert_position(account, instrument);
  positions_[index].quantity = Quantity::from_raw(narrow(holding.quantity));
  positions_[index].entry_value = Amount::from_raw(narrow(holding.entry_value));
  holders_[instrument.raw()][positions_[index].holder_place].quantity = positions_[index].quantity;
}

PositionIndex Ledger::insert_position(AccountIndex account, InstrumentId instrument) {
  PositionIndex index = free_position_;
  if (index == kNone) {
    // Beyond limits.positions this allocates: a fill is a fact and is never refused for room.
    index = static_cast<PositionIndex>(positions_.size());
    positions_.emplace_back();
  } else {
    free_position_ = positions_[index].next;
  }
  PositionIndex* link = &accounts_[account].first_position;
  while (*link != kNone && positions_[*link].instrument < instrument)
    link = &positions_[*link].next;
  auto& list = holders_[instrument.raw()];
  positions_[index] = {.quantity = {},
                       .entry_value = {},
                       .instrument = instrument,
                       .account = account,
                       .next = *link,
                       .holder_place = static_cast<std::uint32_t>(list.size())};
  *link = index;
  list.push_back({.quantity = {}, .account = account, .position = index});
  return index;
}

void Ledger::remove_position(AccountIndex account, PositionIndex index) {
  PositionIndex* link = &accounts_[account].first_position;
  while (*link != index) link = &positions_[*link].next;
  Position& position = positions_[index];
  *link = position.next;
  auto& list = holders_[position.instrument.raw()];
  const Holder last = list.back();
  list[position.holder_place] = last;
  positions_[last.position].holder_place = position.holder_place;
  list.pop_back();
  position = {};
  position.next = free_position_;
  free_position_ = index;
}

Int128 Ledger::conservation_gap(AssetId asset) const {
  Int128 sum = 0;
  for (AccountIndex i = 0; i < accounts_.size(); ++i) {
    if (accounts_[i].asset != asset) continue;
    sum += accounts_[i].balance.raw();
    for_each_position(i, [&](const Position& position) { sum -= position.entry_value.raw(); });
  }
  const Totals& totals = totals_[asset.raw()];
  sum += totals.fees + totals.rounding + totals.rest_of_world + totals.to_house;
  return sum - (totals.deposited - totals.withdrawn);
}

Int128 Ledger::position_gap(InstrumentId instrument) const {
  Int128 sum = 0;
  for (const Holder& holder : holders(instrument)) {
    sum += positions_[holder.position].quantity.raw();
  }
  return sum - external_positions_[instrument.raw()];
}

}  // namespace plimsoll::ledger
