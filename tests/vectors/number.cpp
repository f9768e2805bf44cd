#include "tests/vectors/number.hpp"

#include <algorithm>
#include <charconv>

namespace plimsoll::vectors {
namespace {

using Integer = boost::multiprecision::cpp_int;

/// The parts of [+-]digits[.digits][e[+-]digits].
struct Parts {
  bool negative{false};
  std::string digits;  // before and after the point
  int decimals{0};     // how many of them stand after it
  int exponent{0};
};

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != text.npos) {
    std::string_view digits = text.substr(exponent + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), parts.exponent);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    text = text.substr(0, exponent);
  }
  parts.negative = text.starts_with('-');
  if (parts.negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  parts.digits = text.substr(0, point);
  if (point != text.npos) {
    parts.digits += text.substr(point + 1);
    parts.decimals = static_cast<int>(text.size() - point) - 1;
  }
  const bool valid = !parts.digits.empty() && parts.digits.size() < 100 && parts.exponent > -100 &&
                     parts.exponent < 100 &&
                     parts.digits.find_first_not_of("0123456789") == std::string::npos;
  return valid ? std::optional{parts} : std::nullopt;
}

Integer power_of_ten_of(int exponent) {
  return boost::multiprecision::pow(Integer{10}, static_cast<unsigned>(exponent));
}

/// x as an integer, rounded.
Integer whole(const Number& x, Round round) {
  const Integer n = numerator(x);
  const Integer d = denominator(x);
  Integer quotient = n / d;  // towards zero
  const Integer rest = n % d;
  if (rest == 0) return quotient;
  if (round == Round::nearest) {
    if (2 * abs(rest) >= d) quotient += rest < 0 ? -1 : 1;
  } else if (round == Round::up && rest > 0) {
    ++quotient;
  } else if (round == Round::down && rest < 0) {
    --quotient;
  }
  return quotient;
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) {
  const std::optional<Parts> parts = parts_of(text);
  if (!parts) return std::nullopt;
  // A leading zero would make it octal.
  const std::size_t first = std::min(parts->digits.find_first_not_of('0'), parts->digits.size());
  const std::string digits = parts->digits.substr(first);
  const Number value{digits.empty() ? Integer{0} : Integer{digits}};
  const Number scaled = value * ten_to(parts->exponent - parts->decimals);
  return parts->negative ? Number{-scaled} : scaled;
}

std::string decimal_text(const Number& x, int decimals, Round round) {
  const Integer raw = whole(x * ten_to(decimals), round);
  std::string text = Integer{abs(raw)}.str();
  const auto places = static_cast<std::size_t>(decimals);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  if (decimals > 0) {
    text.insert(text.size() - places, ".");
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return raw < 0 ? "-" + text : text;
}

std::optional<int> decimals_needed(const Number& x, int most) {
  for (int decimals = 0; decimals <= most; ++decimals) {
    if (denominator(Number{x * ten_to(decimals)}) == 1) return decimals;
  }
  return std::nullopt;
}

Number rounded(const Number& x, int decimals, Round round) {
  return Number{whole(x * ten_to(decimals), round)} * ten_to(-decimals);
}

Number ten_to(int exponent) {
  if (exponent >= 0) return Number{power_of_ten_of(exponent)};
  return Number{Integer{1}, power_of_ten_of(-exponent)};
}

Number half_of_last_digit(std::string_view text) {
  const std::optional<Parts> parts = parts_of(text);
  return parts ? Number{ten_to(parts->exponent - parts->decimals) / 2} : Number{0};
}

}  // namespace plimsoll::vectors
