#include "engine/configuration/instant.hpp"

#include <chrono>

namespace plimsoll::configuration {
namespace {

constexpr std::string_view kPattern = "0000-00-00T00:00:00Z";  // 0: a digit

bool has_pattern(std::string_view text) noexcept {
  if (text.size() != kPattern.size()) return false;
  for (std::size_t i = 0; i < kPattern.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kPattern[i] == '0' ? !digit : text[i] != kPattern[i]) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t at, std::size_t size) noexcept {
  int number = 0;
  for (const char c : text.substr(at, size)) number = 10 * number + (c - '0');
  return number;
}

}  // namespace

std::optional<EventTime> parse_instant(std::string_view text) noexcept {
  if (!has_pattern(text)) return std::nullopt;
  const int year = number_at(text, 0, 4);
  const std::chrono::year_month_day day{
      std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
      std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  const int hours = number_at(text, 11, 2);
  const int minutes = number_at(text, 14, 2);
  const int seconds = number_at(text, 17, 2);
  const bool in_range = year >= 1970 && year <= 2200 && day.ok();
  if (!in_range || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{day}.time_since_epoch().count();
  const std::int64_t total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  return EventTime::from_raw(total * 1'000'000'000);
}

}  // namespace plimsoll::configuration
