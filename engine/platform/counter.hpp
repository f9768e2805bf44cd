#pragma once

#include <atomic>
#include <cstdint>

namespace plimsoll::platform {

/// A counter that one thread moves and any thread reads.
class Counter {
 public:
  // The thread that moves it.
  void add(std::uint64_t count = 1) noexcept { set(value() + count); }
  void subtract_one() noexcept { set(value() - 1); }
  /// For what is no count.
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }

  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace plimsoll::platform
