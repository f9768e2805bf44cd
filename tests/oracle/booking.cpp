#include <algorithm>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// Fills and money of accounts and of the house, each with its other side: the rest of the world.

namespace plimsoll::oracle {

/// Books a fill on an account alone.
Booked Oracle::book_line(Account& account, const LineKey& line, Int128 quantity,
                         Int128 price) const {
  const reference::Instrument& instrument = reference_.instruments[line.instrument];
  const Booked booked = book_fill(instrument, account.position(line), quantity, price);
  account.positions[line] = booked.after;
  if (booked.after.quantity == 0) account.positions.erase(line);
  account.balances[instrument.settle.raw()] += booked.realised;
  return booked;
}

/// Books a fill on an account and on the rest of the world. Returns what it realised.
Int128 Oracle::book(Account& account, const LineKey& line, Int128 quantity, Int128 price) {
  const Booked booked = book_line(account, line, quantity, price);
  AssetBooks& books = world_.assets[reference_.instruments[line.instrument].settle.raw()];
  books.rest_of_world += booked.rest_of_world;
  books.rounding += booked.rounding;
  world_.markets[line.instrument].external_net += quantity;
  return booked.realised;
}

/// Base against `cash` of the settlement asset, on the account alone.
void Oracle::exchange_spot(Account& account, InstrumentId id, Int128 quantity, Int128 cash) const {
  const reference::Instrument& pair = reference_.instruments[id.raw()];
  const int shift = reference_.assets[pair.base.raw()].decimals - pair.quantity_decimals;
  PLIMSOLL_ASSERT(shift >= 0);
  account.balances[pair.base.raw()] += quantity * ten_to(shift);
  account.balances[pair.settle.raw()] -= cash;
}

void Oracle::book_spot(Account& account, InstrumentId id, Int128 quantity, Int128 price) {
  const reference::Instrument& pair = reference_.instruments[id.raw()];
  const Int128 before = account.balance(pair.base.raw());
  const Int128 cash = turnover_up(pair, quantity, price);
  const Int128 received = turnover_down(pair, quantity, price);
  exchange_spot(account, id, quantity, cash);
  world_.assets[pair.base.raw()].rest_of_world -= account.balance(pair.base.raw()) - before;
  world_.assets[pair.settle.raw()].rest_of_world += received;
  world_.assets[pair.settle.raw()].rounding += cash - received;
}

/// A gain goes to the fund; a loss is paid by the fund, and what it does not hold is bad debt.
void Oracle::settle_result(AccountId account, AssetId asset, Int128 result) {
  if (result >= 0) {
    change_fund(account, asset, result);
    return;
  }
  AssetBooks& books = world_.assets[asset.raw()];
  const Int128 deficit = -result;
  const Int128 drawn = std::min(deficit, books.fund);
  change_fund(account, asset, -drawn);
  if (drawn == deficit) return;
  books.bad_debt += deficit - drawn;
  emit(account, BadDebtBooked{Amount::from_raw(to_64(deficit - drawn)),
                              Amount::from_raw(to_64(books.bad_debt)), asset});
}

void Oracle::change_fund(AccountId account, AssetId asset, Int128 amount) {
  if (amount == 0) return;
  Int128& fund = world_.assets[asset.raw()].fund;
  const Int128 before = fund;
  fund += amount;
  emit(account,
       InsuranceFundChanged{Amount::from_raw(to_64(before)), Amount::from_raw(to_64(amount)),
                            Amount::from_raw(to_64(fund)), asset});
}

/// Pays out everything in an instrument at its settlement price.
void Oracle::settle_instrument(std::uint32_t instrument, Int128 price) {
  for (auto& [id, account] : world_.accounts) {
    if (settle_account(AccountId::from_raw(id), account, instrument, price)) {
      concern(AccountId::from_raw(id));
    }
  }
  Market& market = world_.markets[instrument];
  if (market.inventory.quantity != 0) {
    unwind(InstrumentId::from_raw(instrument), -market.inventory.quantity, price);
  }
  market.status = InstrumentStatus::settled;
}

/// Books a fill on the inventory of the house.
void Oracle::unwind(InstrumentId id, Int128 quantity, Int128 price) {
  const reference::Instrument& instrument = reference_.instruments[id.raw()];
  Market& market = world_.markets[id.raw()];
  const Booked booked = book_fill(instrument, market.inventory, quantity, price);
  market.inventory = booked.after;
  market.external_net += quantity;
  AssetBooks& books = world_.assets[instrument.settle.raw()];
  books.rest_of_world += booked.rest_of_world;
  books.rounding += booked.rounding;
  emit(AccountId{},
       InventoryUnwound{Quantity::from_raw(to_64(quantity)), Price::from_raw(to_64(price)),
                        Amount::from_raw(to_64(booked.realised)), id});
  settle_result(AccountId{}, instrument.settle, booked.realised);
}

/// True when the account had anything in the instrument.
bool Oracle::settle_account(AccountId id, Account& account, std::uint32_t instrument,
                            Int128 price) {
  const auto concerns = [&](const LineKey& line) { return line.instrument == instrument; };
  std::size_t dropped =
      std::erase_if(account.orders, [&](const auto& entry) { return concerns(entry.second.line); });
  if (account.liquidation) {
    dropped += std::erase_if(account.liquidation->in_flight,
                             [&](const auto& entry) { return concerns(entry.first); });
  }
  const std::map<LineKey, Position> positions = account.positions;
  for (const auto& [line, position] : positions) {
    if (!concerns(line)) continue;
    ++dropped;
    const Int128 realised = book(account, line, -position.quantity, price);
    emit(id, PositionSettled{Quantity::from_raw(to_64(position.quantity)),
                             Price::from_raw(to_64(price)), Amount::from_raw(to_64(realised)),
                             InstrumentId::from_raw(instrument), line.side});
  }
  return dropped != 0;
}

}  // namespace plimsoll::oracle
