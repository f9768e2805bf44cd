#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/multiprecision/cpp_int.hpp>

// Exact fractions: published numbers, and what is derived from them to state a case. Nothing that
// is compared passes through a double.

namespace plimsoll::vectors {

using Number = boost::multiprecision::cpp_rational;

enum class Round { nearest, up, down };  // half away from zero; towards plus, minus infinity

/// A decimal, with or without an exponent: "0.0006", "1e-06", "-13". Nothing when it is none.
[[nodiscard]] std::optional<Number> parse_number(std::string_view text);

/// The decimal text of x rounded to so many decimals, without trailing zeros.
[[nodiscard]] std::string decimal_text(const Number& x, int decimals, Round round = Round::nearest);

/// Decimals that x needs to be written exactly; nothing when it needs more than `most`.
[[nodiscard]] std::optional<int> decimals_needed(const Number& x, int most);

/// x rounded to so many decimals.
[[nodiscard]] Number rounded(const Number& x, int decimals, Round round = Round::nearest);

/// 10^exponent, which may be negative.
[[nodiscard]] Number ten_to(int exponent);

/// Half a unit of the last digit that a decimal text shows: what its printing may have lost.
[[nodiscard]] Number half_of_last_digit(std::string_view text);

}  // namespace plimsoll::vectors
