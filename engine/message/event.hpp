#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "engine/base/fields.hpp"
#include "engine/message/price_event.hpp"
#include "engine/value/modes.hpp"
#include "engine/value/types.hpp"

// Everything the engine says. Events are past tense, carry what caused them, and are numbered 1..n
// in one order that does not depend on shards or threads.

namespace plimsoll {

/// Why an input was not applied. Nothing of a refused input is booked.
enum class Refusal : std::uint8_t {
  account_unknown = 1,
  account_exists = 2,
  parent_unknown = 3,  // the parent does not exist, belongs to another owner, or is a sub-account
  asset_mismatch = 4,  // instrument or counter-account settles in another asset
  owner_mismatch = 5,  // margin moves only between accounts of one owner
  amount_not_positive = 6,
  quantity_off_lot = 7,       // zero, or not a multiple of the lot
  price_out_of_range = 8,     // not positive, or above the instrument's price_max
  exposure_out_of_range = 9,  // the account would pass the engine's numeric limits
  capacity_exhausted = 10,    // [limits] of the configuration
  reference_unknown = 11,     // no such instrument, asset or profile
  rate_out_of_range = 12,     // funding rate beyond +-10 %
  liquidation_unknown = 13,   // an answer to an order that is not in flight
  mode_unsupported = 14,      // not with this margin mode, asset or profile
  side_mismatch = 15,         // not a position side of the account's mode, or it would flip
  isolated_occupied = 16,     // an isolated account holds another instrument
  not_trading = 17,           // the status of the instrument forbids it
  order_unknown = 18,
  order_exists = 19,
  would_not_reduce = 20,     // a reduce-only order that does not reduce
  position_limit = 21,       // the owner's positions and orders would pass the limit
  insufficient_excess = 22,  // less equity than the initial margin it would need
  mark_missing = 23,         // a mark or an index is not known yet
  in_liquidation = 24,
  positions_open = 25,  // the change needs an account without positions and orders
  leverage_out_of_range = 26,
  price_unknown = 27,    // no settlement price was given
  tick_late = 28,        // much later than its venue's ticks usually are
  time_in_future = 29,   // stamped later than its venue's clock can be
  time_went_back = 30,   // stamped before the tick that came before it
  number_repeated = 31,  // not above the number before it
  spread_too_wide = 32,  // the middle of such a book is no price
  index_computed = 33,   // the index comes from sources
  already_expired = 34,  // its end is not after its beginning
};

/// Why a withdrawal or margin move was refused.
enum class WithdrawalRefusal : std::uint8_t {
  insufficient_excess = 1,  // more than the excess over initial margin, or than the balance
  in_liquidation = 2,
  mark_missing = 3,  // a position has no mark yet, so the excess is not known
};

enum class LiquidationOutcome : std::uint8_t {
  cured = 1,       // equity is back at the target
  closed = 2,      // nothing left to sell, nothing owed
  taken_over = 3,  // the house has the positions
};

/// An external input that was not applied. `account` of the event is 0 when it names none.
struct InputRefused {
  Refusal reason;
  std::uint8_t input_kind;
  static constexpr auto fields() {
    return std::tuple{Field{"reason", &InputRefused::reason},
                      Field{"input_kind", &InputRefused::input_kind}};
  }
};

struct WithdrawalAccepted {
  Amount amount;
  Amount available_before;  // the most that could have been withdrawn
  ExternalId transfer;
  AssetId asset{};
  static constexpr auto fields() {
    return std::tuple{Field{"amount", &WithdrawalAccepted::amount},
                      Field{"available_before", &WithdrawalAccepted::available_before},
                      Field{"transfer", &WithdrawalAccepted::transfer},
                      Field{"asset", &WithdrawalAccepted::asset}};
  }
};

struct WithdrawalRefused {
  Amount amount;
  Amount available;  // 0 where it is not known
  ExternalId transfer;
  WithdrawalRefusal reason;
  AssetId asset{};
  static constexpr auto fields() {
    return std::tuple{Field{"amount", &WithdrawalRefused::amount},
                      Field{"available", &WithdrawalRefused::available},
                      Field{"transfer", &WithdrawalRefused::transfer},
                      Field{"reason", &WithdrawalRefused::reason},
                      Field{"asset", &WithdrawalRefused::asset}};
  }
};

/// The exchange answered a liquidation order. `quantity` 0: it expired unfilled.
struct LiquidationFillApplied {
  LiquidationEpoch epoch;
  InstrumentId instrument;
  Quantity quantity;
  Price price;
  Amount fee;           // liquidation fee, goes to the insurance fund
  Amount realised_pnl;  // before the fee
  PositionSide side{PositionSide::net};
  static constexpr auto fields() {
    return std::tuple{Field{"quantity", &LiquidationFillApplied::quantity},
                      Field{"price", &LiquidationFillApplied::price},
                      Field{"fee", &LiquidationFillApplied::fee},
                      Field{"realised_pnl", &LiquidationFillApplied::realised_pnl},
                      Field{"epoch", &LiquidationFillApplied::epoch},
                      Field{"instrument", &LiquidationFillApplied::instrument},
                      Field{"side", &LiquidationFillApplied::side}};
  }
};

/// Equity is back at the call's target before the deadline.
struct MarginCallMet {
  Amount equity;
  Amount maintenance_margin;
  CallId call;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &MarginCallMet::equity},
                      Field{"maintenance_margin", &MarginCallMet::maintenance_margin},
                      Field{"call", &MarginCallMet::call}};
  }
};

/// The deadline passed with the call unmet; a liquidation to the call's target follows.
struct MarginCallFailed {
  Amount equity;
  Amount maintenance_margin;
  CallId call;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &MarginCallFailed::equity},
                      Field{"maintenance_margin", &MarginCallFailed::maintenance_margin},
                      Field{"call", &MarginCallFailed::call}};
  }
};

/// Maintenance margin was breached before the deadline; a liquidation follows.
struct MarginCallEscalated {
  Amount equity;
  Amount maintenance_margin;
  CallId call;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &MarginCallEscalated::equity},
                      Field{"maintenance_margin", &MarginCallEscalated::maintenance_margin},
                      Field{"call", &MarginCallEscalated::call}};
  }
};

struct LiquidationStarted {
  Amount equity;
  Amount maintenance_margin;
  Rate target;  // it ends when equity reaches maintenance_margin * target
  LiquidationEpoch epoch;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &LiquidationStarted::equity},
                      Field{"maintenance_margin", &LiquidationStarted::maintenance_margin},
                      Field{"target", &LiquidationStarted::target},
                      Field{"epoch", &LiquidationStarted::epoch}};
  }
};

/// An instruction to the exchange: fill up to `quantity` (signed) at `limit` or better, cancel the
/// rest, answer once.
struct LiquidationOrderIssued {
  Amount equity;
  Amount maintenance_margin;
  Quantity quantity;
  Price limit;
  LiquidationEpoch epoch;
  InstrumentId instrument;
  std::uint32_t step;  // from 1; the orders of one step are in flight together
  PositionSide side{PositionSide::net};
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &LiquidationOrderIssued::equity},
                      Field{"maintenance_margin", &LiquidationOrderIssued::maintenance_margin},
                      Field{"quantity", &LiquidationOrderIssued::quantity},
                      Field{"limit", &LiquidationOrderIssued::limit},
                      Field{"epoch", &LiquidationOrderIssued::epoch},
                      Field{"instrument", &LiquidationOrderIssued::instrument},
                      Field{"step", &LiquidationOrderIssued::step},
                      Field{"side", &LiquidationOrderIssued::side}};
  }
};

/// The house takes every position of the account; the account is left with nothing and owes
/// nothing. Equity below zero is a bankruptcy.
struct AccountTakenOver {
  Amount equity;
  Amount maintenance_margin;
  LiquidationEpoch epoch;
  AssetId asset;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &AccountTakenOver::equity},
                      Field{"maintenance_margin", &AccountTakenOver::maintenance_margin},
                      Field{"epoch", &AccountTakenOver::epoch},
                      Field{"asset", &AccountTakenOver::asset}};
  }
};

/// One position of a take-over. The account gives it at `transfer_value`, its share of the price at
/// which the account is worth exactly zero; the house books it at `mark_value`.
struct PositionTakenOver {
  Quantity quantity;
  Amount mark_value;
  Amount transfer_value;
  Price bankruptcy_price;  // |transfer_value| per unit, rounded down, for people
  LiquidationEpoch epoch;
  InstrumentId instrument;
  PositionSide side{PositionSide::net};
  static constexpr auto fields() {
    return std::tuple{Field{"quantity", &PositionTakenOver::quantity},
                      Field{"mark_value", &PositionTakenOver::mark_value},
                      Field{"transfer_value", &PositionTakenOver::transfer_value},
                      Field{"bankruptcy_price", &PositionTakenOver::bankruptcy_price},
                      Field{"epoch", &PositionTakenOver::epoch},
                      Field{"instrument", &PositionTakenOver::instrument},
                      Field{"side", &PositionTakenOver::side}};
  }
};

struct LiquidationCompleted {
  Amount equity;
  Amount maintenance_margin;
  LiquidationEpoch epoch;
  std::uint32_t steps;
  LiquidationOutcome outcome;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &LiquidationCompleted::equity},
                      Field{"maintenance_margin", &LiquidationCompleted::maintenance_margin},
                      Field{"epoch", &LiquidationCompleted::epoch},
                      Field{"steps", &LiquidationCompleted::steps},
                      Field{"outcome", &LiquidationCompleted::outcome}};
  }
};

/// Add `amount` (deposit, or reduce) until `deadline`, or the position is reduced for you.
struct MarginCallIssued {
  Amount equity;
  Amount maintenance_margin;
  Amount amount;
  EventTime deadline;
  CallId call;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &MarginCallIssued::equity},
                      Field{"maintenance_margin", &MarginCallIssued::maintenance_margin},
                      Field{"amount", &MarginCallIssued::amount},
                      Field{"deadline", &MarginCallIssued::deadline},
                      Field{"call", &MarginCallIssued::call}};
  }
};

/// What the insurance fund did: `amount` > 0 came in (fees, rests of take-overs, gains of
/// unwinding, endowment), `amount` < 0 was drawn to cover a loss. `before + amount = after`.
struct InsuranceFundChanged {
  Amount before;
  Amount amount;
  Amount after;
  AssetId asset;
  static constexpr auto fields() {
    return std::tuple{Field{"before", &InsuranceFundChanged::before},
                      Field{"amount", &InsuranceFundChanged::amount},
                      Field{"after", &InsuranceFundChanged::after},
                      Field{"asset", &InsuranceFundChanged::asset}};
  }
};

/// A loss that the insurance fund could not cover. `total` is the bad debt in this asset so far.
struct BadDebtBooked {
  Amount amount;
  Amount total;
  AssetId asset;
  static constexpr auto fields() {
    return std::tuple{Field{"amount", &BadDebtBooked::amount},
                      Field{"total", &BadDebtBooked::total}, Field{"asset", &BadDebtBooked::asset}};
  }
};

/// The house wants to unwind inventory at the market.
struct InventoryOrderIssued {
  Quantity quantity;
  InstrumentId instrument;
  static constexpr auto fields() {
    return std::tuple{Field{"quantity", &InventoryOrderIssued::quantity},
                      Field{"instrument", &InventoryOrderIssued::instrument}};
  }
};

/// Inventory was unwound; `pnl` is against the value at which it was absorbed.
struct InventoryUnwound {
  Quantity quantity;
  Price price;
  Amount pnl;
  InstrumentId instrument;
  static constexpr auto fields() {
    return std::tuple{
        Field{"quantity", &InventoryUnwound::quantity}, Field{"price", &InventoryUnwound::price},
        Field{"pnl", &InventoryUnwound::pnl}, Field{"instrument", &InventoryUnwound::instrument}};
  }
};

/// An order rests and counts in the margin of the account.
struct OrderAccepted {
  ExternalId order;
  InstrumentId instrument;
  static constexpr auto fields() {
    return std::tuple{Field{"order", &OrderAccepted::order},
                      Field{"instrument", &OrderAccepted::instrument}};
  }
};

/// An order may not rest; nothing of it counts.
struct OrderRefused {
  ExternalId order;
  InstrumentId instrument;
  Refusal reason;
  static constexpr auto fields() {
    return std::tuple{Field{"order", &OrderRefused::order},
                      Field{"instrument", &OrderRefused::instrument},
                      Field{"reason", &OrderRefused::reason}};
  }
};

/// A liquidation has started: cancel all open orders of the account. They count until the matching
/// engine reports them closed.
struct OrderCancelRequested {
  LiquidationEpoch epoch;
  std::uint32_t orders;  // how many are open
  static constexpr auto fields() {
    return std::tuple{Field{"epoch", &OrderCancelRequested::epoch},
                      Field{"orders", &OrderCancelRequested::orders}};
  }
};

/// A leverage was set.
struct LeverageChanged {
  Rate leverage;
  InstrumentId instrument;
  static constexpr auto fields() {
    return std::tuple{Field{"leverage", &LeverageChanged::leverage},
                      Field{"instrument", &LeverageChanged::instrument}};
  }
};

/// The modes of an account, from now on.
struct AccountModeChanged {
  AssetId asset;
  MarginMode mode{MarginMode::cross};
  PositionMode position_mode{PositionMode::one_way};
  AutoTopUp auto_top_up{AutoTopUp::off};
  static constexpr auto fields() {
    return std::tuple{Field{"asset", &AccountModeChanged::asset},
                      Field{"mode", &AccountModeChanged::mode},
                      Field{"position_mode", &AccountModeChanged::position_mode},
                      Field{"auto_top_up", &AccountModeChanged::auto_top_up}};
  }
};

/// An isolated account took margin from its parent.
struct MarginToppedUp {
  AccountId parent;
  Amount amount;
  AssetId asset;
  static constexpr auto fields() {
    return std::tuple{Field{"parent", &MarginToppedUp::parent},
                      Field{"amount", &MarginToppedUp::amount},
                      Field{"asset", &MarginToppedUp::asset}};
  }
};

/// A shortage in `to` was bought with `from`, at the index prices and the profile's ratio.
struct CollateralExchanged {
  Amount from_amount;
  Amount to_amount;
  AssetId from;
  AssetId to;
  static constexpr auto fields() {
    return std::tuple{Field{"from_amount", &CollateralExchanged::from_amount},
                      Field{"to_amount", &CollateralExchanged::to_amount},
                      Field{"from", &CollateralExchanged::from},
                      Field{"to", &CollateralExchanged::to}};
  }
};

/// A position was paid out at the settlement price.
struct PositionSettled {
  Quantity quantity;
  Price price;
  Amount realised_pnl;
  InstrumentId instrument;
  PositionSide side{PositionSide::net};
  static constexpr auto fields() {
    return std::tuple{
        Field{"quantity", &PositionSettled::quantity}, Field{"price", &PositionSettled::price},
        Field{"realised_pnl", &PositionSettled::realised_pnl},
        Field{"instrument", &PositionSettled::instrument}, Field{"side", &PositionSettled::side}};
  }
};

/// What a taken-over account was worth in one asset: balance and positions at the marks. The house
/// gets it, or covers it.
struct BalanceTakenOver {
  Amount amount;
  LiquidationEpoch epoch;
  AssetId asset;
  static constexpr auto fields() {
    return std::tuple{Field{"amount", &BalanceTakenOver::amount},
                      Field{"epoch", &BalanceTakenOver::epoch},
                      Field{"asset", &BalanceTakenOver::asset}};
  }
};

/// The order of the alternatives is the causal order of the events of one cause, the order in which
/// they are published, and (plus 1) the template id on the wire: append only.
using EventBody =
    std::variant<InputRefused, WithdrawalAccepted, WithdrawalRefused, LiquidationFillApplied,
                 MarginCallMet, MarginCallFailed, MarginCallEscalated, LiquidationStarted,
                 LiquidationOrderIssued, AccountTakenOver, PositionTakenOver, LiquidationCompleted,
                 MarginCallIssued, InsuranceFundChanged, BadDebtBooked, InventoryOrderIssued,
                 InventoryUnwound, OrderAccepted, OrderRefused, OrderCancelRequested,
                 LeverageChanged, AccountModeChanged, MarginToppedUp, CollateralExchanged,
                 PositionSettled, BalanceTakenOver, SourceStateChanged, PriceTrustChanged,
                 BreachNoted, BreachCleared, MarginCallSuspended, MarginCallResumed,
                 LiquidationPauseChanged, SettlementAveraged>;

/// What every event says. The trigger is what tipped it: the mark or fill price of an instrument,
/// or for a deadline (instrument is kNoInstrument) the due time.
struct EventHeader {
  EventNumber number;  // 0 until the publisher has numbered it
  Sequence cause;
  EventTime time;
  AccountId account;              // 0 for events of the house
  std::int64_t trigger_value{0};  // raw Price, raw EventTime, or 0
  InstrumentId trigger_instrument{kNoInstrument};
  std::uint8_t cause_kind{0};  // kind_of(the input)
  static constexpr auto fields() {
    return std::tuple{Field{"number", &EventHeader::number},
                      Field{"cause", &EventHeader::cause},
                      Field{"time", &EventHeader::time},
                      Field{"account", &EventHeader::account},
                      Field{"trigger_value", &EventHeader::trigger_value},
                      Field{"trigger_instrument", &EventHeader::trigger_instrument},
                      Field{"cause_kind", &EventHeader::cause_kind}};
  }
};

struct Event {
  EventHeader header;
  EventBody body;
};

/// The number of the alternative.
[[nodiscard]] inline std::uint8_t kind_of(const Event& event) noexcept {
  return static_cast<std::uint8_t>(event.body.index());
}

/// Stable snake_case names, or "unknown".
[[nodiscard]] std::string_view event_kind_name(std::uint8_t kind) noexcept;
[[nodiscard]] std::string_view to_string(Refusal reason) noexcept;
[[nodiscard]] std::string_view to_string(WithdrawalRefusal reason) noexcept;
[[nodiscard]] std::string_view to_string(LiquidationOutcome outcome) noexcept;

static_assert(std::is_trivially_copyable_v<Event>);

}  // namespace plimsoll
