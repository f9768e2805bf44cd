#include "feeds/replay/pacer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <thread>

#include "engine/base/assert.hpp"

namespace plimsoll::feeds {

Speed Speed::times(double factor) noexcept {
  PLIMSOLL_ASSERT(std::isfinite(factor) && factor > 0);
  return Speed{factor};
}

std::optional<Speed> parse_speed(std::string_view text) noexcept {
  if (text == "max") return Speed::max();
  double factor = 0;
  const char* text_end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), text_end, factor);
  if (error != std::errc{} || rest != text_end) return std::nullopt;
  if (!std::isfinite(factor) || factor <= 0) return std::nullopt;
  return Speed::times(factor);
}

bool Pacer::wait_until(EventTime time) {
  if (!speed_.is_max()) {
    const Clock::time_point wake = due(time);
    while (!stop_->load(std::memory_order_relaxed)) {
      const Clock::time_point now = Clock::now();
      if (now >= wake) break;
      // In slices, since a sleep does not see the flag.
      std::this_thread::sleep_until(std::min(wake, now + kStopLatency));
    }
  }
  return !stop_->load(std::memory_order_relaxed);
}

Pacer::Clock::time_point Pacer::due(EventTime time) noexcept {
  if (!first_) {
    first_ = time;
    start_ = Clock::now();
  }
  return due_after(*first_, time);
}

Pacer::Clock::time_point Pacer::due_after(EventTime first, EventTime time) const noexcept {
  if (time <= first) return start_;
  constexpr double kWaitMax_ns = 3e18;  // 95 years: no overflow, whatever stamp and factor say
  const double wait_ns = static_cast<double>((time - first).raw()) / speed_.factor();
  return start_ +
         std::chrono::nanoseconds{static_cast<std::int64_t>(std::min(wait_ns, kWaitMax_ns))};
}

Duration Pacer::lateness(EventTime time) const noexcept {
  if (speed_.is_max() || !first_) return {};
  const auto late = Clock::now() - due_after(*first_, time);
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(late).count();
  return Duration::from_raw(std::max<std::int64_t>(0, ns));
}

}  // namespace plimsoll::feeds
