#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/byte_source.hpp"

// The lines of a text file, plain or gzip, one after the other through a fixed buffer. One thread;
// never holds more than one buffer of the file.

namespace plimsoll::configuration {

class LineReader {
 public:
  static constexpr std::size_t kLineMax = 1U << 20U;  // bytes of one line
  static constexpr std::size_t kPadding = 64;         // readable bytes after every line

  enum class Step { line, end, too_long, failed };

  /// A file that cannot be opened shows at the first next().
  explicit LineReader(const std::string& path) : source_{path}, buffer_(kLineMax + kPadding) {}

  /// `line`: the next line without its end ("\n" or "\r\n"), valid until the next call. The last
  /// one need not end. `too_long`: the line was skipped. `failed`: see error().
  [[nodiscard]] Step next(std::string_view& line);

  /// Number of the line that next() spoke of, from 1.
  [[nodiscard]] std::size_t line_number() const noexcept { return line_number_; }
  /// Why reading failed.
  [[nodiscard]] const std::string& error() const noexcept { return source_.error(); }
  /// False when there is no such file, or it may not be read.
  [[nodiscard]] bool is_open() const noexcept { return source_.is_open(); }

 private:
  enum class Fill { more, end, full, failed };
  [[nodiscard]] Fill fill();
  [[nodiscard]] Step take(std::size_t size, std::size_t end_size, std::string_view& line);

  ByteSource source_;
  std::vector<char> buffer_;
  std::size_t begin_{0};    // of what is not yet given out
  std::size_t end_{0};      // of what was read
  std::size_t scanned_{0};  // bytes from begin_ on that hold no end of a line
  std::size_t line_number_{0};
  bool skipping_{false};  // inside a line that is too long
};

/// Is there nothing in the line but white space?
[[nodiscard]] inline bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace plimsoll::configuration
