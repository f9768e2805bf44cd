#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/assert.hpp"
#include "engine/message/event.hpp"

// A bounded queue of events from one thread, the engine's, to one other, the gateway's. Neither
// ever waits, allocates, or makes a system call here.

namespace plimsoll::gateway {

class EventRing {
 public:
  /// Room for `capacity` events. REQUIRES: a power of two.
  explicit EventRing(std::size_t capacity) : slots_(capacity), mask_{capacity - 1} {
    PLIMSOLL_ASSERT(std::has_single_bit(capacity));
  }

  /// Engine's thread. False when there is no room.
  [[nodiscard]] bool try_push(const Event& event) noexcept {
    const std::uint64_t written = written_.load(std::memory_order_relaxed);
    if (written - read_seen_ > mask_) {
      read_seen_ = read_.load(std::memory_order_acquire);
      if (written - read_seen_ > mask_) return false;
    }
    slots_[written & mask_] = event;
    written_.store(written + 1, std::memory_order_release);
    return true;
  }

  /// Gateway's thread. Calls take(event) for at most `max` events, oldest first, and returns how
  /// many there were. Their room is given back once, at the end.
  template <class Take>
  std::size_t pop(std::size_t max, Take&& take) {
    const std::uint64_t read = read_.load(std::memory_order_relaxed);
    if (written_seen_ == read) written_seen_ = written_.load(std::memory_order_acquire);
    const std::size_t count = written_seen_ - read < max ? written_seen_ - read : max;
    for (std::size_t i = 0; i < count; ++i) take(slots_[(read + i) & mask_]);
    if (count != 0) read_.store(read + count, std::memory_order_release);
    return count;
  }

  /// Gateway's thread.
  [[nodiscard]] bool empty() const noexcept {
    return read_.load(std::memory_order_relaxed) == written_.load(std::memory_order_acquire);
  }

 private:
  static constexpr std::size_t kCacheLine = 64;

  // Read by both, written by neither.
  std::vector<Event> slots_;
  std::size_t mask_;
  // The engine's line: it writes both; the gateway reads written_ when it has read all it knew of.
  alignas(kCacheLine) std::atomic<std::uint64_t> written_{0};
  std::uint64_t read_seen_{0};
  // The gateway's line: it writes both; the engine reads read_ when the ring seems full.
  alignas(kCacheLine) std::atomic<std::uint64_t> read_{0};
  std::uint64_t written_seen_{0};
};

}  // namespace plimsoll::gateway
