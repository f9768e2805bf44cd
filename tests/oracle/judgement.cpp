#include <algorithm>
#include <limits>
#include <utility>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "Judging an account" of engine/README.md: the numbered rules.

namespace plimsoll::oracle {
namespace {

constexpr Rate kFactorOne = Rate::from_raw(kRateOne);

Amount amount_of(Int128 wide) {
  return Amount::from_raw(to_64(wide));
}

}  // namespace

Oracle::Judged Oracle::judged_of(AccountId id, Account& account) const {
  return judged_at(id, account, corner_of(account, account, Asked::maintenance));
}

Oracle::Judged Oracle::judged_at(AccountId id, Account& account, Prices prices) const {
  const Valuation worth = value(account, prices);
  return {id, account, profile_of(account), worth.equity, worth.maintenance, std::move(prices), 0};
}

/// The deadline of a call stands still while a price that the account depends on is frozen.
void Oracle::suspend_or_resume(AccountId id, Account& account) {
  if (!account.call) return;
  Call& call = *account.call;
  const bool frozen = depends_on_frozen(account);
  if (frozen && !call.suspended) {
    call.suspended = context_.time;
    emit(id, MarginCallSuspended{call.id});
  } else if (!frozen && call.suspended) {
    if (mistake_ != Mistake::suspended_deadline_not_moved) {
      call.deadline = std::max(call.deadline, *call.suspended) + (context_.time - *call.suspended);
    }
    call.suspended.reset();
    emit(id, MarginCallResumed{call.deadline, call.id});
  }
}

/// Is there a breach, and may it be acted upon now? Notes and forgets it on the way.
bool Oracle::is_confirmed(Judged& judged) {
  Account& account = judged.account;
  const bool breached = is_exposed(account) &&
                        (is_ruined(judged.profile, judged.equity, judged.maintenance) ||
                         is_below(judged.profile, judged.equity, judged.maintenance, kFactorOne));
  if (!breached) {
    if (account.breach) {
      emit(judged.id, BreachCleared{amount_of(judged.equity), amount_of(judged.maintenance)});
    }
    account.breach.reset();
    return false;
  }
  const Duration wait = judged.profile.confirm_time;
  if (wait.raw() == 0 || mistake_ == Mistake::confirmation_forgotten) {
    return world_.pauses.empty();
  }
  if (!account.breach) {
    account.breach = Breach{context_.time + wait, false};
    emit(judged.id, BreachNoted{amount_of(judged.equity), amount_of(judged.maintenance),
                                account.breach->confirmed_at});
  }
  return account.breach->confirmed_at <= context_.time && world_.pauses.empty();
}

/// Has it anything that a liquidation could reduce?
bool Oracle::is_exposed(const Account& account) {
  return !account.positions.empty() ||
         std::any_of(account.balances.begin(), account.balances.end(),
                     [](const auto& entry) { return entry.second < 0; });
}

/// Rule 1. True when the liquidation is over and the other rules follow.
bool Oracle::judge_liquidation(Judged& judged) {
  const Liquidation& liquidation = *judged.account.liquidation;
  if (!liquidation.in_flight.empty()) return false;
  if (!is_exposed(judged.account)) {
    complete(judged, LiquidationOutcome::closed);
    return true;
  }
  if (is_ruined(judged.profile, judged.equity, judged.maintenance)) {
    take_over(judged);
    return false;
  }
  if (!is_below(judged.profile, judged.equity, judged.maintenance, liquidation.target)) {
    complete(judged, LiquidationOutcome::cured);
    return true;
  }
  if (liquidation.steps >= judged.profile.liquidation_steps_max) {
    take_over(judged);
  } else {
    issue_step(judged);
  }
  return false;
}

/// Rules 2 and 3; else 4 and 5.
void Oracle::judge_breach(Judged& judged) {
  if (!is_confirmed(judged)) return judge_call(judged);
  const bool ruined = is_ruined(judged.profile, judged.equity, judged.maintenance);
  escalate_call(judged);
  open_liquidation(judged, judged.profile.liquidation_target);
  if (ruined || judged.steps >= judged.profile.liquidation_steps_max) {
    take_over(judged);
  } else {
    issue_step(judged);
  }
}

/// What calls are judged by.
Valuation Oracle::called_worth(const Account& account) const {
  if (depends_on_frozen(account)) return value(account, shown());
  return value(account, corner_of(account, account, Asked::maintenance));
}

/// Rules 4 and 5.
void Oracle::judge_call(const Judged& judged) {
  Account& account = judged.account;
  const Valuation shows = called_worth(account);
  const bool low = is_below_trigger(judged.profile, shows.equity, shows.maintenance);
  const Int128 target = threshold_of(judged.profile, shows.maintenance, judged.profile.call_target);
  if (account.call) {
    if (shows.equity < target || low) return;
    emit(judged.id,
         MarginCallMet{amount_of(shows.equity), amount_of(shows.maintenance), account.call->id});
    account.call.reset();
  } else if (is_exposed(account) && low) {
    const Int128 most = std::numeric_limits<std::int64_t>::max();
    const Int128 amount = std::clamp(target - shows.equity, Int128{1}, most);
    const EventTime deadline = context_.time + judged.profile.call_period;
    account.call = Call{CallId::from_raw(++account.calls_so_far), deadline, std::nullopt};
    emit(judged.id, MarginCallIssued{amount_of(shows.equity), amount_of(shows.maintenance),
                                     amount_of(amount), deadline, account.call->id});
    suspend_or_resume(judged.id, account);
  }
}

void Oracle::escalate_call(Judged& judged) {
  if (!judged.account.call) return;
  emit(judged.id, MarginCallEscalated{amount_of(judged.equity), amount_of(judged.maintenance),
                                      judged.account.call->id});
  judged.account.call.reset();
}

void Oracle::open_liquidation(Judged& judged, Rate target) {
  Account& account = judged.account;
  account.breach.reset();
  account.liquidation = Liquidation{};
  account.liquidation->epoch = LiquidationEpoch::from_raw(++account.epochs_so_far);
  account.liquidation->target = target;
  account.liquidation->steps = judged.steps;
  emit(judged.id, LiquidationStarted{amount_of(judged.equity), amount_of(judged.maintenance),
                                     target, account.liquidation->epoch});
  if (account.orders.empty()) return;
  emit(judged.id, OrderCancelRequested{account.liquidation->epoch,
                                       static_cast<std::uint32_t>(account.orders.size())});
}

void Oracle::complete(Judged& judged, LiquidationOutcome outcome) {
  const Liquidation& liquidation = *judged.account.liquidation;
  emit(judged.id, LiquidationCompleted{amount_of(judged.equity), amount_of(judged.maintenance),
                                       liquidation.epoch, liquidation.steps, outcome});
  judged.account.liquidation.reset();
}

}  // namespace plimsoll::oracle
