#include "feeds/live/backoff.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"

namespace plimsoll::feeds::live {

Backoff::Backoff(const BackoffSettings& settings, std::uint64_t seed)
    : settings_{settings}, random_{seed}, bound_{settings.first} {
  PLIMSOLL_ASSERT(settings.first.count() > 0 && settings.first <= settings.max);
}

Milliseconds Backoff::next() noexcept {
  const auto bound = static_cast<std::uint64_t>(bound_.count());
  const std::uint64_t least = bound - bound / 2;
  const std::uint64_t wait = least + random_() % (bound - least + 1);
  bound_ = bound_ > settings_.max / 2 ? settings_.max : bound_ * 2;
  return Milliseconds{static_cast<Milliseconds::rep>(wait)};
}

void Backoff::connection_lasted(Milliseconds time) noexcept {
  if (time >= settings_.stable_after) bound_ = settings_.first;
}

}  // namespace plimsoll::feeds::live
