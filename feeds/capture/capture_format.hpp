#pragma once

#include <string>
#include <string_view>

#include "feeds/capture/format.hpp"

namespace plimsoll::feeds {

/// Text that is looked at to tell what a file is.
inline constexpr std::size_t kDetectSize = 64U << 10U;

/// What a file is, from its first text.
struct DetectedFormat {
  CaptureFormat format{CaptureFormat::none};
  std::string_view not_a_capture;  // with `none`: what it seems to be; static text
};

/// The first line that has the shape of a format decides; only the first few that are not empty are
/// looked at.
[[nodiscard]] DetectedFormat detect_format(std::string_view text) noexcept;

/// The shape of one line, or none.
[[nodiscard]] CaptureFormat format_of_line(std::string_view line) noexcept;

}  // namespace plimsoll::feeds
