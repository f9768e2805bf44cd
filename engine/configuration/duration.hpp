#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/value/types.hpp"

// Durations as people write them: "20ms", "1.5s", "24h". Pure functions, for any thread.

namespace plimsoll::configuration {

/// No duration of a configuration is longer: 365 days. Event time plus it never wraps.
inline constexpr Duration kDurationMax = Duration::from_raw(365LL * 24 * 3600 * 1'000'000'000);

/// Reads the whole of `text` as a decimal number without sign and a unit (ns, us, ms, s, m, h),
/// nothing between. Empty when it is not that, finer than a nanosecond, or above kDurationMax.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text) noexcept;

/// The text of a duration in the largest unit that holds it exactly: "30s", "1500us".
/// REQUIRES: duration >= 0.
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace plimsoll::configuration
