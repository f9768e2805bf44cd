#include "feeds/replay/feed_options.hpp"

namespace plimsoll::feeds {
namespace {

/// The venue that one line tells of, if it does.
std::optional<Venue> venue_of_line(CaptureFormat format, std::string_view line) {
  if (format == CaptureFormat::tardis_csv) {
    return venue_of_exchange(line.substr(0, line.find(',')));
  }
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::optional<Venue> by_address = venue_of_address(line.substr(0, space));
  return by_address ? by_address : venue_of_message(line.substr(space + 1));
}

}  // namespace

CaptureName parse_capture_name(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string_view::npos) {
    const std::optional<Venue> venue = parse_venue(text.substr(0, equals));
    if (venue) return {venue, std::string{text.substr(equals + 1)}};
  }
  return {std::nullopt, std::string{text}};
}

Venue detect_venue(CaptureFormat format, std::string_view first_text) {
  while (!first_text.empty()) {
    const std::size_t end = first_text.find('\n');
    const std::optional<Venue> venue = venue_of_line(format, first_text.substr(0, end));
    if (venue) return *venue;
    first_text.remove_prefix(end == std::string_view::npos ? first_text.size() : end + 1);
  }
  return Venue::binance_usdm;
}

}  // namespace plimsoll::feeds
