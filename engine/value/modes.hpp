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

/// Stable snake_case names of the choices that events name, or "unknown".
[[nodiscard]] std::string_view to_string(MarginMode mode) noexcept;
[[nodiscard]] std::string_view to_string(PositionMode mode) noexcept;
[[nodiscard]] std::string_view to_string(PositionSide side) noexcept;
[[nodiscard]] std::string_view to_string(AutoTopUp choice) noexcept;

}  // namespace plimsoll
