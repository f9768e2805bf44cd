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

bool Lifecycle::buy_debts(const Subject& subject, bool all) {
  bool bought = false;
  for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
    const AssetId asset = AssetId::from_raw(i);
    const Int128 balance = ledger_.balance(subject.index, asset).raw();
    if (balance >= 0) continue;
    if (!all) {
      const reference::Collateral* rule = reference::find_collateral(subject.profile, asset);
      if (rule == nullptr || rule->exchange_above.raw() == 0) continue;
      const Int128 debt = -margin::convert_floor(reference_, asset, balance, marks_.index(asset));
      if (debt <= rule->exchange_above.raw()) continue;
    }
    bought = buy_debt(subject, asset) || bought;
  }
  return bought;
}

bool Lifecycle::buy_debt(const Subject& subject, AssetId debt) {
  const auto divisor_of = [&](AssetId asset) -> Int128 {
    return reference::index_divisor(reference_, asset);
  };
  bool bought = false;
  for (const reference::Collateral& rule : subject.profile.collateral) {
    const Int128 owed = -Int128{ledger_.balance(subject.index, debt).raw()};
    if (owed <= 0) break;
    const Int128 held = ledger_.balance(subject.index, rule.asset).raw();
    if (rule.asset == debt || held <= 0 || !marks_.indexed(rule.asset)) continue;
    const Int128 value = -margin::convert_floor(reference_, debt, -owed, marks_.index(debt));
    const Int128 need = divide_ceil<Int128>(value * kRateOne, rule.exchange_ratio.raw());
    const Int128 wanted =
        divide_ceil<Int128>(need * divisor_of(rule.asset), marks_.index(rule.asset).raw());
    Int128 sold = wanted;
    Int128 received = owed;
    if (held < wanted) {
      sold = held;
      const Int128 worth = divide_floor<Int128>(
          margin::convert_floor(reference_, rule.asset, sold, marks_.index(rule.asset)) *
              rule.exchange_ratio.raw(),
          kRateOne);
      received =
          std::min(owed, divide_floor<Int128>(worth * divisor_of(debt), marks_.index(debt).raw()));
    }
    if (received == 0) continue;
    ledger_.exchange(subject.index, rule.asset, amount_of(sold), debt, amount_of(received));
    subject.out.push_back(make_event(subject.cause, subject.id,
                                     CollateralExchanged{.from_amount = amount_of(sold),
                                                         .to_amount = amount_of(received),
                                                         .from = rule.asset,
                                                         .to = debt}));
    bought = true;
  }
  return bought;
}

void Lifecycle::repay_all(const Subject& subject) {
  Subject after = subject;
  if (ledger_.account(subject.index).mode == MarginMode::multi_asset && buy_debts(subject, true)) {
    after.valuation = valuer_.revalue(subject.index);
  }
  const Int128 equity = after.valuation.equity.raw();
  if (margin::below(equity, after.valuation.maintenance_margin.raw(), states_[subject.index].target,
                    subject.profile)) {
    return take_over(after);
  }
  complete(after, LiquidationOutcome::cured, after.valuation.equity,
           after.valuation.maintenance_margin);
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
