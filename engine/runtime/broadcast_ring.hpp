#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace plimsoll::runtime {

/// One writer, several readers that each see every item, in order. An item carries its own number
/// in its slot, so that a reader finds item and news in one cache line transfer. Items are numbered
/// from 1. No allocation after construction.
template <class Item>
class BroadcastRing {
 public:
  BroadcastRing(std::size_t capacity, std::size_t readers)
      : slots_(std::bit_ceil(capacity)),
        mask_{slots_.size() - 1},
        cursors_{std::make_unique<Cursor[]>(readers)},
        readers_{readers} {}

  /// Writer only. False when the slowest reader has not yet read what the slot holds.
  [[nodiscard]] bool write(const Item& item) noexcept {
    const std::uint64_t number = written_ + 1;
    if (number - slowest_seen_ > slots_.size()) {
      slowest_seen_ = slowest();
      if (number - slowest_seen_ > slots_.size()) return false;
    }
    Slot& slot = slots_[number & mask_];
    slot.item = item;
    slot.number.store(number, std::memory_order_release);
    written_ = number;
    return true;
  }

  /// A reader: the item with this number, or null when it is not written yet. REQUIRES: numbers are
  /// asked for in order, and done() was called for all but this one.
  [[nodiscard]] const Item* read(std::uint64_t number) const noexcept {
    const Slot& slot = slots_[number & mask_];
    return slot.number.load(std::memory_order_acquire) == number ? &slot.item : nullptr;
  }

  /// A reader: everything up to this number is applied, and its slots may be used again.
  void done(std::size_t reader, std::uint64_t number) noexcept {
    cursors_[reader].applied.store(number, std::memory_order_release);
  }

  /// Any thread: how far a reader has come.
  [[nodiscard]] std::uint64_t applied(std::size_t reader) const noexcept {
    return cursors_[reader].applied.load(std::memory_order_acquire);
  }

 private:
  // The writer of a slot is the sequencer; the readers are the shards.
  struct alignas(64) Slot {
    std::atomic<std::uint64_t> number{0};
    Item item{};
  };
  // Each cursor is written by one shard and read by the sequencer.
  struct alignas(64) Cursor {
    std::atomic<std::uint64_t> applied{0};
  };

  [[nodiscard]] std::uint64_t slowest() const noexcept {
    std::uint64_t least = applied(0);
    for (std::size_t i = 1; i < readers_; ++i) least = std::min(least, applied(i));
    return least;
  }

  std::vector<Slot> slots_;
  std::size_t mask_;
  std::unique_ptr<Cursor[]> cursors_;
  std::size_t readers_;
  std::uint64_t written_{0};       // writer
  std::uint64_t slowest_seen_{0};  // writer
};

}  // namespace plimsoll::runtime
