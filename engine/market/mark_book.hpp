#pragma once

#include <optional>

#include "engine/market/basis.hpp"
#include "engine/market/settlement_mean.hpp"
#include "engine/market/trusted_price.hpp"
#include "engine/market/venue_clock.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::market {

/// The index of an instrument, as its mark sees it.
struct IndexView {
  TrustedPrice::View view;
  Rate funding;  // estimated
};

/// The market of one instrument, what it is marked at, and how far that is believed.
class MarkBook {
 public:
  MarkBook(const reference::Reference& reference, InstrumentId id);

  [[nodiscard]] const reference::MarkRules& rules() const noexcept { return instrument_.mark; }

  [[nodiscard]] std::optional<Refusal> apply(const BookQuoted& tick, EventTime now) noexcept;
  [[nodiscard]] std::optional<Refusal> apply(const MarkPublished& tick, EventTime now) noexcept;
  [[nodiscard]] std::optional<Refusal> apply(const TradePrinted& tick, EventTime now) noexcept;
  void interrupt() noexcept;
  void override_with(Price price, EventTime expires, EventTime now) noexcept {
    trust_.override_with(price, expires, now);
  }
  void leave_out(EventTime since) noexcept { settlement_.leave_out(since); }

  /// Works the mark out. An instrument without an index gets an empty one.
  void update(const IndexView& index, EventTime now) noexcept;
  /// Takes the settlement samples that are due; what came out when the last one was.
  [[nodiscard]] std::optional<SettlementAveraged> sample(InstrumentId id, const IndexView& index,
                                                         EventTime now);

  [[nodiscard]] const TrustedPrice::View& view() const noexcept { return trust_.view(); }
  [[nodiscard]] EventTime due(EventTime now) const noexcept;

  TrustedPrice::View told;  // in the last event or move about it

 private:
  /// One kind of tick.
  struct Last {
    Price price;  // 0: none yet
    EventTime time;
    bool whole{false};  // nothing was lost since
    VenueClock clock;
  };

  [[nodiscard]] bool usable(Price price) const noexcept;
  [[nodiscard]] std::optional<Refusal> accept(Last& last, Price price, EventTime venue_time,
                                              EventTime now) noexcept;
  [[nodiscard]] bool fresh(const Last& last, EventTime now) const noexcept;
  [[nodiscard]] Candidate candidate_of(const Last& last, EventTime now) const noexcept;
  [[nodiscard]] Candidate candidate(const IndexView& index, EventTime now) noexcept;
  /// The mark if the index stood at `index`.
  [[nodiscard]] Price mark_at(Price index, const IndexView& view, EventTime now) const noexcept;
  [[nodiscard]] Price with_funding(Price index, Rate rate, EventTime now) const noexcept;

  const reference::Instrument& instrument_;
  const reference::Guard& guard_;
  Last book_;  // the middle
  Last mark_;
  Last trade_;
  Basis basis_;
  TrustedPrice trust_;
  SettlementMean settlement_;
};

}  // namespace plimsoll::market
