#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "Order of events" of engine/README.md, and "What holds always".

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

[[noreturn]] void violated(const char* what, std::size_t index, const Input& cause) {
  std::fprintf(stderr, "oracle: %s [%zu] violated by input %llu (kind %d)\n", what, index,
               static_cast<unsigned long long>(cause.sequence.raw()), int{kind_of(cause)});
  std::abort();
}

}  // namespace

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
                       order->limit, order->side});
  } else if (const auto* unwind = std::get_if<InventoryOrderIssued>(&event.body)) {
    orders_.push_back({due, AccountId{}, LiquidationEpoch{}, unwind->instrument, unwind->quantity,
                       Price{}, PositionSide::net});
  }
}

void Oracle::check_conservation() const {
  for (std::size_t i = 0; i < world_.assets.size(); ++i) {
    const AssetBooks& books = world_.assets[i];
    Int128 held = books.fees + books.rounding + books.rest_of_world + books.fund - books.bad_debt +
                  books.in_transit;
    for (const auto& [id, account] : world_.accounts) {
      held += account.balance(static_cast<std::uint32_t>(i));
      for (const auto& [line, position] : account.positions) {
        if (reference_.instruments[line.instrument].settle.raw() == i) held -= position.entry;
      }
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
      for (const auto& [line, position] : account.positions) {
        if (line.instrument == k) held += position.quantity;
      }
    }
    if (held != market.external_net) violated("external net of instrument", k, cause_);
  }
}

}  // namespace plimsoll::oracle
