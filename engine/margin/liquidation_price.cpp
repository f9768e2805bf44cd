#include "engine/margin/liquidation_price.hpp"

#include <algorithm>
#include <vector>

namespace plimsoll::margin {
namespace {

/// Evaluations that one side may take; a simple account takes about a hundred.
constexpr int kEvaluationsMax = 200'000;
/// A companion moves at most a billion times its price, so that nothing leaves 128 bits.
constexpr Int128 kMoveMax = Int128{1} << 60;

Price price_of(const marks::Marks& marks, const Factor& factor) noexcept {
  return factor.is_index() ? marks.index(factor.asset) : marks.of(factor.instrument);
}

void set_price(marks::Marks& marks, const Factor& factor, Price price) noexcept {
  if (factor.is_index()) {
    marks.set_index(factor.asset, price);
  } else {
    marks.set(factor.instrument, price);
  }
}

/// An interval of raw prices, both ends included.
struct Interval {
  std::int64_t low;
  std::int64_t high;
};

Interval range_of(const reference::Reference& reference, const Factor& factor) noexcept {
  if (factor.is_index()) return {1, reference.assets[factor.asset.raw()].index_max.raw()};
  const reference::Instrument& instrument = reference.instruments[factor.instrument.raw()];
  return {instrument.price_min.raw(), instrument.price_max.raw()};
}

/// What is looked for.
enum class Event : std::uint8_t {
  breach,      // equity is below T(1)
  bankruptcy,  // equity is 0 or less
};

class Search {
 public:
  Search(Event event, const Portfolio& portfolio, const reference::Reference& reference,
         const marks::Marks& marks, const Factor& factor, std::span<const Companion> companions)
      : event_{event},
        portfolio_{portfolio},
        reference_{reference},
        profile_{reference.profiles[portfolio.profile.raw()]},
        now_{marks},
        low_{marks},
        high_{marks},
        factor_{factor},
        companions_{companions} {}

  [[nodiscard]] LiquidationPrices run() { return {search(true), search(false)}; }

  [[nodiscard]] SidePrice search(bool downwards) {
    const std::int64_t price = price_of(now_, factor_).raw();
    const Worth worth = evaluate(portfolio_, reference_, Market{now_}, {});
    if (price == 0 || !worth.complete) return reason(NoPrice::not_marked);
    if (happens(worth)) return reason(NoPrice::breached_now);
    const Interval range = range_of(reference_, factor_);
    return downwards ? nearest({range.low, price - 1}, true)
                     : nearest({price + 1, range.high}, false);
  }

 private:
  [[nodiscard]] bool happens(const Worth& worth) const noexcept {
    if (event_ == Event::bankruptcy) return worth.equity <= 0;
    return below(worth.equity, worth.requirement, Rate::from_raw(kRateOne), profile_);
  }

  [[nodiscard]] static SidePrice reason(NoPrice why) noexcept {
    return {.price = {}, .reason = why};
  }

  void place(marks::Marks& marks, std::int64_t price) const {
    set_price(marks, factor_, Price::from_raw(price));
    const std::int64_t from = price_of(now_, factor_).raw();
    for (const Companion& companion : companions_) {
      const std::int64_t start = price_of(now_, companion.factor).raw();
      if (start == 0) continue;
      // start * (1 + beta * (price / from - 1)), rounded down, kept within its range.
      const Int128 own = divide_floor<Int128>(Int128{price - from} * kRateOne, from);
      const Int128 relative = std::clamp<Int128>(own, -kMoveMax, kMoveMax) * companion.beta;
      const Int128 move =
          std::clamp<Int128>(divide_floor<Int128>(relative, kRateOne), -kMoveMax, kMoveMax);
      const Int128 moved = start + divide_floor<Int128>(start * move, kRateOne);
      const Interval range = range_of(reference_, companion.factor);
      set_price(marks, companion.factor,
                Price::from_raw(narrow(std::clamp<Int128>(moved, range.low, range.high))));
    }
  }

  /// Does it surely not happen anywhere in the interval? Exact for a single price.
  [[nodiscard]] bool is_safe(const Interval& interval) {
    ++evaluations_;
    place(low_, interval.low);
    Worth worth;
    if (interval.low == interval.high) {
      worth = evaluate(portfolio_, reference_, Market{low_}, {});
    } else {
      place(high_, interval.high);
      order_companions();
      worth = evaluate(portfolio_, reference_, Market{low_, high_}, {});
    }
    return !happens(worth);
  }

  /// A negative beta moves its factor the other way; indices must stand in order in a market.
  void order_companions() {
    for (const Companion& companion : companions_) {
      const Price a = price_of(low_, companion.factor);
      const Price b = price_of(high_, companion.factor);
      if (a <= b) continue;
      set_price(low_, companion.factor, b);
      set_price(high_, companion.factor, a);
    }
  }

  /// Depth first, the half nearer to the current price first.
  [[nodiscard]] SidePrice nearest(const Interval& side, bool from_above) {
    evaluations_ = 0;
    if (side.low > side.high) return reason(NoPrice::none_in_range);
    std::vector<Interval> open{side};
    while (!open.empty()) {
      const Interval interval = open.back();
      open.pop_back();
      if (is_safe(interval)) continue;
      if (interval.low == interval.high) {
        return {.price = Price::from_raw(interval.low), .reason = NoPrice::found};
      }
      if (evaluations_ > kEvaluationsMax) return reason(NoPrice::too_fine);
      const std::int64_t middle = interval.low + (interval.high - interval.low) / 2;
      const Interval lower{interval.low, middle};
      const Interval upper{middle + 1, interval.high};
      open.push_back(from_above ? lower : upper);
      open.push_back(from_above ? upper : lower);
    }
    return reason(NoPrice::none_in_range);
  }

  Event event_;
  const Portfolio& portfolio_;
  const reference::Reference& reference_;
  const reference::Profile& profile_;
  const marks::Marks& now_;
  marks::Marks low_;
  marks::Marks high_;
  Factor factor_;
  std::span<const Companion> companions_;
  int evaluations_{0};
};

}  // namespace

const char* to_string(NoPrice reason) noexcept {
  switch (reason) {
    case NoPrice::found:
      return "found";
    case NoPrice::not_marked:
      return "not_marked";
    case NoPrice::breached_now:
      return "breached_now";
    case NoPrice::none_in_range:
      return "none_in_range";
    case NoPrice::too_fine:
      return "too_fine";
  }
  return "unknown";
}

LiquidationPrices liquidation_prices(const Portfolio& portfolio,
                                     const reference::Reference& reference,
                                     const marks::Marks& marks, const Factor& factor,
                                     std::span<const Companion> companions) {
  return Search{Event::breach, portfolio, reference, marks, factor, companions}.run();
}

SidePrice bankruptcy_price(const Portfolio& portfolio, const reference::Reference& reference,
                           const marks::Marks& marks, InstrumentId instrument, bool downwards) {
  const Factor factor{.instrument = instrument, .asset = kNoAsset};
  return Search{Event::bankruptcy, portfolio, reference, marks, factor, {}}.search(downwards);
}

}  // namespace plimsoll::margin
