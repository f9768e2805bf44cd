#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "engine/base/assert.hpp"

// A generator of pseudo-random integers that is the same everywhere. Never std::*_distribution.

namespace plimsoll::support {

/// xoshiro256** (Blackman, Vigna 2018), seeded by SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15ULL;
      std::uint64_t x = seed;
      x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
      x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
      word = x ^ (x >> 31U);
    }
  }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// An integer in [low, high]. The bias of the remainder does not matter here.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    PLIMSOLL_ASSERT(low <= high);
    const auto span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    const std::uint64_t offset = span == 0 ? next() : next() % span;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
  }

  /// An index below n. REQUIRES: n > 0.
  std::size_t below(std::size_t n) {
    PLIMSOLL_ASSERT(n > 0);
    return static_cast<std::size_t>(next() % n);
  }

  /// True in `per_mille` of a thousand cases.
  bool chance(std::int64_t per_mille) { return between(0, 999) < per_mille; }

  template <class T, std::size_t N>
  T pick(const std::array<T, N>& list) {
    return list[below(N)];
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace plimsoll::support
