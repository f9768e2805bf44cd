#pragma once

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

// A clock that costs a few nanoseconds, for measuring how long something takes. Its unit is found
// out once; it says nothing about the time of day.

namespace plimsoll::platform {

/// Ticks since some moment. Of one processor they never fall; all processors of a machine whose
/// counter is invariant share it.
[[nodiscard]] inline std::uint64_t ticks_now() noexcept {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// Nanoseconds of one tick, measured over about 10 ms at the first call. Any thread.
[[nodiscard]] double nanoseconds_per_tick() noexcept;

/// Nanoseconds since 1970 UTC, by the machine's clock, which may be set back.
[[nodiscard]] inline std::int64_t wall_clock_ns() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace plimsoll::platform
