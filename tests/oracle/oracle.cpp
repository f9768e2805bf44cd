#include "tests/oracle/oracle.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "tests/oracle/arithmetic.hpp"

namespace plimsoll::oracle {
namespace {

/// The account that an input names, or 0.
AccountId account_of(const Input& input) {
  return std::visit(
      [](const auto& body) {
        if constexpr (requires { body.account; }) {
          return body.account;
        } else {
          return AccountId{};
        }
      },
      input.body);
}

}  // namespace

Oracle::Oracle(const reference::Reference& reference, Mistake mistake)
    : reference_{reference}, mistake_{mistake} {
  world_.assets.resize(reference.assets.size());
  world_.indices.resize(reference.indices.size());
  world_.sources.resize(reference.sources.size());
  for (const reference::Instrument& instrument : reference.instruments) {
    PLIMSOLL_ASSERT(has_right_ratio(reference, instrument));
    Market market;
    market.status = instrument.status;
    market.tiers_long = instrument.tiers_long;
    market.tiers_short = instrument.tiers_short;
    world_.markets.push_back(market);
  }
}

void Oracle::submit(const Input& external_input) {
  fill_gap(external_input.time);
  sequence(external_input);
}

// The first input of all starts the clock: there is no gap before it. Multiples of the step end
// before `until`, due times with it.
void Oracle::fill_gap(EventTime until) {
  if (!started_) return;
  const std::int64_t step = reference_.time_step.raw();
  const auto next_multiple = [&] { return (floor_of(now_.raw(), step) + 1) * step; };
  const bool jumps = until.raw() - next_multiple() > Int128{1'000'000} * step;
  for (;;) {
    std::optional<Int128> next = next_due_time();
    if (next && *next > until.raw()) next.reset();
    const Int128 multiple = next_multiple();
    if (!jumps && multiple < until.raw() && (!next || multiple < *next)) next = multiple;
    if (!next) return;
    sequence({Sequence{}, EventTime::from_raw(to_64(*next)), Origin::clock, TimeAdvanced{}});
  }
}

void Oracle::sequence(const Input& input) {
  const std::int64_t grid = reference_.settle_grid.raw();
  const EventTime time = started_ ? std::max(input.time, now_) : input.time;
  if (started_ && floor_of(now_.raw(), grid) != floor_of(time.raw(), grid)) settle(time);
  apply_one(input);
}

void Oracle::settle(EventTime until) {
  bool busy = true;
  while (busy) {
    const bool capped = run_factors();
    forget_settled_orders();
    const bool decided = run_house();
    const bool answered = run_exchange(until);
    busy = capped || decided || answered;
  }
}

/// The collateral factors, all of them computed before the first is set.
bool Oracle::run_factors() {
  std::vector<InputBody> decisions;
  for (std::uint32_t i = 0; i < world_.assets.size(); ++i) {
    const Int128 cap = reference_.assets[i].collateral_cap.raw();
    if (cap == 0) continue;
    Int128 held = 0;
    for (const auto& [id, account] : world_.accounts) {
      if (account.mode != MarginMode::multi_asset) continue;
      held += std::max(account.balance(i), Int128{0});
    }
    const Int128 factor = held <= cap ? kOne : floor_of_product(cap, kOne, held);
    if (factor == world_.assets[i].factor) continue;
    decisions.push_back(CollateralFactorSet{AssetId::from_raw(i), Rate::from_raw(to_64(factor))});
  }
  for (const InputBody& body : decisions) apply_one({Sequence{}, now_, Origin::house, body});
  return !decisions.empty();
}

void Oracle::forget_settled_orders() {
  std::erase_if(orders_, [&](const ExchangeOrder& order) {
    return world_.markets[order.instrument.raw()].status == InstrumentStatus::settled;
  });
}

bool Oracle::run_house() {
  std::vector<InputBody> decisions;
  std::map<std::uint32_t, Int128> fees;
  for (; house_looked_ < events_.size(); ++house_looked_) {
    const Event& event = events_[house_looked_];
    if (const auto* taken = std::get_if<PositionTakenOver>(&event.body)) {
      decisions.push_back(InventoryAbsorbed{event.header.account, taken->instrument,
                                            taken->quantity, taken->mark_value});
    } else if (const auto* rest = std::get_if<BalanceTakenOver>(&event.body)) {
      decisions.push_back(TakeoverSettled{event.header.account, rest->asset, rest->amount});
    } else if (const auto* fill = std::get_if<LiquidationFillApplied>(&event.body)) {
      fees[reference_.instruments[fill->instrument.raw()].settle.raw()] += fill->fee.raw();
    } else if (std::holds_alternative<LiquidationStarted>(event.body) &&
               reference_.breaker.liquidations_max != 0) {
      count_start(event.header.time);
    }
  }
  for (const auto& [asset, sum] : fees) {
    if (sum <= 0) continue;
    decisions.push_back(FeesCollected{AssetId::from_raw(asset), Amount::from_raw(to_64(sum))});
  }
  const std::optional<InputBody> brakes = run_breaker();
  if (brakes) decisions.push_back(*brakes);
  for (const InputBody& body : decisions) apply_one({Sequence{}, now_, Origin::house, body});
  return !decisions.empty();
}

/// Counts a liquidation that has started, in the window of its time.
void Oracle::count_start(EventTime time) {
  const Int128 window = floor_of(time.raw(), reference_.breaker.window.raw());
  if (window != started_window_ && mistake_ != Mistake::breaker_counts_across_windows) {
    started_count_ = 0;
  }
  started_window_ = window;
  ++started_count_;
  too_many_ = too_many_ || started_count_ > reference_.breaker.liquidations_max;
}

/// What the breaker decides after what the house has observed, or nothing.
std::optional<InputBody> Oracle::run_breaker() {
  const reference::Breaker& breaker = reference_.breaker;
  const bool above = std::exchange(too_many_, false);
  if (breaker.liquidations_max == 0) return std::nullopt;
  if (!world_.pauses.contains(PauseReason::breaker)) {
    if (!above) return std::nullopt;
    return LiquidationsPaused{PauseReason::breaker, OperatorId{}, ExternalId{}};
  }
  if (breaker.hold.raw() == 0 || now_.raw() < braked_at_ + breaker.hold.raw()) return std::nullopt;
  return LiquidationsResumed{PauseReason::breaker, OperatorId{}, ExternalId{}};
}

bool Oracle::run_exchange(EventTime until) {
  const std::vector<ExchangeOrder> round = take_due_orders(until);
  for (const ExchangeOrder& order : round) apply_one(answer_to(order));
  return !round.empty();
}

std::vector<Oracle::ExchangeOrder> Oracle::take_due_orders(EventTime until) {
  // Stable: orders of one due time stay in the order of issue.
  std::stable_sort(orders_.begin(), orders_.end(),
                   [](const auto& a, const auto& b) { return a.due < b.due; });
  if (orders_.empty() || orders_.front().due > until) return {};
  const Int128 window = std::max<Int128>(reference_.exchange.latency.raw(), 1);
  const Int128 end = orders_.front().due.raw() + window;
  const auto last = std::find_if(orders_.begin(), orders_.end(), [&](const ExchangeOrder& order) {
    return order.due > until || order.due.raw() >= end;
  });
  std::vector<ExchangeOrder> due(orders_.begin(), last);
  orders_.erase(orders_.begin(), last);
  return due;
}

Input Oracle::answer_to(const ExchangeOrder& order) const {
  const reference::Instrument& instrument = reference_.instruments[order.instrument.raw()];
  const Int128 mark = mark_of(order.instrument.raw());
  const bool of_house = order.account.raw() == 0;
  const Int128 filled = of_house ? Int128{order.quantity.raw()}
                                 : filled_within(reference_.exchange, instrument,
                                                 order.quantity.raw(), mark, order.limit.raw());
  const Int128 price =
      filled == 0 ? 0 : exchange_price(reference_.exchange, instrument, filled, mark);
  const Quantity quantity = Quantity::from_raw(to_64(filled));
  const Price at = Price::from_raw(to_64(price));
  Input answer{Sequence{}, std::max(order.due, now_), Origin::exchange, {}};
  if (of_house) {
    answer.body = InventoryAnswered{order.instrument, quantity, at};
  } else {
    answer.body =
        LiquidationAnswered{order.account, order.epoch, order.instrument, quantity, at, order.side};
  }
  return answer;
}

void Oracle::apply_one(Input input) {
  input.sequence = Sequence::from_raw(inputs_.size() + 1);
  const std::optional<Int128> before = started_ ? std::optional{Int128{now_.raw()}} : std::nullopt;
  now_ = started_ ? std::max(input.time, now_) : input.time;
  started_ = true;
  inputs_.push_back(input);
  cause_ = input;
  touch_due(before);
  pass_deadlines();
  refresh_totals();
  context_ = Context{};
  context_.time = now_;
  const Answer refusal = std::visit([this](const auto& body) { return apply(body); }, input.body);
  if (refusal) emit(account_of(input), InputRefused{*refusal, kind_of(input)});
  work_out_prices();
  refresh_totals();
  judge_rounds();
  publish();
  check_conservation();
  check_external_net();
  for (const SettlementPriced& settled : std::exchange(averaged_, {})) {
    apply_one({Sequence{}, now_, Origin::house, settled});
  }
}

}  // namespace plimsoll::oracle
