#pragma once

#include <optional>
#include <string_view>

#include "engine/value/types.hpp"

namespace plimsoll::feeds {

/// Reads the whole of "2021-07-22T22:36:10.0141234Z": a date and a time of day in UTC from 1970 to
/// 2199, with up to nine decimals, ended by Z or +00:00. Any thread.
[[nodiscard]] std::optional<EventTime> parse_iso_time(std::string_view text) noexcept;

}  // namespace plimsoll::feeds
