#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/value/types.hpp"

// What a capture is: lines of "<receive time, ns since 1970-01-01 UTC> <JSON>", as a recorder wrote
// them, plain or compressed. These are its constants and the values that a reader gives.

namespace plimsoll::feeds {

/// Bytes after the JSON of a line that may be read, as JSON parsers with vector loads do.
inline constexpr std::size_t kJsonPadding = 64;

/// The start of the year 2200: a later stamp is no time of reception, and event time must leave
/// room for deadlines after it.
inline constexpr EventTime kStampMax = EventTime::from_raw(7'258'118'400'000'000'000);

struct CaptureLimits {
  std::size_t read_size{256U << 10U};       // bytes asked of the file, and of the decoder, at once
  std::size_t line_length_max{16U << 20U};  // a longer line is rejected and never held in memory
};

/// What next() of a reader, a merge or a feed has done.
enum class Step : std::uint8_t {
  ready,   // the result holds the next one
  end,     // there is none left
  failed,  // error() says why; there will be none any more
};

/// Why a line of a capture was not used.
enum class LineReject : std::uint8_t {
  none,
  empty_line,
  line_too_long,    // longer than CaptureLimits::line_length_max
  half_line,        // the last line has no end, and its JSON is cut
  malformed_stamp,  // not digits up to kStampMax and a space
};
inline constexpr std::size_t kLineRejectKinds = 5;

/// Stable snake_case name ("half_line"), or "unknown".
[[nodiscard]] std::string_view to_string(LineReject reject) noexcept;

/// How often something was rejected, and where first.
struct RejectTally {
  std::uint64_t count{0};
  std::uint64_t first_line{0};  // from 1; 0 while count is 0
  void add(std::uint64_t line) noexcept {
    if (count++ == 0) first_line = line;
  }
};

/// What became of the lines of one capture: lines_read = lines_used + all counts of rejected.
struct LineCounts {
  std::uint64_t lines_read{0};
  std::uint64_t lines_used{0};
  std::array<RejectTally, kLineRejectKinds> rejected{};  // by LineReject
};

/// One line. `json` is followed by kJsonPadding readable bytes and is valid until the next call of
/// the reader that gave it.
struct CaptureLine {
  EventTime stamp;
  std::string_view json;
  std::uint64_t number{0};  // in its file, from 1, counting every line
};

/// Why a capture cannot be read on.
struct CaptureError {
  std::string path;
  std::uint64_t line{0};  // the last line that was read; 0 before the first
  std::string what;
};

/// "btc.gz: after line 17: corrupt gzip: incorrect data check".
[[nodiscard]] std::string to_string(const CaptureError& error);

}  // namespace plimsoll::feeds
