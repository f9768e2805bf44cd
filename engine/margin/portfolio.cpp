#include "engine/margin/portfolio.hpp"

#include <algorithm>

#include "engine/value/magnitude.hpp"

namespace plimsoll::margin {

Holding& Portfolio::balance(AssetId held) {
  for (Holding& holding : balances) {
    if (holding.asset == held) return holding;
  }
  const auto place = std::find_if(balances.begin() + 1, balances.end(),
                                  [&](const Holding& holding) { return held < holding.asset; });
  return *balances.insert(place, {.asset = held, .amount = {}, .others = 0});
}

Line line_of(const ledger::Position& position) noexcept {
  return {.instrument = position.instrument,
          .side = position.side,
          .quantity = position.quantity,
          .entry_value = position.entry_value,
          .leverage = position.leverage,
          .buys = position.buys,
          .sells = position.sells,
          .others = 0};
}

void copy_account(const ledger::Ledger& ledger, ledger::AccountIndex index, Portfolio& portfolio) {
  const ledger::Account& account = ledger.account(index);
  const bool aggregated = account.aggregated != ledger::Owners::kNone;
  portfolio.profile = account.profile;
  portfolio.asset = account.asset;
  portfolio.mode = account.mode;
  portfolio.balances.clear();
  portfolio.lines.clear();
  portfolio.orders.clear();
  ledger.for_each_balance(index, [&](AssetId asset, Amount amount) {
    Holding holding{.asset = asset, .amount = amount, .others = 0};
    if (aggregated) {
      holding.others = ledger.owners().balances(account.aggregated, index, asset) -
                       std::max<std::int64_t>(0, amount.raw());
    }
    portfolio.balances.push_back(holding);
  });
  ledger.for_each_position(index, [&](const ledger::Position& position) {
    portfolio.lines.push_back(line_of(position));
    if (!aggregated) return;
    portfolio.lines.back().others =
        ledger.owners().gross(account.aggregated, index, position.instrument) -
        magnitude(position.quantity.raw());
  });
  ledger.for_each_order(index, [&](const ledger::OpenOrder& order) {
    if (order.reduce_only == ReduceOnly::yes) return;
    const ledger::Position& line = ledger.position(order.line);
    portfolio.orders.push_back({.instrument = line.instrument,
                                .side = line.side,
                                .remaining = order.remaining,
                                .limit = order.limit});
  });
}

void book_fill(Portfolio& portfolio, const reference::Reference& reference, std::size_t index,
               Quantity quantity, Price price, Int128 fee) {
  Line& line = portfolio.lines[index];
  const reference::Instrument& instrument = reference.instruments[line.instrument.raw()];
  const ledger::Booking booking =
      ledger::book_fill({line.quantity.raw(), line.entry_value.raw()}, quantity, price, instrument);
  line.quantity = Quantity::from_raw(narrow(booking.after.quantity));
  line.entry_value = Amount::from_raw(narrow(booking.after.entry_value));
  Amount& balance = portfolio.balance(instrument.settle).amount;
  balance = Amount::from_raw(narrow(balance.raw() + booking.realised - fee));
}

}  // namespace plimsoll::margin
