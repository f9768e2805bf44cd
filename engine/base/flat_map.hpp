#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/assert.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/prefetch.hpp"

namespace plimsoll {

/// A hash map from 64-bit keys to 32-bit values with a capacity fixed at construction: open
/// addressing, no erase, no allocation after construction, never iterated. Single-threaded.
/// The key 2^64 - 1 is reserved.
class FlatMap {
 public:
  static constexpr std::uint32_t kAbsent = 0xffffffffU;

  /// Room for `capacity` keys at a load of at most one half.
  explicit FlatMap(std::size_t capacity)
      : capacity_{capacity}, slots_(std::bit_ceil(2 * capacity + 2)), mask_{slots_.size() - 1} {}

  /// The value of `key`, or kAbsent.
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const noexcept {
    const Slot& slot = slots_[index_of(key)];
    return slot.stored_key == key + 1 ? slot.value : kAbsent;
  }

  /// Inserts a key that is not present. Returns false when the map is full or holds the key.
  bool insert(std::uint64_t key, std::uint32_t value) noexcept {
    PLIMSOLL_ASSERT(key != ~std::uint64_t{0});
    Slot& slot = slots_[index_of(key)];
    if (slot.stored_key != 0 || size_ == capacity_) return false;
    slot = {key + 1, value};
    ++size_;
    return true;
  }

  /// Gets what find() or insert() of a key will look at into the processor's cache.
  void fetch(std::uint64_t key) const noexcept { prefetch(&slots_[mix_bits(key) & mask_]); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Slot {
    std::uint64_t stored_key;  // key + 1; zero is an empty slot, so that fresh pages need no fill.
    std::uint32_t value;
  };

  [[nodiscard]] std::size_t index_of(std::uint64_t key) const noexcept {
    std::size_t i = mix_bits(key) & mask_;
    while (slots_[i].stored_key != 0 && slots_[i].stored_key != key + 1) i = (i + 1) & mask_;
    return i;
  }

  std::size_t capacity_;
  std::vector<Slot> slots_;
  std::size_t mask_;
  std::size_t size_{0};
};

}  // namespace plimsoll
