#include "feeds/capture/json_shape.hpp"

#include <cstdint>

namespace plimsoll::feeds {
namespace {

/// The position after the string that begins at `text[at]`, or npos when it has no end.
std::size_t skip_string(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    at += static_cast<std::size_t>(text[at] == '\\');
  }
  return std::string_view::npos;
}

}  // namespace

bool is_closed_json(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  std::size_t at = text.find_first_not_of(kSpace);
  if (at == text.npos || (text[at] != '{' && text[at] != '[')) return false;
  std::uint64_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) {
      return text.find_first_not_of(kSpace, at) == text.npos;
    }
  }
  return false;
}

}  // namespace plimsoll::feeds
