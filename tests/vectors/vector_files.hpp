#pragma once

#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/vectors/rules.hpp"

// Which files of published vectors there are, how their cases are found, and which rules try them.

namespace plimsoll::vectors {

struct VectorFile {
  std::string_view name;  // without .json
  std::vector<Case> (*cases)(const Json& file);
  std::span<const Kind> (*kinds)();
};

/// By its name, where a test says what it runs on.
inline void PrintTo(const VectorFile& file, std::ostream* stream) {
  *stream << file.name;
}

[[nodiscard]] std::span<const VectorFile> vector_files();

/// The file in a folder, or nothing.
[[nodiscard]] std::optional<Json> read_vectors(const std::string& folder, std::string_view name);

/// The rule of a case; one that finds it not applicable when its kind is unknown.
[[nodiscard]] Rule rule_of(const VectorFile& file, const Case& given);

}  // namespace plimsoll::vectors
