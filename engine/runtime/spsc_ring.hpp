#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace plimsoll::runtime {

/// A bounded queue from one thread, the pusher, to one other, the popper. Neither ever waits: a
/// full or an empty ring says so. No allocation and no system call after construction.
template <class Item>
class SpscRing {
 public:
  /// Room for `capacity` items, rounded up to a power of two.
  explicit SpscRing(std::size_t capacity)
      : slots_(std::bit_ceil(capacity)), mask_{slots_.size() - 1} {}

  /// Pusher. False when there is no room.
  [[nodiscard]] bool try_push(const Item& item) noexcept {
    const std::uint64_t written = written_.load(std::memory_order_relaxed);
    if (written - read_seen_ > mask_) {
      read_seen_ = read_.load(std::memory_order_acquire);
      if (written - read_seen_ > mask_) return false;
    }
    slots_[written & mask_] = item;
    written_.store(written + 1, std::memory_order_release);
    return true;
  }

  /// Popper. Calls take(item) for at most `max` items, oldest first, and returns how many there
  /// were. All that was pushed before the call is seen. Their room is given back once, at the end.
  template <class Take>
  std::size_t pop(Take&& take, std::size_t max = std::numeric_limits<std::size_t>::max()) {
    const std::uint64_t read = read_.load(std::memory_order_relaxed);
    const std::uint64_t written = written_.load(std::memory_order_acquire);
    const std::size_t count = written - read < max ? written - read : max;
    for (std::size_t i = 0; i < count; ++i) take(slots_[(read + i) & mask_]);
    if (count != 0) read_.store(read + count, std::memory_order_release);
    return count;
  }

  /// Popper.
  [[nodiscard]] bool empty() const noexcept {
    return read_.load(std::memory_order_relaxed) == written_.load(std::memory_order_acquire);
  }

 private:
  // Read by both, written by neither.
  std::vector<Item> slots_;
  std::size_t mask_;
  // The pusher's line: it writes both; the popper reads written_.
  alignas(64) std::atomic<std::uint64_t> written_{0};
  std::uint64_t read_seen_{0};
  // The popper's line: the pusher reads it when the ring seems full.
  alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace plimsoll::runtime
