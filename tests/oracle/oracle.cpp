#include "tests/oracle/oracle.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <type_traits>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/rules.hpp"

namespace plimsoll::oracle {
namespace {

/// Equity and maintenance of an event that has both; else zero.
struct Urgency {
  Int128 equity{0};
  Int128 maintenance{0};
};

Urgency urgency_of(const Event& event) {
  return std::visit(
      [](const auto& body) -> Urgency {
        if constexpr (requires {
                        body.equity;
                        body.maintenance_margin;
                      }) {
          return {body.equity.raw(), body.maintenance_margin.raw()};
        } else {
          return {};
        }
      },
      event.body);
}

/// -1, 0 or 1: the order of the margin levels equity / max(maintenance, 1), as exact fractions.
int compare_levels(const Urgency& a, const Urgency& b) {
  const Int128 left = a.equity * std::max(b.maintenance, Int128{1});
  const Int128 right = b.equity * std::max(a.maintenance, Int128{1});
  return left < right ? -1 : static_cast<int>(left > right);
}

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

[[noreturn]] void violated(const char* what, std::size_t index, const Input& cause) {
  std::fprintf(stderr, "oracle: %s [%zu] violated by input %llu (kind %d)\n", what, index,
               static_cast<unsigned long long>(cause.sequence.raw()), int{kind_of(cause)});
  std::abort();
}

}  // namespace

Oracle::Oracle(const reference::Reference& reference) : reference_{reference} {
  world_.assets.resize(reference.assets.size());
  world_.markets.resize(reference.instruments.size());
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
    const bool decided = run_house();
    const bool answered = run_exchange(until);
    busy = decided || answered;
  }
}

bool Oracle::run_house() {
  std::vector<InputBody> decisions;
  std::map<std::uint32_t, Int128> fees;
  for (; house_looked_ < events_.size(); ++house_looked_) {
    const Event& event = events_[house_looked_];
    if (const auto* taken = std::get_if<PositionTakenOver>(&event.body)) {
      decisions.push_back(InventoryAbsorbed{event.header.account, taken->instrument,
                                            taken->quantity, taken->mark_value});
    } else if (const auto* whole = std::get_if<AccountTakenOver>(&event.body)) {
      if (whole->equity.raw() == 0) continue;
      decisions.push_back(TakeoverSettled{event.header.account, whole->asset, whole->equity});
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
    answer.body = LiquidationAnswered{order.account, order.epoch, order.instrument, quantity, at};
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
  context_ = Context{};
  context_.time = now_;
  const Answer refusal = std::visit([this](const auto& body) { return apply(body); }, input.body);
  if (refusal) emit(account_of(input), InputRefused{*refusal, kind_of(input)});
  judge_everyone();
  publish();
  check_conservation();
  check_external_net();
}

void Oracle::emit(AccountId account, const EventBody& body) {
  Event event;
  event.header.cause = cause_.sequence;
  event.header.cause_kind = kind_of(cause_);
  event.header.time = context_.time;
  event.header.account = account;
  event.header.trigger_instrument = context_.instrument;
  event.header.trigger_value = context_.trigger;
  event.body = body;
  pending_.push_back({event, context_.phase});
}

void Oracle::publish() {
  const auto before = [](const Pending& a, const Pending& b) {
    if (a.event.header.time != b.event.header.time) {
      return a.event.header.time < b.event.header.time;
    }
    if (a.phase != b.phase) return a.phase < b.phase;
    if (a.event.body.index() != b.event.body.index()) {
      return a.event.body.index() < b.event.body.index();
    }
    const Urgency left = urgency_of(a.event);
    const Urgency right = urgency_of(b.event);
    const int levels = compare_levels(left, right);
    if (levels != 0) return levels < 0;
    const Int128 left_deficit = std::max(-left.equity, Int128{0});
    const Int128 right_deficit = std::max(-right.equity, Int128{0});
    if (left_deficit != right_deficit) return left_deficit > right_deficit;
    return a.event.header.account < b.event.header.account;
  };
  std::stable_sort(pending_.begin(), pending_.end(), before);  // stable: then by ordinal
  for (Pending& pending : pending_) {
    pending.event.header.number = EventNumber::from_raw(events_.size() + 1);
    events_.push_back(pending.event);
    pass_to_exchange(pending.event);
  }
  pending_.clear();
}

void Oracle::pass_to_exchange(const Event& event) {
  const EventTime due = event.header.time + reference_.exchange.latency;
  if (const auto* order = std::get_if<LiquidationOrderIssued>(&event.body)) {
    orders_.push_back({due, event.header.account, order->epoch, order->instrument, order->quantity,
                       order->limit});
  } else if (const auto* unwind = std::get_if<InventoryOrderIssued>(&event.body)) {
    orders_.push_back(
        {due, AccountId{}, LiquidationEpoch{}, unwind->instrument, unwind->quantity, Price{}});
  }
}

void Oracle::check_conservation() const {
  for (std::size_t i = 0; i < world_.assets.size(); ++i) {
    const AssetBooks& books = world_.assets[i];
    Int128 held = books.fees + books.rounding + books.rest_of_world + books.fund - books.bad_debt +
                  books.in_transit;
    for (const auto& [id, account] : world_.accounts) {
      if (account.asset.raw() != i) continue;
      held += account.balance;
      for (const auto& [instrument, position] : account.positions) held -= position.entry;
    }
    for (std::size_t k = 0; k < world_.markets.size(); ++k) {
      if (reference_.instruments[k].settle.raw() == i) held -= world_.markets[k].inventory.entry;
    }
    if (held != books.deposits + books.endowments - books.withdrawals || books.fund < 0) {
      violated("conservation of asset", i, cause_);
    }
  }
}

void Oracle::check_external_net() const {
  for (std::size_t k = 0; k < world_.markets.size(); ++k) {
    const Market& market = world_.markets[k];
    Int128 held = market.inventory.quantity + market.quantity_in_transit;
    for (const auto& [id, account] : world_.accounts) {
      const auto position = account.positions.find(static_cast<std::uint32_t>(k));
      if (position != account.positions.end()) held += position->second.quantity;
    }
    if (held != market.external_net) violated("external net of instrument", k, cause_);
  }
}

}  // namespace plimsoll::oracle
