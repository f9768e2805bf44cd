#include "engine/lifecycle/lifecycle.hpp"

// Orders of liquidations in flight, their answers, and what else ends a liquidation.

namespace plimsoll::lifecycle {

std::optional<Refusal> Lifecycle::apply_answer(ledger::AccountIndex account,
                                               const LiquidationAnswered& answer,
                                               const Cause& cause, std::vector<Event>& out) {
  State& state = states_[account];
  const Order* order = find_order(state, answer.instrument, answer.side);
  if (!state.liquidating || state.epoch != answer.epoch || order == nullptr) {
    return Refusal::liquidation_unknown;
  }
  if (const auto refused = check_answer(*order, answer)) return refused;
  remove_order(state, order);
  const ledger::Account& holder = ledger_.account(account);
  ledger::Realised realised{};
  if (answer.quantity.raw() != 0) {
    realised = ledger_.apply_liquidation_fill(
        account, answer, reference_.profiles[holder.profile.raw()].liquidation_fee);
  }
  out.push_back(make_event(cause, holder.id,
                           LiquidationFillApplied{.epoch = answer.epoch,
                                                  .instrument = answer.instrument,
                                                  .quantity = realised.quantity,
                                                  .price = answer.price,
                                                  .fee = realised.fee,
                                                  .realised_pnl = realised.pnl,
                                                  .side = answer.side}));
  return {};
}

void Lifecycle::take_over(const Subject& subject) {
  Subject now = subject;
  const bool multi = ledger_.account(subject.index).mode == MarginMode::multi_asset;
  if (multi && buy_all_debts(subject)) {
    now.valuation = valuer_.revalue_at(subject.index, *subject.prices);
  }
  if (!exposed(subject.index)) {
    return complete(now, LiquidationOutcome::closed, now.valuation.equity,
                    now.valuation.maintenance_margin);
  }
  const State& state = states_[subject.index];
  now.out.push_back(
      make_event(now.cause, now.id,
                 AccountTakenOver{.equity = now.valuation.equity,
                                  .maintenance_margin = now.valuation.maintenance_margin,
                                  .epoch = state.epoch,
                                  .asset = ledger_.account(now.index).asset}));
  plan_takeover(reference_, *now.prices, valuer_.copy(now.index), state.epoch, takeover_);
  for (const PositionTakenOver& taken : takeover_.positions) {
    const AssetId settle = reference_.instruments[taken.instrument.raw()].settle;
    ledger_.hand_over_value(settle, -Int128{taken.mark_value.raw()});
    now.out.push_back(make_event(now.cause, now.id, taken));
  }
  for (const BalanceTakenOver& taken : takeover_.balances) {
    ledger_.hand_over_value(taken.asset, taken.amount.raw());
    now.out.push_back(make_event(now.cause, now.id, taken));
  }
  ledger_.hand_over(now.index, takeover_.assets);
  complete(now, LiquidationOutcome::taken_over, valuer_.revalue_at(now.index, *now.prices).equity,
           {});
}

bool Lifecycle::drop_settled_orders(ledger::AccountIndex account) {
  State& state = states_[account];
  bool dropped = false;
  for (std::uint32_t i = state.first_order; i != ledger::kNone;) {
    const Order& order = orders_[i];
    i = order.next;
    if (marks_.terms(order.instrument).status != InstrumentStatus::settled) continue;
    remove_order(state, &order);
    dropped = true;
  }
  return dropped;
}

void Lifecycle::add_order(State& state, const PlannedOrder& order) {
  std::uint32_t index = free_order_;
  if (index == ledger::kNone) {
    index = static_cast<std::uint32_t>(orders_.size());
    orders_.emplace_back();
  } else {
    free_order_ = orders_[index].next;
  }
  orders_[index] = {order.instrument, order.side, order.quantity, state.first_order};
  state.first_order = index;
}

const Lifecycle::Order* Lifecycle::find_order(const State& state, InstrumentId instrument,
                                              PositionSide side) const noexcept {
  for (std::uint32_t i = state.first_order; i != ledger::kNone; i = orders_[i].next) {
    if (orders_[i].instrument == instrument && orders_[i].side == side) return &orders_[i];
  }
  return nullptr;
}

void Lifecycle::remove_order(State& state, const Order* order) {
  std::uint32_t* link = &state.first_order;
  while (&orders_[*link] != order) link = &orders_[*link].next;
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
  if (answer.price < instrument.price_min || answer.price > instrument.price_max) {
    return Refusal::price_out_of_range;
  }
  return {};
}

}  // namespace plimsoll::lifecycle
