#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "engine/base/assert.hpp"
#include "engine/base/hash.hpp"

// Random numbers that are the same on every machine and with every compiler: integers only, no
// std::*_distribution. For generated books and captures, never for the engine itself, and never
// for secrets. One thread per generator.

namespace plimsoll::generate {

/// Parts per million: the unit of probabilities and quantiles.
inline constexpr std::uint64_t kMillion = 1'000'000;

/// xoshiro256** (Blackman, Vigna 2018), seeded by SplitMix64.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept {
    for (std::uint64_t& word : state_) word = mix_bits(seed += 0x9e3779b97f4a7c15ULL);
  }

  /// 64 uniform bits.
  constexpr std::uint64_t next() noexcept {
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

  /// Uniform in [0, bound), with a bias below bound / 2^64. REQUIRES: bound > 0.
  constexpr std::uint64_t below(std::uint64_t bound) noexcept {
    PLIMSOLL_ASSERT(bound > 0);
    return static_cast<std::uint64_t>((static_cast<UInt128>(next()) * bound) >> 64U);
  }

  /// Uniform in [min, max]. REQUIRES: min <= max, and max - min below 2^63.
  constexpr std::int64_t between(std::int64_t min, std::int64_t max) noexcept {
    PLIMSOLL_ASSERT(min <= max);
    return min + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(max - min) + 1));
  }

  /// True with a probability of `parts` per million.
  constexpr bool chance(std::uint64_t parts) noexcept { return below(kMillion) < parts; }

 private:
  __extension__ using UInt128 = unsigned __int128;
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace plimsoll::generate
