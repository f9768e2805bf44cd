#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <vector>

namespace plimsoll::runtime {

/// A bounded queue between exactly one pushing and one popping thread. Neither ever waits: a full
/// or empty ring says so. No allocation after construction.
template <class Item>
class SpscRing {
 public:
  explicit SpscRing(std::size_t capacity)
      : slots_(std::bit_ceil(capacity)), mask_{slots_.size() - 1} {}

  /// Pushing thread only. False when full.
  [[nodiscard]] bool push(const Item& item) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_seen_ > mask_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail - head_seen_ > mask_) return false;
    }
    slots_[tail & mask_] = item;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// Popping thread only. Calls take(item) for everything that is there; returns how many.
  template <class Take>
  std::size_t drain(Take&& take) {
    const std::size_t begin = head_.load(std::memory_order_relaxed);
    const std::size_t end = tail_.load(std::memory_order_acquire);
    for (std::size_t i = begin; i != end; ++i) take(slots_[i & mask_]);
    if (begin != end) head_.store(end, std::memory_order_release);
    return end - begin;
  }

  /// Any thread; a moment's truth.
  [[nodiscard]] bool empty() const noexcept {
    return head_.load(std::memory_order_acquire) == tail_.load(std::memory_order_acquire);
  }

 private:
  std::vector<Item> slots_;
  std::size_t mask_;
  // The two indices are written by different threads: each has a cache line of its own, and the
  // pusher keeps its last sight of the head beside its tail.
  alignas(64) std::atomic<std::size_t> head_{0};  // popping thread
  alignas(64) std::atomic<std::size_t> tail_{0};  // pushing thread
  std::size_t head_seen_{0};                      // pushing thread
};

}  // namespace plimsoll::runtime
