#include "engine/margin/requirement.hpp"

#include <algorithm>
#include <limits>

#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::margin {
namespace {

using reference::Instrument;
using reference::OrderMargin;
using reference::TierMeasure;
using reference::TierMode;
using reference::Tiers;

/// One way in which position and orders may end up.
struct Case {
  Int128 size{0};             // signed
  Int128 position{0};         // signed part of it that is the position
  Int128 orders_at_limit{0};  // signed value of the orders, for the entry basis
  Int128 loss{0};
};

/// The requirement of one line while it is worked out.
class Requirement {
 public:
  Requirement(const Line& line, std::span<const RestingOrder> orders, Kind kind, const Rules& rules,
              Int128* room, Decision* decision)
      : line_{line},
        orders_{orders},
        kind_{kind},
        rates_{factor_of(kind, rules.profile).raw() == 0 ? kind : Kind::maintenance},
        rules_{rules},
        instrument_{rules.reference.instruments[line.instrument.raw()]},
        room_{room},
        decision_{decision} {}

  [[nodiscard]] Int128 work_out() {
    const bool count_orders = rules_.profile.order_margin != OrderMargin::none &&
                              (kind_ != Kind::maintenance || rules_.profile.orders_in_maintenance);
    const Int128 quantity = line_.quantity.raw();
    const Int128 buys = count_orders ? line_.buys.raw() : 0;
    const Int128 sells = count_orders ? line_.sells.raw() : 0;
    if (count_orders && rules_.profile.order_margin == OrderMargin::per_side) {
      const Int128 longs = std::max<Int128>(quantity, 0);
      const Int128 shorts = std::max<Int128>(-quantity, 0);
      if (quantity + buys > 0) consider({.size = longs + buys, .position = longs});
      if (quantity - sells < 0) consider({.size = -shorts - sells, .position = -shorts});
    } else {
      if (quantity != 0) consider({.size = quantity, .position = quantity});
      if (buys != 0) consider(with_orders(buys, true));
      if (sells != 0) consider(with_orders(-sells, false));
    }
    if (decision_ != nullptr && !decided_) decide({}, 0, 0, 0, 0);
    const Int128 funding = reserved_funding();
    if (decision_ != nullptr) decision_->funding = funding;
    return worst_ + funding;
  }

 private:
  /// A function of one price, at the end of the market where it is greatest.
  template <class Function>
  [[nodiscard]] Int128 worst_of(Function&& function) const {
    const Int128 at_low = function(rules_.market.low);
    return rules_.market.is_point() ? at_low
                                    : std::max<Int128>(at_low, function(rules_.market.high));
  }

  [[nodiscard]] Int128 notional_of(Int128 size) const {
    return worst_of([&](const marks::Marks& marks) {
      return reference::turnover(instrument_, size, marks.of(line_.instrument)).notional();
    });
  }

  [[nodiscard]] Case with_orders(Int128 orders, bool buys) const {
    Case result{.size = line_.quantity.raw() + orders, .position = line_.quantity.raw()};
    for (const RestingOrder& order : orders_) {
      const bool own = order.instrument == line_.instrument && order.side == line_.side &&
                       (order.remaining.raw() > 0) == buys;
      if (!own) continue;
      const Int128 paid =
          reference::turnover(instrument_, order.remaining.raw(), order.limit).ceil();
      const Int128 at_limit =
          reference::turnover(instrument_, order.remaining.raw(), order.limit).notional();
      result.orders_at_limit += paid < 0 ? -at_limit : at_limit;
      if (rules_.profile.order_margin != OrderMargin::worst_fill) continue;
      result.loss += worst_of([&](const marks::Marks& marks) {
        const Int128 value =
            reference::turnover(instrument_, order.remaining.raw(), marks.of(line_.instrument))
                .floor();
        return std::max<Int128>(0, paid - value);
      });
    }
    return result;
  }

  [[nodiscard]] Int128 case_notional(const Case& each, Int128 size) const {
    if (rules_.profile.basis == reference::MarginBasis::mark) return notional_of(size);
    return magnitude(line_.entry_value.raw() + each.orders_at_limit);
  }

  [[nodiscard]] const Tiers& tiers_of(Int128 size) const {
    return rules_.reference.tiers[tiers_id(size).raw()];
  }
  [[nodiscard]] TiersId tiers_id(Int128 size) const {
    const marks::Marks::Terms& terms = rules_.market.low.terms(line_.instrument);
    return size < 0 ? terms.tiers_short : terms.tiers_long;
  }

  void consider(const Case& each) {
    const bool whole_case = rules_.profile.order_margin == OrderMargin::per_side;
    if (each.size == 0 && each.loss == 0) return;
    const Tiers& tiers = tiers_of(each.size);
    // Nothing is held in a case of size 0, whatever was paid on the way: it costs its loss alone.
    const Int128 notional = each.size == 0 ? 0 : case_notional(each, each.size);
    const Int128 charge = charge_by_owner(tiers, each, notional);
    const Int128 position_notional =
        whole_case && each.position != each.size ? notional_of(each.position) : notional;
    const Int128 slippage = position_notional * tiers.slippage.raw();
    const Int128 fee = notional * rules_.profile.closing_fee.raw();
    Int128 required = round_charge(charge + slippage + fee, rules_.profile.requirement_rounding);
    Int128 leverage = 0;
    if (rates_ != Kind::maintenance && line_.leverage.raw() != 0) {
      leverage = divide_ceil<Int128>(notional * kRateOne, line_.leverage.raw());
      required = std::max(required, leverage);
    }
    required += each.loss;
    if (decided_ && required <= worst_) return;
    decided_ = true;
    worst_ = required;
    if (decision_ != nullptr) decide(each, notional, position_notional, charge, leverage);
  }

  void decide(const Case& each, Int128 notional, Int128 position_notional, Int128 charge,
              Int128 leverage) {
    const Tiers& tiers = tiers_of(each.size);
    const Int128 measure = measure_of(tiers, each, notional);
    const Int128 fee = notional * rules_.profile.closing_fee.raw();
    Decision& result = *decision_;
    result.tiers = tiers_id(each.size);
    result.bracket = tiers.mode == TierMode::increment ? 0 : bracket_of(tiers, measure);
    result.size = each.size;
    result.notional = notional;
    result.position_notional = position_notional;
    result.charge = divide_ceil<Int128>(charge, kRateOne);
    result.slippage = divide_ceil<Int128>(position_notional * tiers.slippage.raw(), kRateOne);
    result.fee = divide_ceil<Int128>(fee, kRateOne);
    result.loss = each.loss;
    result.leverage = leverage;
    result.owner_size = owner_size(each);
    const bool alone = result.owner_size == magnitude(each.size);
    result.owner_notional = alone ? notional : notional_of(result.owner_size);
    decide_rate(tiers, measure);
    const Rate scaled = scaled_by_open_interest(tiers);
    if (charge == 0 || charge != notional * scaled.raw()) return;
    result.rate = Int128{scaled.raw()} * kRateOne;
    result.amount = 0;
    result.owner_size = magnitude(each.size);
    result.owner_notional = notional;
  }

  /// The rate and amount of the bracket.
  void decide_rate(const Tiers& tiers, Int128 measure) {
    const bool maintenance = rates_ == Kind::maintenance;
    const reference::Bracket& bracket = tiers.brackets[decision_->bracket];
    const Rate rate = maintenance ? bracket.maintenance : bracket.initial;
    decision_->rate = Int128{rate.raw()} * kRateOne;
    decision_->amount = 0;
    if (tiers.mode == TierMode::marginal) {
      decision_->amount = maintenance ? bracket.maintenance_amount : bracket.initial_amount;
    } else if (tiers.mode == TierMode::increment) {
      const Rate step = maintenance ? tiers.maintenance_increment : tiers.initial_increment;
      const Int128 grown =
          divide_floor<Int128>(measure * step.raw() * kRateOne, tiers.measure_unit);
      decision_->rate = std::min<Int128>(kFineRateOne, decision_->rate + grown);
    }
  }

  /// All that the owner has, when this line has the case's size.
  [[nodiscard]] Int128 owner_size(const Case& each) const {
    return rules_.profile.aggregate_by_owner ? line_.others + magnitude(each.size)
                                             : magnitude(each.size);
  }

  [[nodiscard]] Int128 measure_of(const Tiers& tiers, const Case& each, Int128 notional) const {
    const Int128 size = owner_size(each);
    if (tiers.measure == TierMeasure::quantity) return size;
    return size == magnitude(each.size) ? notional : notional_of(size);
  }

  [[nodiscard]] Int128 charge_by_owner(const Tiers& tiers, const Case& each, Int128 notional) {
    const Int128 size = magnitude(each.size);
    const Int128 total = owner_size(each);
    const Int128 measure = measure_of(tiers, each, notional);
    note_room(tiers, measure, size, total);
    Int128 charge = 0;
    if (rules_.profile.aggregate_by_owner && tiers.mode == TierMode::marginal) {
      const Int128 whole =
          divide_ceil<Int128>(charge_of(tiers, rates_, measure, measure), kRateOne);
      charge = (total == 0 ? 0 : divide_ceil<Int128>(whole * size, total) * kRateOne);
    } else {
      charge = charge_of(tiers, rates_, notional, measure);
    }
    return std::max<Int128>(charge, notional * scaled_by_open_interest(tiers).raw());
  }

  /// The least rate that the open interest asks for; 0 where it does not.
  [[nodiscard]] Rate scaled_by_open_interest(const Tiers& tiers) const {
    if (rates_ == Kind::maintenance || tiers.open_interest_upper.raw() == 0) return {};
    return scaled_rate(tiers, instrument_, rules_.market.low.open_interest(line_.instrument),
                       rules_.market.low.of(line_.instrument));
  }

  void note_room(const Tiers& tiers, Int128 measure, Int128 size, Int128 total) {
    if (room_ == nullptr || tiers.mode != TierMode::whole || size == 0 ||
        tiers.measure != TierMeasure::value ||
        rules_.profile.basis == reference::MarginBasis::entry) {
      return;
    }
    Int128 room = bracket_room(tiers, measure);
    // The owner's notional moves total / size times as far as this line's.
    if (total != size)
      room = divide_floor<Int128>(std::min(room, Int128{1} << 62) * size, total) - 2;
    *room_ = std::min(*room_, room);
  }

  [[nodiscard]] Int128 reserved_funding() const {
    if (!rules_.profile.reserve_funding) return 0;
    const Rate rate = rules_.market.low.funding(line_.instrument);
    const Int128 quantity = line_.quantity.raw();
    if (rate.raw() == 0 || quantity == 0 || (rate.raw() > 0) != (quantity > 0)) return 0;
    return reference::fee_of(notional_of(quantity), Rate::from_raw(narrow(magnitude(rate.raw()))));
  }

  const Line& line_;
  std::span<const RestingOrder> orders_;
  Kind kind_;   // whose orders count
  Kind rates_;  // whose rates are charged
  const Rules& rules_;
  const Instrument& instrument_;
  Int128* room_;
  Decision* decision_;
  Int128 worst_{0};
  bool decided_{false};
};

}  // namespace

Int128 bracket_room(const Tiers& tiers, Int128 measure) noexcept {
  const std::uint32_t bracket = bracket_of(tiers, measure);
  Int128 room = kNoJump;
  if (bracket + 1 < tiers.brackets.size()) room = tiers.brackets[bracket + 1].floor - measure - 1;
  if (bracket > 0) room = std::min<Int128>(room, measure - tiers.brackets[bracket].floor);
  return room;
}

Rate factor_of(Kind kind, const reference::Profile& profile) noexcept {
  if (kind == Kind::maintenance) return {};
  const bool leaves = kind == Kind::withdrawal && profile.withdrawal_factor.raw() != 0;
  return leaves ? profile.withdrawal_factor : profile.initial_factor;
}

Int128 increment_charge(const Tiers& tiers, Kind kind, Int128 notional, Int128 measure) noexcept {
  const bool maintenance = kind == Kind::maintenance;
  const reference::Bracket& first = tiers.brackets.front();
  const Rate rate = maintenance ? first.maintenance : first.initial;
  const Rate increment = maintenance ? tiers.maintenance_increment : tiers.initial_increment;
  const Int128 unit = tiers.measure_unit;
  const Int128 grown = measure * increment.raw();
  if (grown >= (kRateOne - rate.raw()) * unit) return notional * kRateOne;
  return divide_ceil<Int128>(notional * (rate.raw() * unit + grown), unit);
}

Rate scaled_rate(const Tiers& tiers, const Instrument& instrument, Quantity open_interest,
                 Price mark) noexcept {
  const Int128 base = tiers.brackets.front().initial.raw();
  const Int128 span = tiers.open_interest_upper.raw() - tiers.open_interest_lower.raw();
  const Int128 notional = reference::turnover(instrument, open_interest.raw(), mark).notional();
  const Int128 beyond = notional - tiers.open_interest_lower.raw();
  if (beyond <= 0) return Rate::from_raw(narrow(base));
  if (beyond >= span) return Rate::from_raw(kRateOne);
  const Int128 step = tiers.open_interest_step.raw();
  const Int128 grown = divide_floor<Int128>((kRateOne - base) * beyond, span * step);
  return Rate::from_raw(narrow(base + grown * step));
}

Int128 requirement_of(const Line& line, std::span<const RestingOrder> orders, Kind kind,
                      const Rules& rules, Int128* room, Decision* decision) {
  return Requirement{line, orders, kind, rules, room, decision}.work_out();
}

Int128 value_of(const Instrument& instrument, Quantity quantity, InstrumentId id,
                const Market& market) noexcept {
  const Int128 at_low = reference::turnover(instrument, quantity.raw(), market.low.of(id)).floor();
  if (market.is_point()) return at_low;
  return std::min<Int128>(
      at_low, reference::turnover(instrument, quantity.raw(), market.high.of(id)).floor());
}

}  // namespace plimsoll::margin
