#pragma once

#include <vector>

#include "engine/margin/valuation.hpp"
#include "engine/message/event.hpp"

// What a liquidation does next, as pure functions of the account and the marks.

namespace plimsoll::lifecycle {

/// An order of a liquidation step; `quantity` has the sign that reduces the position.
struct PlannedOrder {
  InstrumentId instrument;
  Quantity quantity;
  Price limit;
};

/// Plans steps without allocating: its scratch holds one entry per instrument.
class StepPlanner {
 public:
  explicit StepPlanner(const reference::Reference& reference);

  /// The orders that bring the account to equity >= maintenance * target, each filled at its limit
  /// with its fee: positions with the largest requirement first, no more than needed. An order that
  /// would lower the excess is left out. Empty: nothing can be done. Valid until the next call.
  const std::vector<PlannedOrder>& plan(const ledger::Ledger& ledger, ledger::AccountIndex account,
                                        const marks::Marks& marks,
                                        const margin::Valuation& valuation, Rate target);

 private:
  struct Candidate {
    const ledger::Position* position;
    Int128 maintenance;
  };
  /// Equity and maintenance after the orders planned so far.
  struct Running {
    Int128 equity;
    Int128 maintenance;
  };
  struct Context;

  [[nodiscard]] Running after(const Context& context, const Running& before,
                              std::int64_t lots) const noexcept;
  [[nodiscard]] std::int64_t lots_needed(const Context& context,
                                         const Running& before) const noexcept;

  const reference::Reference& reference_;
  std::vector<Candidate> candidates_;
  std::vector<PlannedOrder> orders_;
};

/// The limit of an order that closes a position of this sign at this mark, on the tick grid; 0 when
/// there is none within (0, price_max].
[[nodiscard]] Price order_limit(const reference::Instrument& instrument,
                                const reference::Profile& profile, bool sells, Price mark) noexcept;

/// The price per unit that a transfer value means, rounded down; 0 beyond 64 bits.
[[nodiscard]] Price bankruptcy_price(Int128 transfer_value, Quantity quantity,
                                     std::int64_t value_divisor) noexcept;

/// How the positions of an account go to the house: the equity is shared pro rata to maintenance,
/// so that the account is worth exactly zero at the transfer values. Calls visit(PositionTakenOver)
/// in ascending order of instrument; returns the sum of the values at the marks.
template <class Visit>
Int128 plan_takeover(const reference::Reference& reference, const ledger::Ledger& ledger,
                     ledger::AccountIndex account, const marks::Marks& marks,
                     const margin::Valuation& valuation, LiquidationEpoch epoch, Visit&& visit) {
  Int128 value_total = 0;
  Int128 share_left = valuation.equity.raw();
  ledger.for_each_position(account, [&](const ledger::Position& position) {
    const reference::Instrument& instrument = reference.instruments[position.instrument.raw()];
    const Price mark = marks.of(position.instrument);
    const Int128 value =
        margin::value_position(position.quantity, mark, instrument.value_divisor).value;
    const Int128 maintenance = margin::maintenance_of(instrument, position.quantity, mark);
    const Int128 total = valuation.maintenance_margin.raw();
    Int128 share =
        total > 0 ? divide_floor<Int128>(valuation.equity.raw() * maintenance, total) : 0;
    if (position.next == ledger::kNone) share = share_left;
    share_left -= share;
    value_total += value;
    visit(PositionTakenOver{.quantity = position.quantity,
                            .mark_value = Amount::from_raw(narrow(value)),
                            .transfer_value = Amount::from_raw(narrow(value - share)),
                            .bankruptcy_price = bankruptcy_price(value - share, position.quantity,
                                                                 instrument.value_divisor),
                            .epoch = epoch,
                            .instrument = position.instrument});
  });
  return value_total;
}

}  // namespace plimsoll::lifecycle
