#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// One mistake in a configuration or accounts file: where it is, what stands there, what is wrong.
// A plain value, for any thread. It never holds a password.

namespace plimsoll::configuration {

struct Error {
  std::string file;
  std::size_t line{0};    // from 1; 0 when the mistake has no line, as a file that is not there
  std::size_t column{0};  // from 1; 0 when the line says enough
  std::string field;      // path of the field, as "instrument[0].brackets[1].floor"; may be empty
  std::string value;      // as it stands in the file, text in quotes, shortened; may be empty
  std::string reason;

  friend bool operator==(const Error&, const Error&) = default;
};

/// `config/demo.toml:12: instrument[0].brackets[1].floor = "abc": not a decimal number`.
[[nodiscard]] std::string to_string(const Error& error);

/// `text` in quotes for an error line: control characters as dots, at most 60 bytes of it.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace plimsoll::configuration
