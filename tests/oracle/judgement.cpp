#include <algorithm>
#include <limits>

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
  const Valuation worth = value(account);
  return {id, account, profile_of(account), worth.equity, worth.maintenance, 0};
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
  const bool exposed = is_exposed(judged.account);
  if (exposed && is_ruined(judged.profile, judged.equity, judged.maintenance)) {
    escalate_call(judged);
    open_liquidation(judged, judged.profile.liquidation_target);
    take_over(judged);
  } else if (exposed && is_below(judged.profile, judged.equity, judged.maintenance, kFactorOne)) {
    escalate_call(judged);
    open_liquidation(judged, judged.profile.liquidation_target);
    if (judged.steps >= judged.profile.liquidation_steps_max) {
      take_over(judged);
    } else {
      issue_step(judged);
    }
  } else {
    judge_call(judged);
  }
}

/// Rules 4 and 5.
void Oracle::judge_call(Judged& judged) {
  const bool low = is_below_trigger(judged.profile, judged.equity, judged.maintenance);
  Account& account = judged.account;
  if (account.call) {
    const Int128 target =
        threshold_of(judged.profile, judged.maintenance, judged.profile.call_target);
    if (judged.equity < target || low) return;
    emit(judged.id,
         MarginCallMet{amount_of(judged.equity), amount_of(judged.maintenance), account.call->id});
    account.call.reset();
  } else if (is_exposed(account) && low) {
    issue_call(judged);
  }
}

void Oracle::issue_call(Judged& judged) {
  Account& account = judged.account;
  const Int128 target =
      threshold_of(judged.profile, judged.maintenance, judged.profile.call_target);
  const Int128 most = std::numeric_limits<std::int64_t>::max();
  const Int128 amount = std::clamp(target - judged.equity, Int128{1}, most);
  const EventTime deadline = context_.time + judged.profile.call_period;
  account.call = Call{CallId::from_raw(++account.calls_so_far), deadline};
  emit(judged.id, MarginCallIssued{amount_of(judged.equity), amount_of(judged.maintenance),
                                   amount_of(amount), deadline, account.call->id});
}

void Oracle::escalate_call(Judged& judged) {
  if (!judged.account.call) return;
  emit(judged.id, MarginCallEscalated{amount_of(judged.equity), amount_of(judged.maintenance),
                                      judged.account.call->id});
  judged.account.call.reset();
}

void Oracle::open_liquidation(Judged& judged, Rate target) {
  Account& account = judged.account;
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
