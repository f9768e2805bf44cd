#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "feeds/capture/byte_source.hpp"
#include "feeds/capture/format.hpp"

namespace plimsoll::feeds {

/// A line without its end ("\n" or "\r\n"), valid until the next call.
struct RawLine {
  std::string_view text;  // followed by kJsonPadding readable bytes
  bool has_end{true};     // false: the text ended, or failed, before the line did
  bool too_long{false};   // the text was thrown away
};

/// Cuts the text of a file into lines. One thread. Holds at most line_length_max + read_size bytes
/// of text, whatever the file holds; allocates only while it meets longer lines than before.
class LineSplitter {
 public:
  LineSplitter(const std::string& path, const CaptureLimits& limits);

  /// `failed` comes after the lines that could be read, the cut one included.
  [[nodiscard]] Step next(RawLine& line);

  /// The text that comes next, at least `size` bytes of it where the file has and the limits allow
  /// so many. Takes nothing; valid until the next call.
  [[nodiscard]] std::string_view peek(std::size_t size);

  [[nodiscard]] const std::optional<std::string>& failure() const noexcept {
    return source_.failure();
  }

 private:
  [[nodiscard]] bool take_line(RawLine& line);
  [[nodiscard]] Step take_rest(RawLine& line);
  void fill();

  ByteSource source_;
  CaptureLimits limits_;
  std::vector<char> buffer_;  // [begin_, end_) is text; kJsonPadding bytes at its end never are
  std::size_t begin_{0};
  std::size_t scanned_{0};  // no line ends in [begin_, scanned_)
  std::size_t end_{0};
  bool discarding_{false};  // inside a line that is too long
  bool ended_{false};
};

}  // namespace plimsoll::feeds
