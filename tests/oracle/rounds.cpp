#include <algorithm>
#include <utility>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "Judging an account" of engine/README.md: deadlines, rounds, top-ups and the exchange of debts.

namespace plimsoll::oracle {
namespace {

Amount amount_of(Int128 wide) {
  return Amount::from_raw(to_64(wide));
}

/// Adds the owners for whom two sums differ.
void add_changed(const std::map<Totals::Key, Int128>& before,
                 const std::map<Totals::Key, Int128>& after, std::set<std::uint64_t>& owners) {
  for (const auto& [key, sum] : before) {
    const auto now = after.find(key);
    if (now == after.end() || now->second != sum) owners.insert(key.first);
  }
  for (const auto& [key, sum] : after) {
    if (!before.contains(key)) owners.insert(key.first);
  }
}

}  // namespace

/// Fails every call that is due, in the order (deadline, account).
void Oracle::fail_calls(EventTime until) {
  std::vector<std::pair<EventTime, AccountId>> due;
  for (const auto& [id, account] : world_.accounts) {
    if (!account.call || account.call->deadline > until) continue;
    due.emplace_back(account.call->deadline, AccountId::from_raw(id));
  }
  std::sort(due.begin(), due.end());
  for (const auto& [deadline, id] : due) fail_call(id);
}

void Oracle::fail_call(AccountId id) {
  Account& account = *find(id);
  Judged judged = judged_of(id, account);
  context_ = {account.call->deadline, 0, kNoInstrument, account.call->deadline.raw()};
  emit(id,
       MarginCallFailed{amount_of(judged.equity), amount_of(judged.maintenance), account.call->id});
  account.call.reset();
  open_liquidation(judged, judged.profile.call_target);
  if (value(account).marked) issue_step(judged);
}

/// What happened to the owners' totals takes effect.
void Oracle::refresh_totals() {
  const Totals before = std::exchange(totals_, compute_totals());
  add_changed(before.gross, totals_.gross, owners_);
  add_changed(before.held, totals_.held, owners_);
}

/// All accounts of owners whose totals have changed.
void Oracle::concern_owners() {
  for (const auto& [id, account] : world_.accounts) {
    if (profile_of(account).aggregate_by_owner && owners_.contains(account.owner.raw())) {
      concern(AccountId::from_raw(id));
    }
  }
  owners_.clear();
}

void Oracle::judge_rounds() {
  concern_owners();
  while (!concerned_.empty() || !waiting_.empty() || !owners_.empty()) {
    const std::set<std::uint64_t> waiting = std::exchange(waiting_, {});
    std::set<std::uint64_t> round = std::exchange(concerned_, {});
    round.insert(waiting.begin(), waiting.end());
    for (const std::uint64_t id : round) {
      judge_in_round(AccountId::from_raw(id), waiting.contains(id));
    }
    refresh_totals();
    concern_owners();
  }
  waited_.clear();
}

void Oracle::judge_in_round(AccountId id, bool is_waiting) {
  Account& account = *find(id);
  if (is_waiting) {
    top_up(id, account);
  } else if (must_wait(id, account)) {
    waiting_.insert(id.raw());
    waited_.insert(id.raw());
    return;
  }
  if (!value(account).marked) return;
  std::uint32_t steps = 0;
  if (account.liquidation) {
    steps = account.liquidation->steps;
    Judged judged = judged_of(id, account);
    if (!judge_liquidation(judged)) return;
  }
  if (account.mode == MarginMode::multi_asset) exchange_debts(id, account);
  Judged judged = judged_of(id, account);
  judged.steps = steps;
  judge_breach(judged);
}

/// Would it be liquidated if its parent did not help?
bool Oracle::must_wait(AccountId id, Account& account) const {
  if (account.mode != MarginMode::isolated || account.auto_top_up != AutoTopUp::on) return false;
  if (account.liquidation || waited_.contains(id.raw()) || !is_exposed(account)) return false;
  if (!value(account).marked) return false;
  const Judged judged = judged_of(id, account);
  return is_ruined(judged.profile, judged.equity, judged.maintenance) ||
         is_below(judged.profile, judged.equity, judged.maintenance, Rate::from_raw(kRateOne));
}

void Oracle::top_up(AccountId id, Account& account) {
  Account& parent = *find(account.parent);
  concern(account.parent);
  const Judged judged = judged_of(id, account);
  const Int128 wanted =
      threshold_of(judged.profile, judged.maintenance, judged.profile.call_target) - judged.equity;
  if (!can_hold(parent, account.asset) || parent.liquidation || !value(parent).marked) return;
  const Int128 given = std::min(wanted, available_for(parent, account.asset));
  if (given <= 0) return;
  parent.balances[account.asset.raw()] -= given;
  account.balances[account.asset.raw()] += given;
  emit(id, MarginToppedUp{account.parent, amount_of(given), account.asset});
}

void Oracle::exchange_debts(AccountId id, Account& account) {
  const std::map<std::uint32_t, Int128> balances = account.balances;
  const reference::Profile& profile = profile_of(account);
  for (const auto& [asset, unused] : balances) {
    if (account.balance(asset) >= 0) continue;
    bool exchanged = false;
    for (const reference::Collateral& rule : profile.collateral) {
      const Int128 most = rule.exchange_above.raw();
      if (rule.asset.raw() != asset || most == 0) continue;
      exchanged = -convert_floor(asset, account.balance(asset)) > most;
    }
    for (const reference::Collateral& rule : profile.collateral) {
      if (!exchanged) break;
      const std::uint32_t sold = rule.asset.raw();
      buy(id, account,
          {asset, -account.balance(asset), sold, account.balance(sold), rule.exchange_ratio.raw()});
    }
  }
}

/// What is owed in any asset, positions at their marks, for everything that there is.
void Oracle::buy_all(AccountId id, Account& account) {
  const auto net = [&](std::uint32_t asset) {
    const Sums sums = sums_of(account, account);
    const auto found = sums.assets.find(asset);
    return found == sums.assets.end() ? Int128{0} : found->second.net();
  };
  const reference::Profile& profile = profile_of(account);
  for (std::uint32_t asset = 0; asset < reference_.assets.size(); ++asset) {
    const auto buy_with = [&](std::uint32_t sold, Int128 ratio) {
      const Int128 most = std::min(account.balance(sold), net(sold));
      buy(id, account, {asset, -net(asset), sold, most, ratio});
    };
    std::set<std::uint32_t> rest;
    for (std::uint32_t other = 0; other < reference_.assets.size(); ++other) rest.insert(other);
    for (const reference::Collateral& rule : profile.collateral) {
      rest.erase(rule.asset.raw());
      buy_with(rule.asset.raw(), rule.exchange_ratio.raw());
    }
    for (const std::uint32_t other : rest) buy_with(other, kOne);
  }
}

void Oracle::buy(AccountId id, Account& account, const Trade& trade) {
  const auto& [asset, debt, sold, most, ratio] = trade;
  if (sold == asset || debt <= 0 || most <= 0 || !has_index(sold)) return;
  const Int128 need = ceil_of_product(-convert_floor(asset, -debt), kOne, ratio);
  const Int128 wanted = ceil_of_product(need, index_divisor_of(sold), index_of(sold));
  const Int128 from = std::min(most, wanted);
  Int128 to = debt;
  if (from < wanted) {
    const Int128 worth = floor_of_product(convert_floor(sold, from), ratio, kOne);
    to = std::min(debt, floor_of_product(worth, index_divisor_of(asset), index_of(asset)));
  }
  if (to == 0) return;
  account.balances[sold] -= from;
  account.balances[asset] += to;
  world_.assets[sold].rest_of_world += from;
  world_.assets[asset].rest_of_world -= to;
  emit(id, CollateralExchanged{amount_of(from), amount_of(to), AssetId::from_raw(sold),
                               AssetId::from_raw(asset)});
}

}  // namespace plimsoll::oracle
