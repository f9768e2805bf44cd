#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/value/types.hpp"
#include "feeds/capture/encoder.hpp"
#include "feeds/capture/new_file.hpp"

namespace plimsoll::feeds {

/// How the lines of a capture begin.
enum class StampFormat : std::uint8_t {
  iso,          // "2024-08-08T23:54:15.0881691Z", to 100 ns, rounded down: 28 characters
  nanoseconds,  // "1723161255088169167", since 1970-01-01 UTC
};

/// Appends the stamp and the space after it. REQUIRES: 0 <= time < year 10000.
void append_stamp(StampFormat format, EventTime time, std::string& line);

/// Writes a capture: one line a message, an empty line for a lost connection. The name of the file
/// says whether it is compressed. What flush() has handed over is whole lines in whole gzip members
/// or zstd frames, so a file can be read however the program ended. One thread.
class CaptureWriter {
 public:
  /// Creates `path`, which must not be there.
  CaptureWriter(std::string path, StampFormat format);

  /// Ends of lines inside a message, which JSON has only between its tokens, become spaces.
  void append_message(EventTime received, std::string_view text);
  void append_disconnect();

  /// Hands everything to the operating system. Returns false when anything ever failed.
  bool flush();
  /// flush(), then closes; a file that stayed empty is removed.
  bool close();

  [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }
  /// "PATH: what went wrong", or empty.
  [[nodiscard]] const std::string& error() const noexcept;

 private:
  StampFormat format_;
  Compression compression_;
  NewFile file_;
  std::string text_;     // lines that are not handed over yet
  std::string encoded_;  // kept for its memory
  std::string error_;    // of the encoder
};

}  // namespace plimsoll::feeds
