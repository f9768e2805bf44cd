#include "feeds/text/iso_time.hpp"

#include <chrono>
#include <cstdint>

namespace plimsoll::feeds {
namespace {

constexpr std::size_t kSeconds = 19;  // "2021-07-22T22:36:10"
constexpr std::int64_t kNanoseconds = 1'000'000'000;

/// Two digits, or -1.
int two_digits(const char* text) noexcept {
  const auto tens = static_cast<unsigned char>(text[0] - '0');
  const auto ones = static_cast<unsigned char>(text[1] - '0');
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : -1;
}

/// The nanoseconds of ".0141234", or -1.
std::int64_t fraction_of(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (text.front() != '.' || text.size() < 2 || text.size() > 10) return -1;
  std::int64_t value = 0;
  std::int64_t unit = kNanoseconds;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
    unit /= 10;
  }
  return value * unit;
}

/// The length of the zone at the end, or 0.
std::size_t zone_of(std::string_view text) noexcept {
  if (text.ends_with('Z')) return 1;
  return text.ends_with("+00:00") ? 6 : 0;
}

}  // namespace

std::optional<EventTime> parse_iso_time(std::string_view text) noexcept {
  const std::size_t zone = zone_of(text);
  if (zone == 0 || text.size() < kSeconds + zone) return std::nullopt;
  const char* at = text.data();
  const bool separators = at[4] == '-' && at[7] == '-' && (at[10] == 'T' || at[10] == ' ') &&
                          at[13] == ':' && at[16] == ':';
  const int century = two_digits(at);
  const int year = two_digits(at + 2);
  const int month = two_digits(at + 5);
  const int day = two_digits(at + 8);
  const int hour = two_digits(at + 11);
  const int minute = two_digits(at + 14);
  const int second = two_digits(at + 17);
  const std::int64_t ns = fraction_of(text.substr(kSeconds, text.size() - zone - kSeconds));
  if (!separators || (century | year | month | day | hour | minute | second) < 0 || ns < 0) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{century * 100 + year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  const bool in_range = century >= 19 && century <= 21 && hour < 24 && minute < 60 && second <= 60;
  if (!date.ok() || !in_range) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  if (days < 0) return std::nullopt;
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  return EventTime::from_raw(seconds * kNanoseconds + ns);
}

}  // namespace plimsoll::feeds
