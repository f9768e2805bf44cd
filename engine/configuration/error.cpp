#include "engine/configuration/error.hpp"

namespace plimsoll::configuration {

std::string to_string(const Error& error) {
  std::string text = error.file;
  for (const std::size_t place : {error.line, error.column}) {
    if (place > 0) text.append(":").append(std::to_string(place));
  }
  text.append(": ").append(error.field);
  if (!error.field.empty() && !error.value.empty()) text.append(" = ");
  text.append(error.value);
  if (!error.field.empty() || !error.value.empty()) text.append(": ");
  return text.append(error.reason);
}

std::string quote(std::string_view text) {
  constexpr std::size_t kBytesMax = 60;
  std::string quoted = "\"";
  for (const char c : text.substr(0, kBytesMax)) {
    const auto byte = static_cast<unsigned char>(c);
    quoted += byte < 0x20 || byte == 0x7f ? '.' : c;
  }
  if (text.size() > kBytesMax) quoted += "...";
  return quoted + "\"";
}

}  // namespace plimsoll::configuration
