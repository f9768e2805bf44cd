#pragma once

#include <deque>
#include <optional>

#include "engine/marks/marks.hpp"
#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::exchange {

/// Price per unit of an order of abs `size` at `mark`: the mark, worsened by half the spread and by
/// impact in proportion to the notional, on the tick grid away from the mark.
[[nodiscard]] Price slipped_price(const reference::Instrument& instrument,
                                  const reference::Exchange& rules, bool buys, std::int64_t size,
                                  Price mark) noexcept;

/// A simulated exchange for replay and staging: it fills the orders of the engine at event time
/// plus latency, with slippage, deterministically. Owned by the sequencer.
class Exchange {
 public:
  explicit Exchange(const reference::Reference& reference) : reference_{reference} {}

  /// Takes the order that a published event is, if it is one.
  void observe(const Event& event);

  /// Forgets the orders in instruments that are settled.
  void forget_settled(const marks::Marks& marks);

  /// When the oldest open order is answered; empty when there is none.
  [[nodiscard]] std::optional<EventTime> next_due() const noexcept;
  /// Of the oldest open order. REQUIRES: there is one.
  [[nodiscard]] InstrumentId next_instrument() const noexcept { return orders_.front().instrument; }
  /// Answers the oldest open order at the current marks. REQUIRES: there is one.
  [[nodiscard]] InputBody answer_next(const marks::Marks& marks);

 private:
  struct Order {
    EventTime due;
    AccountId account;  // 0: the house, without a limit
    LiquidationEpoch epoch;
    InstrumentId instrument;
    PositionSide side{PositionSide::net};
    Quantity quantity;
    Price limit;
  };
  [[nodiscard]] std::int64_t fillable(const Order& order, Price mark) const noexcept;

  const reference::Reference& reference_;
  std::deque<Order> orders_;  // by due: latency is one constant, so issue order is due order
};

}  // namespace plimsoll::exchange
