#include "engine/lifecycle/lifecycle.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/margin/plain.hpp"

namespace plimsoll::lifecycle {
namespace {

constexpr std::int64_t kAmountMax = std::numeric_limits<std::int64_t>::max();

/// Into 64 bits; less leeway than there is does no harm.
std::int64_t clamped(Int128 leeway) noexcept {
  return static_cast<std::int64_t>(
      std::clamp<Int128>(leeway, -1, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

Lifecycle::Lifecycle(const reference::Reference& reference, ledger::Ledger& ledger,
                     const marks::Marks& marks, std::size_t accounts)
    : reference_{reference},
      ledger_{ledger},
      marks_{marks},
      deadlines_{accounts},
      confirmations_{accounts},
      valuer_{reference, ledger, marks},
      planner_{reference, marks} {
  states_.reserve(accounts);
  orders_.reserve(accounts);
}

void Lifecycle::open() {
  states_.emplace_back();
}

Lifecycle::Subject Lifecycle::subject_of(ledger::AccountIndex account, const Cause& cause,
                                         std::vector<Event>& out) const {
  const ledger::Account& holder = ledger_.account(account);
  const margin::Doubt doubt = valuer_.doubt_of(account);
  Subject subject{.index = account,
                  .id = holder.id,
                  .profile = reference_.profiles[holder.profile.raw()],
                  .valuation = {},
                  .for_calls = {},
                  .cause = cause,
                  .out = out,
                  .unsure = doubt.unsure,
                  .frozen = doubt.frozen};
  revalue(subject);
  return subject;
}

void Lifecycle::revalue(Subject& subject) const {
  subject.for_calls = valuer_.revalue(subject.index);
  subject.valuation = subject.for_calls;
  subject.prices = &marks_;
  if (!subject.unsure) return;
  subject.prices = &valuer_.corner(valuer_.copy(subject.index), margin::Kind::maintenance,
                                   margin::End::favourable);
  subject.valuation = valuer_.revalue_at(subject.index, *subject.prices);
  // Where nothing is frozen, deadlines run: a call asks for what its failure would be judged by.
  if (!subject.frozen) subject.for_calls = subject.valuation;
}

bool Lifecycle::exposed(ledger::AccountIndex account) const {
  bool found = false;
  ledger_.for_each_balance(account,
                           [&](AssetId, Amount amount) { found = found || amount.raw() < 0; });
  ledger_.for_each_position(
      account, [&](const ledger::Position& line) { found = found || line.quantity.raw() != 0; });
  return found;
}

/// Money is asked of the parent when a breach is new or has consequences now. In between a top-up
/// would depend on who happens to be judged: what the parent has may change meanwhile.
bool Lifecycle::top_up_is_due(const Subject& subject) const {
  const State& state = states_[subject.index];
  if (subject.profile.confirm_time.raw() == 0) return !paused_;
  if (!state.noted) return true;
  return !paused_ && subject.cause.time >= state.breach_confirmed;
}

bool Lifecycle::breached(const Subject& subject) const {
  const Int128 equity = subject.valuation.equity.raw();
  const Int128 maintenance = subject.valuation.maintenance_margin.raw();
  return margin::ruined(equity, maintenance, subject.profile) ||
         margin::below(equity, maintenance, Rate::from_raw(kRateOne), subject.profile);
}

Judgement Lifecycle::judge(ledger::AccountIndex account, const Cause& cause, bool may_wait,
                           std::vector<Event>& out) {
  Subject subject = subject_of(account, cause, out);
  follow_freeze(subject);
  if (!subject.valuation.complete) return {};
  const bool was_liquidating = states_[account].liquidating;
  if (was_liquidating && !judge_liquidation(subject)) return {.findings = findings(subject)};
  if (was_liquidating) subject.steps = states_[account].steps;
  const ledger::Account& holder = ledger_.account(account);
  if (holder.mode == MarginMode::multi_asset && exchange_debts(subject)) revalue(subject);
  const bool waits = may_wait && !was_liquidating && holder.auto_top_up == AutoTopUp::on;
  if (waits && top_up_is_due(subject) && breached(subject) && exposed(account))
    return {.waits = true};
  judge_margin(subject);
  return {.findings = findings(subject)};
}

margin::Findings Lifecycle::findings(const Subject& subject) const {
  constexpr std::int64_t kUnlimited = margin::Findings::kUnlimited;
  const State& state = states_[subject.index];
  if (state.liquidating) {
    // With orders in flight nothing is decided before the answer; without, a freeze holds it up.
    const bool in_flight = state.first_order != ledger::kNone;
    return {.floor = in_flight ? kUnlimited : -1};
  }
  // Without exposure nothing can be.
  if (!state.called && !exposed(subject.index)) return {.floor = kUnlimited};
  const reference::Profile& profile = subject.profile;
  if (profile.orders_in_maintenance && profile.order_margin == reference::OrderMargin::worst_fill) {
    return {};  // Each of the orders rounds on its own: no bound of them all is kept.
  }
  // Which end is better for the excess over T(1) need not be better for the one over T(trigger).
  if (subject.unsure && !subject.frozen) return {};
  const auto excess_over = [&](const margin::Valuation& at, Rate factor) {
    return at.equity.raw() - margin::threshold(at.maintenance_margin.raw(), factor, profile);
  };
  const Rate one = Rate::from_raw(kRateOne);
  const bool multi = ledger_.account(subject.index).mode == MarginMode::multi_asset;
  margin::Findings found{.floor_factor = state.called ? one : profile.call_trigger,
                         .ceiling_factor = profile.call_target,
                         .room = clamped(subject.for_calls.room),
                         .indexed = std::max(subject.for_calls.indexed, subject.valuation.indexed),
                         .by_line = !subject.unsure && !multi && margin::is_plain(profile),
                         .parts = subject.for_calls.parts};
  // One unit short of the threshold, so that equality needs no rule here.
  found.floor = clamped(excess_over(subject.for_calls, found.floor_factor) - 1);
  if (state.called) {
    found.ceiling = clamped(-excess_over(subject.for_calls, profile.call_target) - 1);
  }
  if (subject.unsure) {
    const Int128 frozen = excess_over(subject.valuation, one) - 1;
    found.room = std::min(found.room, clamped(std::min(frozen, subject.valuation.room)));
  }
  return found;
}

bool Lifecycle::judge_liquidation(const Subject& subject) {
  const State& state = states_[subject.index];
  const Int128 equity = subject.valuation.equity.raw();
  const Int128 maintenance = subject.valuation.maintenance_margin.raw();
  if (state.first_order != ledger::kNone) return false;
  if (margin::ruined(equity, maintenance, subject.profile) && exposed(subject.index)) {
    take_over(subject);
    return false;
  }
  const bool empty = !exposed(subject.index);
  if (empty || !margin::below(equity, maintenance, state.target, subject.profile)) {
    complete(subject, empty ? LiquidationOutcome::closed : LiquidationOutcome::cured,
             subject.valuation.equity, subject.valuation.maintenance_margin);
    return true;
  }
  step_or_take_over(subject);
  return false;
}

void Lifecycle::judge_margin(const Subject& subject) {
  if (!breached(subject) || !exposed(subject.index)) {
    clear_breach(subject);
    return judge_call(subject);
  }
  if (!confirmed(subject) || paused_) return judge_call(subject);
  if (states_[subject.index].called) end_call<MarginCallEscalated>(subject, subject.valuation);
  start_liquidation(subject, subject.profile.liquidation_target);
  if (margin::ruined(subject.valuation.equity.raw(), subject.valuation.maintenance_margin.raw(),
                     subject.profile)) {
    return take_over(subject);
  }
  step_or_take_over(subject);
}

void Lifecycle::step_or_take_over(const Subject& subject) {
  if (states_[subject.index].steps >= subject.profile.liquidation_steps_max) {
    take_over(subject);
  } else {
    issue_step(subject);
  }
}

void Lifecycle::judge_call(const Subject& subject) {
  const Int128 equity = subject.for_calls.equity.raw();
  const Int128 maintenance = subject.for_calls.maintenance_margin.raw();
  const bool is_below = margin::below_trigger(equity, maintenance, subject.profile);
  if (states_[subject.index].called) {
    // Who pays what was called has met the call.
    const bool met =
        equity >= margin::threshold(maintenance, subject.profile.call_target, subject.profile);
    if (met && !is_below) end_call<MarginCallMet>(subject, subject.for_calls);
    return;
  }
  if (is_below && exposed(subject.index)) issue_call(subject);
}

void Lifecycle::issue_call(const Subject& subject) {
  State& state = states_[subject.index];
  state.called = true;
  state.call = CallId::from_raw(state.call.raw() + 1);
  state.deadline = subject.cause.time + subject.profile.call_period;
  deadlines_.add({state.deadline, subject.id, subject.index});
  const Int128 missing = margin::threshold(subject.for_calls.maintenance_margin.raw(),
                                           subject.profile.call_target, subject.profile) -
                         subject.for_calls.equity.raw();
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 MarginCallIssued{
                     .equity = subject.for_calls.equity,
                     .maintenance_margin = subject.for_calls.maintenance_margin,
                     .amount = Amount::from_raw(narrow(std::clamp<Int128>(missing, 1, kAmountMax))),
                     .deadline = state.deadline,
                     .call = state.call}));
  if (subject.frozen) suspend_call(subject);
}

template <class Ending>
void Lifecycle::end_call(const Subject& subject, const margin::Valuation& valuation) {
  State& state = states_[subject.index];
  state.called = false;
  if (!std::exchange(state.suspended, false)) deadlines_.remove(subject.index);
  subject.out.push_back(make_event(subject.cause, subject.id,
                                   Ending{.equity = valuation.equity,
                                          .maintenance_margin = valuation.maintenance_margin,
                                          .call = state.call}));
}

void Lifecycle::fail_call(ledger::AccountIndex account, const Cause& at_deadline,
                          std::vector<Event>& out) {
  const Subject subject = subject_of(account, at_deadline, out);
  end_call<MarginCallFailed>(subject, subject.for_calls);
  start_liquidation(subject, subject.profile.call_target);
  if (subject.valuation.complete) issue_step(subject);
}

// Freezes, pauses, and breaches that have to last.

void Lifecycle::follow_freeze(const Subject& subject) {
  State& state = states_[subject.index];
  if (!state.called || state.suspended == subject.frozen) return;
  if (subject.frozen) return suspend_call(subject);
  state.suspended = false;
  // One that had passed already, while new liquidations wait, has no time left.
  state.deadline = std::max(state.deadline, state.suspended_since) +
                   (subject.cause.time - state.suspended_since);
  deadlines_.add({state.deadline, subject.id, subject.index});
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 MarginCallResumed{.deadline = state.deadline, .call = state.call}));
}

void Lifecycle::suspend_call(const Subject& subject) {
  State& state = states_[subject.index];
  state.suspended = true;
  state.suspended_since = subject.cause.time;
  deadlines_.remove(subject.index);
  subject.out.push_back(
      make_event(subject.cause, subject.id, MarginCallSuspended{.call = state.call}));
}

bool Lifecycle::pause(bool waiting, EventTime now) noexcept {
  if (waiting == paused_) return false;
  paused_ = waiting;
  if (!waiting) resumed_ = now;
  return true;
}

bool Lifecycle::confirmed(const Subject& subject) {
  if (subject.profile.confirm_time.raw() == 0) return true;
  State& state = states_[subject.index];
  if (state.noted) return subject.cause.time >= state.breach_confirmed;
  state.noted = true;
  state.timed = true;
  state.breach_confirmed = subject.cause.time + subject.profile.confirm_time;
  confirmations_.add({state.breach_confirmed, subject.id, subject.index});
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 BreachNoted{.equity = subject.valuation.equity,
                             .maintenance_margin = subject.valuation.maintenance_margin,
                             .confirmed_at = state.breach_confirmed}));
  return false;
}

void Lifecycle::forget_breach(ledger::AccountIndex account) {
  State& state = states_[account];
  state.noted = false;
  if (std::exchange(state.timed, false)) confirmations_.remove(account);
}

void Lifecycle::clear_breach(const Subject& subject) {
  if (!states_[subject.index].noted) return;
  forget_breach(subject.index);
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 BreachCleared{.equity = subject.valuation.equity,
                               .maintenance_margin = subject.valuation.maintenance_margin}));
}

void Lifecycle::confirm_breach(ledger::AccountIndex account, const Cause& cause,
                               std::vector<Event>& out) {
  states_[account].timed = false;
  confirmations_.remove(account);
  (void)judge(account, cause, false, out);
}

void Lifecycle::start_liquidation(const Subject& subject, Rate target) {
  State& state = states_[subject.index];
  PLIMSOLL_ASSERT(!state.liquidating && !state.called);
  forget_breach(subject.index);
  state.liquidating = true;
  state.target = target;
  state.steps =
      subject.steps;  // One after the other at once: no exchange of debts makes it endless.
  state.epoch = LiquidationEpoch::from_raw(state.epoch.raw() + 1);
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 LiquidationStarted{.equity = subject.valuation.equity,
                                    .maintenance_margin = subject.valuation.maintenance_margin,
                                    .target = target,
                                    .epoch = state.epoch}));
  const std::uint32_t open_orders = ledger_.order_count(subject.index);
  if (open_orders == 0) return;
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 OrderCancelRequested{.epoch = state.epoch, .orders = open_orders}));
}

void Lifecycle::issue_step(const Subject& subject) {
  State& state = states_[subject.index];
  if (!exposed(subject.index)) {
    return complete(subject, LiquidationOutcome::closed, subject.valuation.equity,
                    subject.valuation.maintenance_margin);
  }
  const auto& orders =
      planner_.plan(valuer_.copy(subject.index), subject.valuation, state.target, *subject.prices);
  if (orders.empty()) {
    if (!planner_.left_out_frozen()) take_over(subject);
    return;
  }
  ++state.steps;
  for (const PlannedOrder& order : orders) {
    add_order(state, order);
    subject.out.push_back(make_event(
        subject.cause, subject.id,
        LiquidationOrderIssued{.equity = subject.valuation.equity,
                               .maintenance_margin = subject.valuation.maintenance_margin,
                               .quantity = order.quantity,
                               .limit = order.limit,
                               .epoch = state.epoch,
                               .instrument = order.instrument,
                               .step = state.steps,
                               .side = order.side}));
  }
}

void Lifecycle::complete(const Subject& subject, LiquidationOutcome outcome, Amount equity,
                         Amount maintenance) {
  State& state = states_[subject.index];
  state.liquidating = false;
  subject.out.push_back(make_event(subject.cause, subject.id,
                                   LiquidationCompleted{.equity = equity,
                                                        .maintenance_margin = maintenance,
                                                        .epoch = state.epoch,
                                                        .steps = state.steps,
                                                        .outcome = outcome}));
}

}  // namespace plimsoll::lifecycle
