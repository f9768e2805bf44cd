#include "tests/oracle/requirement.hpp"

#include <algorithm>

#include "tests/oracle/rules.hpp"

namespace plimsoll::oracle {
namespace {

using reference::Bracket;
using reference::OrderMargin;
using reference::Tiers;

/// One of the sizes that a line may have, and what is charged for it.
struct Case {
  Int128 size{0};               // signed
  Int128 notional{0};           // of the size
  Int128 position_notional{0};  // what slippage is charged on
  Int128 loss{0};               // of filling the orders at their limits
};

/// The orders of one direction that count.
struct Side {
  Int128 size{0};   // not signed
  Int128 value{0};  // signed turnover at the limits, each rounded away from zero
  Int128 loss{0};
};

Rate rate_in(const Bracket& bracket, Margin margin) {
  return margin == Margin::initial ? bracket.initial : bracket.maintenance;
}

const Tiers& tiers_for(const LineTerms& terms, Int128 size) {
  return size > 0 ? terms.tiers_long : terms.tiers_short;
}

Int128 notional_at_mark(const LineTerms& terms, Int128 size) {
  return notional_of(terms.instrument, size, terms.mark);
}

Int128 rate_of_measure(const Tiers& tiers, Int128 measure, Margin margin) {
  Int128 rate = 0;
  for (const Bracket& bracket : tiers.brackets) {
    if (bracket.floor <= measure) rate = rate_in(bracket, margin).raw();
  }
  return rate;
}

/// n * rate_b - amount_b, with the amounts added up anew.
Int128 marginal_charge(const Tiers& tiers, Int128 notional, Margin margin) {
  Int128 amount = 0;
  Int128 rate = rate_in(tiers.brackets.front(), margin).raw();
  for (const Bracket& bracket : tiers.brackets) {
    if (bracket.floor > notional) break;
    amount += bracket.floor * (rate_in(bracket, margin).raw() - rate);
    rate = rate_in(bracket, margin).raw();
  }
  return notional * rate - amount;
}

/// rate_0 * unit + increment * measure, and unit.
struct Slope {
  Int128 numerator;
  Int128 unit;
};

Slope slope_of(const LineTerms& terms, const Tiers& tiers, Int128 measure, Margin margin) {
  const Int128 unit =
      ten_to(tiers.measure == reference::TierMeasure::value ? terms.settle_decimals
                                                            : terms.instrument.quantity_decimals);
  const Rate increment =
      margin == Margin::initial ? tiers.initial_increment : tiers.maintenance_increment;
  return {rate_in(tiers.brackets.front(), margin).raw() * unit + increment.raw() * measure, unit};
}

Int128 increment_charge(const LineTerms& terms, const Tiers& tiers, Int128 notional, Int128 measure,
                        Margin margin) {
  const Slope slope = slope_of(terms, tiers, measure, margin);
  if (slope.numerator >= kOne * slope.unit) return notional * kOne;
  return ceil_of_product(slope.numerator, notional, slope.unit);
}

/// rate' of the README, or 0 where open interest does not matter.
Int128 open_interest_rate(const LineTerms& terms, const Tiers& tiers) {
  const Int128 lower = tiers.open_interest_lower.raw();
  const Int128 upper = tiers.open_interest_upper.raw();
  if (upper == 0) return 0;
  const Int128 rate = tiers.brackets.front().initial.raw();
  const Int128 notional = notional_at_mark(terms, terms.open_interest);
  if (notional <= lower) return rate;
  if (notional >= upper) return kOne;
  const Int128 step = tiers.open_interest_step.raw();
  return rate + step * floor_of((kOne - rate) * (notional - lower), (upper - lower) * step);
}

/// What the tiers look at: the size, or the owner's whole with this size in it.
Int128 counted_size(const LineTerms& terms, Int128 size) {
  return absolute(size) + (terms.profile.aggregate_by_owner ? terms.others : 0);
}

Int128 measure_of(const LineTerms& terms, const Tiers& tiers, Int128 size, Int128 notional) {
  if (tiers.measure == reference::TierMeasure::quantity) return counted_size(terms, size);
  if (!terms.profile.aggregate_by_owner) return notional;
  return notional_at_mark(terms, counted_size(terms, size));
}

Int128 tier_charge(const LineTerms& terms, Int128 size, Int128 notional, Margin margin) {
  const Tiers& tiers = tiers_for(terms, size);
  const Int128 measure = measure_of(terms, tiers, size, notional);
  switch (tiers.mode) {
    case reference::TierMode::whole:
      return notional * rate_of_measure(tiers, measure, margin);
    case reference::TierMode::increment:
      return increment_charge(terms, tiers, notional, measure, margin);
    case reference::TierMode::marginal:
      break;
  }
  if (!terms.profile.aggregate_by_owner) return marginal_charge(tiers, notional, margin);
  const Int128 whole = counted_size(terms, size);
  const Int128 of_whole =
      ceil_of(marginal_charge(tiers, notional_at_mark(terms, whole), margin), kOne);
  return ceil_of_product(of_whole, absolute(size), whole) * kOne;
}

/// C(q, n, k), in units of 1e-9 Amount.
Int128 charge(const LineTerms& terms, Int128 size, Int128 notional, Margin margin) {
  const Int128 by_tiers = tier_charge(terms, size, notional, margin);
  if (margin != Margin::initial) return by_tiers;
  return std::max(by_tiers, notional * open_interest_rate(terms, tiers_for(terms, size)));
}

Int128 requirement_of_case(const LineTerms& terms, const Case& one, Margin margin) {
  if (one.size == 0) return one.loss;
  const Int128 sum = charge(terms, one.size, one.notional, margin) +
                     one.position_notional * tiers_for(terms, one.size).slippage.raw() +
                     one.notional * terms.profile.closing_fee.raw();
  Int128 amount = terms.profile.requirement_rounding == reference::Rounding::up
                      ? ceil_of(sum, kOne)
                      : floor_of(sum, kOne);
  if (margin == Margin::initial && terms.leverage != 0) {
    amount = std::max(amount, ceil_of_product(one.notional, kOne, terms.leverage));
  }
  return amount + one.loss;
}

Side side_of(const LineTerms& terms, const std::vector<Order>& orders, int direction) {
  Side side;
  for (const Order& order : orders) {
    if (order.reduce_only || (order.remainder > 0) != (direction > 0)) continue;
    side.size += absolute(order.remainder);
    const Int128 size = notional_of(terms.instrument, order.remainder, order.limit);
    const bool owes = (terms.instrument.kind == reference::Kind::inverse) != (direction > 0);
    side.value += owes ? size : -size;
    const Int128 paid = turnover_up(terms.instrument, order.remainder, order.limit);
    const Int128 worth = turnover_down(terms.instrument, order.remainder, terms.mark);
    side.loss += std::max(paid - worth, Int128{0});
  }
  return side;
}

/// The size notional: at the mark, or what was and would be paid.
Int128 size_notional(const LineTerms& terms, Int128 size, Int128 paid) {
  return terms.profile.basis == reference::MarginBasis::mark ? notional_at_mark(terms, size)
                                                             : absolute(paid);
}

Case position_case(const LineTerms& terms, const Position& position) {
  Case one;
  one.size = position.quantity;
  one.notional = size_notional(terms, position.quantity, position.entry);
  one.position_notional = one.notional;
  return one;
}

/// The position with all orders of one direction filled.
Case filled_case(const LineTerms& terms, const Position& position, const Side& side,
                 int direction) {
  Case one;
  one.size = position.quantity + direction * side.size;
  one.notional = size_notional(terms, one.size, position.entry + side.value);
  one.position_notional = one.notional;
  if (terms.profile.order_margin == OrderMargin::worst_fill) one.loss = side.loss;
  return one;
}

/// The position, if it is on that side, and all orders that lead there.
Case sided_case(const LineTerms& terms, const Position& position, const Side& side, int direction) {
  const bool holds = direction * position.quantity > 0;
  const Position own = holds ? position : Position{};
  Case one;
  one.size = own.quantity + direction * side.size;
  one.notional = size_notional(terms, one.size, own.entry + side.value);
  one.position_notional = size_notional(terms, own.quantity, own.entry);
  return one;
}

std::vector<Case> cases_of(const LineTerms& terms, const Position& position,
                           const std::vector<Order>& orders, Margin margin) {
  const Side buys = side_of(terms, orders, 1);
  const Side sells = side_of(terms, orders, -1);
  const bool counts = margin != Margin::maintenance || terms.profile.orders_in_maintenance;
  const bool some = buys.size != 0 || sells.size != 0;
  if (terms.profile.order_margin == OrderMargin::none || !counts || !some) {
    return {position_case(terms, position)};
  }
  std::vector<Case> cases;
  if (terms.profile.order_margin == OrderMargin::per_side) {
    const bool leads_up = position.quantity + buys.size > 0;
    const bool leads_down = position.quantity - sells.size < 0;
    if (leads_up) cases.push_back(sided_case(terms, position, buys, 1));
    if (leads_down) cases.push_back(sided_case(terms, position, sells, -1));
    return cases;
  }
  cases.push_back(position_case(terms, position));
  if (buys.size != 0) cases.push_back(filled_case(terms, position, buys, 1));
  if (sells.size != 0) cases.push_back(filled_case(terms, position, sells, -1));
  return cases;
}

}  // namespace

Int128 requirement_of(const LineTerms& terms, const Position& position,
                      const std::vector<Order>& orders, Margin margin) {
  Int128 most = 0;
  for (const Case& one : cases_of(terms, position, orders, margin)) {
    most = std::max(most, requirement_of_case(terms, one, margin));
  }
  const bool pays = position.quantity * terms.funding_estimate > 0;
  if (!terms.profile.reserve_funding || !pays) return most;
  return most +
         fee_of(notional_at_mark(terms, position.quantity), absolute(terms.funding_estimate));
}

}  // namespace plimsoll::oracle
