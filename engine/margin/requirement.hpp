#pragma once

#include <span>

#include "engine/margin/portfolio.hpp"
#include "engine/marks/marks.hpp"
#include "engine/reference/turnover.hpp"

// How much margin one line needs: tiers, orders, leverage, fees, funding. Pure functions of a line
// and the market.

namespace plimsoll::margin {

/// Which requirement is asked for.
enum class Kind : std::uint8_t {
  maintenance,
  initial,
  withdrawal,  // initial, with the profile's rate of debts for withdrawals
};

/// The market between two states, each price anywhere from one to the other. For a single state
/// both are the same object.
struct Market {
  const marks::Marks& low;
  const marks::Marks& high;

  explicit Market(const marks::Marks& now) noexcept : low{now}, high{now} {}
  Market(const marks::Marks& from, const marks::Marks& to) noexcept : low{from}, high{to} {}
  [[nodiscard]] bool is_point() const noexcept { return &low == &high; }
};

/// The last bracket whose floor is not above the measure. Tables are short (at most a dozen) and
/// most positions are in the first brackets: a linear look from below beats a bisection.
[[nodiscard]] inline std::uint32_t bracket_of(const reference::Tiers& tiers,
                                              Int128 measure) noexcept {
  std::uint32_t i = 0;
  while (i + 1 < tiers.brackets.size() && tiers.brackets[i + 1].floor <= measure) ++i;
  return i;
}

/// What a table charges whose rate grows with the measure, in units of 1e-9 Amount.
[[nodiscard]] Int128 increment_charge(const reference::Tiers& tiers, Kind kind, Int128 notional,
                                      Int128 measure) noexcept;

/// The tier formula before slippage, in units of 1e-9 Amount: what a size with a notional is
/// charged. REQUIRES: notional >= 0, measure >= 0.
[[nodiscard]] inline Int128 charge_of(const reference::Tiers& tiers, Kind kind, Int128 notional,
                                      Int128 measure) noexcept {
  if (tiers.mode == reference::TierMode::increment) {
    return increment_charge(tiers, kind, notional, measure);
  }
  const bool maintenance = kind == Kind::maintenance;
  const reference::Bracket& bracket = tiers.brackets[bracket_of(tiers, measure)];
  const Int128 charge = notional * (maintenance ? bracket.maintenance : bracket.initial).raw();
  if (tiers.mode == reference::TierMode::whole) return charge;
  return charge - (maintenance ? bracket.maintenance_amount : bracket.initial_amount);
}

/// How far a measure may move before it leaves its bracket.
[[nodiscard]] Int128 bracket_room(const reference::Tiers& tiers, Int128 measure) noexcept;

/// A charge in whole Amount units. REQUIRES: scaled >= 0.
[[nodiscard]] inline Int128 round_charge(Int128 scaled, reference::Rounding rounding) noexcept {
  return rounding == reference::Rounding::up ? reference::unscale_ceil(scaled)
                                             : reference::unscale_floor(scaled);
}

inline constexpr std::int64_t kFineRateOne = kRateOne * kRateOne;

/// The case that decided a line's requirement, for its explanation. The charge of the tiers is
/// notional * rate - amount; where tables count the owner's whole and are marginal, it is
/// (owner_notional * rate - amount) * abs(size) / owner_size.
struct Decision {
  TiersId tiers;
  std::uint32_t bracket{0};
  Int128 size{0};               // signed: position and orders that were charged
  Int128 notional{0};           // of that size
  Int128 rate{0};               // 1e-18: of the bracket, grown by an increment or open interest
  Int128 amount{0};             // cumulative amount of the bracket, in units of 1e-9 Amount
  Int128 owner_size{0};         // what the owner has: abs(size) where tables do not count it
  Int128 owner_notional{0};     // of that
  Int128 position_notional{0};  // what slippage is charged on
  Int128 charge{0};             // of the tiers, rounded up to Amount units
  Int128 slippage{0};           // likewise
  Int128 fee{0};                // likewise
  Int128 loss{0};               // of orders filled at their limits
  Int128 leverage{0};           // what the leverage asks for at least
  Int128 funding{0};            // reserved
};

/// Everything a requirement depends on besides the line.
struct Rules {
  const reference::Reference& reference;
  const reference::Profile& profile;
  const Market& market;
};

/// The factor of maintenance margin that a requirement of positions is a threshold of; 0 where it
/// has rates of its own. With a factor, `requirement_of` charges maintenance rates and counts
/// orders as the kind does; the threshold is the caller's.
[[nodiscard]] Rate factor_of(Kind kind, const reference::Profile& profile) noexcept;

inline constexpr Int128 kNoJump = Int128{1} << 100;

/// The requirement of a line in settlement units, at the worst of the market; 0 when nothing
/// counts. `room`, when given, is lowered to how far the line's notional may move before a bracket
/// of a table that jumps is left. `decision`, when given, tells how it came about.
/// REQUIRES: the instrument is marked.
[[nodiscard]] Int128 requirement_of(const Line& line, std::span<const RestingOrder> orders,
                                    Kind kind, const Rules& rules, Int128* room = nullptr,
                                    Decision* decision = nullptr);

/// Value of a position at the worst of the market, rounded down. REQUIRES: marked.
[[nodiscard]] Int128 value_of(const reference::Instrument& instrument, Quantity quantity,
                              InstrumentId id, const Market& market) noexcept;

/// The rate at which initial margin starts once the open interest has scaled it.
[[nodiscard]] Rate scaled_rate(const reference::Tiers& tiers,
                               const reference::Instrument& instrument, Quantity open_interest,
                               Price mark) noexcept;

}  // namespace plimsoll::margin
