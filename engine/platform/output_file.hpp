#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::platform {

/// A file that is written from its start, through a buffer. The first failure sticks: later writes
/// do nothing, and error() says what failed. One thread.
class OutputFile {
 public:
  /// Creates or truncates `path`; on failure error() is not empty.
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void append(std::span<const std::byte> bytes);
  void append(std::string_view text);
  /// Hands everything appended to the operating system. Returns false on failure.
  bool flush();
  /// flush(), then closes. Returns false when anything ever failed.
  bool close();

  /// "PATH: what went wrong", or empty.
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  void fail(const char* doing);

  std::string path_;
  int descriptor_{-1};
  std::vector<std::byte> buffer_;
  std::string error_;
};

}  // namespace plimsoll::platform
