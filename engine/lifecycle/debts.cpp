#include <algorithm>

#include "engine/lifecycle/lifecycle.hpp"
#include "engine/reference/turnover.hpp"

// Debts of multi-asset accounts, bought with their other assets; and top-ups of isolated accounts.

namespace plimsoll::lifecycle {
namespace {

Amount amount_of(Int128 wide) noexcept {
  return Amount::from_raw(narrow(wide));
}

}  // namespace

bool Lifecycle::exchange_debts(const Subject& subject) {
  const margin::Market market{marks_};
  const margin::Rules rules{reference_, subject.profile, market};
  bool bought = false;
  for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
    const AssetId asset = AssetId::from_raw(i);
    const Int128 balance = ledger_.balance(subject.index, asset).raw();
    if (balance >= 0 || margin::debt_to_exchange(asset, balance, rules) == 0) continue;
    if (marks_.frozen(asset)) continue;
    for (const reference::Collateral& rule : subject.profile.collateral) {
      if (marks_.frozen(rule.asset)) continue;
      const Trade trade{.debt = asset,
                        .owed = -Int128{ledger_.balance(subject.index, asset).raw()},
                        .sold = rule.asset,
                        .held = ledger_.balance(subject.index, rule.asset).raw(),
                        .ratio = rule.exchange_ratio};
      bought = buy(subject, trade, marks_) || bought;
    }
  }
  return bought;
}

bool Lifecycle::buy_all_debts(const Subject& subject) {
  const marks::Marks& prices = *subject.prices;
  bool bought = false;
  for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
    const AssetId debt = AssetId::from_raw(i);
    const auto buy_with = [&](AssetId sold, Rate ratio) {
      const Int128 balance = ledger_.balance(subject.index, sold).raw();
      const Trade trade{.debt = debt,
                        .owed = -net_of(subject.index, debt, prices),
                        .sold = sold,
                        .held = std::min(balance, net_of(subject.index, sold, prices)),
                        .ratio = ratio};
      bought = buy(subject, trade, prices) || bought;
    };
    if (net_of(subject.index, debt, prices) >= 0) continue;
    for (const reference::Collateral& rule : subject.profile.collateral) {
      buy_with(rule.asset, rule.exchange_ratio);
    }
    for (std::uint32_t k = 0; k < reference_.assets.size(); ++k) {
      const AssetId other = AssetId::from_raw(k);
      if (reference::find_collateral(subject.profile, other) != nullptr) continue;
      buy_with(other, Rate::from_raw(kRateOne));
    }
  }
  return bought;
}

bool Lifecycle::buy(const Subject& subject, const Trade& trade, const marks::Marks& prices) {
  if (trade.sold == trade.debt || trade.owed <= 0 || trade.held <= 0) return false;
  if (!prices.indexed(trade.sold)) return false;
  const auto divisor_of = [&](AssetId asset) -> Int128 {
    return reference::index_divisor(reference_, asset);
  };
  const Price index = prices.index(trade.sold);
  const Price index_of_debt = prices.index(trade.debt);
  const Int128 value = -margin::convert_floor(reference_, trade.debt, -trade.owed, index_of_debt);
  const Int128 need = margin::value_to_sell(value, trade.ratio);
  const Int128 wanted = divide_ceil<Int128>(need * divisor_of(trade.sold), index.raw());
  Int128 sold = wanted;
  Int128 received = trade.owed;
  if (trade.held < wanted) {
    sold = trade.held;
    const Int128 worth = divide_floor<Int128>(
        margin::convert_floor(reference_, trade.sold, sold, index) * trade.ratio.raw(), kRateOne);
    received = std::min(trade.owed,
                        divide_floor<Int128>(worth * divisor_of(trade.debt), index_of_debt.raw()));
  }
  if (received == 0) return false;
  ledger_.exchange(subject.index, trade.sold, amount_of(sold), trade.debt, amount_of(received));
  subject.out.push_back(make_event(subject.cause, subject.id,
                                   CollateralExchanged{.from_amount = amount_of(sold),
                                                       .to_amount = amount_of(received),
                                                       .from = trade.sold,
                                                       .to = trade.debt}));
  return true;
}

Int128 Lifecycle::net_of(ledger::AccountIndex account, AssetId asset,
                         const marks::Marks& prices) const {
  Int128 net = ledger_.balance(account, asset).raw();
  const margin::Market market{prices};
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    const reference::Instrument& instrument = reference_.instruments[line.instrument.raw()];
    if (instrument.settle != asset || line.quantity.raw() == 0) return;
    net += margin::value_of(instrument, line.quantity, line.instrument, market) -
           line.entry_value.raw();
  });
  return net;
}

ledger::AccountIndex Lifecycle::top_up(ledger::AccountIndex account, const Cause& cause,
                                       std::vector<Event>& out) {
  const ledger::Account& holder = ledger_.account(account);
  const ledger::AccountIndex parent = ledger_.find(holder.parent);
  const Subject subject = subject_of(account, cause, out);
  const Int128 wanted = margin::threshold(subject.valuation.maintenance_margin.raw(),
                                          subject.profile.call_target, subject.profile) -
                        subject.valuation.equity.raw();
  if (wanted <= 0 || !ledger_.can_hold(parent, holder.asset) || states_[parent].liquidating ||
      !valuer_.complete(parent)) {
    return ledger::kNone;
  }
  const Int128 available = valuer_.available(parent, holder.asset).raw();
  const Int128 given = std::min(wanted, available);
  if (given <= 0) return ledger::kNone;
  ledger_.move_margin(parent, account, holder.asset, amount_of(given));
  out.push_back(make_event(
      cause, holder.id,
      MarginToppedUp{.parent = holder.parent, .amount = amount_of(given), .asset = holder.asset}));
  return parent;
}

}  // namespace plimsoll::lifecycle
