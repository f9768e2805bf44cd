#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// One line of a file of inputs, taken apart into keys and scalars. Private to this folder; one
// thread.

namespace plimsoll::configuration {

/// What is wrong with a line: the field, its value, the reason. `field` is empty when it is the
/// whole line.
struct InputFault {
  std::string field;
  std::string value;
  std::string reason;
};

/// A value as it stands in the line; a text without its quotes.
struct JsonScalar {
  std::string_view key;
  std::string_view text;
  bool quoted{false};
  bool used{false};
};

class InputJsonParser {
 public:
  InputJsonParser();
  ~InputJsonParser();

  /// Takes apart one object of scalars; the texts stay valid until the next call and as long as
  /// `line` does. False: `fault` says why not. REQUIRES: kPadding bytes after `line` may be read.
  [[nodiscard]] bool parse(std::string_view line, std::vector<JsonScalar>& values,
                           InputFault& fault);

  static constexpr std::size_t kPadding = 64;

 private:
  struct Json;
  std::unique_ptr<Json> json_;
};

}  // namespace plimsoll::configuration
