#include "engine/lifecycle/plan.hpp"

#include <algorithm>
#include <limits>

#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::lifecycle {

using reference::Instrument;

/// An order that is being sized.
struct StepPlanner::Order {
  std::size_t line;
  const Instrument& instrument;
  const reference::Profile& profile;
  Rate slippage;
  Price limit;
  bool sells;
  margin::Contribution now;  // of the line; where each line stands for itself

  [[nodiscard]] Quantity of(std::int64_t lots) const noexcept {
    const std::int64_t size = lots * instrument.lot.raw();
    return Quantity::from_raw(sells ? -size : size);
  }
};

StepPlanner::StepPlanner(const reference::Reference& reference, const marks::Marks& marks)
    : reference_{reference}, marks_{marks} {
  candidates_.reserve(2 * reference.instruments.size());
  orders_.reserve(2 * reference.instruments.size());
}

Int128 StepPlanner::fee_of(const Order& order, Quantity quantity) const {
  return reference::fee_of(
      reference::turnover(order.instrument, quantity.raw(), order.limit).notional(),
      order.profile.liquidation_fee);
}

margin::Contribution StepPlanner::contribution_of(const margin::Line& line, Quantity size,
                                                  const reference::Profile& profile) const {
  const margin::Terms terms{reference_, *prices_, line.instrument, line.quantity.raw() > 0};
  return margin::contribution_of(size, terms.mark, terms, profile);
}

StepPlanner::Running StepPlanner::after_plain(const Order& order, std::int64_t lots) const {
  const margin::Line& line = planned_.lines[order.line];
  const Quantity quantity = order.of(lots);
  const ledger::Booking booking = ledger::book_fill({line.quantity.raw(), line.entry_value.raw()},
                                                    quantity, order.limit, order.instrument);
  const margin::Contribution then =
      contribution_of(line, Quantity::from_raw(narrow(booking.after.quantity)), order.profile);
  return {running_.equity + booking.realised - fee_of(order, quantity) +
              (then.value - booking.after.entry_value) - (order.now.value - line.entry_value.raw()),
          running_.maintenance + then.requirement - order.now.requirement};
}

StepPlanner::Running StepPlanner::after(const Order& order, std::int64_t lots) {
  if (plain_) return after_plain(order, lots);
  tried_ = planned_;
  const Quantity quantity = order.of(lots);
  margin::book_fill(tried_, reference_, order.line, quantity, order.limit, fee_of(order, quantity));
  const margin::Worth worth = margin::evaluate(tried_, reference_, margin::Market{*prices_}, {});
  return {worth.equity, worth.requirement};
}

StepPlanner::Known StepPlanner::known_sizes(const Order& order, const Sized& whole,
                                            Rate target) const {
  const Known nothing{.none = 0, .all = whole.lots};
  const InstrumentId id = planned_.lines[order.line].instrument;
  const margin::Terms terms{reference_, *prices_, id, order.sells};
  const bool concave = plain_ && terms.tiers.mode == reference::TierMode::marginal &&
                       terms.tiers.measure == reference::TierMeasure::value;
  if (!concave) return nothing;
  const auto excess_of = [&](const Running& at) {
    return at.equity - margin::threshold(at.maintenance, target, order.profile);
  };
  // The excess over the target is a concave function of the size, but for roundings: of cash, fee
  // and value by less than 4 units, of the requirement by less than 6, times the target.
  const Int128 roundings = 8 + 8 * divide_ceil<Int128>(target.raw(), kRateOne);
  const Int128 at_none = excess_of(running_);
  const Int128 at_whole = excess_of(whole.then);
  constexpr Int128 kFits = Int128{1} << 62;  // no product here leaves 128 bits
  if (at_none < -kFits || at_whole > kFits || whole.lots > kFits) return nothing;
  // It is nowhere below the chord from nothing to all ...
  const Int128 rise = at_whole - at_none;
  const Int128 needed = 2 * roundings + 1;
  if (rise <= 0 || at_whole < needed) return nothing;
  const auto all = narrow(divide_ceil<Int128>((needed - at_none) * whole.lots, rise));
  if (all >= whole.lots) return nothing;
  // ... and before a size nowhere above the line through there and the end.
  const Int128 at_all = excess_of(after_plain(order, all));
  const Int128 fall = at_whole - at_all - 2 * roundings;
  if (fall <= 0) return {.none = 0, .all = all};
  const Int128 back = divide_ceil<Int128>((at_all + needed) * (whole.lots - all), fall);
  return {.none = narrow(std::max<Int128>(0, all - std::max<Int128>(back, 0))), .all = all};
}

StepPlanner::Sized StepPlanner::lots_needed(const Order& order, std::int64_t held, Rate target) {
  const auto reaches = [&](const Running& then) {
    return !margin::below(then.equity, then.maintenance, target, order.profile);
  };
  Sized found{held, after(order, held)};
  if (!reaches(found.then)) return found;
  const Known known = known_sizes(order, found, target);
  // The steps are those of the bisection throughout, also where roundings make more than one size
  // the smallest: what is known only saves trials.
  std::int64_t low = 1;
  std::int64_t high = held;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (middle <= known.none) {
      low = middle + 1;
    } else if (middle >= known.all) {
      high = middle;
    } else if (const Running then = after(order, middle); reaches(then)) {
      high = middle;
      found = {middle, then};
    } else {
      low = middle + 1;
    }
  }
  return found.lots == low ? found : Sized{low, after(order, low)};
}

void StepPlanner::rank(const margin::Portfolio& account) {
  const reference::Profile& profile = reference_.profiles[account.profile.raw()];
  const margin::Market market{*prices_};
  candidates_.clear();
  left_out_frozen_ = false;
  for (std::size_t i = 0; i < account.lines.size(); ++i) {
    const margin::Line& line = account.lines[i];
    if (line.quantity.raw() == 0) continue;
    if (marks_.terms(line.instrument).status == InstrumentStatus::unlisted) continue;
    if (marks_.frozen(line.instrument)) {
      left_out_frozen_ = true;
      continue;
    }
    Candidate& candidate = candidates_.emplace_back(Candidate{.line = i, .now = {}});
    if (plain_) {
      candidate.now = contribution_of(line, line.quantity, profile);
      continue;
    }
    Int128& requirement = candidate.now.requirement;
    requirement = margin::requirement_of(line, account.orders, margin::Kind::maintenance,
                                         {reference_, profile, market});
    if (!account.multi_asset()) continue;
    const AssetId settle = reference_.instruments[line.instrument.raw()].settle;
    requirement = margin::convert_ceil(reference_, settle, requirement, prices_->index(settle));
  }
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
    if (a.now.requirement != b.now.requirement) return a.now.requirement > b.now.requirement;
    return a.line < b.line;
  });
}

const std::vector<PlannedOrder>& StepPlanner::plan(const margin::Portfolio& account,
                                                   const margin::Valuation& valuation, Rate target,
                                                   const marks::Marks& prices) {
  const reference::Profile& profile = reference_.profiles[account.profile.raw()];
  prices_ = &prices;
  orders_.clear();
  plain_ = !account.multi_asset() && margin::is_plain(profile);
  rank(account);
  planned_ = account;
  running_ = {valuation.equity.raw(), valuation.maintenance_margin.raw()};
  for (const Candidate& candidate : candidates_) {
    if (!margin::below(running_.equity, running_.maintenance, target, profile)) break;
    const margin::Line& line = account.lines[candidate.line];
    const Instrument& instrument = reference_.instruments[line.instrument.raw()];
    const bool sells = line.quantity.raw() > 0;
    const marks::Marks::Terms& terms = marks_.terms(line.instrument);
    const reference::Tiers& tiers =
        reference_.tiers[(sells ? terms.tiers_long : terms.tiers_short).raw()];
    Order order{.line = candidate.line,
                .instrument = instrument,
                .profile = profile,
                .slippage = reference::liquidation_slippage(tiers, profile),
                .limit = {},
                .sells = sells,
                .now = candidate.now};
    const std::int64_t held = narrow(magnitude(line.quantity.raw())) / instrument.lot.raw();
    if (held != 0) plan_line(order, held, target);
  }
  return orders_;
}

void StepPlanner::plan_line(Order& order, std::int64_t held, Rate target) {
  const margin::Line& line = planned_.lines[order.line];
  const InstrumentId id = line.instrument;
  const PositionSide side = line.side;
  for (bool last = order.slippage.raw() <= 0; !last;) {
    order.limit = order_limit(order.instrument, order.slippage, order.sells, prices_->of(id));
    last = order.slippage.raw() == 0;
    order.slippage = Rate::from_raw(order.slippage.raw() / 2);
    if (order.limit.raw() == 0) continue;
    const auto [lots, then] = lots_needed(order, held, target);
    if (then.equity - then.maintenance < running_.equity - running_.maintenance) continue;
    const Quantity quantity = order.of(lots);
    orders_.push_back({id, side, quantity, order.limit});
    running_ = then;
    // Where each line stands for itself, nothing is asked about this one again.
    if (!plain_) {
      margin::book_fill(planned_, reference_, order.line, quantity, order.limit,
                        fee_of(order, quantity));
    }
    return;
  }
}

Price order_limit(const Instrument& instrument, Rate slippage, bool sells, Price mark) noexcept {
  const std::int64_t away = slippage.raw();
  const std::int64_t tick = instrument.tick.raw();
  const Int128 scaled = Int128{mark.raw()} * (sells ? kRateOne - away : kRateOne + away);
  // Rounded towards the mark, so that rounding never worsens the price; but never past it, where
  // nobody would fill it.
  const Int128 step = Int128{tick} * kRateOne;
  const Int128 below = divide_floor<Int128>(scaled, step) * tick;
  const Int128 above = divide_ceil<Int128>(scaled, step) * tick;
  const Int128 limit =
      sells ? (above > mark.raw() ? below : above) : (below < mark.raw() ? above : below);
  if (limit < instrument.price_min.raw() || limit > instrument.price_max.raw()) return {};
  return Price::from_raw(narrow(limit));
}

Price bankruptcy_price(const Instrument& instrument, Int128 transfer_value,
                       Quantity quantity) noexcept {
  const Int128 size = magnitude(quantity.raw()) * instrument.numerator;
  const Int128 value = magnitude(transfer_value);
  Int128 price = 0;
  if (instrument.kind == reference::Kind::inverse) {
    price = value == 0 ? 0 : size / value;
  } else {
    price = value * instrument.denominator / size;
  }
  if (price > std::numeric_limits<std::int64_t>::max()) return {};
  return Price::from_raw(static_cast<std::int64_t>(price));
}

namespace {

/// The lines that settle in one asset, as they are handed over.
class AssetTakeover {
 public:
  AssetTakeover(const reference::Reference& reference, const marks::Marks& marks,
                const margin::Portfolio& account, AssetId asset)
      : reference_{reference},
        market_{marks},
        rules_{reference, reference.profiles[account.profile.raw()], market_},
        account_{account} {
    for (const margin::Line& line : account.lines) {
      const Instrument& instrument = reference.instruments[line.instrument.raw()];
      if (instrument.settle != asset || line.quantity.raw() == 0) continue;
      net_ += value_of(line) - line.entry_value.raw();
      maintenance_ += maintenance_of(line);
      last_ = &line;
    }
    for (const margin::Holding& holding : account.balances) {
      if (holding.asset == asset) net_ += holding.amount.raw();
    }
    left_ = net_;
  }

  [[nodiscard]] Int128 net() const noexcept { return net_; }
  [[nodiscard]] bool has_position() const noexcept { return last_ != nullptr; }

  /// REQUIRES: the lines come in order.
  [[nodiscard]] PositionTakenOver take(const margin::Line& line, LiquidationEpoch epoch) {
    const Int128 value = value_of(line);
    Int128 share =
        maintenance_ > 0 ? divide_floor<Int128>(net_ * maintenance_of(line), maintenance_) : 0;
    if (&line == last_) share = left_;
    left_ -= share;
    const Instrument& instrument = reference_.instruments[line.instrument.raw()];
    return {.quantity = line.quantity,
            .mark_value = Amount::from_raw(narrow(value)),
            .transfer_value = Amount::from_raw(narrow(value - share)),
            .bankruptcy_price = bankruptcy_price(instrument, value - share, line.quantity),
            .epoch = epoch,
            .instrument = line.instrument,
            .side = line.side};
  }

 private:
  [[nodiscard]] Int128 value_of(const margin::Line& line) const {
    return margin::value_of(reference_.instruments[line.instrument.raw()], line.quantity,
                            line.instrument, market_);
  }
  [[nodiscard]] Int128 maintenance_of(const margin::Line& line) const {
    return margin::requirement_of(line, account_.orders, margin::Kind::maintenance, rules_);
  }

  const reference::Reference& reference_;
  margin::Market market_;
  margin::Rules rules_;
  const margin::Portfolio& account_;
  Int128 net_{0};
  Int128 maintenance_{0};
  Int128 left_{0};
  const margin::Line* last_{nullptr};
};

bool owes_anything(const reference::Reference& reference, const marks::Marks& marks,
                   const margin::Portfolio& account) {
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    if (AssetTakeover{reference, marks, account, AssetId::from_raw(i)}.net() < 0) return true;
  }
  return false;
}

}  // namespace

void plan_takeover(const reference::Reference& reference, const marks::Marks& marks,
                   const margin::Portfolio& account, LiquidationEpoch epoch, Takeover& takeover) {
  takeover.positions.clear();
  takeover.balances.clear();
  takeover.assets.clear();
  const bool owes = owes_anything(reference, marks, account);
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const AssetId asset = AssetId::from_raw(i);
    AssetTakeover of_asset{reference, marks, account, asset};
    if (!owes && !of_asset.has_position()) continue;
    takeover.assets.push_back(asset);
    for (const margin::Line& line : account.lines) {
      if (line.quantity.raw() == 0 ||
          reference.instruments[line.instrument.raw()].settle != asset) {
        continue;
      }
      takeover.positions.push_back(of_asset.take(line, epoch));
    }
    if (of_asset.net() == 0) continue;
    takeover.balances.push_back(
        {.amount = Amount::from_raw(narrow(of_asset.net())), .epoch = epoch, .asset = asset});
  }
  std::sort(takeover.positions.begin(), takeover.positions.end(),
            [](const PositionTakenOver& a, const PositionTakenOver& b) {
              return a.instrument != b.instrument ? a.instrument < b.instrument : a.side < b.side;
            });
}

}  // namespace plimsoll::lifecycle
