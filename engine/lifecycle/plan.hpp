#pragma once

#include <vector>

#include "engine/margin/plain.hpp"
#include "engine/margin/valuation.hpp"
#include "engine/message/event.hpp"

// What a liquidation does next, as pure functions of the account and the marks.

namespace plimsoll::lifecycle {

/// An order of a liquidation step; `quantity` has the sign that reduces the position.
struct PlannedOrder {
  InstrumentId instrument;
  PositionSide side{PositionSide::net};
  Quantity quantity;
  Price limit;
};

/// Plans steps in memory of its own: a copy of the account in which each order is tried.
class StepPlanner {
 public:
  StepPlanner(const reference::Reference& reference, const marks::Marks& marks);

  /// The orders that bring the account to equity >= T(target), each filled at its limit with its
  /// fee: positions with the largest requirement first, no more than needed. An order that would
  /// lower the excess is left out. Empty: nothing can be done. Valid until the next call.
  /// Positions at frozen marks are left out. `prices` are those of the valuation.
  const std::vector<PlannedOrder>& plan(const margin::Portfolio& account,
                                        const margin::Valuation& valuation, Rate target,
                                        const marks::Marks& prices);
  /// Did the last plan leave out a position because its mark is frozen?
  [[nodiscard]] bool left_out_frozen() const noexcept { return left_out_frozen_; }

 private:
  struct Candidate {
    std::size_t line;
    margin::Contribution now;  // only its requirement where the account is one whole
  };
  /// Equity and maintenance after the orders planned so far.
  struct Running {
    Int128 equity;
    Int128 maintenance;
  };
  struct Order;

  void rank(const margin::Portfolio& account);
  [[nodiscard]] Running after(const Order& order, std::int64_t lots);
  /// The same where each line stands for itself: only the order's line is valued again.
  [[nodiscard]] Running after_plain(const Order& order, std::int64_t lots) const;
  /// Of the line, if it had that size.
  [[nodiscard]] margin::Contribution contribution_of(const margin::Line& line, Quantity size,
                                                     const reference::Profile& profile) const;
  [[nodiscard]] Int128 fee_of(const Order& order, Quantity quantity) const;
  /// So many lots, and what the account is worth then.
  struct Sized {
    std::int64_t lots;
    Running then;
  };
  [[nodiscard]] Sized lots_needed(const Order& order, std::int64_t held, Rate target);
  /// What is known of all sizes without trying each.
  struct Known {
    std::int64_t none;  // no size up to this brings the account to the target
    std::int64_t all;   // every size from this on does
  };
  [[nodiscard]] Known known_sizes(const Order& order, const Sized& whole, Rate target) const;
  /// Looks for an order in the line that does not lower the excess, nearer and nearer to the mark,
  /// and takes it up.
  void plan_line(Order& order, std::int64_t held, Rate target);

  const reference::Reference& reference_;
  const marks::Marks& marks_;
  const marks::Marks* prices_{nullptr};
  bool left_out_frozen_{false};
  bool plain_{false};          // does each line of the account stand for itself?
  margin::Portfolio planned_;  // the account with the orders planned so far filled
  margin::Portfolio tried_;    // and one more
  Running running_{};          // what `planned_` is worth
  std::vector<Candidate> candidates_;
  std::vector<PlannedOrder> orders_;
};

/// The limit of an order that closes a position, `slippage` away from the mark: on the tick grid,
/// never on the far side of the mark; 0 when it is not within the instrument's prices.
[[nodiscard]] Price order_limit(const reference::Instrument& instrument, Rate slippage, bool sells,
                                Price mark) noexcept;

/// The price per unit that a transfer value means, rounded down; 0 beyond 64 bits.
[[nodiscard]] Price bankruptcy_price(const reference::Instrument& instrument, Int128 transfer_value,
                                     Quantity quantity) noexcept;

/// How the positions of an account go to the house. Within each settlement asset the account's net
/// amount is shared pro rata to maintenance, so that it is worth exactly nothing there at the
/// transfer values. Assets in which no position settles are kept, unless something is owed still.
struct Takeover {
  std::vector<PositionTakenOver> positions;  // ascending by (instrument, side)
  std::vector<BalanceTakenOver> balances;    // ascending by asset
  std::vector<AssetId> assets;               // whose balances are handed over
};

/// Plans into `takeover`, whose memory is used again.
void plan_takeover(const reference::Reference& reference, const marks::Marks& marks,
                   const margin::Portfolio& account, LiquidationEpoch epoch, Takeover& takeover);

}  // namespace plimsoll::lifecycle
