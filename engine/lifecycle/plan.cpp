#include "engine/lifecycle/plan.hpp"

#include <algorithm>
#include <limits>

namespace plimsoll::lifecycle {
namespace {

Int128 magnitude(Int128 x) noexcept {
  return x < 0 ? -x : x;
}

}  // namespace

/// Everything about the position at hand that does not depend on the size of the order.
struct StepPlanner::Context {
  const reference::Instrument& instrument;
  const reference::Profile& profile;
  Quantity quantity;
  Int128 value;
  Int128 maintenance;
  Price mark;
  Price limit;
  Rate target;

  [[nodiscard]] Quantity order_of(std::int64_t lots) const noexcept {
    const std::int64_t size = lots * instrument.lot.raw();
    return Quantity::from_raw(quantity.raw() > 0 ? -size : size);
  }
};

StepPlanner::StepPlanner(const reference::Reference& reference) : reference_{reference} {
  candidates_.reserve(reference.instruments.size());
  orders_.reserve(reference.instruments.size());
}

StepPlanner::Running StepPlanner::after(const Context& context, const Running& before,
                                        std::int64_t lots) const noexcept {
  const Quantity order = context.order_of(lots);
  const Quantity left = context.quantity + order;
  const std::int64_t divisor = context.instrument.value_divisor;
  const Int128 value_left = margin::value_position(left, context.mark, divisor).value;
  const Int128 turnover = Int128{order.raw()} * context.limit.raw();
  const Int128 cash = divide_ceil<Int128>(turnover, divisor);
  const Int128 fee = divide_ceil<Int128>(
      magnitude(turnover) * context.profile.liquidation_fee.raw(), Int128{divisor} * kRateOne);
  return {before.equity - (context.value - value_left) - cash - fee,
          before.maintenance - context.maintenance +
              margin::maintenance_of(context.instrument, left, context.mark)};
}

std::int64_t StepPlanner::lots_needed(const Context& context,
                                      const Running& before) const noexcept {
  const auto reaches = [&](std::int64_t lots) {
    const Running then = after(context, before, lots);
    return !margin::below(then.equity, then.maintenance, context.target, context.profile);
  };
  std::int64_t high =
      static_cast<std::int64_t>(magnitude(context.quantity.raw())) / context.instrument.lot.raw();
  if (!reaches(high)) return high;
  std::int64_t low = 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (reaches(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

const std::vector<PlannedOrder>& StepPlanner::plan(const ledger::Ledger& ledger,
                                                   ledger::AccountIndex account,
                                                   const marks::Marks& marks,
                                                   const margin::Valuation& valuation,
                                                   Rate target) {
  const reference::Profile& profile = reference_.profiles[ledger.account(account).profile.raw()];
  candidates_.clear();
  orders_.clear();
  ledger.for_each_position(account, [&](const ledger::Position& position) {
    candidates_.push_back(
        {&position, margin::maintenance_of(reference_.instruments[position.instrument.raw()],
                                           position.quantity, marks.of(position.instrument))});
  });
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
    if (a.maintenance != b.maintenance) return a.maintenance > b.maintenance;
    return a.position->instrument < b.position->instrument;
  });

  Running running{valuation.equity.raw(), valuation.maintenance_margin.raw()};
  for (const Candidate& candidate : candidates_) {
    if (!margin::below(running.equity, running.maintenance, target, profile)) break;
    const ledger::Position& position = *candidate.position;
    const reference::Instrument& instrument = reference_.instruments[position.instrument.raw()];
    const Price mark = marks.of(position.instrument);
    const Context context{
        .instrument = instrument,
        .profile = profile,
        .quantity = position.quantity,
        .value = margin::value_position(position.quantity, mark, instrument.value_divisor).value,
        .maintenance = candidate.maintenance,
        .mark = mark,
        .limit = order_limit(instrument, profile, position.quantity.raw() > 0, mark),
        .target = target};
    if (context.limit.raw() == 0) continue;
    const std::int64_t lots = lots_needed(context, running);
    const Running then = after(context, running, lots);
    if (then.equity - then.maintenance < running.equity - running.maintenance) continue;
    orders_.push_back({position.instrument, context.order_of(lots), context.limit});
    running = then;
  }
  return orders_;
}

Price order_limit(const reference::Instrument& instrument, const reference::Profile& profile,
                  bool sells, Price mark) noexcept {
  const std::int64_t slippage = reference::liquidation_slippage(instrument, profile).raw();
  const std::int64_t tick = instrument.tick.raw();
  const Int128 scaled = Int128{mark.raw()} * (sells ? kRateOne - slippage : kRateOne + slippage);
  // On the side of the mark, so that rounding never worsens the price.
  const Int128 step = Int128{tick} * kRateOne;
  const Int128 ticks =
      sells ? divide_ceil<Int128>(scaled, step) : divide_floor<Int128>(scaled, step);
  const Int128 limit = ticks * tick;
  if (limit <= 0 || limit > instrument.price_max.raw()) return {};
  return Price::from_raw(narrow(limit));
}

Price bankruptcy_price(Int128 transfer_value, Quantity quantity,
                       std::int64_t value_divisor) noexcept {
  const Int128 price = magnitude(transfer_value) * value_divisor / magnitude(quantity.raw());
  if (price > std::numeric_limits<std::int64_t>::max()) return {};
  return Price::from_raw(static_cast<std::int64_t>(price));
}

}  // namespace plimsoll::lifecycle
