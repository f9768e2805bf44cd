#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace plimsoll::feeds::live {

using Milliseconds = std::chrono::milliseconds;

struct BackoffSettings {
  Milliseconds first{250};            // bound of the wait after a first failure
  Milliseconds max{30'000};           // and of any
  Milliseconds stable_after{60'000};  // a connection that lasted as long begins anew
};

/// How long to wait before a connection is tried again: the n-th wait in a row is half to all of
/// first * 2^n, at most max; where in that half, a seeded generator says, so that clients that were
/// cut off together do not come back together. It reads no clock. One thread.
class Backoff {
 public:
  /// REQUIRES: 0 < first <= max.
  Backoff(const BackoffSettings& settings, std::uint64_t seed);

  /// The wait before the next attempt.
  [[nodiscard]] Milliseconds next() noexcept;

  /// A connection was up for this long: the next wait is a first one if it was stable.
  void connection_lasted(Milliseconds time) noexcept;

 private:
  BackoffSettings settings_;
  std::mt19937_64 random_;
  Milliseconds bound_;
};

}  // namespace plimsoll::feeds::live
