#include <limits>

#include "engine/core/shard.hpp"
#include "engine/value/magnitude.hpp"

// What accounts ask for: orders, leverage, modes. Each is checked against the margin it would need.

namespace plimsoll::core {
namespace {

void refuse(Refusal reason, const Batch& batch, AccountId account) {
  batch.out.push_back(make_event(batch.cause, account, InputRefused{reason, batch.cause.kind}));
}

bool known(const AccountModeRequested& request) noexcept {
  return request.mode <= MarginMode::multi_asset && request.position_mode <= PositionMode::hedge &&
         request.auto_top_up <= AutoTopUp::on;
}

/// Puts an order into a portfolio.
void add(margin::Portfolio& portfolio, const OrderRequested& order) {
  auto line = portfolio.lines.begin();
  while (line != portfolio.lines.end() &&
         (line->instrument < order.instrument ||
          (line->instrument == order.instrument && line->side < order.side))) {
    ++line;
  }
  if (line == portfolio.lines.end() || line->instrument != order.instrument ||
      line->side != order.side) {
    margin::Line fresh{};
    fresh.instrument = order.instrument;
    fresh.side = order.side;
    line = portfolio.lines.insert(line, fresh);
  }
  (order.quantity.raw() > 0 ? line->buys : line->sells) +=
      Quantity::from_raw(narrow(magnitude(order.quantity.raw())));
  portfolio.orders.push_back({.instrument = order.instrument,
                              .side = order.side,
                              .remaining = order.quantity,
                              .limit = order.limit});
}

}  // namespace

// Orders.

std::optional<Refusal> Shard::check_order(ledger::AccountIndex account,
                                          const OrderRequested& order) const {
  if (order.instrument.raw() >= reference_.instruments.size() ||
      reference_.instruments[order.instrument.raw()].kind == reference::Kind::spot) {
    return Refusal::reference_unknown;
  }
  const InstrumentStatus status = marks_.terms(order.instrument).status;
  const bool reduces = order.reduce_only == ReduceOnly::yes;
  if (status != InstrumentStatus::trading &&
      !(status == InstrumentStatus::reduce_only && reduces)) {
    return Refusal::not_trading;
  }
  if (const auto refused = ledger_.check_order(account, order)) return refused;
  const bool checked = order.state == OrderState::requested;
  if (checked && lifecycle_.state(account).liquidating) return Refusal::in_liquidation;
  if (const auto refused = ledger_.check_order_size(account, order)) return refused;
  if (!checked || reduces) return {};
  const ledger::Account& holder = ledger_.account(account);
  const AssetId settle = reference_.instruments[order.instrument.raw()].settle;
  const bool indexed = holder.mode != MarginMode::multi_asset || marks_.indexed(settle);
  if (!lifecycle_.valuer().complete(account) || !marks_.known(order.instrument) || !indexed) {
    return Refusal::mark_missing;
  }
  margin::Portfolio& portfolio = lifecycle_.valuer().copy(account);
  add(portfolio, order);
  if (holder.mode == MarginMode::multi_asset) portfolio.balance(settle);
  complete_line(account, order, portfolio);
  if (!lifecycle_.valuer().carries_initial(portfolio)) return Refusal::insufficient_excess;
  return {};
}

/// Gives a line that only the new order makes what the account and its owner have for it.
void Shard::complete_line(ledger::AccountIndex account, const OrderRequested& order,
                          margin::Portfolio& portfolio) const {
  const std::uint32_t owner = ledger_.account(account).aggregated;
  for (margin::Line& line : portfolio.lines) {
    if (line.instrument != order.instrument || line.side != order.side) continue;
    line.leverage = ledger_.leverage(account, order.instrument);
    if (owner == ledger::Owners::kNone) continue;
    line.others =
        ledger_.owners().gross(owner, account, order.instrument) - magnitude(line.quantity.raw());
  }
}

void Shard::book(const OrderRequested& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = check_order(account, input)) {
    batch.out.push_back(make_event(
        batch.cause, input.account,
        OrderRefused{.order = input.order, .instrument = input.instrument, .reason = *refused}));
    return;
  }
  ledger_.add_order(account, input);
  batch.out.push_back(
      make_event(batch.cause, input.account,
                 OrderAccepted{.order = input.order, .instrument = input.instrument}));
  judge(account, batch);
}

void Shard::book(const OrderClosed& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  const std::uint32_t order =
      input.order.raw() == 0 ? ledger::kNone : ledger_.find_order(account, input.order);
  if (order == ledger::kNone) return refuse(Refusal::order_unknown, batch, input.account);
  ledger_.reduce_order(account, order, narrow(magnitude(ledger_.order(order).remaining.raw())));
  judge(account, batch);
}

// Leverage.

std::optional<Refusal> Shard::check_leverage(ledger::AccountIndex account,
                                             const LeverageRequested& request) const {
  if (request.instrument.raw() >= reference_.instruments.size() ||
      reference_.instruments[request.instrument.raw()].kind == reference::Kind::spot) {
    return Refusal::reference_unknown;
  }
  const reference::Tiers& tiers =
      reference_.tiers[marks_.terms(request.instrument).tiers_long.raw()];
  const std::int64_t rate = std::max<std::int64_t>(1, tiers.brackets.front().initial.raw());
  const std::int64_t highest = kRateOne * kRateOne / rate;
  const std::int64_t leverage = request.leverage.raw();
  if (leverage != 0 && (leverage < kRateOne || leverage > highest)) {
    return Refusal::leverage_out_of_range;
  }
  bool concerned = false;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    concerned = concerned || (line.instrument == request.instrument && line.open());
  });
  if (!concerned) return {};
  if (!lifecycle_.valuer().complete(account)) return Refusal::mark_missing;
  margin::Portfolio& portfolio = lifecycle_.valuer().copy(account);
  for (margin::Line& line : portfolio.lines) {
    if (line.instrument == request.instrument) line.leverage = request.leverage;
  }
  if (!lifecycle_.valuer().carries_initial(portfolio)) return Refusal::insufficient_excess;
  return {};
}

void Shard::book(const LeverageRequested& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = check_leverage(account, input)) {
    return refuse(*refused, batch, input.account);
  }
  ledger_.set_leverage(account, input.instrument, input.leverage);
  batch.out.push_back(
      make_event(batch.cause, input.account,
                 LeverageChanged{.leverage = input.leverage, .instrument = input.instrument}));
  judge(account, batch);
}

// Modes.

std::optional<Refusal> Shard::check_mode(ledger::AccountIndex account,
                                         const AccountModeRequested& request) const {
  const ledger::Account& holder = ledger_.account(account);
  const lifecycle::State& state = lifecycle_.state(account);
  if (!known(request)) return Refusal::mode_unsupported;
  if (state.liquidating || state.called) return Refusal::in_liquidation;
  if (request.asset.raw() >= reference_.assets.size()) return Refusal::reference_unknown;
  const bool isolated = request.mode == MarginMode::isolated;
  const bool multi = request.mode == MarginMode::multi_asset;
  if (request.auto_top_up == AutoTopUp::on && !isolated) return Refusal::mode_unsupported;
  const bool child = holder.parent.raw() != 0;
  if ((isolated && !child) || (multi && child)) return Refusal::parent_unknown;
  if (multi && request.asset != reference_.numeraire) return Refusal::mode_unsupported;
  if (const auto refused = ledger_.check_mode(account, request)) return refused;
  const bool same = request.mode == holder.mode && request.asset == holder.asset &&
                    request.position_mode == holder.position_mode;
  return same ? std::nullopt : check_margin_of_mode(account, request);
}

std::optional<Refusal> Shard::check_margin_of_mode(ledger::AccountIndex account,
                                                   const AccountModeRequested& request) const {
  margin::Portfolio& portfolio = lifecycle_.valuer().copy(account);
  // The margin asset stands first; the old one stays as an asset of its own.
  const margin::Holding wanted = portfolio.balance(request.asset);
  std::erase_if(portfolio.balances,
                [&](const margin::Holding& holding) { return holding.asset == request.asset; });
  portfolio.balances.insert(portfolio.balances.begin(), wanted);
  portfolio.asset = request.asset;
  portfolio.mode = request.mode;
  if (portfolio.multi_asset()) {
    for (const margin::Line& line : portfolio.lines) {
      portfolio.balance(reference_.instruments[line.instrument.raw()].settle);
    }
  }
  const margin::Worth worth = margin::evaluate(portfolio, reference_, margin::Market{marks_}, {});
  if (!worth.complete) return Refusal::mark_missing;
  if (!lifecycle_.valuer().carries_initial(portfolio)) return Refusal::insufficient_excess;
  return {};
}

void Shard::book(const AccountModeRequested& input, Batch& batch) {
  const ledger::AccountIndex account = ledger_.find(input.account);
  if (const auto refused = check_mode(account, input)) {
    return refuse(*refused, batch, input.account);
  }
  ledger_.set_mode(account, input);
  batch.out.push_back(make_event(batch.cause, input.account,
                                 AccountModeChanged{.asset = input.asset,
                                                    .mode = input.mode,
                                                    .position_mode = input.position_mode,
                                                    .auto_top_up = input.auto_top_up}));
  judge(account, batch);
}

}  // namespace plimsoll::core
