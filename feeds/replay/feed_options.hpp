#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "feeds/capture/format.hpp"
#include "feeds/venue/translator.hpp"
#include "feeds/venue/venue.hpp"

namespace plimsoll::feeds {

/// What a feed makes of its captures.
struct FeedOptions {
  CaptureLimits limits;
  TranslatorOptions translator;
  std::optional<EventTime> from;   // lines before it are read, but give no input
  std::optional<EventTime> to;     // the first line after it ends the captures
  std::uint64_t loops{1};          // how often the captures are gone through
  bool lists_every_symbol{false};  // every symbol is an instrument; the reference is not looked at
  bool measures_delays{false};     // keeps eight bytes a line for FeedStatistics::delay
};

/// A capture as a command line names it: "PATH", or "VENUE=PATH" with a name of venue.hpp.
struct CaptureName {
  std::optional<Venue> venue;
  std::string path;
};
[[nodiscard]] CaptureName parse_capture_name(std::string_view text);

/// The venue of a capture, from its first text: the address or exchange that it names, or the shape
/// of its first telling message; else binance-usdm.
[[nodiscard]] Venue detect_venue(CaptureFormat format, std::string_view first_text);

}  // namespace plimsoll::feeds
