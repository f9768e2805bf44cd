#pragma once

#include <string>
#include <string_view>

#include "engine/configuration/account_line.hpp"
#include "engine/configuration/choice.hpp"
#include "engine/configuration/error.hpp"

// How a field of an account is checked, and what is said when it is wrong. Private to this folder.

namespace plimsoll::configuration {

/// A field of an account, or of an element of one of its lists; a text only when there is a fault.
struct FieldPlace {
  const char* key;
  LinePart part{LinePart::account};
  std::size_t index{0};
};

/// Fills in the fault; false, so that a check can return it.
bool refuse(LineFault& fault, const FieldPlace& place, std::string value, std::string reason);

/// The bounds of a decimal, and what is said when it is below.
struct DecimalRule {
  int decimals;
  std::int64_t min;
  const char* below_min;
};

/// Reads a decimal, at most 2^60 units.
[[nodiscard]] bool read_decimal(std::string_view text, const DecimalRule& rule,
                                const FieldPlace& place, std::int64_t& raw, LineFault& fault);

/// Reads one of some words, when it is given.
template <class Enum, std::size_t N>
[[nodiscard]] bool read_choice(const std::optional<std::string_view>& word,
                               const Choices<Enum, N>& choices, const FieldPlace& place, Enum& into,
                               LineFault& fault) {
  if (!word) return true;
  const std::optional<Enum> value = find_choice(choices, *word);
  if (!value) return refuse(fault, place, quote(*word), choice_rule(choices));
  into = *value;
  return true;
}

}  // namespace plimsoll::configuration
