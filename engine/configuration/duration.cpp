#include "engine/configuration/duration.hpp"

#include <algorithm>
#include <array>

#include "engine/value/decimal.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::configuration {
namespace {

/// A unit is 10^decimals * scale nanoseconds.
struct Unit {
  std::string_view name;
  int decimals;
  std::int64_t scale;
};

constexpr std::array<Unit, 6> kUnits{
    {{"h", 9, 3600}, {"m", 9, 60}, {"s", 9, 1}, {"ms", 6, 1}, {"us", 3, 1}, {"ns", 0, 1}}};

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) noexcept {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& candidate) {
    return candidate.name == text.substr(digits);
  });
  if (unit == kUnits.end()) return std::nullopt;
  const DecimalResult number = parse_decimal(text.substr(0, digits), unit->decimals);
  if (!number.ok() || number.raw > kDurationMax.raw() / unit->scale) return std::nullopt;
  return Duration::from_raw(number.raw * unit->scale);
}

std::string format_duration(Duration duration) {
  PLIMSOLL_ASSERT(duration.raw() >= 0);
  for (const Unit& unit : kUnits) {
    const std::int64_t size = power_of_ten(unit.decimals) * unit.scale;
    if (duration.raw() % size == 0) {
      return std::to_string(duration.raw() / size) + std::string{unit.name};
    }
  }
  return {};  // Not reached: every duration is a multiple of a nanosecond.
}

}  // namespace plimsoll::configuration
