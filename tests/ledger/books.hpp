#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/ledger/ledger.hpp"

// A ledger under test: short words to fill it, and what can be checked of any ledger.

namespace plimsoll::ledger::testing {

/// Opens account number `id` of this profile and asset.
inline AccountIndex open_account(Ledger& ledger, std::uint64_t id, AssetId asset,
                                 ProfileId profile = {}) {
  return ledger.open({.account = AccountId::from_raw(id),
                      .owner = OwnerId::from_raw(id),
                      .parent = {},
                      .profile = profile,
                      .asset = asset});
}

inline TradeFilled trade(InstrumentId instrument, std::int64_t quantity, std::int64_t price,
                         std::int64_t fee = 0) {
  return {.account = {},
          .instrument = instrument,
          .quantity = Quantity::from_raw(quantity),
          .price = Price::from_raw(price),
          .fee = Amount::from_raw(fee),
          .fill = {}};
}

inline LiquidationAnswered answer(InstrumentId instrument, std::int64_t quantity,
                                  std::int64_t price) {
  return {.account = {},
          .epoch = {},
          .instrument = instrument,
          .quantity = Quantity::from_raw(quantity),
          .price = Price::from_raw(price)};
}

/// All holders of an instrument, of both groups.
inline std::vector<Holder> holders_of(const Ledger& ledger, InstrumentId instrument) {
  std::vector<Holder> all;
  for (const Group group : {Group::single, Group::multi}) {
    const auto list = ledger.holders(instrument, group);
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

/// Everything that the books say, in one order; equal lists, equal books.
inline std::vector<Int128> contents(const Ledger& ledger, const reference::Reference& reference) {
  std::vector<Int128> all;
  for (AccountIndex i = 0; i < ledger.account_count(); ++i) {
    all.push_back(ledger.account(i).balance.raw());
    ledger.for_each_position(i, [&](const Position& position) {
      for (const Int128 x : {Int128{position.instrument.raw()}, Int128{position.quantity.raw()},
                             Int128{position.entry_value.raw()}, Int128{position.holder_place}}) {
        all.push_back(x);
      }
    });
  }
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const Totals& totals = ledger.totals(AssetId::from_raw(i));
    all.insert(all.end(), {totals.deposited, totals.withdrawn, totals.fees, totals.rounding,
                           totals.rest_of_world, totals.to_house});
  }
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    all.push_back(static_cast<Int128>(holders_of(ledger, InstrumentId::from_raw(i)).size()));
    all.push_back(ledger.position_gap(InstrumentId::from_raw(i)));
  }
  return all;
}

using PositionKey = std::pair<AccountIndex, std::uint32_t>;

/// All open positions, and how often the lists of holders name each.
struct HeldPositions {
  std::map<PositionKey, std::int64_t> quantities;
  std::map<PositionKey, int> listed;
};

/// What is wrong with the positions of one account, and collects them.
inline std::string account_fault(const Ledger& ledger, AccountIndex account, HeldPositions& held) {
  std::string fault;
  std::int64_t last = -1;
  ledger.for_each_position(account, [&](const Position& position) {
    const std::uint32_t instrument = position.instrument.raw();
    if (position.quantity.raw() == 0) fault = "a position of quantity 0";
    if (instrument <= last) fault = "positions out of order";
    if (position.account != account) fault = "a position names another account";
    last = instrument;
    held.quantities[{account, instrument}] = position.quantity.raw();
  });
  return fault;
}

/// What is wrong with a list of holders of one instrument, and counts them.
inline std::string holders_fault(const Ledger& ledger, InstrumentId instrument, Group group,
                                 HeldPositions& held) {
  const auto list = ledger.holders(instrument, group);
  for (std::size_t place = 0; place < list.size(); ++place) {
    const Holder& holder = list[place];
    const Position& position = ledger.position(holder.position);
    if (ledger.find_position(holder.account, instrument, position.side) != holder.position) {
      return "a holder without that position";
    }
    if (ledger.account(holder.account).group() != group) return "a holder of the other group";
    if (position.holder_place != place) return "a position that does not know its place";
    ++held.listed[{holder.account, instrument.raw()}];
  }
  return {};
}

/// Empty when every open position is in its instrument's list exactly once with the right
/// quantity and nothing else is; else what is wrong. Collects the positions.
inline std::string positions_fault(const Ledger& ledger, const reference::Reference& reference,
                                   HeldPositions& held) {
  std::string fault;
  for (AccountIndex i = 0; i < ledger.account_count() && fault.empty(); ++i) {
    fault = account_fault(ledger, i, held);
  }
  for (std::uint32_t i = 0; i < reference.instruments.size() && fault.empty(); ++i) {
    fault = holders_fault(ledger, InstrumentId::from_raw(i), Group::single, held);
    if (fault.empty()) fault = holders_fault(ledger, InstrumentId::from_raw(i), Group::multi, held);
  }
  if (!fault.empty()) return fault;
  for (const auto& [key, quantity] : held.quantities) {
    if (held.listed[key] != 1) return "a position that is not listed once";
  }
  return held.listed.size() == held.quantities.size() ? "" : "a holder of nothing";
}

}  // namespace plimsoll::ledger::testing
