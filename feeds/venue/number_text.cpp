#include "feeds/venue/number_text.hpp"

#include <algorithm>

#include "engine/value/decimal.hpp"
#include "feeds/text/iso_time.hpp"

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
  const std::optional<EventTime> parsed = parse_iso_time(text);
  if (!parsed) return Reject::bad_time;
  time = *parsed;
  return Reject::none;
}

}  // namespace plimsoll::feeds
