#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/base/prefetch.hpp"
#include "engine/ledger/booking.hpp"
#include "engine/ledger/limits.hpp"
#include "engine/ledger/owners.hpp"
#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/message/openings.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::ledger {

using AccountIndex = std::uint32_t;   // dense, in the order of opening within one ledger
using PositionIndex = std::uint32_t;  // slot in the pool of lines
inline constexpr std::uint32_t kNone = FlatMap::kAbsent;

/// What an account has in one instrument and position side: a position, open orders, a leverage.
struct Position {
  Quantity quantity;
  Amount entry_value;
  Quantity buys;  // remainders of the open orders that count in the margin, both >= 0
  Quantity sells;
  Rate leverage;  // 0: none set
  InstrumentId instrument;
  AccountIndex account{0};
  PositionIndex next{kNone};      // of the same account, ascending by (instrument, side)
  std::uint32_t holder_place{0};  // where this slot stands in its list of holders
  std::uint32_t orders{0};        // open, also the ones that do not count
  PositionSide side{PositionSide::net};

  [[nodiscard]] bool open() const noexcept { return quantity.raw() != 0 || orders != 0; }
  [[nodiscard]] bool counts() const noexcept {
    return quantity.raw() != 0 || buys.raw() != 0 || sells.raw() != 0;
  }
};

/// An order that rests at the matching engine.
struct OpenOrder {
  ExternalId id;
  Quantity remaining;  // signed
  Price limit;
  PositionIndex line{kNone};
  std::uint32_t next{kNone};  // of the same account, newest first
  ReduceOnly reduce_only{ReduceOnly::no};
};

/// An entry of the list of an instrument's holders.
struct Holder {
  AccountIndex account{0};
  PositionIndex position{0};
};

/// Margined in one asset, or in all: lists of holders are kept apart, because their excesses are
/// amounts of different assets.
enum class Group : std::uint8_t { single = 0, multi = 1 };

struct Account {
  AccountId id;
  OwnerId owner;
  AccountId parent;
  Amount balance;  // in `asset`
  ProfileId profile;
  AssetId asset;
  PositionIndex first_position{kNone};
  std::uint32_t first_balance{kNone};  // in other assets; multi-asset only
  std::uint32_t first_order{kNone};
  std::uint32_t aggregated{
      Owners::kNone};  // the owner's place in Owners, where the profile aggregates
  MarginMode mode{MarginMode::cross};
  PositionMode position_mode{PositionMode::one_way};
  AutoTopUp auto_top_up{AutoTopUp::off};
  bool listed{false};  // among the holders of the numeraire

  [[nodiscard]] Group group() const noexcept {
    return mode == MarginMode::multi_asset ? Group::multi : Group::single;
  }
};

/// The other sides of all bookings, per asset, so that nothing is created or lost.
struct Totals {
  Int128 deposited{0};
  Int128 withdrawn{0};
  Int128 fees{0};
  Int128 rounding{0};
  Int128 rest_of_world{0};
  Int128 to_house{0};    // handed over to the house: fees of liquidations, take-overs
  Int128 collateral{0};  // the positive balances of all multi-asset accounts; no booking
};

/// What a liquidation fill or a take-over did, for the event.
struct Realised {
  Quantity quantity;
  Amount pnl;
  Amount fee;
};

/// The exact books of the accounts of one shard: balances, positions, orders, and who holds what.
/// Owned by one thread. Every function that returns a refusal checks first and books all or
/// nothing.
class Ledger {
 public:
  Ledger(const reference::Reference& reference, std::size_t accounts);

  /// REQUIRES: the id is new (the registry of the core has checked).
  AccountIndex open(const AccountOpened& input);
  /// Opens an account with a balance in its margin asset (>= 0) and positions: the books are then
  /// the same as after a deposit and as many fills without a fee. REQUIRES: the id is new.
  [[nodiscard]] std::optional<Refusal> open_with(const AccountOpened& input, Amount balance,
                                                 std::span<const OpeningLine> lines);
  /// The index of an account, or kNone when this ledger does not hold it.
  [[nodiscard]] AccountIndex find(AccountId id) const noexcept { return by_id_.find(id.raw()); }
  [[nodiscard]] bool can_hold(AccountIndex account, AssetId asset) const noexcept;
  [[nodiscard]] Amount balance(AccountIndex account, AssetId asset) const noexcept;

  [[nodiscard]] std::optional<Refusal> deposit(AccountIndex account, AssetId asset, Amount amount);
  [[nodiscard]] std::optional<Refusal> import_balance(AccountIndex account, AssetId asset,
                                                      Amount amount);
  /// REQUIRES: the withdrawal was checked against the margin of the account.
  void withdraw(AccountIndex account, AssetId asset, Amount amount);
  [[nodiscard]] bool can_receive(AccountIndex account, AssetId asset, Amount amount) const noexcept;
  /// Moves money between two accounts of this ledger. REQUIRES: checked, and can_receive(to).
  void move_margin(AccountIndex from, AccountIndex to, AssetId asset, Amount amount);
  /// Buys `to_amount` of an asset for `from_amount` of another, from the rest of the world.
  void exchange(AccountIndex account, AssetId from, Amount from_amount, AssetId to,
                Amount to_amount);
  [[nodiscard]] std::optional<Refusal> apply_fill(AccountIndex account, const TradeFilled& fill);
  /// Books the fill of a liquidation order, cut off where it would flip a hedge line; the fee is
  /// handed to the house.
  Realised apply_liquidation_fill(AccountIndex account, const LiquidationAnswered& answer,
                                  Rate fee_rate);
  /// Every line of the instrument pays or receives. REQUIRES: rate and price are in range.
  void settle_funding(const FundingSettled& funding);
  /// Every multi-asset account that owes the asset pays. REQUIRES: rate > 0.
  void charge_interest(const InterestCharged& interest);
  /// Pays out a line at a price and drops its orders. Returns what was realised.
  Amount settle_position(PositionIndex index, Price price);
  /// The account's positions, and its balances in `assets`, go to the house.
  void hand_over(AccountIndex account, std::span<const AssetId> assets);
  /// Books that the house gets `amount` for what hand_over() took in an asset.
  void hand_over_value(AssetId asset, Int128 amount) noexcept {
    totals_[asset.raw()].to_house += amount;
  }

  /// What forbids an order by itself: asset, side, quantity, limit, number. REQUIRES: the
  /// instrument exists.
  [[nodiscard]] std::optional<Refusal> check_order(AccountIndex account,
                                                   const OrderRequested& order) const;
  /// What forbids it beside the account's positions and other orders, margin aside.
  [[nodiscard]] std::optional<Refusal> check_order_size(AccountIndex account,
                                                        const OrderRequested& order) const;
  /// REQUIRES: both checks found nothing.
  void add_order(AccountIndex account, const OrderRequested& order);
  [[nodiscard]] std::uint32_t find_order(AccountIndex account, ExternalId id) const noexcept;
  /// Shrinks the remainder; at 0 the order is gone. REQUIRES: 0 < by <= abs(remainder).
  void reduce_order(AccountIndex account, std::uint32_t index, std::int64_t by);
  [[nodiscard]] std::uint32_t order_count(AccountIndex account) const noexcept;
  void set_leverage(AccountIndex account, InstrumentId instrument, Rate leverage);
  [[nodiscard]] Rate leverage(AccountIndex account, InstrumentId instrument) const noexcept;
  /// What forbids other modes, the margin aside.
  [[nodiscard]] std::optional<Refusal> check_mode(AccountIndex account,
                                                  const AccountModeRequested& mode) const;
  /// REQUIRES: check_mode() found nothing.
  void set_mode(AccountIndex account, const AccountModeRequested& mode);

  /// Gets the place of an account that is soon opened into the processor's cache.
  void fetch_new(AccountId id) const noexcept { by_id_.fetch(id.raw()); }
  /// Gets an account that is soon looked at into the processor's cache; then, a little later, its
  /// first lines, which mostly lie side by side.
  void fetch(AccountIndex account) const noexcept { prefetch_object(accounts_[account]); }
  void fetch_lines(AccountIndex account) const noexcept {
    const PositionIndex first = accounts_[account].first_position;
    if (first == kNone) return;
    constexpr std::size_t kLine = 64;
    constexpr std::size_t kBytes = 4 * sizeof(Position);
    const char* const at = reinterpret_cast<const char*>(&positions_[first]);
    for (std::size_t i = 0; i < kBytes; i += kLine) prefetch(at + i);
  }
  [[nodiscard]] const Account& account(AccountIndex index) const noexcept {
    return accounts_[index];
  }
  [[nodiscard]] std::size_t account_count() const noexcept { return accounts_.size(); }
  [[nodiscard]] const Position& position(PositionIndex index) const noexcept {
    return positions_[index];
  }
  [[nodiscard]] const OpenOrder& order(std::uint32_t index) const noexcept {
    return orders_[index];
  }
  /// All lines of an instrument, in no meaningful order. Removing the one at place i moves the
  /// last one there: iterate from the back while accounts may be emptied.
  [[nodiscard]] std::span<const Holder> holders(InstrumentId instrument,
                                                Group group) const noexcept {
    return holders_[list_of(instrument, group)];
  }
  /// The accounts that have, or had, a balance or a line in an asset while in multi-asset mode; it
  /// never shrinks.
  [[nodiscard]] std::span<const AccountIndex> asset_holders(AssetId asset) const noexcept {
    return asset_holders_[asset.raw()];
  }
  /// The line of an account, or kNone.
  [[nodiscard]] PositionIndex find_position(AccountIndex account, InstrumentId instrument,
                                            PositionSide side) const noexcept;

  /// Visits the lines of an account, ascending by (instrument, side).
  template <class Visit>
  void for_each_position(AccountIndex account, Visit&& visit) const {
    for (PositionIndex i = accounts_[account].first_position; i != kNone; i = positions_[i].next) {
      visit(positions_[i]);
    }
  }
  /// Calls visit(asset, amount) for the margin asset, then for the others, ascending.
  template <class Visit>
  void for_each_balance(AccountIndex account, Visit&& visit) const {
    visit(accounts_[account].asset, accounts_[account].balance);
    if (accounts_[account].mode != MarginMode::multi_asset) return;
    for (std::uint32_t i = accounts_[account].first_balance; i != kNone; i = balances_[i].next) {
      visit(balances_[i].asset, balances_[i].amount);
    }
  }
  template <class Visit>
  void for_each_order(AccountIndex account, Visit&& visit) const {
    for (std::uint32_t i = accounts_[account].first_order; i != kNone; i = orders_[i].next) {
      visit(orders_[i]);
    }
  }

  [[nodiscard]] Owners& owners() noexcept { return owners_; }
  [[nodiscard]] const Owners& owners() const noexcept { return owners_; }

  [[nodiscard]] const Totals& totals(AssetId asset) const noexcept { return totals_[asset.raw()]; }
  /// What conservation misses in an asset: 0, or the books are wrong. Walks all accounts.
  [[nodiscard]] Int128 conservation_gap(AssetId asset) const;
  /// Sum of the positions, minus the net of all fills and hand-overs: 0, or the books are wrong.
  [[nodiscard]] Int128 position_gap(InstrumentId instrument) const;

 private:
  struct Balance {
    AssetId asset;
    Amount amount;
    std::uint32_t next{kNone};
  };
  /// What an input would change, for the check of the numeric limits.
  struct Change {
    AssetId asset{kNoAsset};  // a balance
    Int128 amount{0};
    AssetId other{kNoAsset};  // another balance, of a spot fill
    Int128 other_amount{0};
    InstrumentId instrument{kNoInstrument};  // a line
    PositionSide side{PositionSide::net};
    Int128 size{0};  // abs position and orders that count, after the change
  };

  [[nodiscard]] static std::size_t list_of(InstrumentId instrument, Group group) noexcept {
    return std::size_t{2} * instrument.raw() + static_cast<std::size_t>(group);
  }
  [[nodiscard]] const Amount* find_balance(AccountIndex account, AssetId asset) const noexcept;
  /// Adds lines, in order, to a new account whose lines stand for themselves.
  [[nodiscard]] std::optional<Refusal> append_lines(AccountIndex account,
                                                    std::span<const OpeningLine> lines);
  [[nodiscard]] std::optional<Refusal> check_opening(
      AccountIndex account, const OpeningLine& line,
      const reference::Instrument& rules) const noexcept;
  void list_numeraire(AccountIndex account);
  Amount& touch_balance(AccountIndex account, AssetId asset);
  void add_balance(AccountIndex account, AssetId asset, Int128 change);
  PositionIndex touch_position(AccountIndex account, InstrumentId instrument, PositionSide side);
  void remove_unused(PositionIndex index);
  void remove_position(PositionIndex index);
  void enter_list(PositionIndex index);
  void leave_list(PositionIndex index);
  void store_holding(PositionIndex index, const Holding& holding);
  void drop_orders(PositionIndex line);
  void change_margin(AccountIndex account, const AccountModeRequested& mode);
  void change_position_mode(AccountIndex account, PositionMode mode);
  void settle_funding(const Position& line, const FundingSettled& funding);
  void book_totals(AssetId asset, InstrumentId instrument, Int128 quantity, const Booking& booking);
  [[nodiscard]] std::optional<Refusal> check_line(AccountIndex account,
                                                  const reference::Instrument& rules,
                                                  PositionSide side) const noexcept;
  [[nodiscard]] std::optional<Refusal> apply_spot_fill(AccountIndex account,
                                                       const TradeFilled& fill);
  [[nodiscard]] bool occupied_elsewhere(AccountIndex account,
                                        InstrumentId instrument) const noexcept;
  [[nodiscard]] Int128 owner_size(AccountIndex account, InstrumentId instrument,
                                  PositionIndex line) const noexcept;
  [[nodiscard]] bool exposure_fits(AccountIndex account, const Change& change) const noexcept;
  /// May a charge or payment of that change be booked, or would it leave the numeric limits?
  [[nodiscard]] bool can_carry(AccountIndex account, AssetId asset, Int128 change) const noexcept;
  [[nodiscard]] bool fits_multi(AccountIndex account, const Change& change) const noexcept;
  [[nodiscard]] std::optional<Int128> exposure_in(AccountIndex account, AssetId asset,
                                                  const Change& change) const noexcept;

  const reference::Reference& reference_;
  FlatMap by_id_;
  std::vector<Account> accounts_;
  std::vector<Position> positions_;
  PositionIndex free_position_{kNone};
  std::vector<Balance> balances_;
  std::vector<OpenOrder> orders_;
  std::uint32_t free_order_{kNone};
  std::vector<std::vector<Holder>> holders_;              // by instrument and group
  std::vector<std::vector<AccountIndex>> asset_holders_;  // by asset
  std::vector<Totals> totals_;                            // by asset
  std::vector<Int128> external_positions_;  // by instrument: what the outside world is short of
  Owners owners_;
};

}  // namespace plimsoll::ledger
