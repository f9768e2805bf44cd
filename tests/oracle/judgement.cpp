#include <algorithm>
#include <limits>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"
#include "tests/oracle/rules.hpp"

// "Judging an account" of engine/README.md.

namespace plimsoll::oracle {
namespace {

constexpr Rate kFactorOne = Rate::from_raw(kRateOne);

Amount amount_of(Int128 wide) {
  return Amount::from_raw(to_64(wide));
}

}  // namespace

Int128 Oracle::mark_of(std::uint32_t instrument) const {
  const std::optional<Int128> mark = world_.markets[instrument].mark();
  PLIMSOLL_ASSERT(mark.has_value());
  return *mark;
}

Int128 Oracle::maintenance_at(std::uint32_t instrument, Int128 quantity) const {
  const reference::Instrument& terms = reference_.instruments[instrument];
  return maintenance_of(terms, notional_of(terms, quantity, mark_of(instrument)));
}

Valuation Oracle::value(AccountId id) const {
  return value(world_.accounts.at(id.raw()));
}

Valuation Oracle::value(const Account& account) const {
  Valuation worth;
  worth.equity = account.balance;
  for (const auto& [instrument, position] : account.positions) {
    const std::optional<Int128> mark = world_.markets[instrument].mark();
    if (!mark) {
      worth.marked = false;  // left out
      continue;
    }
    const reference::Instrument& terms = reference_.instruments[instrument];
    const Int128 notional = notional_of(terms, position.quantity, *mark);
    worth.equity += value_of(terms, position.quantity, *mark) - position.entry;
    worth.maintenance += maintenance_of(terms, notional);
    worth.initial += initial_of(terms, notional);
  }
  return worth;
}

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
  const Valuation worth = value(account);
  const reference::Profile& profile = reference_.profiles[account.profile.raw()];
  Judged judged{id, account, profile, worth.equity, worth.maintenance};
  context_ = {account.call->deadline, 0, kNoInstrument, account.call->deadline.raw()};
  emit(id,
       MarginCallFailed{amount_of(judged.equity), amount_of(judged.maintenance), account.call->id});
  account.call.reset();
  open_liquidation(judged, profile.call_target);
  if (worth.marked) issue_step(judged);
}

void Oracle::judge_everyone() {
  for (auto& [id, account] : world_.accounts) {
    const Valuation worth = value(account);
    if (!worth.marked) continue;
    Judged judged{AccountId::from_raw(id), account, reference_.profiles[account.profile.raw()],
                  worth.equity, worth.maintenance};
    judge(judged);
  }
}

void Oracle::judge(Judged& judged) {
  if (judged.account.liquidation && !judge_liquidation(judged)) return;
  judge_breach(judged);
}

/// Rule 1. True when the liquidation is over and the other rules follow.
bool Oracle::judge_liquidation(Judged& judged) {
  const Liquidation& liquidation = *judged.account.liquidation;
  if (!liquidation.in_flight.empty()) return false;
  if (judged.equity < 0) {
    take_over(judged);
    return false;
  }
  if (judged.account.positions.empty()) {
    complete(judged, LiquidationOutcome::closed);
    return true;
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
  if (judged.equity < 0) {
    escalate_call(judged);
    open_liquidation(judged, judged.profile.liquidation_target);
    take_over(judged);
  } else if (is_below(judged.profile, judged.equity, judged.maintenance, kFactorOne)) {
    escalate_call(judged);
    open_liquidation(judged, judged.profile.liquidation_target);
    issue_step(judged);
  } else {
    judge_call(judged);
  }
}

/// Rules 4 and 5.
void Oracle::judge_call(Judged& judged) {
  const auto below = [&](Rate factor) {
    return is_below(judged.profile, judged.equity, judged.maintenance, factor);
  };
  Account& account = judged.account;
  if (account.call) {
    if (below(judged.profile.call_target)) return;
    emit(judged.id,
         MarginCallMet{amount_of(judged.equity), amount_of(judged.maintenance), account.call->id});
    account.call.reset();
  } else if (below(judged.profile.call_trigger)) {
    issue_call(judged);
  }
}

void Oracle::issue_call(Judged& judged) {
  Account& account = judged.account;
  const Int128 target = ceil_of(judged.maintenance * judged.profile.call_target.raw(), kOne);
  const Int128 amount = std::max(target - judged.equity, Int128{1});
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
  emit(judged.id, LiquidationStarted{amount_of(judged.equity), amount_of(judged.maintenance),
                                     target, account.liquidation->epoch});
}

void Oracle::complete(Judged& judged, LiquidationOutcome outcome) {
  const bool nothing_left = outcome == LiquidationOutcome::taken_over;
  const Liquidation& liquidation = *judged.account.liquidation;
  emit(judged.id, LiquidationCompleted{amount_of(nothing_left ? 0 : judged.equity),
                                       amount_of(nothing_left ? 0 : judged.maintenance),
                                       liquidation.epoch, liquidation.steps, outcome});
  judged.account.liquidation.reset();
}

/// Instruments of the positions: maintenance descending, then instrument ascending.
std::vector<std::uint32_t> Oracle::by_maintenance(const Account& account) const {
  std::vector<std::uint32_t> order;
  for (const auto& [instrument, position] : account.positions) order.push_back(instrument);
  const auto requirement = [&](std::uint32_t instrument) {
    return maintenance_at(instrument, account.positions.at(instrument).quantity);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return requirement(a) > requirement(b);
  });
  return order;
}

void Oracle::issue_step(Judged& judged) {
  Running running{judged.equity, judged.maintenance};
  const Rate target = judged.account.liquidation->target;
  for (const std::uint32_t instrument : by_maintenance(judged.account)) {
    if (!is_below(judged.profile, running.equity, running.maintenance, target)) break;
    issue_order(judged, instrument, running);
  }
  if (judged.account.liquidation->in_flight.empty()) {
    take_over(judged);
  } else {
    ++judged.account.liquidation->steps;
  }
}

/// Equity and maintenance once `quantity` of a position was filled at the limit.
Oracle::Running Oracle::after_order(const Judged& judged, std::uint32_t instrument, Int128 quantity,
                                    Int128 limit, Running before) const {
  const reference::Instrument& terms = reference_.instruments[instrument];
  const Int128 held = judged.account.positions.at(instrument).quantity;
  const Int128 mark = mark_of(instrument);
  const Int128 given = value_of(terms, held, mark) - value_of(terms, held + quantity, mark);
  const Int128 cash = ceil_of(quantity * limit, terms.value_divisor);
  const Int128 fee = fee_of(terms, quantity, limit, judged.profile.liquidation_fee);
  const Int128 freed =
      maintenance_at(instrument, held) - maintenance_at(instrument, held + quantity);
  return {before.equity - given - cash - fee, before.maintenance - freed};
}

void Oracle::issue_order(Judged& judged, std::uint32_t instrument, Running& running) {
  const reference::Instrument& terms = reference_.instruments[instrument];
  const Int128 held = judged.account.positions.at(instrument).quantity;
  const std::optional<Int128> limit = limit_of(terms, judged.profile, held, mark_of(instrument));
  if (!limit) return;
  Liquidation& liquidation = *judged.account.liquidation;
  const Int128 lot = held > 0 ? -terms.lot.raw() : terms.lot.raw();
  const auto after = [&](Int128 lots) {
    return after_order(judged, instrument, lots * lot, *limit, running);
  };
  const auto reaches = [&](Int128 lots) {
    const Running then = after(lots);
    return !is_below(judged.profile, then.equity, then.maintenance, liquidation.target);
  };
  Int128 low = 1;
  Int128 high = absolute(held) / terms.lot.raw();
  if (!reaches(high)) low = high;
  while (low < high) {
    const Int128 middle = (low + high) / 2;
    if (reaches(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  const Running then = after(low);
  if (then.equity - then.maintenance < running.equity - running.maintenance) return;
  running = then;
  liquidation.in_flight.emplace(instrument, low * lot);
  emit(judged.id,
       LiquidationOrderIssued{amount_of(judged.equity), amount_of(judged.maintenance),
                              Quantity::from_raw(to_64(low * lot)), Price::from_raw(to_64(*limit)),
                              liquidation.epoch, InstrumentId::from_raw(instrument),
                              liquidation.steps + 1});
}

void Oracle::take_over(Judged& judged) {
  Account& account = judged.account;
  emit(judged.id, AccountTakenOver{amount_of(judged.equity), amount_of(judged.maintenance),
                                   account.liquidation->epoch, account.asset});
  Int128 left = judged.equity;
  std::size_t remaining = account.positions.size();
  for (const auto& [instrument, position] : account.positions) {
    const bool last = --remaining == 0;
    Int128 share = last ? left : 0;
    if (!last && judged.maintenance > 0) {
      share = floor_of(judged.equity * maintenance_at(instrument, position.quantity),
                       judged.maintenance);
    }
    take_position(judged, instrument, share);
    left -= share;
  }
  // The positions leave at their transfer values, which realises exactly -balance.
  world_.assets[account.asset.raw()].in_transit += judged.equity;
  account.positions.clear();
  account.balance = 0;
  complete(judged, LiquidationOutcome::taken_over);
}

void Oracle::take_position(Judged& judged, std::uint32_t instrument, Int128 share) {
  const reference::Instrument& terms = reference_.instruments[instrument];
  const Int128 quantity = judged.account.positions.at(instrument).quantity;
  const Int128 worth = value_of(terms, quantity, mark_of(instrument));
  const Int128 transfer = worth - share;
  Int128 price = floor_of(absolute(transfer) * terms.value_divisor, absolute(quantity));
  if (price > std::numeric_limits<std::int64_t>::max()) price = 0;
  world_.markets[instrument].quantity_in_transit += quantity;
  world_.assets[terms.settle.raw()].in_transit -= worth;
  emit(judged.id,
       PositionTakenOver{Quantity::from_raw(to_64(quantity)), amount_of(worth), amount_of(transfer),
                         Price::from_raw(to_64(price)), judged.account.liquidation->epoch,
                         InstrumentId::from_raw(instrument)});
}

}  // namespace plimsoll::oracle
