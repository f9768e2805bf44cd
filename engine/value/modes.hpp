#pragma once

#include <cstdint>
#include <string_view>

// The choices that inputs and events name.

namespace plimsoll {

/// What margins an account.
enum class MarginMode : std::uint8_t {
  cross = 0,        // one asset margins all positions that settle in it
  isolated = 1,     // a sub-account with its own margin for one instrument
  multi_asset = 2,  // everything at its collateral value in the numeraire
};

/// Whether an account may hold a long and a short position in one instrument.
enum class PositionMode : std::uint8_t {
  one_way = 0,
  hedge = 1,
};

/// Which position of the account in an instrument is meant.
enum class PositionSide : std::uint8_t {
  net = 0,  // the only one, in one-way mode
  long_side = 1,
  short_side = 2,
};

enum class AutoTopUp : std::uint8_t {
  off = 0,
  on = 1,  // an isolated account takes margin from its parent before it is liquidated
};

enum class ReduceOnly : std::uint8_t { no = 0, yes = 1 };

/// Whether an order is still to be checked, or rests at the matching engine already.
enum class OrderState : std::uint8_t { requested = 0, resting = 1 };

/// What may be done with an instrument.
enum class InstrumentStatus : std::uint8_t {
  trading = 0,
  reduce_only = 1,  // new orders must reduce
  unlisted = 2,     // not yet, or no longer: no orders, no fills
  settled = 3,      // paid out at its settlement price
};

/// How far a price may be believed.
enum class Trust : std::uint8_t {
  trusted = 0,
  frozen = 1,      // somewhere between two prices; nothing is liquidated because of it alone
  degraded = 2,    // it was frozen too long: what there is counts
  overridden = 3,  // an operator's price
};

/// Why a price is not believed, or believed again.
enum class TrustReason : std::uint8_t {
  good = 0,
  stale = 1,        // no tick for too long
  no_quorum = 2,    // too few live sources
  velocity = 3,     // moved too far at once
  interrupted = 4,  // its feed has lost something
  index = 5,        // the index it follows is frozen
  time_limit = 6,   // frozen for too long
  override_set = 7,
  override_over = 8,
  confirmed = 9,    // moved too far, but stayed there
  redemption = 10,  // what it can be redeemed for bounds it
};

/// Where a source of an index stands.
enum class SourceState : std::uint8_t {
  waiting = 0,  // no price yet
  live = 1,
  stale = 2,        // no tick for too long
  interrupted = 3,  // its feed has lost something
  quarantined = 4,  // lied too often
};

/// Why a feed has lost something.
enum class Interruption : std::uint8_t { gap = 0, disconnected = 1 };

/// Why new liquidations wait.
enum class PauseReason : std::uint8_t {
  operator_said = 0,
  breaker = 1,  // too many at once
  lag = 2,      // the engine is behind its inputs
};

/// Stable snake_case names of the choices that events name, or "unknown".
[[nodiscard]] std::string_view to_string(MarginMode mode) noexcept;
[[nodiscard]] std::string_view to_string(PositionMode mode) noexcept;
[[nodiscard]] std::string_view to_string(PositionSide side) noexcept;
[[nodiscard]] std::string_view to_string(AutoTopUp choice) noexcept;
[[nodiscard]] std::string_view to_string(Trust trust) noexcept;
[[nodiscard]] std::string_view to_string(TrustReason reason) noexcept;
[[nodiscard]] std::string_view to_string(SourceState state) noexcept;
[[nodiscard]] std::string_view to_string(Interruption reason) noexcept;
[[nodiscard]] std::string_view to_string(PauseReason reason) noexcept;

}  // namespace plimsoll
