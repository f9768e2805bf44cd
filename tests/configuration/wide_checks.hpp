#pragma once

#include "tests/configuration/demo.hpp"
#include "tests/configuration/wide.hpp"

// What the reader makes of the wide configuration, and of one with a mistake in it.

namespace plimsoll::configuration {

/// What it says.
inline const reference::Reference& wide() {
  static const reference::Reference kReference = [] {
    const ConfigurationResult result = parse_configuration(wide_configuration(), "t.toml");
    for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
    return result.ok() ? result.configuration->reference : reference::Reference{};
  }();
  return kReference;
}

/// The wide configuration with a change has exactly one error, at the line of `to`, or of `line`
/// when that is given.
inline void expect_error(std::string_view from, std::string_view to, const std::string& error,
                         std::string_view after = "", std::string_view line = "") {
  const std::string text = with(wide_configuration(), from, to, after);
  const auto errors = texts_of(parse_configuration(text, "t.toml"));
  ASSERT_EQ(errors.size(), 1U) << to << ": "
                               << (errors.empty() ? "no error" : errors[0] + "\n" + errors.back());
  const std::size_t number = line_of(text, line.empty() ? to : line, line.empty() ? after : "");
  EXPECT_EQ(errors[0], "t.toml:" + std::to_string(number) + ": " + error);
}

}  // namespace plimsoll::configuration
