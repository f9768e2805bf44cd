#include <algorithm>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "Inputs, one by one" of engine/README.md: accounts, their money and their modes.

namespace plimsoll::oracle {
namespace {

constexpr std::uint64_t kAccountReserved = ~std::uint64_t{0};
constexpr std::int64_t kInterestMax = 100'000'000;

bool is_known(MarginMode mode) {
  return mode == MarginMode::cross || mode == MarginMode::isolated ||
         mode == MarginMode::multi_asset;
}

bool is_known(PositionMode mode) {
  return mode == PositionMode::one_way || mode == PositionMode::hedge;
}

bool is_known(AutoTopUp choice) {
  return choice == AutoTopUp::off || choice == AutoTopUp::on;
}

/// Isolated needs a parent, and a sub-account is not multi-asset.
bool fits_parent(MarginMode mode, AccountId parent) {
  return parent.raw() == 0 ? mode != MarginMode::isolated : mode != MarginMode::multi_asset;
}

}  // namespace

Oracle::Answer Oracle::apply(const TimeAdvanced&) {
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const AccountOpened& input) {
  if (input.account.raw() == kAccountReserved) return Refusal::account_unknown;
  if (input.profile.raw() >= reference_.profiles.size()) return Refusal::reference_unknown;
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (input.account.raw() == 0 || find(input.account) != nullptr) return Refusal::account_exists;
  if (input.parent.raw() != 0) {
    const Account* parent = find(input.parent);
    if (parent == nullptr || parent->owner != input.owner || parent->parent.raw() != 0) {
      return Refusal::parent_unknown;
    }
  }
  if (!fits_parent(input.mode, input.parent)) return Refusal::parent_unknown;
  if (input.mode == MarginMode::multi_asset && input.asset != reference_.numeraire) {
    return Refusal::mode_unsupported;
  }
  if (!is_known(input.mode) || !is_known(input.position_mode)) return Refusal::mode_unsupported;
  if (world_.accounts.size() >= reference_.limits.accounts) return Refusal::capacity_exhausted;
  Account account;
  account.owner = input.owner;
  account.parent = input.parent;
  account.profile = input.profile;
  account.asset = input.asset;
  account.id = input.account;
  account.mode = input.mode;
  account.position_mode = input.position_mode;
  world_.accounts.emplace(input.account.raw(), account);
  concern(input.account);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const Deposited& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  if (!can_hold(*account, input.asset)) return Refusal::asset_mismatch;
  Account after = *account;
  after.balances[input.asset.raw()] += input.amount.raw();
  if (!has_room_for_money(after, input.asset)) return Refusal::exposure_out_of_range;
  *account = after;
  world_.assets[input.asset.raw()].deposits += input.amount.raw();
  concern(input.account);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const BalanceImported& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (input.amount.raw() == 0) return Refusal::amount_not_positive;
  if (!can_hold(*account, input.asset)) return Refusal::asset_mismatch;
  if (input.amount.raw() < 0 && account->mode != MarginMode::multi_asset) {
    return Refusal::asset_mismatch;
  }
  Account after = *account;
  after.balances[input.asset.raw()] += input.amount.raw();
  if (!has_room_for_money(after, input.asset)) return Refusal::exposure_out_of_range;
  *account = after;
  world_.assets[input.asset.raw()].deposits += input.amount.raw();
  concern(input.account);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const WithdrawalRequested& input) {
  const Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  if (!can_hold(*account, input.asset)) return Refusal::asset_mismatch;
  if (withdraw(input.account, input.amount, input.transfer, input.asset)) {
    world_.assets[input.asset.raw()].withdrawals += input.amount.raw();
  }
  concern(input.account);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const MarginMoveRequested& input) {
  const Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  Account* to = find(input.to);
  if (to == nullptr || to == account) return Refusal::account_unknown;
  if (to->owner != account->owner) return Refusal::owner_mismatch;
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (!can_hold(*account, input.asset) || !can_hold(*to, input.asset)) {
    return Refusal::asset_mismatch;
  }
  Account after = *to;
  after.balances[input.asset.raw()] += input.amount.raw();
  if (!has_room_for_money(after, input.asset)) return Refusal::exposure_out_of_range;
  if (withdraw(input.account, input.amount, input.transfer, input.asset)) *to = after;
  concern(input.account);
  concern(input.to);
  return std::nullopt;
}

/// Takes the amount from the account, or says why not. True when it was taken.
bool Oracle::withdraw(AccountId id, Amount amount, ExternalId transfer, AssetId asset) {
  Account& account = *find(id);
  Int128 available = 0;
  std::optional<WithdrawalRefusal> reason;
  if (account.liquidation) {
    reason = WithdrawalRefusal::in_liquidation;
  } else if (!is_marked(account)) {
    reason = WithdrawalRefusal::mark_missing;
  } else {
    available = available_for(account, asset);
    if (amount.raw() > available) reason = WithdrawalRefusal::insufficient_excess;
  }
  const Amount shown = Amount::from_raw(to_64(available));
  if (reason) {
    emit(id, WithdrawalRefused{amount, shown, transfer, *reason, asset});
    return false;
  }
  account.balances[asset.raw()] -= amount.raw();
  emit(id, WithdrawalAccepted{amount, shown, transfer, asset});
  return true;
}

/// Fully marked, and the available equity carries the initial margin?
Oracle::Answer Oracle::check_excess(const Account& account) const {
  if (!is_marked(account)) return Refusal::mark_missing;
  const Valuation worth = value(account, corner_of(account, account, Asked::initial));
  if (worth.available < worth.initial_available) return Refusal::insufficient_excess;
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const LeverageRequested& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  const Int128 rate = tiers_of(input.instrument.raw(), true).brackets.front().initial.raw();
  const Int128 most = kOne * kOne / std::max(rate, Int128{1});
  const Int128 leverage = input.leverage.raw();
  if (leverage != 0 && (leverage < kOne || leverage > most)) {
    return Refusal::leverage_out_of_range;
  }
  Account after = *account;
  after.leverage[input.instrument.raw()] = leverage;
  const std::set<LineKey> lines = account->lines();
  if (std::any_of(lines.begin(), lines.end(),
                  [&](const LineKey& line) { return line.instrument == input.instrument.raw(); })) {
    if (const Answer refusal = check_excess(after)) return refusal;
  }
  *account = after;
  emit(input.account, LeverageChanged{input.leverage, input.instrument});
  concern(input.account);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const AccountModeRequested& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (const Answer refusal = check_mode(*account, input)) return refusal;
  Account after = *account;
  after.asset = input.asset;
  after.mode = input.mode;
  after.position_mode = input.position_mode;
  after.auto_top_up = input.auto_top_up;
  if (const Answer refusal = check_new_mode(*account, after)) return refusal;
  *account = after;
  emit(input.account,
       AccountModeChanged{input.asset, input.mode, input.position_mode, input.auto_top_up});
  concern(input.account);
  return std::nullopt;
}

/// The part that needs no look at what the account holds.
Oracle::Answer Oracle::check_mode(const Account& account, const AccountModeRequested& input) const {
  if (!is_known(input.mode) || !is_known(input.position_mode) || !is_known(input.auto_top_up)) {
    return Refusal::mode_unsupported;
  }
  if (account.liquidation || account.call) return Refusal::in_liquidation;
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (input.auto_top_up == AutoTopUp::on && input.mode != MarginMode::isolated) {
    return Refusal::mode_unsupported;
  }
  if (!fits_parent(input.mode, account.parent)) return Refusal::parent_unknown;
  if (input.mode == MarginMode::multi_asset && input.asset != reference_.numeraire) {
    return Refusal::mode_unsupported;
  }
  return std::nullopt;
}

Oracle::Answer Oracle::check_new_mode(const Account& before, const Account& after) const {
  const bool was_isolated = before.mode == MarginMode::isolated;
  const bool is_isolated = after.mode == MarginMode::isolated;
  const bool empty = after.lines().empty();
  if ((before.position_mode != after.position_mode || was_isolated != is_isolated) && !empty) {
    return Refusal::positions_open;
  }
  if (after.mode == MarginMode::multi_asset) {
    if (before.mode != after.mode && !has_room_in_numeraire(after)) {
      return Refusal::exposure_out_of_range;
    }
  } else {
    for (const auto& [asset, balance] : after.balances) {
      if (asset != after.asset.raw() && balance != 0) return Refusal::asset_mismatch;
    }
    for (const LineKey& line : after.lines()) {
      if (reference_.instruments[line.instrument].settle != after.asset) {
        return Refusal::asset_mismatch;
      }
    }
  }
  const bool changes = before.mode != after.mode || before.asset != after.asset ||
                       before.position_mode != after.position_mode;
  return changes ? check_excess(after) : std::nullopt;
}

Oracle::Answer Oracle::apply(const InterestCharged& input) {
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (input.rate.raw() <= 0 || input.rate.raw() > kInterestMax) {
    return Refusal::rate_out_of_range;
  }
  for (auto& [id, account] : world_.accounts) {
    const Int128 balance = account.balance(input.asset.raw());
    if (account.mode != MarginMode::multi_asset || balance >= 0) continue;
    const Int128 owed = fee_of(-balance, input.rate.raw());
    if (!can_carry(account, input.asset.raw(), -owed)) continue;
    account.balances[input.asset.raw()] -= owed;
    world_.assets[input.asset.raw()].fees += owed;
  }
  concern_asset_holders(input.asset);
  return std::nullopt;
}

}  // namespace plimsoll::oracle
