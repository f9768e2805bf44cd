#include "tests/oracle/oracle.hpp"

#include <algorithm>
#include <map>

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

Oracle::Oracle(const reference::Reference& reference) : reference_{reference} {
  world_.assets.resize(reference.assets.size());
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

// The first input of all starts the clock: there is no gap before it.
void Oracle::fill_gap(EventTime until) {
  if (!started_) return;
  const std::int64_t step = reference_.time_step.raw();
  Int128 next = (floor_of(now_.raw(), step) + 1) * step;
  if (until.raw() - next > Int128{1'000'000} * step) return;
  for (; next < until.raw(); next += step) {
    sequence({Sequence{}, EventTime::from_raw(to_64(next)), Origin::clock, TimeAdvanced{}});
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
    }
  }
  for (const auto& [asset, sum] : fees) {
    if (sum <= 0) continue;
    decisions.push_back(FeesCollected{AssetId::from_raw(asset), Amount::from_raw(to_64(sum))});
  }
  for (const InputBody& body : decisions) apply_one({Sequence{}, now_, Origin::house, body});
  return !decisions.empty();
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
  now_ = started_ ? std::max(input.time, now_) : input.time;
  started_ = true;
  inputs_.push_back(input);
  cause_ = input;
  fail_calls(now_);
  refresh_totals();
  context_ = Context{};
  context_.time = now_;
  const Answer refusal = std::visit([this](const auto& body) { return apply(body); }, input.body);
  if (refusal) emit(account_of(input), InputRefused{*refusal, kind_of(input)});
  refresh_totals();
  judge_rounds();
  publish();
  check_conservation();
  check_external_net();
}

}  // namespace plimsoll::oracle
