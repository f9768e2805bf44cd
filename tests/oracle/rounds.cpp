#include <algorithm>
#include <tuple>
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

/// Everything that time brings: calls that fail, then breaches that are confirmed, in the order of
/// their times and accounts. Nothing while new liquidations wait.
void Oracle::pass_deadlines() {
  while (world_.pauses.empty()) {
    std::optional<std::tuple<EventTime, int, std::uint64_t>> first;
    const auto look_at = [&](const std::tuple<EventTime, int, std::uint64_t>& due) {
      if (std::get<0>(due) <= now_ && (!first || due < *first)) first = due;
    };
    for (const auto& [id, account] : world_.accounts) {
      if (account.call && !account.call->suspended) look_at({account.call->deadline, 0, id});
      if (account.breach && !account.breach->looked_at) {
        look_at({account.breach->confirmed_at, 1, id});
      }
    }
    if (!first) return;
    const auto& [due, kind, id] = *first;
    context_ = {std::max(due, wait_ended_), 0, kNoInstrument, due.raw()};
    if (kind == 0) {
      fail_call(AccountId::from_raw(id));
    } else {
      world_.accounts.at(id).breach->looked_at = true;
      judge(AccountId::from_raw(id));
    }
  }
}

void Oracle::fail_call(AccountId id) {
  Account& account = *find(id);
  const Valuation shows = called_worth(account);
  emit(id,
       MarginCallFailed{amount_of(shows.equity), amount_of(shows.maintenance), account.call->id});
  account.call.reset();
  Judged judged = judged_of(id, account);
  open_liquidation(judged, judged.profile.call_target);
  if (is_marked(account)) issue_step(judged);
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
  judge(id);
}

void Oracle::judge(AccountId id) {
  Account& account = *find(id);
  suspend_or_resume(id, account);
  if (!is_marked(account)) return;
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
  if (!is_marked(account)) return false;
  const bool is_new = !account.breach && profile_of(account).confirm_time.raw() != 0;
  const bool is_confirmed = !account.breach || account.breach->confirmed_at <= context_.time;
  if (!is_new && !(is_confirmed && world_.pauses.empty())) return false;
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
  if (!can_hold(parent, account.asset) || parent.liquidation || !is_marked(parent)) return;
  const Int128 given = std::min(wanted, available_for(parent, account.asset));
  if (given <= 0) return;
  parent.balances[account.asset.raw()] -= given;
  account.balances[account.asset.raw()] += given;
  emit(id, MarginToppedUp{account.parent, amount_of(given), account.asset});
}

void Oracle::exchange_debts(AccountId id, Account& account) {
  const std::map<std::uint32_t, Int128> balances = account.balances;
  const reference::Profile& profile = profile_of(account);
  const Prices prices = shown();
  for (const auto& [asset, unused] : balances) {
    if (account.balance(asset) >= 0 || asset_view(asset).is_frozen()) continue;
    bool exchanged = false;
    for (const reference::Collateral& rule : profile.collateral) {
      const Int128 most = rule.exchange_above.raw();
      if (rule.asset.raw() != asset || most == 0) continue;
      exchanged = -convert_floor(asset, account.balance(asset), prices) > most;
    }
    for (const reference::Collateral& rule : profile.collateral) {
      if (!exchanged) break;
      const std::uint32_t sold = rule.asset.raw();
      if (asset_view(sold).is_frozen()) continue;
      buy(id, account,
          {asset, -account.balance(asset), sold, account.balance(sold), rule.exchange_ratio.raw()},
          prices);
    }
  }
}

/// What is owed in any asset, positions at their marks, for everything that there is.
void Oracle::buy_all(AccountId id, Account& account, const Prices& prices) {
  const auto net = [&](std::uint32_t asset) {
    const Sums sums = sums_of(account, account, prices);
    const auto found = sums.assets.find(asset);
    return found == sums.assets.end() ? Int128{0} : found->second.net();
  };
  const reference::Profile& profile = profile_of(account);
  for (std::uint32_t asset = 0; asset < reference_.assets.size(); ++asset) {
    const auto buy_with = [&](std::uint32_t sold, Int128 ratio) {
      const Int128 most = std::min(account.balance(sold), net(sold));
      buy(id, account, {asset, -net(asset), sold, most, ratio}, prices);
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

void Oracle::buy(AccountId id, Account& account, const Trade& trade, const Prices& prices) {
  const auto& [asset, debt, sold, most, ratio] = trade;
  if (sold == asset || debt <= 0 || most <= 0 || !prices.indices[sold]) return;
  const Int128 need = ceil_of_product(-convert_floor(asset, -debt, prices), kOne, ratio);
  const Int128 wanted = ceil_of_product(need, index_divisor_of(sold), *prices.indices[sold]);
  const Int128 from = std::min(most, wanted);
  Int128 to = debt;
  if (from < wanted) {
    const Int128 worth = floor_of_product(convert_floor(sold, from, prices), ratio, kOne);
    to = std::min(debt, floor_of_product(worth, index_divisor_of(asset), *prices.indices[asset]));
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
