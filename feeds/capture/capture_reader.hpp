#pragma once

#include <optional>
#include <string>

#include "feeds/capture/capture_format.hpp"
#include "feeds/capture/format.hpp"
#include "feeds/capture/line_parser.hpp"
#include "feeds/capture/line_splitter.hpp"

namespace plimsoll::feeds {

/// Reads a capture line by line: plain, gzip or zstd, in the format that its first lines have. One
/// thread per reader. It does not look into the JSON, keeps no line, and throws nothing but what a
/// vector does when memory runs out. Lines that are rejected are counted and passed over.
class CaptureReader {
 public:
  /// Opens `path`; error() says at once when that fails.
  explicit CaptureReader(std::string path, const CaptureLimits& limits = {});

  /// The next usable line. When a compressed file turns out to be corrupt or cut short, the lines
  /// before that place come first, then `failed`.
  [[nodiscard]] Step next(CaptureLine& line);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const DetectedFormat& format() const noexcept { return format_; }
  /// The first text of the file, as far as it was looked at before the first line was taken.
  [[nodiscard]] const std::string& first_text() const noexcept { return first_text_; }
  /// The names of the columns of a CSV; "" before the first row.
  [[nodiscard]] const std::string& header() const noexcept { return parser_.header(); }
  [[nodiscard]] const LineCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] const std::optional<CaptureError>& error() const noexcept { return error_; }

 private:
  std::string path_;
  LineSplitter splitter_;
  std::string first_text_;
  DetectedFormat format_;
  LineParser parser_;
  LineCounts counts_;
  std::optional<CaptureError> error_;
};

}  // namespace plimsoll::feeds
