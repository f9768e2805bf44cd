#pragma once

#include <bit>
#include <cstdint>

// Hashing that is the same on every machine, compiler and run. Not for hostile keys.

namespace plimsoll {

/// Mixes all bits of a 64-bit word (the finaliser of SplitMix64; Steele, Lea, Flood 2014).
[[nodiscard]] constexpr std::uint64_t mix_bits(std::uint64_t x) noexcept {
  x ^= x >> 30U;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27U;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

/// A running hash over a sequence of 64-bit words; the order of the words matters.
class RunningHash {
 public:
  constexpr void add(std::uint64_t word) noexcept {
    state_ =
        std::rotl(state_ ^ mix_bits(word + 0x9e3779b97f4a7c15ULL), 27) * 0x9fb21c651e98df25ULL +
        0x52dce729ULL;
  }
  [[nodiscard]] constexpr std::uint64_t value() const noexcept { return mix_bits(state_); }

 private:
  std::uint64_t state_{0x706c696d736f6c6cULL};
};

}  // namespace plimsoll
