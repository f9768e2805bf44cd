#include "engine/core/shard.hpp"

#include <algorithm>

#include "engine/value/magnitude.hpp"

namespace plimsoll::core {
namespace {

void refuse(Refusal reason, const Batch& batch, AccountId account) {
  batch.out.push_back(make_event(batch.cause, account, InputRefused{reason, batch.cause.kind}));
}

}  // namespace

Shard::Shard(const reference::Reference& reference, ShardIndex index, watch::Mode mode)
    : reference_{reference},
      index_{index},
      mode_{mode},
      marks_{reference},
      ledger_{reference, reference.limits.accounts},
      lifecycle_{reference, ledger_, marks_, reference.limits.accounts},
      watch_{reference, ledger_, marks_},
      settlement_prices_(reference.instruments.size()),
      pauses_{reference.breaker} {
  waits_.reserve(reference.limits.accounts);
  unpriced_.reserve(reference.limits.accounts);
  sweep_.reserve(2 * reference.limits.accounts);
  moves_.reserve(reference.instruments.size() + reference.assets.size());
}

void Shard::watch_as(watch::Mode mode) {
  // While everybody is judged anyhow, no bands are kept.
  for (ledger::AccountIndex i = 0; mode_ == watch::Mode::naive && i < ledger_.account_count();
       ++i) {
    watch_.forget(i);
  }
  mode_ = mode;
}

void Shard::apply(const Sequenced& sequenced, std::vector<Event>& out) {
  const bool names_price = sequenced.move.price.raw() != 0;
  if (names_price) moves_.push_back({.before = {}, .after = sequenced.move, .far = false});
  if (sequenced.more) return;
  ++counters_.inputs;
  Batch batch{cause_of(sequenced.input), out};
  pass_time(batch.cause, out);
  set_moves(batch);
  if (sequenced.target == index_ || sequenced.target == kAllShards) {
    std::visit(
        [&](const auto& input) {
          if constexpr (requires { book(input, batch); }) book(input, batch);
        },
        sequenced.input.body);
  }
  for (const Moved& moved : moves_) {
    if (mode_ == watch::Mode::naive) break;
    if (moved.after.instrument != kNoInstrument) {
      follow_move(moved.after.instrument, moved, batch);
    } else {
      follow_move(moved.after.asset, moved, batch);
    }
  }
  moves_.clear();
  if (mode_ == watch::Mode::naive) judge_everyone(batch);
  judge_rounds(batch);
}

void Shard::pass_time(const Cause& cause, std::vector<Event>& out) {
  ledger_.owners().defer();
  lifecycle_.pass_time(cause, out,
                       [this](ledger::AccountIndex account) { watch_.forget(account); });
  ledger_.owners().release();
}

// Judging.

void Shard::judge(ledger::AccountIndex account, Batch& batch) {
  // A hedged account stands twice in a sweep: once it waits, it waits.
  if (waits_[account] == Wait::waiting) return;
  ++counters_.accounts_judged;
  unpriced_[account] = 0;
  ledger_.owners().defer();
  const bool may_wait = waits_[account] == Wait::none;
  const lifecycle::Judgement judgement =
      lifecycle_.judge(account, batch.cause, may_wait, batch.out);
  if (mode_ != watch::Mode::naive) watch_.set(account, judgement.findings);
  if (!judgement.waits) return;
  waits_[account] = Wait::waiting;
  waiting_.push_back(account);
  waited_.push_back(account);
}

void Shard::fetch(ledger::AccountIndex account, bool near) const noexcept {
  if (near) {
    ledger_.fetch_lines(account);
    return watch_.fetch_certificate(account);
  }
  ledger_.fetch(account);
  lifecycle_.fetch(account);
  watch_.fetch(account);
  prefetch(&unpriced_[account]);
  prefetch(&waits_[account]);
}

bool Shard::priceless(ledger::AccountIndex account) const {
  // The deadline of an open call may have to stand still all the same.
  if (lifecycle_.state(account).called) return false;
  bool found = false;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    found = found || (line.quantity.raw() != 0 && !marks_.known(line.instrument));
  });
  return found;
}

void Shard::judge_holders(InstrumentId instrument, Batch& batch) {
  // A list of its own: whoever is judged may leave the holders.
  sweep_.clear();
  for (const ledger::Group group : {ledger::Group::single, ledger::Group::multi}) {
    for (const ledger::Holder& holder : ledger_.holders(instrument, group)) {
      std::uint8_t& unpriced = unpriced_[holder.account];
      if (unpriced > 1) {
        --unpriced;
      } else {
        sweep_.push_back(holder.account);
      }
    }
  }
  watch_.batch([&] {
    constexpr std::size_t kAhead = 8;
    for (std::size_t i = 0; i < sweep_.size() + 2 * kAhead; ++i) {
      if (i < sweep_.size()) fetch(sweep_[i], false);
      if (const std::size_t k = i - kAhead; k < sweep_.size()) fetch(sweep_[k], true);
      const std::size_t k = i - 2 * kAhead;
      if (k < sweep_.size() && !priceless(sweep_[k])) judge(sweep_[k], batch);
    }
  });
}

void Shard::judge_holders(AssetId asset, Batch& batch) {
  for (const ledger::AccountIndex account : ledger_.asset_holders(asset)) {
    if (ledger_.account(account).mode == MarginMode::multi_asset) judge(account, batch);
  }
}

void Shard::judge_everyone(Batch& batch) {
  for (ledger::AccountIndex i = 0; i < ledger_.account_count(); ++i) {
    judge(i, batch);
  }
}

void Shard::take_changed_owners() {
  const auto add = [this](std::uint32_t owner, auto what) {
    for (const ledger::AccountIndex account : ledger_.owners().accounts(owner)) {
      if (holds(account, what)) next_.push_back(account);
    }
  };
  ledger_.owners().take_changed(add, add);
}

bool Shard::holds(ledger::AccountIndex account, InstrumentId instrument) const {
  bool found = false;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    found = found || line.instrument == instrument;
  });
  return found;
}

bool Shard::holds(ledger::AccountIndex account, AssetId asset) const {
  if (ledger_.account(account).mode != MarginMode::multi_asset) return false;
  if (ledger_.balance(account, asset).raw() != 0) return true;
  bool found = false;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    found = found || reference_.instruments[line.instrument.raw()].settle == asset;
  });
  return found;
}

void Shard::judge_rounds(Batch& batch) {
  // The rest of round 1: whose owner's sums the input, or a deadline before it, has changed.
  take_changed_owners();
  round_.swap(next_);
  next_.clear();
  for (const ledger::AccountIndex account : round_) judge(account, batch);
  for (;;) {
    ledger_.owners().release();
    take_changed_owners();
    if (next_.empty() && waiting_.empty()) break;
    round_.assign(next_.begin(), next_.end());
    round_.insert(round_.end(), waiting_.begin(), waiting_.end());
    std::sort(round_.begin(), round_.end(), [&](ledger::AccountIndex a, ledger::AccountIndex b) {
      return ledger_.account(a).id < ledger_.account(b).id;
    });
    round_.erase(std::unique(round_.begin(), round_.end()), round_.end());
    for (const ledger::AccountIndex account : waiting_) waits_[account] = Wait::topping_up;
    waiting_.clear();
    next_.clear();
    ledger_.owners().defer();
    for (const ledger::AccountIndex account : round_) {
      if (waits_[account] == Wait::topping_up) {
        waits_[account] = Wait::waited;
        const ledger::AccountIndex parent = lifecycle_.top_up(account, batch.cause, batch.out);
        if (parent != ledger::kNone) next_.push_back(parent);
      }
      judge(account, batch);
    }
  }
  for (const ledger::AccountIndex account : waited_) waits_[account] = Wait::none;
  waited_.clear();
}

// The market.

void Shard::set_moves(Batch& batch) {
  bool triggered = false;
  for (Moved& moved : moves_) {
    const bool is_mark = moved.after.instrument != kNoInstrument;
    moved.before = is_mark ? marks_.state(moved.after.instrument) : marks_.state(moved.after.asset);
    marks_.apply(moved.after);
    priced_ = true;
    moved.far = is_mark ? watch_.move(moved.after.instrument, moved.after.price)
                        : watch_.move(moved.after.asset, moved.after.price);
    if (!is_mark || triggered) continue;
    triggered = true;
    batch.cause = with_price(batch.cause, moved.after.instrument, moved.after.price);
  }
}

template <class Id>
void Shard::follow_move(Id id, const Moved& moved, Batch& batch) {
  const bool known = moved.before.price.raw() != 0;
  if (!known || moved.far || !moved.before.sure() || !moved.after.sure()) {
    return judge_holders(id, batch);
  }
  watch_.cross(
      id, [this](ledger::AccountIndex account, bool near) { fetch(account, near); },
      [&](ledger::AccountIndex account) { judge(account, batch); });
}

void Shard::book(const LiquidationsPaused& input, Batch& batch) {
  follow_pauses(pauses_.apply(input), batch);
}

void Shard::book(const LiquidationsResumed& input, Batch& batch) {
  follow_pauses(pauses_.apply(input), batch);
}

void Shard::book(const LagReported& input, Batch& batch) {
  follow_pauses(pauses_.apply(input), batch);
}

void Shard::follow_pauses(bool changed, Batch& batch) {
  if (!changed || !lifecycle_.pause(pauses_.waiting(), batch.cause.time)) return;
  if (pauses_.waiting()) return;
  pass_time(batch.cause, batch.out);  // What was due meanwhile.
  // Whoever was held back is judged at every chance.
  for (ledger::AccountIndex i = 0; i < ledger_.account_count(); ++i) {
    if (watch_.exhausted(i)) judge(i, batch);
  }
}

void Shard::book(const CollateralFactorSet& input, Batch& batch) {
  marks_.set_collateral_factor(input.asset, input.factor);
  judge_holders(input.asset, batch);
}

void Shard::book(const FundingEstimated& input, Batch& batch) {
  marks_.set_funding(input.instrument, input.rate);
  judge_holders(input.instrument, batch);
}

void Shard::book(const OpenInterestPublished& input, Batch& /*batch*/) {
  marks_.set_open_interest(input.instrument, input.quantity);
}

void Shard::book(const InstrumentChanged& input, Batch& batch) {
  marks_.set_terms(input.instrument, {input.tiers_long, input.tiers_short, input.status});
  judge_holders(input.instrument, batch);
}

void Shard::book(const FundingSettled& input, Batch& batch) {
  ledger_.settle_funding(input);
  batch.cause = with_price(batch.cause, input.instrument, input.price);
  judge_holders(input.instrument, batch);
}

void Shard::book(const InterestCharged& input, Batch& batch) {
  ledger_.charge_interest(input);
  judge_holders(input.asset, batch);
}

void Shard::book(const SettlementPriced& input, Batch& /*batch*/) {
  settlement_prices_[input.instrument.raw()] = input.price;
}

void Shard::book(const FuturesSettled& /*input*/, Batch& batch) {
  next_.clear();
  for (std::uint32_t i = 0; i < settlement_prices_.size(); ++i) {
    if (settlement_prices_[i].raw() == 0) continue;
    marks_.set_status(InstrumentId::from_raw(i), InstrumentStatus::settled);
  }
  drop_settled_orders();
  for (std::uint32_t i = 0; i < settlement_prices_.size(); ++i) {
    const Price price = std::exchange(settlement_prices_[i], {});
    if (price.raw() != 0) settle_instrument(InstrumentId::from_raw(i), price, batch);
  }
  round_.assign(next_.begin(), next_.end());
  next_.clear();
  std::sort(round_.begin(), round_.end());
  round_.erase(std::unique(round_.begin(), round_.end()), round_.end());
  for (const ledger::AccountIndex account : round_) judge(account, batch);
}

void Shard::drop_settled_orders() {
  for (ledger::AccountIndex i = 0; i < ledger_.account_count(); ++i) {
    if (lifecycle_.drop_settled_orders(i)) next_.push_back(i);
  }
}

void Shard::settle_instrument(InstrumentId instrument, Price price, Batch& batch) {
  std::vector<ledger::PositionIndex>& lines = settled_lines_;
  lines.clear();
  for (const ledger::Group group : {ledger::Group::single, ledger::Group::multi}) {
    for (const ledger::Holder& holder : ledger_.holders(instrument, group)) {
      lines.push_back(holder.position);
    }
  }
  std::sort(lines.begin(), lines.end(), [&](ledger::PositionIndex a, ledger::PositionIndex b) {
    const ledger::Position& left = ledger_.position(a);
    const ledger::Position& right = ledger_.position(b);
    return left.account != right.account ? left.account < right.account : left.side < right.side;
  });
  for (const ledger::PositionIndex line : lines) {
    const ledger::Position before = ledger_.position(line);
    const Amount realised = ledger_.settle_position(line, price);
    next_.push_back(before.account);
    if (before.quantity.raw() == 0) continue;
    batch.out.push_back(make_event(batch.cause, ledger_.account(before.account).id,
                                   PositionSettled{.quantity = before.quantity,
                                                   .price = price,
                                                   .realised_pnl = realised,
                                                   .instrument = instrument,
                                                   .side = before.side}));
  }
}

// Accounts and money.

std::optional<OpeningFault> Shard::open(const Openings& openings, ShardIndex shards) {
  PLIMSOLL_ASSERT(!priced_);
  std::optional<OpeningFault> fault;
  const auto ahead = [&](const PackedAccount& account) { ledger_.fetch_new(account.account); };
  openings.for_each(ahead, [&](const PackedAccount& account, std::span<const OpeningLine> lines) {
    if (shard_of(account.owner, shards) != index_) return true;
    const auto refused = ledger_.open_with(account.opened(), account.balance, lines);
    if (refused) fault = OpeningFault{account.account, *refused};
    // Several of them may have become one, or none.
    std::size_t held = 0;
    const auto index = static_cast<ledger::AccountIndex>(unpriced_.size());
    ledger_.for_each_position(index, [&](const ledger::Position&) { ++held; });
    unpriced_.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(held, 255)));
    const bool known = lines.empty();
    lifecycle_.open();
    watch_.open(known ? watch::Watch::Known::all : watch::Watch::Known::nothing);
    waits_.push_back(Wait::none);
    return !refused;
  });
  return fault;
}

void Shard::book(const AccountOpened& input, Batch& /*batch*/) {
  ledger_.open(input);
  unpriced_.push_back(0);
  lifecycle_.open();
  watch_.open();
  waits_.push_back(Wait::none);
}

void Shard::book(const Deposited& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = ledger_.deposit(account, input.asset, input.amount)) {
    return refuse(*refused, batch, input.account);
  }
  judge(account, batch);
}

void Shard::book(const BalanceImported& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = ledger_.import_balance(account, input.asset, input.amount)) {
    return refuse(*refused, batch, input.account);
  }
  judge(account, batch);
}

bool Shard::check_withdrawal(ledger::AccountIndex account, AssetId asset, Amount amount,
                             ExternalId transfer, Batch& batch) const {
  const AccountId id = ledger_.account(account).id;
  Amount available;
  std::optional<WithdrawalRefusal> refusal;
  if (lifecycle_.state(account).liquidating) {
    refusal = WithdrawalRefusal::in_liquidation;
  } else if (!lifecycle_.valuer().complete(account)) {
    refusal = WithdrawalRefusal::mark_missing;
  } else {
    available = lifecycle_.valuer().available(account, asset);
    if (amount > available) refusal = WithdrawalRefusal::insufficient_excess;
  }
  if (refusal) {
    batch.out.push_back(make_event(batch.cause, id,
                                   WithdrawalRefused{.amount = amount,
                                                     .available = available,
                                                     .transfer = transfer,
                                                     .reason = *refusal,
                                                     .asset = asset}));
    return false;
  }
  batch.out.push_back(make_event(
      batch.cause, id,
      WithdrawalAccepted{
          .amount = amount, .available_before = available, .transfer = transfer, .asset = asset}));
  return true;
}

void Shard::book(const WithdrawalRequested& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (input.amount.raw() <= 0) return refuse(Refusal::amount_not_positive, batch, input.account);
  if (!ledger_.can_hold(account, input.asset)) {
    return refuse(Refusal::asset_mismatch, batch, input.account);
  }
  if (!check_withdrawal(account, input.asset, input.amount, input.transfer, batch)) return;
  ledger_.withdraw(account, input.asset, input.amount);
  judge(account, batch);
}

void Shard::book(const MarginMoveRequested& input, Batch& batch) {
  const ledger::AccountIndex from = ledger_.find(input.account);
  const ledger::AccountIndex to = ledger_.find(input.to);
  if (!ledger_.can_hold(from, input.asset) || !ledger_.can_hold(to, input.asset)) {
    return refuse(Refusal::asset_mismatch, batch, input.account);
  }
  if (!ledger_.can_receive(to, input.asset, input.amount)) {
    return refuse(Refusal::exposure_out_of_range, batch, input.account);
  }
  if (!check_withdrawal(from, input.asset, input.amount, input.transfer, batch)) return;
  ledger_.move_margin(from, to, input.asset, input.amount);
  judge(from, batch);
  judge(to, batch);
}

void Shard::book(const TradeFilled& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = ledger_.apply_fill(account, input)) {
    return refuse(*refused, batch, input.account);
  }
  batch.cause = with_price(batch.cause, input.instrument, input.price);
  judge(account, batch);
}

void Shard::book(const LiquidationAnswered& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  const Cause with_fill = with_price(batch.cause, input.instrument, input.price);
  if (const auto refused = lifecycle_.apply_answer(account, input, with_fill, batch.out)) {
    return refuse(*refused, batch, input.account);
  }
  batch.cause = with_fill;
  judge(account, batch);
}

}  // namespace plimsoll::core
