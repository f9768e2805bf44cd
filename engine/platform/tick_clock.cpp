#include "engine/platform/tick_clock.hpp"

namespace plimsoll::platform {
namespace {

double measure() noexcept {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kLength{10};
  const Clock::time_point start = Clock::now();
  const std::uint64_t start_ticks = ticks_now();
  Clock::time_point end = Clock::now();
  while (end - start < kLength) end = Clock::now();
  const std::uint64_t ticks = ticks_now() - start_ticks;
  const double ns = std::chrono::duration<double, std::nano>(end - start).count();
  return ticks == 0 ? 1.0 : ns / static_cast<double>(ticks);
}

}  // namespace

double nanoseconds_per_tick() noexcept {
  static const double kNanoseconds = measure();
  return kNanoseconds;
}

}  // namespace plimsoll::platform
