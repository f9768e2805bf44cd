#pragma once

#include <optional>
#include <span>
#include <string>

namespace plimsoll::feeds {

/// A file open for reading from front to back. One thread; never seeks, so a pipe will do.
/// A failure is kept as text; nothing throws.
class File {
 public:
  explicit File(const std::string& path);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  /// Fills `output` as far as the file goes. Returns the bytes read; fewer than asked means the end
  /// of the file, or a failure.
  [[nodiscard]] std::size_t read(std::span<char> output);

  /// Why the file could not be opened or read, as "No such file or directory".
  [[nodiscard]] const std::optional<std::string>& failure() const noexcept { return failure_; }

 private:
  void fail(int error);

  int descriptor_{-1};
  std::optional<std::string> failure_;
};

}  // namespace plimsoll::feeds
