#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::feeds {

struct JsonMember;

/// A JSON text as a tree whose numbers are still the text that was written.
struct JsonValue {
  enum class Kind : std::uint8_t { null, scalar, object, array };

  Kind kind{Kind::null};
  std::string text;  // of a scalar, without quotes: "0.5", "true", "BTCUSDT"
  std::vector<JsonMember> members;

  /// The member of this key, or nullptr; of a repeated key the first counts.
  [[nodiscard]] const JsonValue* find(std::string_view key) const noexcept;
};

/// A member of an object, or an element of an array, which has no key.
struct JsonMember {
  std::string key;
  JsonValue value;
};

/// What parse_json() made of a text: a tree, or what is wrong.
struct JsonResult {
  JsonValue root;
  std::string error;
  [[nodiscard]] bool ok() const noexcept { return error.empty(); }
};

/// Reads a whole JSON object or array of at most 32 levels. Any bytes are allowed.
[[nodiscard]] JsonResult parse_json(std::string_view json);

}  // namespace plimsoll::feeds
