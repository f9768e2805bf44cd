#include "feeds/venue/number_text.hpp"

#include <algorithm>
#include <chrono>

#include "engine/value/decimal.hpp"

namespace plimsoll::feeds {
namespace {

constexpr std::size_t kTextMax = 64;  // of a number whose fine digits are cut off

/// The exponent of a number's text, and where the mantissa ends.
struct Exponent {
  std::size_t mantissa{0};
  std::int64_t value{0};
};

Exponent exponent_of(std::string_view text) noexcept {
  const std::size_t at = text.find_first_of("eE");
  if (at == std::string_view::npos) return {text.size(), 0};
  const DecimalResult result = parse_decimal(text.substr(at + 1), 0);
  return {at, std::clamp<std::int64_t>(result.raw, -1'000, 1'000)};
}

/// Reads a decimal that has more decimals than the scale holds, without them.
DecimalResult parse_cut(std::string_view text) noexcept {
  const Exponent exponent = exponent_of(text);
  const std::string_view mantissa = text.substr(0, exponent.mantissa);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  // Digits after the point that are worth 1e-9 or more; negative: some before it are not either.
  const std::int64_t kept = kPriceDecimals + exponent.value;
  if (kept < 0) {
    // All digits are worth less, or the number is written as nobody writes it.
    const bool below = point <= static_cast<std::size_t>(-kept);
    return {0, below ? DecimalError::none : DecimalError::out_of_range};
  }
  const auto decimals = static_cast<std::size_t>(kept);
  const std::size_t length = std::min(mantissa.size(), point + 1 + decimals);
  std::array<char, kTextMax> buffer{};
  const std::size_t rest = text.size() - exponent.mantissa;
  if (length + rest > buffer.size()) return {0, DecimalError::out_of_range};
  std::copy_n(mantissa.data(), length, buffer.data());
  std::copy_n(text.data() + exponent.mantissa, rest, buffer.data() + length);
  return parse_decimal({buffer.data(), length + rest}, kPriceDecimals);
}

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
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value * digits::kPowers[10 - text.size()];
}

}  // namespace

Reject read_long_price(std::string_view text, Finer finer, Price& price) noexcept {
  DecimalResult result = parse_decimal(text, kPriceDecimals);
  const bool cut = finer == Finer::cut_off;
  // A mantissa of twenty digits and more is out of range although its value may not be.
  const bool may_cut =
      result.error == DecimalError::inexact || result.error == DecimalError::out_of_range;
  if (cut && may_cut) result = parse_cut(text);
  if (!result.ok()) return Reject::bad_price;
  price = Price::from_raw(result.raw);
  return Reject::none;
}

Reject read_long_count(std::string_view text, TimeUnit unit, EventTime& time) noexcept {
  const DecimalResult result = parse_decimal(text, unit == TimeUnit::milliseconds ? 6 : 3);
  if (!result.ok() || result.raw < 0) return Reject::bad_time;
  time = EventTime::from_raw(result.raw);
  return Reject::none;
}

Reject read_iso_time(std::string_view text, EventTime& time) noexcept {
  if (text.data() == nullptr) return Reject::none;
  constexpr std::size_t kSeconds = 19;  // "2021-07-22T22:36:10"
  std::size_t zone = 0;
  if (text.ends_with('Z')) zone = 1;
  if (text.ends_with("+00:00")) zone = 6;
  if (zone == 0 || text.size() < kSeconds + zone) return Reject::bad_time;
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
    return Reject::bad_time;
  }
  const std::chrono::year_month_day date{std::chrono::year{century * 100 + year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || century < 19 || century > 21 || hour > 23 || minute > 59 || second > 60) {
    return Reject::bad_time;
  }
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  if (days < 0) return Reject::bad_time;
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  time = EventTime::from_raw(seconds * digits::kPowers[9] + ns);
  return Reject::none;
}

}  // namespace plimsoll::feeds
