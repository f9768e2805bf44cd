#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "feeds/capture/decoder.hpp"
#include "feeds/capture/file.hpp"

namespace plimsoll::feeds {

/// The decoded bytes of a file that is plain, gzip or zstd; which one, its first bytes say, never
/// its name. One thread. Throws nothing; a failure ends it and is kept as text.
class ByteSource {
 public:
  /// Opens `path` and reads `read_size` bytes of it at once. REQUIRES: read_size > 0.
  ByteSource(const std::string& path, std::size_t read_size);

  /// The next bytes of the text. Returns how many; 0 is the end, or a failure. REQUIRES: `output`
  /// is not empty.
  [[nodiscard]] std::size_t read(std::span<char> output);

  /// What went wrong: "No such file or directory", "corrupt gzip: incorrect data check", "zstd ends
  /// in the middle".
  [[nodiscard]] const std::optional<std::string>& failure() const noexcept { return failure_; }

 private:
  void refill();
  void fail(std::string what) { failure_ = std::move(what); }

  File file_;
  std::unique_ptr<Decoder> decoder_;
  std::vector<char> buffer_;     // compressed bytes
  std::span<const char> input_;  // the part of buffer_ that is not decoded yet
  bool output_was_full_{false};  // the decoder may hold more than it could give
  std::optional<std::string> failure_;
};

}  // namespace plimsoll::feeds
