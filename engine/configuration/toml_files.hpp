#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "engine/configuration/report.hpp"
#include "engine/configuration/toml_section.hpp"

// A TOML file and the files that its `include` names. Private to this folder; one thread.

namespace plimsoll::configuration {

struct TomlFile {
  std::string path;       // as errors name it
  std::size_t number{0};  // in the report
  toml::table table;
};

/// The files in the order of reading: those that a file includes come before it, and `text` itself
/// is the last. A file that is included twice is read once. Mistakes go to the report; without any
/// in `text` itself the result is not empty. What a file that cannot be read would have held is
/// in doubt then.
[[nodiscard]] std::vector<TomlFile> parse_files(std::string_view text, const std::string& path,
                                                Report& report);

/// The root tables of the files, in their order. REQUIRES: `files` stays where it is.
[[nodiscard]] std::vector<Section> roots_of(const std::vector<TomlFile>& files, Report& report);

/// The whole text of a file of at most 64 MiB, or nothing.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path);
inline constexpr const char* kUnreadable = "cannot be read, or is above 64 MiB";

}  // namespace plimsoll::configuration
