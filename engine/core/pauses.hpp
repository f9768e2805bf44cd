#pragma once

#include "engine/message/input.hpp"
#include "engine/reference/price_rules.hpp"

namespace plimsoll::core {

/// Why new liquidations wait. The sequencer and each shard own one and apply the same inputs.
class Pauses {
 public:
  explicit Pauses(const reference::Breaker& breaker) noexcept : breaker_{breaker} {}

  // Each returns whether anything changed.
  bool apply(const LiquidationsPaused& input) noexcept { return set(input.reason, true); }
  bool apply(const LiquidationsResumed& input) noexcept { return set(input.reason, false); }
  bool apply(const LagReported& input) noexcept {
    const bool limited = breaker_.lag_max.raw() != 0;
    return set(PauseReason::lag, limited && input.lag > breaker_.lag_max);
  }

  [[nodiscard]] bool waiting() const noexcept { return mask_ != 0; }
  [[nodiscard]] bool paused(PauseReason reason) const noexcept {
    return (mask_ & bit(reason)) != 0;
  }

 private:
  static constexpr unsigned bit(PauseReason reason) noexcept {
    return 1U << static_cast<unsigned>(reason);
  }
  bool set(PauseReason reason, bool paused) noexcept {
    const unsigned before = mask_;
    mask_ = paused ? mask_ | bit(reason) : mask_ & ~bit(reason);
    return mask_ != before;
  }

  const reference::Breaker& breaker_;
  unsigned mask_{0};
};

}  // namespace plimsoll::core
