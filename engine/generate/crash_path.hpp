#pragma once

#include <cstdint>
#include <vector>

#include "engine/generate/random.hpp"

// The course of a crash without its noise: the level of the market along the time of a capture.
// Integers only; one thread.

namespace plimsoll::generate {

/// Parts per billion: the unit of levels (1.0 is the start) and of places in time (the whole is 1).
inline constexpr std::int64_t kBillion = 1'000'000'000;

/// Quiet until `start`, then down by `drop` in `legs`, each opening with a jump and ending with a
/// bounce, until `end`; then aftershocks that die away, then calm. Times and drop are parts per
/// million: of the whole time, and of the starting price.
struct CrashShape {
  std::uint64_t drop{300'000};   // of an instrument with beta 1; at most 800,000; 0: no crash
  std::uint64_t start{300'000};  // below end
  std::uint64_t end{750'000};    // at most 1,000,000
  std::uint64_t legs{4};         // 1 to 20
};

class CrashPath {
 public:
  /// REQUIRES: a shape within the bounds stated.
  CrashPath(const CrashShape& shape, Random& random);

  /// The level at a place in time, both in parts per billion; its lowest is exactly 1 - drop.
  [[nodiscard]] std::int64_t level_at(std::int64_t place) const noexcept;
  /// Is this place within the crash itself?
  [[nodiscard]] bool in_crash(std::int64_t place) const noexcept {
    return place >= start_ && place < end_;
  }
  /// The place of the line at `share` (parts per billion) of all lines: a crash is three times as
  /// busy as the time around it.
  [[nodiscard]] std::int64_t place_of(std::int64_t share) const noexcept;

 private:
  struct Knot {
    std::int64_t place;
    std::int64_t level;
  };
  void add(std::int64_t place, std::int64_t level);
  std::int64_t add_leg(std::int64_t begin, std::int64_t width, std::int64_t from,
                       std::int64_t trough, Random& random);
  void add_aftershocks(std::int64_t level, std::int64_t trough);

  std::int64_t start_;
  std::int64_t end_;
  std::vector<Knot> knots_;
};

}  // namespace plimsoll::generate
