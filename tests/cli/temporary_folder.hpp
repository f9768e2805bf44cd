#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::cli::testing {

/// A folder of its own in the temporary directory, removed with all that is in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The path of a file in it, there or not.
  [[nodiscard]] std::string at(std::string_view name) const;
  /// Writes a file and returns its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

/// The whole of a file; empty when it cannot be read.
[[nodiscard]] std::string read_file(const std::string& path);

/// The lines of a text without their ends; what follows the last end is left out when `whole`.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text, bool whole = false);

/// A text as gzip.
[[nodiscard]] std::string gzip(std::string_view text);

}  // namespace plimsoll::cli::testing
