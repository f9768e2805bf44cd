#pragma once

#include <string_view>

// Scalar values of JSON as they stand in the text. Pure functions; private to this folder.

namespace plimsoll::configuration {

/// Without the white space that the parser leaves behind a token.
[[nodiscard]] inline std::string_view trim_token(std::string_view token) noexcept {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

/// Is it a number as JSON writes one, as far as parse_decimal would let it pass?
[[nodiscard]] inline bool is_json_number(std::string_view text) noexcept {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return false;
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return false;
  const std::size_t point = text.find('.');
  return point == std::string_view::npos || (point + 1 < text.size() && is_digit(text[point + 1]));
}

}  // namespace plimsoll::configuration
