#pragma once

#include <vector>

#include "engine/message/event.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::market {

/// The settlement price of a contract: the mean of its index, sampled at every multiple of a step
/// before the expiry. A sample needs an index that is believed; samples in a time of which ticks
/// were left out are no good either. Too few good ones, and there is no price.
class SettlementMean {
 public:
  SettlementMean(const reference::MarkRules& rules, EventTime expiry);

  /// When the next sample is due; 0: none any more.
  [[nodiscard]] EventTime due() const noexcept { return next_; }
  /// Takes the sample that is due; price 0: the index is not known, or frozen.
  void sample(Price index);
  /// Ticks between `since` and now are missing: samples taken since are no good.
  void leave_out(EventTime since) noexcept;
  /// Have all samples been taken?
  [[nodiscard]] bool complete() const noexcept { return next_.raw() == 0 && !samples_.empty(); }
  /// The mean of the good samples, rounded down; price 0 when they are too few. REQUIRES: complete.
  [[nodiscard]] SettlementAveraged result(InstrumentId instrument) const;

 private:
  const reference::MarkRules& rules_;
  EventTime start_;
  EventTime expiry_;
  EventTime next_;
  std::vector<Price> samples_;
};

}  // namespace plimsoll::market
