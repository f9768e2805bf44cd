#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace plimsoll::cli {

/// Lets inputs through as someone at standard input says: each line is one more, a line with a
/// number so many. One thread waits; `stop` may be set by any.
class StepGate {
 public:
  explicit StepGate(const std::atomic<bool>& stop) noexcept : stop_{&stop} {}

  /// Waits until the next input may pass; false at the end of standard input, or when stop was set.
  [[nodiscard]] bool wait();

 private:
  [[nodiscard]] bool read_more();
  void take_lines();

  const std::atomic<bool>* stop_;
  std::string text_;  // of a line that is not whole
  std::uint64_t allowed_{0};
};

}  // namespace plimsoll::cli
