#include "engine/value/decimal.hpp"

#include <algorithm>
#include <limits>

#include "engine/value/integer.hpp"

namespace plimsoll {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// An exponent beyond this cannot be meant: the mantissa is then zero or out of every range.
constexpr int kExponentMax = 400;

/// Reads "[+-]digits" at the end of a number. Returns false when it is not that.
bool read_exponent(std::string_view text, int& exponent) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return false;
  int magnitude = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    magnitude = std::min(kExponentMax, magnitude * 10 + (c - '0'));
  }
  exponent = negative ? -magnitude : magnitude;
  return true;
}

}  // namespace

const char* to_string(DecimalError error) noexcept {
  switch (error) {
    case DecimalError::none:
      return "none";
    case DecimalError::empty:
      return "empty";
    case DecimalError::malformed:
      return "not a decimal number";
    case DecimalError::inexact:
      return "more decimals than the scale holds";
    case DecimalError::out_of_range:
      return "out of range";
  }
  return "unknown";
}

DecimalResult parse_decimal(std::string_view text, int decimals) noexcept {
  PLIMSOLL_ASSERT(decimals >= 0 && decimals <= 18);
  if (text.empty()) return {0, DecimalError::empty};
  const bool negative = text.front() == '-';
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);

  // The mantissa without its trailing zeros, and the power of ten of its last digit kept.
  constexpr std::uint64_t kMantissaMax = std::numeric_limits<std::uint64_t>::max() / 10 - 1;
  std::uint64_t mantissa = 0;
  int scale = 0;          // value = mantissa * 10^-scale
  int zeros_pending = 0;  // zeros read but not yet multiplied in
  bool seen_digit = false;
  bool seen_point = false;
  bool too_long = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (seen_point) return {0, DecimalError::malformed};
      seen_point = true;
      continue;
    }
    if (!is_digit(c)) break;
    seen_digit = true;
    scale += static_cast<int>(seen_point);
    if (c == '0') {
      zeros_pending += static_cast<int>(mantissa != 0 || too_long);
      continue;
    }
    for (; zeros_pending >= 0; --zeros_pending) {
      too_long = too_long || mantissa > kMantissaMax;
      if (too_long) break;
      mantissa *= 10;
    }
    zeros_pending = 0;
    mantissa += static_cast<std::uint64_t>(c - '0');
  }
  if (!seen_digit) return {0, DecimalError::malformed};
  int exponent = 0;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return {0, DecimalError::malformed};
    if (!read_exponent(text.substr(i + 1), exponent)) return {0, DecimalError::malformed};
  }
  if (too_long) return {0, DecimalError::out_of_range};
  if (mantissa == 0) return {0, DecimalError::none};

  int shift = decimals + exponent - scale + zeros_pending;
  if (shift < 0) return {0, DecimalError::inexact};
  Int128 value = mantissa;
  for (; shift > 0; --shift) {
    value *= 10;
    if (value > std::numeric_limits<std::int64_t>::max()) return {0, DecimalError::out_of_range};
  }
  if (value > std::numeric_limits<std::int64_t>::max()) return {0, DecimalError::out_of_range};
  return {static_cast<std::int64_t>(negative ? -value : value), DecimalError::none};
}

namespace {

/// Puts sign and point to the digits of a magnitude.
std::string place_point(const std::string& digits, bool negative, int decimals) {
  const auto places = static_cast<std::size_t>(decimals);
  const std::size_t whole = digits.size() > places ? digits.size() - places : 0;
  std::size_t end = digits.size();  // of the fraction, without trailing zeros
  while (end > whole && digits[end - 1] == '0') --end;

  std::string text;
  if (negative) text.push_back('-');
  for (std::size_t i = 0; i < whole; ++i) text.push_back(digits[i]);
  if (whole == 0) text.push_back('0');
  if (end > whole) text.push_back('.');
  for (std::size_t i = digits.size(); i < places && end > whole; ++i) text.push_back('0');
  for (std::size_t i = whole; i < end; ++i) text.push_back(digits[i]);
  return text;
}

}  // namespace

std::string format_decimal(std::int64_t raw, int decimals) {
  const Int128 wide = raw;
  const auto size = static_cast<std::uint64_t>(wide < 0 ? -wide : wide);
  return place_point(std::to_string(size), raw < 0, decimals);
}

std::string format_wide_decimal(Int128 raw, int decimals) {
  std::string digits;  // the last one first
  for (Int128 rest = raw; rest != 0; rest /= 10) {
    const auto digit = static_cast<int>(rest % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  if (digits.empty()) digits.push_back('0');
  return place_point({digits.rbegin(), digits.rend()}, raw < 0, decimals);
}

}  // namespace plimsoll
