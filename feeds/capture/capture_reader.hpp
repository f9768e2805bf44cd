#pragma once

#include <optional>
#include <string>

#include "feeds/capture/format.hpp"
#include "feeds/capture/line_splitter.hpp"

namespace plimsoll::feeds {

/// Reads a capture line by line: plain, gzip or zstd. One thread per reader. It does not look into
/// the JSON, keeps no line, and throws nothing but what a vector does when memory runs out. Lines
/// that are rejected are counted and passed over.
class CaptureReader {
 public:
  /// Opens `path`; error() says at once when that fails.
  explicit CaptureReader(std::string path, const CaptureLimits& limits = {});

  /// The next usable line. When a compressed file turns out to be corrupt or cut short, the lines
  /// before that place come first, then `failed`.
  [[nodiscard]] Step next(CaptureLine& line);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const LineCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] const std::optional<CaptureError>& error() const noexcept { return error_; }

 private:
  std::string path_;
  LineSplitter splitter_;
  LineCounts counts_;
  std::optional<CaptureError> error_;
};

}  // namespace plimsoll::feeds
