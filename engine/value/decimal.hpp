#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/value/integer.hpp"

// Exact decimal text to scaled integers and back. No double on the way.

namespace plimsoll {

enum class DecimalError : std::uint8_t {
  none,
  empty,         // no text
  malformed,     // not [+-]digits[.digits][e[+-]digits]
  inexact,       // more significant decimals than the scale holds
  out_of_range,  // does not fit in 64 bits at that scale
};

[[nodiscard]] const char* to_string(DecimalError error) noexcept;

/// A decimal at a scale, or the reason why the text is none. `raw` is meaningful only for `none`.
struct DecimalResult {
  std::int64_t raw{0};
  DecimalError error{DecimalError::none};
  [[nodiscard]] constexpr bool ok() const noexcept { return error == DecimalError::none; }
};

/// Reads the whole of `text` as units of 10^-decimals: parse_decimal("61800.20", 9) is
/// 61800200000000. Accepts a sign, trailing zeros and an exponent; zeros beyond the scale are
/// fine, digits beyond it are `inexact`. REQUIRES: 0 <= decimals <= 18.
[[nodiscard]] DecimalResult parse_decimal(std::string_view text, int decimals) noexcept;

/// The shortest decimal text of raw * 10^-decimals: format_decimal(61800200000000, 9) is "61800.2".
[[nodiscard]] std::string format_decimal(std::int64_t raw, int decimals);
/// The same for what may need more than 64 bits.
[[nodiscard]] std::string format_wide_decimal(Int128 raw, int decimals);

}  // namespace plimsoll
