#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/ledger/booking.hpp"
#include "engine/ledger/limits.hpp"
#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::ledger {

using AccountIndex = std::uint32_t;   // dense, in the order of opening within one ledger
using PositionIndex = std::uint32_t;  // slot in the pool of positions
inline constexpr std::uint32_t kNone = FlatMap::kAbsent;

struct Position {
  Quantity quantity;
  Amount entry_value;
  InstrumentId instrument;
  AccountIndex account{0};
  PositionIndex next{kNone};      // of the same account, ascending by instrument
  std::uint32_t holder_place{0};  // where this slot stands in holders(instrument)
};

/// An entry of the list of an instrument's holders: what a sweep needs, in order in memory.
struct Holder {
  Quantity quantity;
  AccountIndex account{0};
  PositionIndex position{0};
};

struct Account {
  AccountId id;
  OwnerId owner;
  AccountId parent;
  Amount balance;
  ProfileId profile;
  AssetId asset;
  PositionIndex first_position{kNone};
};

/// The other sides of all bookings, per asset, so that nothing is created or lost.
struct Totals {
  Int128 deposited{0};
  Int128 withdrawn{0};
  Int128 fees{0};
  Int128 rounding{0};
  Int128 rest_of_world{0};
  Int128 to_house{0};  // handed over to the house: fees of liquidations, take-overs
};

/// What a liquidation fill or a take-over did, for the event.
struct Realised {
  Amount pnl;
  Amount fee;
};

/// The exact books of the accounts of one shard: balances, positions, and who holds what. Owned by
/// one thread. Every function that takes an input checks it first and books all or nothing.
class Ledger {
 public:
  Ledger(const reference::Reference& reference, std::size_t accounts);

  /// REQUIRES: the id is new (the registry of the core has checked).
  AccountIndex open(const AccountOpened& input);
  /// The index of an account, or kNone when this ledger does not hold it.
  [[nodiscard]] AccountIndex find(AccountId id) const noexcept { return by_id_.find(id.raw()); }

  [[nodiscard]] std::optional<Refusal> deposit(AccountIndex account, Amount amount);
  /// REQUIRES: the withdrawal was checked against the margin of the account.
  void withdraw(AccountIndex account, Amount amount);
  [[nodiscard]] bool can_receive(AccountIndex account, Amount amount) const noexcept;
  /// Moves money between two accounts of this ledger. REQUIRES: checked, and can_receive(to).
  void move_margin(AccountIndex from, AccountIndex to, Amount amount);
  [[nodiscard]] std::optional<Refusal> apply_fill(AccountIndex account, const TradeFilled& fill);
  /// Books the fill of a liquidation order; the fee is handed to the house.
  Realised apply_liquidation_fill(AccountIndex account, InstrumentId instrument, Quantity quantity,
                                  Price price, Rate fee_rate);
  /// Every holder of the instrument pays or receives. REQUIRES: rate and price are in range.
  void settle_funding(const FundingSettled& funding);
  /// Empties the account: positions are handed to the house at `mark_value` in total, the account
  /// ends with balance 0. `equity` is what it was worth at those values.
  void hand_over(AccountIndex account, Int128 mark_value, Amount equity);

  [[nodiscard]] const Account& account(AccountIndex index) const noexcept {
    return accounts_[index];
  }
  [[nodiscard]] std::size_t account_count() const noexcept { return accounts_.size(); }
  [[nodiscard]] const Position& position(PositionIndex index) const noexcept {
    return positions_[index];
  }
  /// All holders of an instrument, in no meaningful order. Removing the one at place i moves the
  /// last one there: iterate from the back while accounts may be emptied.
  [[nodiscard]] std::span<const Holder> holders(InstrumentId instrument) const noexcept {
    return holders_[instrument.raw()];
  }
  /// The position of an account in an instrument, or kNone.
  [[nodiscard]] PositionIndex find_position(AccountIndex account,
                                            InstrumentId instrument) const noexcept;

  /// Visits the positions of an account, ascending by instrument.
  template <class Visit>
  void for_each_position(AccountIndex account, Visit&& visit) const {
    for (PositionIndex i = accounts_[account].first_position; i != kNone; i = positions_[i].next) {
      visit(positions_[i]);
    }
  }

  [[nodiscard]] const Totals& totals(AssetId asset) const noexcept { return totals_[asset.raw()]; }
  /// What conservation misses in an asset: 0, or the books are wrong. Walks all accounts.
  [[nodiscard]] Int128 conservation_gap(AssetId asset) const;
  /// Sum of the positions, minus the net of all fills and hand-overs: 0, or the books are wrong.
  [[nodiscard]] Int128 position_gap(InstrumentId instrument) const;

 private:
  PositionIndex insert_position(AccountIndex account, InstrumentId instrument);
  void remove_position(AccountIndex account, PositionIndex index);
  void store_holding(AccountIndex account, InstrumentId instrument, PositionIndex index,
                     const Holding& holding);
  [[nodiscard]] Holding holding_of(PositionIndex index) const noexcept;
  [[nodiscard]] bool exposure_fits(AccountIndex account, InstrumentId instrument,
                                   Int128 quantity_after) const noexcept;
  void apply_totals(AssetId asset, InstrumentId instrument, Int128 quantity,
                    const Booking& booking);

  const reference::Reference& reference_;
  FlatMap by_id_;
  std::vector<Account> accounts_;
  std::vector<Position> positions_;
  PositionIndex free_position_{kNone};
  std::vector<std::vector<Holder>> holders_;  // by instrument
  std::vector<Totals> totals_;                // by asset
  std::vector<Int128> external_positions_;    // by instrument: what the outside world is short of
};

}  // namespace plimsoll::ledger
