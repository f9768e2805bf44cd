#pragma once

#include <string>
#include <string_view>

namespace plimsoll::feeds {

/// A file that was not there before, written from front to back. One thread. The first failure
/// sticks: later writes do nothing, and error() says what failed. Nothing throws.
class NewFile {
 public:
  /// Creates `path`; that something of this name is there already is an error.
  explicit NewFile(std::string path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Hands the bytes to the operating system.
  void write(std::string_view bytes);
  /// Closes; a file without a byte is removed. Returns false when anything ever failed.
  bool close();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// "PATH: what went wrong", or empty.
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  void fail(const char* doing, int error);

  std::string path_;
  int descriptor_{-1};
  bool empty_{true};
  std::string error_;
};

}  // namespace plimsoll::feeds
