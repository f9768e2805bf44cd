#include "engine/core/shard.hpp"

#include <optional>

namespace plimsoll::core {
namespace {

void refuse(Refusal reason, const Cause& cause, AccountId account, std::vector<Event>& out) {
  out.push_back(make_event(cause, account, InputRefused{reason, cause.kind}));
}

}  // namespace

Shard::Shard(const reference::Reference& reference, ShardIndex index, watch::Mode mode)
    : reference_{reference},
      index_{index},
      mode_{mode},
      marks_{reference.instruments.size()},
      ledger_{reference, reference.limits.accounts},
      lifecycle_{reference, ledger_, marks_, reference.limits.accounts},
      watch_{reference, reference.limits.accounts} {}

void Shard::apply(const Sequenced& sequenced, std::vector<Event>& out) {
  ++counters_.inputs;
  const Cause cause = cause_of(sequenced.input);
  lifecycle_.fail_due_calls(cause, out);
  if (sequenced.moved != kNoInstrument) {
    move_mark(sequenced, cause, out);
  } else if (sequenced.target == index_ || sequenced.target == kAllShards) {
    std::visit(
        [&](const auto& input) {
          if constexpr (requires { book(input, cause, out); }) book(input, cause, out);
        },
        sequenced.input.body);
  }
  if (mode_ == watch::Mode::naive) judge_all(cause, out);
}

void Shard::move_mark(const Sequenced& sequenced, const Cause& cause, std::vector<Event>& out) {
  const watch::MoveBound bound =
      watch_.bound_of(sequenced.moved, marks_.of(sequenced.moved), sequenced.mark);
  marks_.set(sequenced.moved, sequenced.mark);
  const Cause moved = with_price(cause, sequenced.moved, sequenced.mark);
  watch_.sweep(ledger_, sequenced.moved, bound,
               [&](ledger::AccountIndex account) { judge(account, moved, out); });
}

void Shard::judge(ledger::AccountIndex account, const Cause& cause, std::vector<Event>& out) {
  ++counters_.accounts_judged;
  watch_.set(account, lifecycle_.judge(account, cause, out));
}

void Shard::judge_all(const Cause& cause, std::vector<Event>& out) {
  for (ledger::AccountIndex i = 0; i < ledger_.account_count(); ++i) judge(i, cause, out);
}

void Shard::book(const AccountOpened& input, const Cause& /*cause*/, std::vector<Event>& /*out*/) {
  ledger_.open(input);
  lifecycle_.open();
  watch_.open();
}

void Shard::book(const Deposited& input, const Cause& cause, std::vector<Event>& out) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = ledger_.deposit(account, input.amount)) {
    return refuse(*refused, cause, input.account, out);
  }
  judge(account, cause, out);
}

bool Shard::check_withdrawal(ledger::AccountIndex account, Amount amount, ExternalId transfer,
                             const Cause& cause, std::vector<Event>& out) const {
  const AccountId id = ledger_.account(account).id;
  Amount available;
  std::optional<WithdrawalRefusal> refusal;
  if (lifecycle_.state(account).liquidating) {
    refusal = WithdrawalRefusal::in_liquidation;
  } else if (!margin::revalue(ledger_, account, marks_, reference_).complete) {
    refusal = WithdrawalRefusal::mark_missing;
  } else {
    available = margin::available(ledger_, account, marks_, reference_);
    if (amount > available) refusal = WithdrawalRefusal::insufficient_excess;
  }
  if (refusal) {
    out.push_back(make_event(
        cause, id,
        WithdrawalRefused{
            .amount = amount, .available = available, .transfer = transfer, .reason = *refusal}));
    return false;
  }
  out.push_back(make_event(
      cause, id,
      WithdrawalAccepted{.amount = amount, .available_before = available, .transfer = transfer}));
  return true;
}

void Shard::book(const WithdrawalRequested& input, const Cause& cause, std::vector<Event>& out) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (input.amount.raw() <= 0) {
    return refuse(Refusal::amount_not_positive, cause, input.account, out);
  }
  if (!check_withdrawal(account, input.amount, input.transfer, cause, out)) return;
  ledger_.withdraw(account, input.amount);
  judge(account, cause, out);
}

void Shard::book(const MarginMoveRequested& input, const Cause& cause, std::vector<Event>& out) {
  const ledger::AccountIndex from = ledger_.find(input.account);
  const ledger::AccountIndex to = ledger_.find(input.to);
  if (!ledger_.can_receive(to, input.amount)) {
    return refuse(Refusal::exposure_out_of_range, cause, input.account, out);
  }
  if (!check_withdrawal(from, input.amount, input.transfer, cause, out)) return;
  ledger_.move_margin(from, to, input.amount);
  judge(from, cause, out);
  judge(to, cause, out);
}

void Shard::book(const TradeFilled& input, const Cause& cause, std::vector<Event>& out) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = ledger_.apply_fill(account, input)) {
    return refuse(*refused, cause, input.account, out);
  }
  judge(account, with_price(cause, input.instrument, input.price), out);
}

void Shard::book(const LiquidationAnswered& input, const Cause& cause, std::vector<Event>& out) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  const Cause with_fill = with_price(cause, input.instrument, input.price);
  if (const auto refused = lifecycle_.apply_answer(account, input, with_fill, out)) {
    return refuse(*refused, cause, input.account, out);
  }
  judge(account, with_fill, out);
}

void Shard::book(const FundingSettled& input, const Cause& cause, std::vector<Event>& out) {
  ledger_.settle_funding(input);
  const Cause paid = with_price(cause, input.instrument, input.price);
  watch_.sweep(ledger_, input.instrument, {.step = 0, .base = 0, .everyone = true},
               [&](ledger::AccountIndex account) { judge(account, paid, out); });
}

}  // namespace plimsoll::core
