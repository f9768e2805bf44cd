#pragma once

#include <optional>
#include <vector>

#include "engine/marks/marks.hpp"
#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::market {

/// What a tick does to the marks: refuse it, move one, or nothing (both empty).
struct TickEffect {
  std::optional<Refusal> refused;
  std::optional<Price> mark;  // set only when it differs from the mark before
};

/// Turns ticks into marks: the venue's own mark where the venue publishes one, else the middle of
/// its book. Owned by the sequencer.
class MarkBuilder {
 public:
  explicit MarkBuilder(const reference::Reference& reference)
      : reference_{reference}, marks_{reference}, published_(reference.instruments.size()) {}

  [[nodiscard]] TickEffect apply(const BookQuoted& tick);
  [[nodiscard]] TickEffect apply(const MarkPublished& tick);
  [[nodiscard]] TickEffect apply(const TradePrinted& tick) const;

  [[nodiscard]] const marks::Marks& marks() const noexcept { return marks_; }
  /// For the inputs that change the market without a tick.
  [[nodiscard]] marks::Marks& marks() noexcept { return marks_; }

 private:
  [[nodiscard]] bool usable(InstrumentId instrument, Price price) const noexcept;
  [[nodiscard]] TickEffect move(InstrumentId instrument, Price mark);

  const reference::Reference& reference_;
  marks::Marks marks_;
  std::vector<bool> published_;  // has the venue published a mark of its own?
};

}  // namespace plimsoll::market
