#pragma once

#include <cstdint>
#include <vector>

#include "engine/generate/crash_path.hpp"
#include "engine/generate/settings.hpp"

// Prices of several instruments that fall together: the crash, each with its own beta, and on top
// of it a walk of the whole market and one of each instrument, which pull back to zero. Integers
// only; one thread.

namespace plimsoll::generate {

class MarketWalk {
 public:
  /// `betas`: by index of `prices`, in parts per million: how far an instrument falls when the path
  /// falls by 1.
  MarketWalk(const CrashPath& path, std::vector<Price> prices, std::vector<std::uint64_t> betas);

  /// Takes one random step of the market and of one instrument, larger in the crash.
  void step(std::size_t instrument, std::int64_t place, Random& random);

  /// The price at a place in time without noise: what an index shows.
  [[nodiscard]] Price level(std::size_t instrument, std::int64_t place) const;
  /// The price with the noise of the steps so far.
  [[nodiscard]] Price price(std::size_t instrument, std::int64_t place) const;

 private:
  const CrashPath& path_;
  std::vector<Price> prices_;
  std::vector<std::uint64_t> betas_;
  std::int64_t market_noise_{0};     // parts per billion of the price
  std::vector<std::int64_t> noise_;  // parts per billion of the price
};

}  // namespace plimsoll::generate
