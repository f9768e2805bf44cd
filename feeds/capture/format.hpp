#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/value/types.hpp"

// What captures are: lines that a recorder wrote, each with its receive time, plain or compressed.
// These are their constants and the values that a reader gives.

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

/// The layouts of captures; `none`: it is read as stamped JSON, and no line will be found good.
enum class CaptureFormat : std::uint8_t { none, stamped_json, cryptofeed, tardis_raw, tardis_csv };
inline constexpr std::size_t kCaptureFormats = 5;

/// Stable name ("tardis_raw"), or "unknown".
[[nodiscard]] std::string_view to_string(CaptureFormat format) noexcept;

/// Why a line of a capture was not used.
enum class LineReject : std::uint8_t {
  none,
  empty_line,
  line_too_long,       // longer than CaptureLimits::line_length_max
  half_line,           // the last line has no end, and its JSON is cut
  malformed_stamp,     // does not begin with a time up to kStampMax as its format writes it
  header_line,         // the names of the columns of a CSV
  configuration_line,  // of cryptofeed: what was subscribed
  connection_line,     // of cryptofeed: a connection was opened for the first time
  sent_line,           // of cryptofeed: a message that the recorder sent
};
inline constexpr std::size_t kLineRejectKinds = 9;

/// What a line is.
enum class LineKind : std::uint8_t {
  message,
  answer,      // of a REST interface: `address` says to what
  disconnect,  // the connection was lost before this line
};

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

/// One line. `json` (of a CSV: the row) is followed by kJsonPadding readable bytes; the texts are
/// valid until the next call of the reader that gave them. A disconnect without a time of its own
/// has that of the line before it.
struct CaptureLine {
  EventTime stamp;
  std::string_view json;
  std::uint64_t number{0};  // in its file, from 1, counting every line
  LineKind kind{LineKind::message};
  std::string_view address;  // of an answer
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
