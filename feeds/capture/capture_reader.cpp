#include "feeds/capture/capture_reader.hpp"

#include <charconv>
#include <utility>

#include "feeds/capture/json_shape.hpp"

namespace plimsoll::feeds {
namespace {

/// Splits a line at its first space, or says why it is none.
LineReject split(const RawLine& raw, CaptureLine& line) noexcept {
  const std::string_view text = raw.text;
  if (raw.too_long) return LineReject::line_too_long;
  if (text.empty()) return LineReject::empty_line;
  const std::size_t space = text.find(' ');
  line.json = space == text.npos ? std::string_view{} : text.substr(space + 1);
  if (!raw.has_end && !is_closed_json(line.json)) return LineReject::half_line;
  if (space == text.npos || text.front() == '-') return LineReject::malformed_stamp;
  std::int64_t stamp_ns = 0;
  const char* stamp_end = text.data() + space;
  const auto [rest, error] = std::from_chars(text.data(), stamp_end, stamp_ns);
  if (error != std::errc{} || rest != stamp_end || stamp_ns > kStampMax.raw())
    return LineReject::malformed_stamp;
  line.stamp = EventTime::from_raw(stamp_ns);
  return LineReject::none;
}

}  // namespace

CaptureReader::CaptureReader(std::string path, const CaptureLimits& limits)
    : path_{std::move(path)}, splitter_{path_, limits} {
  if (splitter_.failure()) error_ = CaptureError{path_, 0, *splitter_.failure()};
}

Step CaptureReader::next(CaptureLine& line) {
  for (;;) {
    RawLine raw;
    const Step step = splitter_.next(raw);
    if (step == Step::failed)
      error_ = CaptureError{path_, counts_.lines_read, *splitter_.failure()};
    if (step != Step::ready) return step;
    line.number = ++counts_.lines_read;
    const LineReject reject = split(raw, line);
    if (reject == LineReject::none) {
      ++counts_.lines_used;
      return Step::ready;
    }
    counts_.rejected[static_cast<std::size_t>(reject)].add(line.number);
  }
}

}  // namespace plimsoll::feeds
