#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/ledger/booking.hpp"
#include "engine/ledger/limits.hpp"
#include "engine/message/cause.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::house {

/// What the house has in one asset.
struct Fund {
  Int128 balance{0};   // the insurance fund, never negative
  Int128 bad_debt{0};  // losses that nobody covered, so far
};

/// Everything that belongs to no account: insurance funds, inventory of taken-over positions, bad
/// debt. It decides on what the shards have published, and changes only when its decisions come
/// back as inputs. Owned by the sequencer.
class House {
 public:
  explicit House(const reference::Reference& reference);

  /// Notes what a published event asks of the house. Changes nothing that is booked.
  void observe(const Event& event);
  /// The decisions at `now` on what was observed since the last call, in canonical order.
  /// They live until the next call.
  [[nodiscard]] std::span<const InputBody> take_decisions(EventTime now);
  /// The breaker holds new liquidations back, or no longer.
  void note_breaker(bool paused, EventTime now) noexcept;

  [[nodiscard]] std::optional<Refusal> apply(const FundEndowed& input, const Cause& cause,
                                             std::vector<Event>& out);
  void apply(const InventoryAbsorbed& input, const Cause& cause, std::vector<Event>& out);
  void apply(const TakeoverSettled& input, const Cause& cause, std::vector<Event>& out);
  void apply(const FeesCollected& input, const Cause& cause, std::vector<Event>& out);
  void apply(const SettlementPriced& input) noexcept {
    settlement_prices_[input.instrument.raw()] = input.price;
  }
  [[nodiscard]] bool settled(InstrumentId instrument) const noexcept {
    return settled_at_[instrument.raw()].raw() != 0;
  }
  /// Is there a settlement price that waits?
  [[nodiscard]] bool settlement_waits() const noexcept;
  void apply(const FuturesSettled& input, const Cause& cause, std::vector<Event>& out);
  void apply(const InventoryAnswered& input, const Cause& cause, std::vector<Event>& out);

  [[nodiscard]] const Fund& fund(AssetId asset) const noexcept { return funds_[asset.raw()]; }
  /// What the house received of the shards' to_house, in an asset.
  [[nodiscard]] Int128 received(AssetId asset) const noexcept {
    return books_[asset.raw()].received;
  }
  /// Is so much of it ordered and not answered?
  [[nodiscard]] bool has_ordered(const InventoryAnswered& input) const noexcept;
  [[nodiscard]] Int128 inventory(InstrumentId instrument) const noexcept {
    return inventory_[instrument.raw()].quantity;
  }
  /// What conservation of the house's own books misses: 0, or they are wrong.
  [[nodiscard]] Int128 conservation_gap(AssetId asset) const;

 private:
  struct Books {
    Int128 endowed{0};
    Int128 received{0};
    Int128 rest_of_world{0};
    Int128 rounding{0};
  };
  /// Orders of an instrument that nobody has answered.
  struct Ordered {
    Int128 bought{0};
    Int128 sold{0};
    [[nodiscard]] Int128& of(Quantity quantity) noexcept {
      return quantity.raw() > 0 ? bought : sold;
    }
  };
  /// Adds a gain to the fund, or covers a loss: the fund first, then bad debt.
  void settle(AssetId asset, Int128 amount, const Cause& cause, AccountId account,
              std::vector<Event>& out);

  /// Books a fill of inventory and says so.
  void unwind(InstrumentId id, Quantity quantity, Price price, const Cause& cause,
              std::vector<Event>& out);

  void count_liquidation(EventTime time) noexcept;
  /// Decides on the breaker.
  void decide_on_breaker(EventTime now);

  const reference::Reference& reference_;
  std::vector<Fund> funds_;                 // by asset
  std::vector<Books> books_;                // by asset
  std::vector<ledger::Holding> inventory_;  // by instrument
  std::vector<Ordered> ordered_;            // by instrument: not answered
  std::vector<Price> settlement_prices_;    // by instrument: waiting for FuturesSettled
  std::vector<Price> settled_at_;           // by instrument: 0 while it is not settled
  std::vector<InputBody> decisions_;
  std::vector<InputBody> taken_;
  std::vector<Int128> fees_;  // by asset, observed since the last decisions
  // The breaker: liquidations that started in the window at hand, and whether that was too many.
  std::int64_t window_{0};
  std::uint32_t started_{0};
  bool tripped_{false};
  bool paused_{false};
  EventTime paused_since_;
};

}  // namespace plimsoll::house
