#pragma once

#include <optional>

#include "engine/message/event.hpp"
#include "engine/reference/price_rules.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::market {

/// How late the ticks of one stream usually are: the clocks of a venue and of whoever receives it
/// differ, and only what differs from the usual says anything. The usual delay is the least of the
/// accepted ticks in this cell of 10 s of event time and the one before.
class VenueClock {
 public:
  /// Checks a tick received at `now` and, when it is accepted, learns from it. A venue time of 0 is
  /// none: nothing is checked.
  [[nodiscard]] std::optional<Refusal> check(const reference::Guard& guard, EventTime now,
                                             EventTime venue_time) noexcept;
  /// The usual delay at a time, as far as it is known.
  [[nodiscard]] std::optional<Int128> usual(EventTime now) const noexcept;

 private:
  static constexpr std::int64_t kCell = 10'000'000'000;

  std::int64_t cell_{0};
  std::optional<Int128> least_;         // in the cell
  std::optional<Int128> least_before_;  // in the cell before it
  EventTime last_;                      // venue time of the last accepted tick
};

}  // namespace plimsoll::market
