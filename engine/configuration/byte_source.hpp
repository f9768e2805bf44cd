#pragma once

#include <cstddef>
#include <string>

#include <zlib.h>

// The bytes of a file, plain or gzip, block by block. Private to this folder; one thread.

namespace plimsoll::configuration {

class ByteSource {
 public:
  /// A file that cannot be opened shows at the first read().
  explicit ByteSource(const std::string& path);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  enum class Result { some, end, failed };
  /// Reads up to `size` bytes, `count` of them: some, or none at the end. `failed`: see error().
  /// REQUIRES: 0 < size < 2^31.
  [[nodiscard]] Result read(char* into, std::size_t size, std::size_t& count);

  /// Why reading failed.
  [[nodiscard]] const std::string& error() const noexcept { return error_; }
  /// False when there is no such file, or it may not be read.
  [[nodiscard]] bool is_open() const noexcept { return file_ != nullptr; }

 private:
  gzFile file_;
  std::string error_;
};

}  // namespace plimsoll::configuration
