#pragma once

#include <optional>

#include "engine/reference/reference.hpp"
#include "tests/oracle/mistakes.hpp"
#include "tests/oracle/world.hpp"

// "Prices" of engine/README.md: the clock of a stream, and how far a factor is believed. Pure
// functions of one stream or one factor.

namespace plimsoll::oracle {

/// Why a tick of that venue time is refused at that event time, or nothing.
struct TickTime {
  Int128 event;
  Int128 venue;  // 0: it has none
};
enum class ClockVerdict { good, late, future, back };
[[nodiscard]] ClockVerdict check_clock(const reference::Guard& guard, const Stream& stream,
                                       const TickTime& tick);
/// An accepted tick.
void note_tick(Stream& stream, const TickTime& tick);

/// What a factor would be if everything were believed.
struct Wanted {
  std::optional<Int128> candidate;
  bool enough_sources{true};                // to confirm a jump
  TrustReason missing{TrustReason::stale};  // why there is no candidate
  std::optional<View> followed;             // a mark whose index is frozen: at its three prices
};

/// Rules 1 to 7.
void believe(Factor& factor, const reference::Guard& guard, Int128 price_max, const Wanted& wanted,
             Int128 now, Mistake mistake);

void override_factor(Factor& factor, Int128 price, Int128 expires, Int128 now);

}  // namespace plimsoll::oracle
