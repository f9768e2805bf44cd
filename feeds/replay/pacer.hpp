#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>

#include "engine/value/types.hpp"

namespace plimsoll::feeds {

/// How fast captured time passes: a positive factor, or as fast as inputs are taken.
class Speed {
 public:
  [[nodiscard]] static constexpr Speed max() noexcept { return Speed{0}; }
  /// REQUIRES: factor is finite and above 0.
  [[nodiscard]] static Speed times(double factor) noexcept;

  [[nodiscard]] constexpr bool is_max() const noexcept { return factor_ == 0; }
  [[nodiscard]] constexpr double factor() const noexcept { return factor_; }

 private:
  explicit constexpr Speed(double factor) noexcept : factor_{factor} {}
  double factor_;  // 0 is max
};

/// Reads "max" or a positive number ("1", "0.5", "10"); nothing else.
[[nodiscard]] std::optional<Speed> parse_speed(std::string_view text) noexcept;

/// Holds a replay back to the pace of its capture. The first time it is given is now; each later
/// one is due (time - first) / speed after that, so being late once makes nothing after it late.
///
/// One thread waits; any thread or signal handler may set `stop`. It decides nothing: inputs carry
/// captured time at any speed.
class Pacer {
 public:
  Pacer(Speed speed, const std::atomic<bool>& stop) noexcept : speed_{speed}, stop_{&stop} {}

  /// Sleeps until `time` is due; a time that went back is due at once. Returns false, within
  /// kStopLatency, when stop was set.
  [[nodiscard]] bool wait_until(EventTime time);

  /// How long ago a time was due; 0 when it is not yet, or nothing ever is. Any thread that has
  /// something the waiting thread has passed on since it first waited.
  [[nodiscard]] Duration lateness(EventTime time) const noexcept;

  static constexpr std::chrono::milliseconds kStopLatency{20};

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] Clock::time_point due(EventTime time) noexcept;
  [[nodiscard]] Clock::time_point due_after(EventTime first, EventTime time) const noexcept;

  Speed speed_;
  const std::atomic<bool>* stop_;
  std::optional<EventTime> first_;
  Clock::time_point start_;
};

}  // namespace plimsoll::feeds
