#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"

namespace plimsoll::runtime {

/// The last items that one thread has added, which any thread may read while it goes on. An item
/// that is being overwritten is not read. No allocation after construction.
template <class Item>
class LastItems {
 public:
  /// Room for `capacity` items, rounded up to a power of two.
  explicit LastItems(std::size_t capacity)
      : slots_(std::bit_ceil(capacity)), mask_{slots_.size() - 1} {}

  /// The thread that adds.
  void add(const Item& item) noexcept {
    const std::uint64_t number = added_.load(std::memory_order_relaxed);
    Slot& slot = slots_[number & mask_];
    slot.number.store(kBusy, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    Words words{};
    std::memcpy(words.data(), &item, sizeof item);
    for (std::size_t i = 0; i < kWords; ++i) {
      slot.words[i].store(words[i], std::memory_order_relaxed);
    }
    slot.number.store(number, std::memory_order_release);
    added_.store(number + 1, std::memory_order_release);
  }

  /// Any thread: how many items were ever added.
  [[nodiscard]] std::uint64_t added() const noexcept {
    return added_.load(std::memory_order_acquire);
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }
  /// Any thread: item `number`, from 0; false when it is not there any more.
  [[nodiscard]] bool read(std::uint64_t number, Item& item) const noexcept {
    const Slot& slot = slots_[number & mask_];
    if (slot.number.load(std::memory_order_acquire) != number) return false;
    Words words{};
    for (std::size_t i = 0; i < kWords; ++i) {
      words[i] = slot.words[i].load(std::memory_order_relaxed);
    }
    std::atomic_thread_fence(std::memory_order_acquire);
    if (slot.number.load(std::memory_order_relaxed) != number) return false;
    std::memcpy(static_cast<void*>(&item), words.data(), sizeof item);
    return true;
  }

 private:
  static_assert(std::is_trivially_copyable_v<Item>);
  static constexpr std::uint64_t kBusy = ~std::uint64_t{0};
  static constexpr std::size_t kWords = (sizeof(Item) + 7) / 8;
  using Words = std::array<std::uint64_t, kWords>;
  struct Slot {
    std::atomic<std::uint64_t> number{kBusy};
    std::array<std::atomic<std::uint64_t>, kWords> words{};
  };

  std::vector<Slot> slots_;
  std::size_t mask_;
  std::atomic<std::uint64_t> added_{0};
};

/// The last inputs and events of an engine, kept in memory, to be looked at after a crash or when
/// somebody asks. The engine's thread adds.
class FlightRecorder {
 public:
  FlightRecorder(std::size_t inputs, std::size_t events) : inputs_{inputs}, events_{events} {}

  void add(const Input& input) noexcept { inputs_.add(input); }
  void add(const Event& event) noexcept { events_.add(event); }

  /// Writes all of it to an open file (engine/log/flight_format.hpp). Any thread, also in a signal
  /// handler: it neither allocates nor locks. False when something could not be written.
  bool write(int descriptor) const noexcept;

 private:
  LastItems<Input> inputs_;
  LastItems<Event> events_;
};

}  // namespace plimsoll::runtime
