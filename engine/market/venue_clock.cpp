#include "engine/market/venue_clock.hpp"

#include <algorithm>

#include "engine/value/integer.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::market {

std::optional<Int128> VenueClock::usual(EventTime now) const noexcept {
  const std::int64_t cell = divide_floor<std::int64_t>(now.raw(), kCell);
  std::optional<Int128> least;
  if (cell - cell_ <= 1) least = least_;
  if (cell == cell_ && least_before_) {
    least = least ? std::min(*least, *least_before_) : *least_before_;
  }
  return least;
}

std::optional<Refusal> VenueClock::check(const reference::Guard& guard, EventTime now,
                                         EventTime venue_time) noexcept {
  if (guard.clock_error_max.raw() == 0 || venue_time.raw() == 0) return {};
  const Int128 delay = Int128{now.raw()} - venue_time.raw();
  if (magnitude(delay) > guard.clock_error_max.raw()) {
    return delay > 0 ? Refusal::tick_late : Refusal::time_in_future;
  }
  if (const auto known = usual(now)) {
    if (guard.age_max.raw() != 0 && delay - *known > guard.age_max.raw()) return Refusal::tick_late;
    if (guard.skew_max.raw() != 0 && *known - delay > guard.skew_max.raw()) {
      return Refusal::time_in_future;
    }
  }
  if (venue_time < last_) return Refusal::time_went_back;
  last_ = venue_time;
  const std::int64_t cell = divide_floor<std::int64_t>(now.raw(), kCell);
  if (cell != cell_) {
    least_before_ = cell - cell_ == 1 ? least_ : std::nullopt;
    least_.reset();
    cell_ = cell;
  }
  least_ = least_ ? std::min(*least_, delay) : delay;
  return {};
}

}  // namespace plimsoll::market
