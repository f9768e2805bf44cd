#include "tests/lifecycle/life_checker.hpp"

namespace plimsoll::lifecycle::testing {

LifeChecker::LifeChecker(const reference::Reference& reference, std::span<const Event> events)
    : reference_{reference} {
  for (const Event& event : events) {
    const auto* settled = std::get_if<PositionSettled>(&event.body);
    if (settled != nullptr) settled_by_[settled->instrument.raw()] = event.header.cause.raw();
  }
}

/// Orders in flight are dropped by a settlement, which is published after what it causes.
void LifeChecker::drop_settled(Life& life, Sequence cause) const {
  std::erase_if(life.orders, [&](const auto& order) {
    const auto settled = settled_by_.find(order.first.first);
    return settled != settled_by_.end() && settled->second <= cause.raw();
  });
}

std::string LifeChecker::check(const Event& event) {
  drop_settled(lives_[event.header.account.raw()], event.header.cause);
  return std::visit(
      [&](const auto& body) -> std::string {
        if constexpr (requires(Life & life) { follow(life, event.header, body); }) {
          return follow(lives_[event.header.account.raw()], event.header, body);
        } else {
          return {};
        }
      },
      event.body);
}

std::string LifeChecker::follow(Life& life, const Header& header, const MarginCallIssued& body) {
  if (life.called) return "a call while one is open";
  if (life.liquidating) return "a call during a liquidation";
  if (body.call.raw() != life.call + 1) return "calls are not numbered in turn";
  if (body.amount.raw() < 1) return "a call for nothing";
  if (body.deadline <= header.time) return "a call that is due at once";
  life.call = body.call.raw();
  life.deadline = body.deadline;
  life.called = true;
  return {};
}

std::string LifeChecker::end_call(Life& life, CallId call) {
  if (!life.called) return "the end of a call that is not open";
  if (call.raw() != life.call) return "the end of another call";
  life.called = false;
  life.suspended = false;
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& header, const MarginCallMet& body) {
  if (!life.suspended && header.time >= life.deadline) return "met after the deadline";
  return end_call(life, body.call);
}

std::string LifeChecker::follow(Life& life, const Header& header, const MarginCallFailed& body) {
  if (life.suspended) return "failed while its deadline stood still";
  if (header.time != life.deadline) return "failed at another time than its deadline";
  return end_call(life, body.call);
}

std::string LifeChecker::follow(Life& life, const Header& header, const MarginCallEscalated& body) {
  if (!life.suspended && header.time >= life.deadline) return "escalated after the deadline";
  return end_call(life, body.call);
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const MarginCallSuspended& body) {
  if (!life.called || body.call.raw() != life.call) return "suspends a call that is not open";
  if (life.suspended) return "suspends a call twice";
  life.suspended = true;
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& header, const MarginCallResumed& body) {
  if (!life.called || body.call.raw() != life.call) return "resumes a call that is not open";
  if (!life.suspended) return "resumes a call that was not suspended";
  if (body.deadline < life.deadline || body.deadline <= header.time) return "loses time to pay";
  life.suspended = false;
  life.deadline = body.deadline;
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& header, const BreachNoted& body) {
  if (life.noted) return "a breach noted twice";
  if (body.confirmed_at <= header.time) return "a breach that is confirmed at once";
  life.noted = true;
  life.confirmed = body.confirmed_at;
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const BreachCleared& /*body*/) {
  if (!life.noted) return "clears a breach that was not noted";
  life.noted = false;
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const LiquidationStarted& body) {
  if (life.liquidating) return "a liquidation while one is open";
  if (life.called) return "a liquidation while a call is open";
  if (auto fault = unbalanced(life); !fault.empty()) return fault;
  life.shares.clear();
  life.balanced.clear();
  if (body.epoch.raw() != life.epoch + 1) return "liquidations are not numbered in turn";
  life.epoch = body.epoch.raw();
  life.noted = false;
  life.step = 0;
  life.liquidating = true;
  life.taken = false;
  return {};
}

std::string LifeChecker::outside(const Life& life, LiquidationEpoch epoch) {
  if (!life.liquidating) return "outside of a liquidation";
  if (epoch.raw() != life.epoch) return "of another liquidation";
  return life.taken ? "after the take-over" : "";
}

std::string LifeChecker::follow(Life& life, const Header& header,
                                const LiquidationOrderIssued& body) {
  if (auto fault = outside(life, body.epoch); !fault.empty()) return "an order " + fault;
  if (body.quantity.raw() == 0 || body.limit.raw() <= 0) return "an order for nothing";
  const bool same_step = life.step > 0 && header.cause.raw() == life.step_cause;
  if (!same_step && !life.orders.empty()) return "a step while orders are in flight";
  if (body.step != life.step + (same_step ? 0U : 1U)) return "steps are not numbered in turn";
  life.step = body.step;
  life.step_cause = header.cause.raw();
  const LineKey line{body.instrument.raw(), body.side};
  if (!life.orders.try_emplace(line, body.quantity.raw()).second) {
    return "two orders for one position";
  }
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const LiquidationFillApplied& body) {
  if (auto fault = outside(life, body.epoch); !fault.empty()) return "an answer " + fault;
  const auto order = life.orders.find({body.instrument.raw(), body.side});
  if (order == life.orders.end()) return "an answer to no order";
  const std::int64_t filled = body.quantity.raw();
  const std::int64_t wanted = order->second;
  if (wanted > 0 ? filled < 0 || filled > wanted : filled > 0 || filled < wanted) {
    return "a fill that is no part of its order";
  }
  life.orders.erase(order);
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const AccountTakenOver& body) const {
  if (auto fault = outside(life, body.epoch); !fault.empty()) return "a take-over " + fault;
  if (!life.orders.empty()) return "a take-over while orders are in flight";
  life.taken = true;
  life.last_taken.reset();
  const bool one_asset = reference_.numeraire == kNoAsset;
  if (one_asset && body.equity.raw() != 0) life.balance_due = body.equity.raw();
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const PositionTakenOver& body) const {
  if (!life.taken || !life.liquidating) return "a position of an account that is not taken over";
  const LineKey line{body.instrument.raw(), body.side};
  if (life.last_taken && line <= *life.last_taken) return "positions out of order";
  life.last_taken = line;
  const AssetId asset = reference_.instruments[body.instrument.raw()].settle;
  life.shares[asset.raw()] += Int128{body.mark_value.raw()} - body.transfer_value.raw();
  return {};
}

/// Published after the end of the liquidation.
std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const BalanceTakenOver& body) {
  if (!life.taken || life.liquidating) return "a balance of an account that is not taken over";
  if (body.epoch.raw() != life.epoch) return "a balance of another liquidation";
  if (body.amount.raw() == 0) return "a balance of nothing";
  if (!life.balanced.insert(body.asset.raw()).second) return "a balance taken over twice";
  if (life.balance_due && *life.balance_due != body.amount.raw()) return "not the equity";
  life.balance_due.reset();
  const auto shares = life.shares.find(body.asset.raw());
  if (shares == life.shares.end()) return {};  // there was no position to share it over
  if (shares->second != body.amount.raw()) return "the shares are not the balance";
  life.shares.erase(shares);
  return {};
}

/// What the positions of an account that was taken over got is what the house was handed.
std::string LifeChecker::unbalanced(const Life& life) {
  if (life.balance_due) return "a balance was never taken over";
  for (const auto& [asset, share] : life.shares) {
    if (share != 0) return "shares without a balance";
  }
  return {};
}

std::string LifeChecker::finish() const {
  for (const auto& [account, life] : lives_) {
    if (auto fault = unbalanced(life); !fault.empty()) return fault;
  }
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const LiquidationCompleted& body) {
  if (!life.liquidating || body.epoch.raw() != life.epoch) return "the end of no liquidation";
  if (!life.orders.empty()) return "the end while orders are in flight";
  if (body.steps != life.step) return "not the steps that were issued";
  if ((body.outcome == LiquidationOutcome::taken_over) != life.taken) return "another outcome";
  life.liquidating = false;
  return {};
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const WithdrawalAccepted& /*body*/) {
  return life.liquidating ? "a withdrawal during a liquidation" : "";
}

std::string LifeChecker::follow(Life& life, const Header& /*header*/,
                                const WithdrawalRefused& body) {
  const bool says_so = body.reason == WithdrawalRefusal::in_liquidation;
  return says_so == life.liquidating ? "" : "a refusal for another reason";
}

std::string first_fault(const reference::Reference& reference, std::span<const Event> events) {
  LifeChecker checker{reference, events};
  for (const Event& event : events) {
    const std::string fault = checker.check(event);
    if (!fault.empty()) return "event " + std::to_string(event.header.number.raw()) + ": " + fault;
  }
  return checker.finish();
}

}  // namespace plimsoll::lifecycle::testing
