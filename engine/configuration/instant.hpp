#pragma once

#include <optional>
#include <string_view>

#include "engine/value/types.hpp"

// Points of event time as people write them. Pure functions, for any thread.

namespace plimsoll::configuration {

/// Reads the whole of `text` as a UTC time to the second, "2021-09-24T08:00:00Z", from 1970 to
/// 2200. Empty when it is not that.
[[nodiscard]] std::optional<EventTime> parse_instant(std::string_view text) noexcept;

}  // namespace plimsoll::configuration
