#pragma once

#include "engine/value/types.hpp"

namespace plimsoll::market {

/// The first of the times it is told that lie after `now`; 0 while there is none. Time 0 is no
/// time.
class Earliest {
 public:
  explicit Earliest(EventTime now) noexcept : now_{now} {}

  void consider(EventTime time) noexcept {
    if (time > now_ && (first_.raw() == 0 || time < first_)) first_ = time;
  }
  [[nodiscard]] EventTime time() const noexcept { return first_; }

 private:
  EventTime now_;
  EventTime first_;
};

}  // namespace plimsoll::market
