#pragma once

#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/configuration/configuration.hpp"

// The demonstration configuration as a text to change, and what the reader says of it.

namespace plimsoll::configuration {

inline std::string demo_path() {
  return PLIMSOLL_CONFIG "/demo.toml";
}

inline const std::string& demo_text() {
  static const std::string text = [] {
    std::ostringstream out;
    out << std::ifstream{demo_path()}.rdbuf();
    return out.str();
  }();
  return text;
}

/// The demonstration with two users of the gateway: a text that holds every section there is.
inline const std::string& full_text() {
  static const std::string text = [] {
    std::string full = demo_text();
    return full.insert(full.find("[[asset]]"),
                       "[[gateway.user]]\nname = \"desk\"\npassword = \"plimsoll\"\n\n"
                       "[[gateway.user]]\nname = \"engine\"\npassword = \"harbour\"\n"
                       "accounts = [7, \"1000-1999\"]\n\n");
  }();
  return text;
}

/// The full text with the first `from` after `after` replaced.
inline std::string changed(std::string_view from, std::string_view to,
                           std::string_view after = "") {
  std::string text = full_text();
  const std::size_t begin = text.find(after);
  const std::size_t at = begin == std::string::npos ? begin : text.find(from, begin);
  if (at == std::string::npos) {
    ADD_FAILURE() << "not in demo.toml: " << from;
    return text;
  }
  return text.replace(at, from.size(), to);
}

/// Number of the first line that holds `what` at or after `after`.
inline std::size_t line_of(std::string_view text, std::string_view what,
                           std::string_view after = "") {
  const std::size_t at = text.find(what, text.find(after));
  std::size_t line = 1;
  for (std::size_t i = 0; i < at && i < text.size(); ++i) line += text[i] == '\n' ? 1 : 0;
  return line;
}

inline std::vector<std::string> errors_of(std::string_view text) {
  std::vector<std::string> lines;
  const ConfigurationResult result = parse_configuration(text, "t.toml");
  EXPECT_NE(result.ok(), !result.errors.empty());
  for (const Error& error : result.errors) lines.push_back(to_string(error));
  return lines;
}

}  // namespace plimsoll::configuration
