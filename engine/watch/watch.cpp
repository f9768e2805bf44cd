#include "engine/watch/watch.hpp"

#include <algorithm>

#include "engine/value/magnitude.hpp"

namespace plimsoll::watch {
namespace {

using reference::Profile;

/// A move beyond this (1.1e9 quote units) is not bounded but judged: it keeps products in 128 bits.
constexpr Int128 kMoveMax = Int128{1} << 60;
/// The same for the relative move of an index.
constexpr Int128 kRelativeMax = Int128{1} << 48;
constexpr Int128 kStepMax = std::numeric_limits<std::uint64_t>::max();

/// The steepest that any profile makes of a table's rates, in units of 1e-9.
struct Steepest {
  Int128 factor{kRateOne};  // of requirements
  Int128 extra{0};          // closing fee, funding, losses of orders: per unit of notional
  Int128 weight{kRateOne};  // of values in multi-asset mode, with their debt charge
};

Steepest steepest_of(const std::vector<Profile>& profiles) {
  Steepest steepest;
  for (const Profile& profile : profiles) {
    steepest.factor = std::max<Int128>(steepest.factor, profile.call_target.raw());
    Int128 extra = profile.closing_fee.raw();
    if (profile.reserve_funding) extra += kRateOne / 10;
    if (profile.order_margin == reference::OrderMargin::worst_fill) extra += kRateOne;
    steepest.extra = std::max(steepest.extra, extra);
  }
  for (const Profile& profile : profiles) {
    Int128 weight = kRateOne;
    for (const reference::Collateral& rule : profile.collateral) {
      weight = std::max<Int128>(weight, rule.liability_weight.raw());
    }
    const Int128 debt =
        divide_ceil<Int128>(steepest.factor * profile.debt_maintenance.raw(), kRateOne);
    steepest.weight = std::max(steepest.weight, weight + debt);
  }
  return steepest;
}

/// The highest rate of an instrument's tables, also of those that are not in force.
Int128 rate_of(const reference::Reference& reference, std::uint32_t instrument) {
  Int128 highest = 0;
  for (const reference::Tiers& tiers : reference.tiers) {
    if (tiers.instrument.raw() != instrument) continue;
    const Int128 rate = tiers.mode == reference::TierMode::increment
                            ? 2 * kRateOne
                            : tiers.brackets.back().maintenance.raw();
    highest = std::max(highest, rate + tiers.slippage.raw());
  }
  return highest;
}

MoveBound to_bound(Int128 step, Int128 base) noexcept {
  if (step < 0 || step > kStepMax || base > kStepMax) return kEveryone;
  return {.step = static_cast<std::uint64_t>(step),
          .base = static_cast<std::uint64_t>(base),
          .everyone = false};
}

}  // namespace

Watch::Watch(const reference::Reference& reference, std::size_t accounts) : reference_{reference} {
  leeways_.reserve(accounts);
  indexed_.reserve(accounts);
  const Steepest steepest = steepest_of(reference.profiles);
  index_weight_ = std::max(steepest.weight, steepest.factor) + kRateOne;
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    const Int128 rate = rate_of(reference, i) + steepest.extra;
    const Int128 charged = divide_ceil<Int128>(steepest.factor * rate, kRateOne);
    const Int128 roundings =
        4 + divide_ceil<Int128>(steepest.factor * (rate + Int128{5} * kRateOne),
                                Int128{kRateOne} * kRateOne);
    single_.push_back({.slope = kRateOne + charged, .base = roundings});
    multi_.push_back({.slope = steepest.weight + charged,
                      .base = roundings * (2 + divide_ceil<Int128>(steepest.weight, kRateOne))});
  }
}

void Watch::set(ledger::AccountIndex account, Leeway leeway, Int128 indexed) noexcept {
  // What is at indices may grow by as much as the leeway lets it, before the next judgement.
  const Int128 reach = indexed + std::max<Int128>(0, leeway);
  leeways_[account] = leeway;
  indexed_[account] =
      static_cast<std::int64_t>(std::min<Int128>(reach, std::numeric_limits<Leeway>::max()));
}

Int128 Watch::unit_move(InstrumentId id, Price before, Price after) const noexcept {
  const reference::Instrument& instrument = reference_.instruments[id.raw()];
  const Int128 move = magnitude(Int128{after.raw()} - before.raw());
  if (before.raw() == 0 || move > kMoveMax) return -1;
  Int128 product{};
  if (instrument.kind == reference::Kind::inverse) {
    // numerator / before - numerator / after = numerator / before * move / after.
    if (instrument.numerator > (Int128{1} << 80)) return -1;
    const Int128 per_unit =
        divide_ceil<Int128>(instrument.numerator << MoveBound::kShift, before.raw());
    if (__builtin_mul_overflow(per_unit, move, &product)) return -1;
    return divide_ceil<Int128>(product, after.raw());
  }
  if (__builtin_mul_overflow(move << MoveBound::kShift, instrument.numerator, &product)) return -1;
  return divide_ceil<Int128>(product, instrument.denominator);
}

MoveBound Watch::bound_of(InstrumentId instrument, Price before, Price after) const noexcept {
  const Int128 unit = unit_move(instrument, before, after);
  if (unit < 0 || unit > kStepMax) return kEveryone;
  const Slope& slope = single_[instrument.raw()];
  return to_bound(divide_ceil<Int128>(unit * slope.slope, kRateOne), slope.base);
}

MoveBound Watch::multi_bound_of(InstrumentId instrument, Price before, Price after,
                                Price index) const noexcept {
  const Int128 unit = unit_move(instrument, before, after);
  if (index.raw() == 0 || unit < 0 || unit > kStepMax) return kEveryone;
  const AssetId settle = reference_.instruments[instrument.raw()].settle;
  const std::int64_t divisor = reference::index_divisor(reference_, settle);
  const Slope& slope = multi_[instrument.raw()];
  const Int128 step = divide_ceil<Int128>(unit * slope.slope, kRateOne);
  if (step > kStepMax) return kEveryone;
  constexpr Int128 kConversions = 64;  // roundings after the conversion
  return to_bound(divide_ceil<Int128>(step * index.raw(), divisor),
                  divide_ceil<Int128>(slope.base * index.raw(), divisor) + kConversions);
}

IndexBound Watch::index_bound_of(Price before, Price after) const noexcept {
  if (before.raw() == 0) return {.share = 0, .base = 0, .everyone = true};
  const Int128 move = magnitude(Int128{after.raw()} - before.raw());
  const Int128 relative = divide_ceil<Int128>(move << IndexBound::kShift, before.raw());
  if (relative > kRelativeMax) return {.share = 0, .base = 0, .everyone = true};
  const Int128 share = divide_ceil<Int128>(relative * index_weight_, kRateOne);
  if (share > kStepMax) return {.share = 0, .base = 0, .everyone = true};
  constexpr std::uint64_t kRoundings = 256;
  return {.share = static_cast<std::uint64_t>(share), .base = kRoundings, .everyone = false};
}

}  // namespace plimsoll::watch
