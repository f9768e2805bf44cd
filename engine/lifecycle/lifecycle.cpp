#include "engine/lifecycle/lifecycle.hpp"

#include <algorithm>
#include <limits>

namespace plimsoll::lifecycle {
namespace {

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
      planner_{reference} {
  states_.reserve(accounts);
  orders_.reserve(accounts);
}

void Lifecycle::open() {
  states_.emplace_back();
}

Lifecycle::Subject Lifecycle::subject_of(ledger::AccountIndex account, const Cause& cause,
                                         std::vector<Event>& out) const {
  const ledger::Account& holder = ledger_.account(account);
  return {.index = account,
          .id = holder.id,
          .profile = reference_.profiles[holder.profile.raw()],
          .valuation = margin::revalue(ledger_, account, marks_, reference_),
          .cause = cause,
          .out = out};
}

std::int64_t Lifecycle::judge(ledger::AccountIndex account, const Cause& cause,
                              std::vector<Event>& out) {
  const Subject subject = subject_of(account, cause, out);
  if (!subject.valuation.complete) return -1;
  if (!states_[account].liquidating || judge_liquidation(subject)) judge_margin(subject);
  return leeway(subject);
}

std::int64_t Lifecycle::leeway(const Subject& subject) const {
  const State& state = states_[subject.index];
  // With orders in flight nothing is decided before the answer; an emptied account holds nothing.
  if (state.liquidating || ledger_.account(subject.index).first_position == ledger::kNone) {
    return std::numeric_limits<std::int64_t>::max();
  }
  const auto excess_over = [&](Rate factor) {
    return subject.valuation.equity.raw() -
           margin::threshold(subject.valuation.maintenance_margin.raw(), factor);
  };
  // One unit short of the threshold, so that equality needs no rule here.
  if (!state.called) return clamped(excess_over(subject.profile.call_trigger) - 1);
  const Int128 worse = excess_over(Rate::from_raw(kRateOne)) - 1;
  const Int128 better = -excess_over(subject.profile.call_target) - 1;
  return clamped(std::min(worse, better));
}

bool Lifecycle::judge_liquidation(const Subject& subject) {
  const State& state = states_[subject.index];
  const margin::Valuation& valuation = subject.valuation;
  if (state.first_order != ledger::kNone) return false;
  const bool empty = ledger_.account(subject.index).first_position == ledger::kNone;
  if (valuation.equity.raw() < 0) {
    take_over(subject);
  } else if (empty || !margin::below(valuation.equity.raw(), valuation.maintenance_margin.raw(),
                                     state.target, subject.profile)) {
    complete(subject, empty ? LiquidationOutcome::closed : LiquidationOutcome::cured,
             valuation.equity, valuation.maintenance_margin);
    return true;
  } else if (state.steps == subject.profile.liquidation_steps_max) {
    take_over(subject);
  } else {
    issue_step(subject);
  }
  return false;
}

void Lifecycle::judge_margin(const Subject& subject) {
  const margin::Valuation& valuation = subject.valuation;
  const bool bankrupt = valuation.equity.raw() < 0;
  const bool breached =
      bankrupt || margin::below(valuation.equity.raw(), valuation.maintenance_margin.raw(),
                                Rate::from_raw(kRateOne), subject.profile);
  if (!breached) return judge_call(subject);
  if (states_[subject.index].called) end_call<MarginCallEscalated>(subject);
  start_liquidation(subject, subject.profile.liquidation_target);
  if (bankrupt) return take_over(subject);
  issue_step(subject);
}

void Lifecycle::judge_call(const Subject& subject) {
  const auto is_below = [&](Rate factor) {
    return margin::below(subject.valuation.equity.raw(), subject.valuation.maintenance_margin.raw(),
                         factor, subject.profile);
  };
  if (states_[subject.index].called) {
    if (!is_below(subject.profile.call_target)) end_call<MarginCallMet>(subject);
    return;
  }
  if (is_below(subject.profile.call_trigger)) issue_call(subject);
}

void Lifecycle::issue_call(const Subject& subject) {
  State& state = states_[subject.index];
  state.called = true;
  state.call = CallId::from_raw(state.call.raw() + 1);
  state.deadline = subject.cause.time + subject.profile.call_period;
  deadlines_.add({state.deadline, subject.id, subject.index});
  const Int128 missing =
      margin::threshold(subject.valuation.maintenance_margin.raw(), subject.profile.call_target) -
      subject.valuation.equity.raw();
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 MarginCallIssued{.equity = subject.valuation.equity,
                                  .maintenance_margin = subject.valuation.maintenance_margin,
                                  .amount = Amount::from_raw(narrow(std::max<Int128>(1, missing))),
                                  .deadline = state.deadline,
                                  .call = state.call}));
}

template <class Ending>
void Lifecycle::end_call(const Subject& subject) {
  State& state = states_[subject.index];
  state.called = false;
  deadlines_.remove(subject.index);
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 Ending{.equity = subject.valuation.equity,
                        .maintenance_margin = subject.valuation.maintenance_margin,
                        .call = state.call}));
}

void Lifecycle::fail_due_calls(const Cause& cause, std::vector<Event>& out) {
  while (!deadlines_.empty() && deadlines_.first().due <= cause.time) {
    const ledger::AccountIndex account = deadlines_.first().account;
    const Cause at_deadline = with_deadline(cause, deadlines_.first().due);
    const Subject subject = subject_of(account, at_deadline, out);
    end_call<MarginCallFailed>(subject);
    start_liquidation(subject, subject.profile.call_target);
    if (subject.valuation.complete) issue_step(subject);
  }
}

void Lifecycle::start_liquidation(const Subject& subject, Rate target) {
  State& state = states_[subject.index];
  PLIMSOLL_ASSERT(!state.liquidating && !state.called);
  state.liquidating = true;
  state.target = target;
  state.steps = 0;
  state.epoch = LiquidationEpoch::from_raw(state.epoch.raw() + 1);
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 LiquidationStarted{.equity = subject.valuation.equity,
                                    .maintenance_margin = subject.valuation.maintenance_margin,
                                    .target = target,
                                    .epoch = state.epoch}));
}

void Lifecycle::issue_step(const Subject& subject) {
  State& state = states_[subject.index];
  const auto& orders =
      planner_.plan(ledger_, subject.index, marks_, subject.valuation, state.target);
  if (orders.empty()) return take_over(subject);
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
                               .step = state.steps}));
  }
}

std::optional<Refusal> Lifecycle::apply_answer(ledger::AccountIndex account,
                                               const LiquidationAnswered& answer,
                                               const Cause& cause, std::vector<Event>& out) {
  State& state = states_[account];
  const Order* order = find_order(state, answer.instrument);
  if (!state.liquidating || state.epoch != answer.epoch || order == nullptr) {
    return Refusal::liquidation_unknown;
  }
  if (const auto refused = check_answer(*order, answer)) return refused;
  remove_order(state, answer.instrument);
  const ledger::Account& holder = ledger_.account(account);
  ledger::Realised realised{};
  if (answer.quantity.raw() != 0) {
    realised =
        ledger_.apply_liquidation_fill(account, answer.instrument, answer.quantity, answer.price,
                                       reference_.profiles[holder.profile.raw()].liquidation_fee);
  }
  out.push_back(make_event(cause, holder.id,
                           LiquidationFillApplied{.epoch = answer.epoch,
                                                  .instrument = answer.instrument,
                                                  .quantity = answer.quantity,
                                                  .price = answer.price,
                                                  .fee = realised.fee,
                                                  .realised_pnl = realised.pnl}));
  return {};
}

void Lifecycle::take_over(const Subject& subject) {
  const State& state = states_[subject.index];
  const ledger::Account& holder = ledger_.account(subject.index);
  const margin::Valuation& valuation = subject.valuation;
  subject.out.push_back(
      make_event(subject.cause, subject.id,
                 AccountTakenOver{.equity = valuation.equity,
                                  .maintenance_margin = valuation.maintenance_margin,
                                  .epoch = state.epoch,
                                  .asset = holder.asset}));
  const Int128 mark_value =
      plan_takeover(reference_, ledger_, subject.index, marks_, valuation, state.epoch,
                    [&](const PositionTakenOver& taken) {
                      subject.out.push_back(make_event(subject.cause, subject.id, taken));
                    });
  ledger_.hand_over(subject.index, mark_value, valuation.equity);
  complete(subject, LiquidationOutcome::taken_over, {}, {});
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

void Lifecycle::add_order(State& state, const PlannedOrder& order) {
  std::uint32_t index = free_order_;
  if (index == ledger::kNone) {
    index = static_cast<std::uint32_t>(orders_.size());
    orders_.emplace_back();
  } else {
    free_order_ = orders_[index].next;
  }
  orders_[index] = {order.instrument, order.quantity, state.first_order};
  state.first_order = index;
}

const Lifecycle::Order* Lifecycle::find_order(const State& state,
                                              InstrumentId instrument) const noexcept {
  for (std::uint32_t i = state.first_order; i != ledger::kNone; i = orders_[i].next) {
    if (orders_[i].instrument == instrument) return &orders_[i];
  }
  return nullptr;
}

void Lifecycle::remove_order(State& state, InstrumentId instrument) {
  std::uint32_t* link = &state.first_order;
  while (orders_[*link].instrument != instrument) link = &orders_[*link].next;
  const std::uint32_t index = *link;
  *link = orders_[index].next;
  orders_[index].next = free_order_;
  free_order_ = index;
}

std::optional<Refusal> Lifecycle::check_answer(const Order& order,
                                               const LiquidationAnswered& answer) const {
  const std::int64_t filled = answer.quantity.raw();
  if (filled == 0) return {};
  const reference::Instrument& instrument = reference_.instruments[order.instrument.raw()];
  const bool within = order.quantity.raw() > 0 ? filled > 0 && answer.quantity <= order.quantity
                                               : filled < 0 && answer.quantity >= order.quantity;
  if (!within || filled % instrument.lot.raw() != 0) return Refusal::quantity_off_lot;
  if (answer.price.raw() <= 0 || answer.price > instrument.price_max) {
    return Refusal::price_out_of_range;
  }
  return {};
}

}  // namespace plimsoll::lifecycle
