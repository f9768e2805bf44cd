#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "feeds/capture/capture_reader.hpp"

namespace plimsoll::feeds {

/// One line of a merge, and which capture it is from.
struct MergedLine {
  CaptureLine line;
  std::size_t capture{0};  // index into the paths
};

/// Several captures as one, by (receive time, order of the files). One thread. Lines of one file
/// keep their order always: where its stamps go backward, a line counts as received with the latest
/// line before it, and stamps_went_back() counts it. Choosing a line costs one comparison a file.
class Merge {
 public:
  /// Opens the captures and reads the first line of each; error() says at once when that fails.
  explicit Merge(const std::vector<std::string>& paths, const CaptureLimits& limits = {});

  /// The next line, valid until the next call. Ends with `failed` as soon as one capture fails.
  [[nodiscard]] Step next(MergedLine& merged);

  [[nodiscard]] std::size_t captures() const noexcept { return heads_.size(); }
  [[nodiscard]] const CaptureReader& reader(std::size_t capture) const {
    return heads_.at(capture).reader;
  }
  [[nodiscard]] std::uint64_t stamps_went_back() const noexcept { return stamps_went_back_; }

  /// The first capture that failed, in the order of the files.
  [[nodiscard]] const std::optional<CaptureError>& error() const noexcept { return error_; }

 private:
  struct Head {
    CaptureReader reader;
    CaptureLine line;
    Step step{Step::end};
  };
  void advance(Head& head);

  std::vector<Head> heads_;
  Head* given_{nullptr};  // whose line the caller has; it moves on with the next call
  std::uint64_t stamps_went_back_{0};
  std::optional<CaptureError> error_;
};

}  // namespace plimsoll::feeds
