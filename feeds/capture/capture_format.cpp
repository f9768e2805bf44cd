#include "feeds/capture/capture_format.hpp"

#include <algorithm>

#include "feeds/text/iso_time.hpp"

namespace plimsoll::feeds {
namespace {

constexpr std::string_view kDigits = "0123456789";
// A text that quotes a capture further down is none.
constexpr std::size_t kLinesLookedAt = 8;

bool opens_json(std::string_view text) noexcept {
  return text.starts_with('{') || text.starts_with('[');
}

/// "1626992741.06217: {...}", "configuration: {...}", or "wss://venue <-> 1626992740.17".
bool is_cryptofeed(std::string_view line) noexcept {
  if (line.starts_with("configuration: ")) return true;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return false;
  const std::string_view first = line.substr(0, space);
  const std::string_view rest = line.substr(space + 1);
  if (first.find("://") != std::string_view::npos) {
    return rest.starts_with("<-> ") || rest.starts_with("<- ") || rest.starts_with("-> ");
  }
  const bool number = first.find_first_not_of("0123456789.") == first.size() - 1;
  return number && first.back() == ':' && opens_json(rest);
}

bool is_table_of_tardis(std::string_view line) noexcept {
  return line.starts_with("exchange,symbol,") &&
         line.find(",local_timestamp") != std::string_view::npos;
}

/// What a file is that is no capture.
std::string_view seeming(std::string_view text) noexcept {
  if (text.empty()) return "empty";
  if (text.starts_with("DBN")) return "databento dbn";
  if (text.starts_with("PK\x03\x04")) return "zip archive";
  if (text.substr(0, 4'096).find('\0') != std::string_view::npos) return "binary";
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "empty lines";
  if (opens_json(text.substr(first))) return "json without receive times";
  const std::string_view line = text.substr(first, text.find('\n', first) - first);
  const auto commas = std::count(line.begin(), line.end(), ',');
  if (commas >= 2) return "csv table without receive times";
  return "text without receive times";
}

}  // namespace

CaptureFormat format_of_line(std::string_view line) noexcept {
  if (is_table_of_tardis(line)) return CaptureFormat::tardis_csv;
  if (is_cryptofeed(line)) return CaptureFormat::cryptofeed;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return CaptureFormat::none;
  const std::string_view first = line.substr(0, space);
  if (!opens_json(line.substr(space + 1))) return CaptureFormat::none;
  if (first.find_first_not_of(kDigits) == std::string_view::npos) {
    return CaptureFormat::stamped_json;
  }
  return parse_iso_time(first) ? CaptureFormat::tardis_raw : CaptureFormat::none;
}

DetectedFormat detect_format(std::string_view text) noexcept {
  std::size_t lines = 0;
  for (std::string_view rest = text; !rest.empty() && lines < kLinesLookedAt;) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines += line.empty() ? 0 : 1;
    const CaptureFormat format = format_of_line(line);
    if (format != CaptureFormat::none) return {format, {}};
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return {CaptureFormat::none, seeming(text)};
}

}  // namespace plimsoll::feeds
