#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/capture/capture_reader.hpp"

// Captures on disk for tests, and a reader's whole output as values.

namespace plimsoll::feeds::testing {

/// A file of its own in the temporary directory, removed at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content = {});
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  void write(std::string_view content) const;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

[[nodiscard]] std::string gzip(std::string_view text);
[[nodiscard]] std::string zstd(std::string_view text);

/// A line as a value.
struct ReadLine {
  std::int64_t stamp;
  std::string json;
  std::uint64_t number;
  friend bool operator==(const ReadLine&, const ReadLine&) = default;
};

struct ReadCapture {
  std::vector<ReadLine> lines;
  Step last{Step::end};
  std::uint64_t lines_read{0};
  std::vector<std::uint64_t> rejected;  // counts by LineReject
  std::string error;
  friend bool operator==(const ReadCapture&, const ReadCapture&) = default;
};

/// Reads a capture to its end. Checks that lines_read = lines_used + rejected, that every JSON is
/// followed by readable bytes, and that the end stays the end.
[[nodiscard]] ReadCapture read_all(const std::string& path, const CaptureLimits& limits = {});

}  // namespace plimsoll::feeds::testing
