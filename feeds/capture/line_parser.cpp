#include "feeds/capture/line_parser.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/value/decimal.hpp"
#include "feeds/capture/json_shape.hpp"
#include "feeds/text/iso_time.hpp"

namespace plimsoll::feeds {
namespace {

std::optional<EventTime> in_range(std::int64_t stamp_ns) noexcept {
  if (stamp_ns < 0 || stamp_ns > kStampMax.raw()) return std::nullopt;
  return EventTime::from_raw(stamp_ns);
}

/// Digits alone, in ns.
std::optional<EventTime> parse_nanoseconds(std::string_view text) noexcept {
  if (text.empty() || text.front() == '-') return std::nullopt;
  std::int64_t stamp_ns = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, stamp_ns);
  return error == std::errc{} && rest == end ? in_range(stamp_ns) : std::nullopt;
}

/// "1626992741.06217", in s.
std::optional<EventTime> parse_seconds(std::string_view text) noexcept {
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const DecimalResult seconds = parse_decimal(text, 9);
  return seconds.ok() ? in_range(seconds.raw) : std::nullopt;
}

/// A column of Tardis: microseconds; nanoseconds have three digits more.
std::optional<EventTime> parse_column(std::string_view text) noexcept {
  constexpr std::size_t kNanosecondDigits = 19;
  const std::optional<EventTime> count = parse_nanoseconds(text);
  if (!count || text.size() >= kNanosecondDigits) return count;
  const DecimalResult microseconds = parse_decimal(text, 3);
  return microseconds.ok() ? in_range(microseconds.raw) : std::nullopt;
}

/// The cell of a row; "" where it has none.
std::string_view cell_of(std::string_view row, std::size_t column) noexcept {
  for (; column > 0; --column) {
    const std::size_t comma = row.find(',');
    if (comma == std::string_view::npos) return {};
    row.remove_prefix(comma + 1);
  }
  return row.substr(0, row.find(','));
}

}  // namespace

LineReject LineParser::parse(const RawLine& raw, CaptureLine& line) {
  line.kind = LineKind::message;
  line.address = {};
  if (raw.too_long) return LineReject::line_too_long;
  if (raw.text.empty() && format_ != CaptureFormat::tardis_raw) return LineReject::empty_line;
  LineReject reject = LineReject::none;
  line.json = raw.text.substr(raw.text.size());  // empty, but with padding after it
  switch (format_) {
    case CaptureFormat::cryptofeed:
      reject = parse_cryptofeed(raw.text, line);
      break;
    case CaptureFormat::tardis_raw:
      reject = parse_tardis_raw(raw.text, line);
      break;
    case CaptureFormat::tardis_csv:
      reject = parse_tardis_csv(raw.text, line);
      break;
    case CaptureFormat::none:
    case CaptureFormat::stamped_json:
      reject = parse_stamped(raw.text, line);
      break;
  }
  const bool is_json = format_ != CaptureFormat::tardis_csv && line.kind != LineKind::disconnect;
  // Of a row nothing tells whether its last number is whole.
  if (!raw.has_end && (is_json ? !is_closed_json(line.json) : !line.json.empty())) {
    return LineReject::half_line;
  }
  if (reject == LineReject::none) latest_ = line.stamp;
  return reject;
}

LineReject LineParser::parse_stamped(std::string_view text, CaptureLine& line) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return LineReject::malformed_stamp;
  line.json = text.substr(space + 1);
  const std::optional<EventTime> stamp = parse_nanoseconds(text.substr(0, space));
  if (!stamp) return LineReject::malformed_stamp;
  line.stamp = *stamp;
  return LineReject::none;
}

LineReject LineParser::parse_cryptofeed(std::string_view text, CaptureLine& line) {
  constexpr std::string_view kConfiguration = "configuration: ";
  if (text.starts_with(kConfiguration)) {
    line.json = text.substr(kConfiguration.size());
    return LineReject::configuration_line;
  }
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || space == 0) return LineReject::malformed_stamp;
  if (text.substr(0, space).find("://") != std::string_view::npos) {
    return parse_address_line(text, line);
  }
  line.json = text.substr(space + 1);
  if (text[space - 1] != ':') return LineReject::malformed_stamp;
  const std::optional<EventTime> stamp = parse_seconds(text.substr(0, space - 1));
  if (!stamp) return LineReject::malformed_stamp;
  line.stamp = *stamp;
  return LineReject::none;
}

LineReject LineParser::parse_address_line(std::string_view text, CaptureLine& line) {
  constexpr std::string_view kConnected = "<-> ";
  constexpr std::string_view kSent = "<- ";
  constexpr std::string_view kAnswered = "-> ";
  const std::size_t space = text.find(' ');
  line.address = text.substr(0, space);
  std::string_view rest = text.substr(space + 1);
  if (rest.starts_with(kConnected)) {
    const std::optional<EventTime> stamp = parse_seconds(rest.substr(kConnected.size()));
    if (!stamp) return LineReject::malformed_stamp;
    if (!connected_before(line.address)) return LineReject::connection_line;
    line.kind = LineKind::disconnect;
    line.stamp = *stamp;
    return LineReject::none;
  }
  const bool answered = rest.starts_with(kAnswered);
  if (!answered && !rest.starts_with(kSent)) return LineReject::malformed_stamp;
  rest.remove_prefix(answered ? kAnswered.size() : kSent.size());
  const std::size_t colon = rest.find(": ");
  if (colon == std::string_view::npos) return LineReject::malformed_stamp;
  line.json = rest.substr(colon + 2);
  if (!answered) return LineReject::sent_line;
  const std::optional<EventTime> stamp = parse_seconds(rest.substr(0, colon));
  if (!stamp) return LineReject::malformed_stamp;
  line.kind = LineKind::answer;
  line.stamp = *stamp;
  return LineReject::none;
}

bool LineParser::connected_before(std::string_view address) {
  if (std::find(addresses_.begin(), addresses_.end(), address) != addresses_.end()) return true;
  addresses_.emplace_back(address);
  return false;
}

LineReject LineParser::parse_tardis_raw(std::string_view text, CaptureLine& line) {
  if (text.empty()) {
    line.kind = LineKind::disconnect;
    line.stamp = latest_;
    return LineReject::none;
  }
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return LineReject::malformed_stamp;
  line.json = text.substr(space + 1);
  const std::optional<EventTime> stamp = parse_iso_time(text.substr(0, space));
  if (!stamp || *stamp > kStampMax) return LineReject::malformed_stamp;
  line.stamp = *stamp;
  return LineReject::none;
}

LineReject LineParser::parse_tardis_csv(std::string_view text, CaptureLine& line) {
  line.json = text;
  if (header_.empty() || text == header_) return take_header(text);
  const std::optional<EventTime> stamp = parse_column(cell_of(text, stamp_column_));
  if (!stamp) return LineReject::malformed_stamp;
  line.stamp = *stamp;
  return LineReject::none;
}

LineReject LineParser::take_header(std::string_view text) {
  if (!text.starts_with("exchange,symbol,")) return LineReject::malformed_stamp;
  std::size_t column = 0;
  for (std::string_view cell = cell_of(text, 0); !cell.empty(); cell = cell_of(text, ++column)) {
    if (cell == "local_timestamp") stamp_column_ = column;
  }
  if (stamp_column_ == 0) return LineReject::malformed_stamp;
  header_ = text;
  return LineReject::header_line;
}

}  // namespace plimsoll::feeds
