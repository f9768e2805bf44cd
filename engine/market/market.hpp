#pragma once

#include <optional>
#include <vector>

#include "engine/market/index_book.hpp"
#include "engine/market/mark_book.hpp"
#include "engine/marks/marks.hpp"
#include "engine/message/cause.hpp"

namespace plimsoll::market {

/// Turns raw ticks into what may be believed: sources into indices, ticks and indices into marks,
/// each with its trust. What an input does is told by apply(); update() then works out what has
/// changed by it, or by time alone, as moves and events. Pure; owned by the sequencer.
class Market {
 public:
  explicit Market(const reference::Reference& reference);

  /// Takes an input received at `now`, or says why not.
  [[nodiscard]] std::optional<Refusal> apply(const BookQuoted& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const MarkPublished& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const TradePrinted& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const SourceQuoted& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const SourcePriced& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const IndexPublished& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const SourceInterrupted& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const MarketInterrupted& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const TicksConflated& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const SourceTicksConflated& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const SourceReleased& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const MarkOverridden& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const IndexOverridden& input, EventTime now);
  [[nodiscard]] std::optional<Refusal> apply(const RedemptionPublished& input, EventTime now);
  /// Not refused: it has been checked.
  void note(const FundingEstimated& input);

  /// What update() appends to.
  struct Changes {
    std::vector<marks::Move>& moves;  // indices of assets, then marks; ascending
    std::vector<Event>& events;
    std::vector<SettlementAveraged>& settlements;  // that have a price
  };
  /// Works out everything that the input, or time, has touched, and keeps marks() up to date.
  void update(const Cause& cause, const Changes& changes);

  /// The next time at which time alone changes something, if it is not after `until`.
  [[nodiscard]] std::optional<EventTime> due(EventTime until);

  [[nodiscard]] const marks::Marks& marks() const noexcept { return marks_; }
  /// For the inputs that change the market without a tick.
  [[nodiscard]] marks::Marks& marks() noexcept { return marks_; }
  [[nodiscard]] const IndexBook& index(IndexId id) const noexcept { return indices_[id.raw()]; }

 private:
  template <class Tick>
  [[nodiscard]] std::optional<Refusal> apply_market(const Tick& tick, EventTime now);
  template <class Tick>
  [[nodiscard]] std::optional<Refusal> apply_source(const Tick& tick, EventTime now);
  [[nodiscard]] bool exists(InstrumentId id) const noexcept { return id.raw() < books_.size(); }
  [[nodiscard]] bool exists(IndexId id) const noexcept { return id.raw() < indices_.size(); }
  [[nodiscard]] bool exists(SourceId id) const noexcept {
    return id.raw() < reference_.sources.size();
  }
  [[nodiscard]] IndexBook& index_of(SourceId id) noexcept;

  void touch(InstrumentId id);
  void touch(IndexId id);
  /// Touches everything that is due.
  void touch_due(EventTime now);
  [[nodiscard]] EventTime earliest(EventTime now) const noexcept;
  [[nodiscard]] IndexView view_of(const MarkBook& book, InstrumentId id, EventTime now) const;
  [[nodiscard]] Price quote_index(AssetId asset) const noexcept;

  void make(const marks::Move& move, const Changes& changes);
  void note_due(EventTime time) noexcept;
  void update_index(std::uint32_t i, const Cause& cause, const Changes& changes);
  void tell_sources(IndexBook& index, const Cause& cause, const Changes& changes);
  void update_mark(std::uint32_t i, const Cause& cause, const Changes& changes);

  const reference::Reference& reference_;
  marks::Marks marks_;
  std::vector<IndexBook> indices_;
  std::vector<MarkBook> books_;                        // by instrument
  std::vector<std::vector<std::uint32_t>> followers_;  // by index: its instruments
  std::vector<std::uint32_t> index_order_;             // those that convert come last
  std::vector<IndexId> index_of_asset_;                // or kNoIndex
  std::vector<char> index_touched_;
  std::vector<char> mark_touched_;
  std::vector<std::uint32_t> marks_touched_;  // ascending, once sorted
  bool indices_touched_{false};
  SourceId spoken_{kNoSource};
  std::optional<marks::Move> published_;  // an index that needs no working out
  EventTime due_;                         // nothing is due before it; 0: nothing at all
  EventTime updated_;                     // time of the last update
};

}  // namespace plimsoll::market
