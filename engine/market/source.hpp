#pragma once

#include <optional>

#include "engine/market/venue_clock.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::market {

/// One source of an index: what it said last, and whether that counts.
class SourceBook {
 public:
  SourceBook(const reference::Index& index, const reference::Guard& guard) noexcept
      : index_{index}, guard_{guard} {}

  [[nodiscard]] std::optional<Refusal> apply(const SourceQuoted& tick, EventTime now) noexcept;
  [[nodiscard]] std::optional<Refusal> apply(const SourcePriced& tick, EventTime now) noexcept;
  void interrupt() noexcept;
  void release() noexcept;

  /// Says whether its own tick was within the clamp of all; a liar is quarantined. REQUIRES: live.
  void judge(bool within, EventTime now) noexcept;

  /// As the venue quotes it; 0 before the first.
  [[nodiscard]] Price price() const noexcept { return price_; }
  /// What it is at a time.
  [[nodiscard]] SourceState state(EventTime now) const noexcept;
  [[nodiscard]] std::uint32_t clamped() const noexcept { return clamped_; }
  /// When time alone changes the state, after `now`; 0: never.
  [[nodiscard]] EventTime due(EventTime now) const noexcept;

  SourceState told{SourceState::waiting};  // in the last event about it

 private:
  void end_quarantine() noexcept;
  [[nodiscard]] std::optional<Refusal> accept(Price price, ExternalId number, EventTime venue_time,
                                              EventTime now) noexcept;

  const reference::Index& index_;
  const reference::Guard& guard_;
  Price price_;
  EventTime last_;  // event time of the last tick
  ExternalId number_;
  VenueClock clock_;
  bool interrupted_{false};
  std::uint32_t clamped_{0};
  bool quarantined_{false};
  EventTime quarantined_until_;  // 0: until released
};

}  // namespace plimsoll::market
