#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "engine/base/fields.hpp"
#include "engine/message/price_input.hpp"
#include "engine/value/modes.hpp"
#include "engine/value/types.hpp"

// Everything that can change the state of the engine. Inputs are facts from outside, or decisions
// of the house and answers of the exchange; in the sequencer's order they are the whole truth: the
// same inputs give the same events.
//
// Every struct is plain, holds no pointer, and lists its fields in the order of the record.

namespace plimsoll {

/// Event time moves on although nothing else happened.
struct TimeAdvanced {
  static constexpr auto fields() { return std::tuple{}; }
};

/// A new, empty account. `parent` is 0, or the account this one is a sub-account of: same owner,
/// and a loss here never reaches the parent. An isolated account needs a parent.
struct AccountOpened {
  AccountId account;
  OwnerId owner;
  AccountId parent;
  ProfileId profile;
  AssetId asset;  // what it is margined in; the numeraire in multi-asset mode
  MarginMode mode{MarginMode::cross};
  PositionMode position_mode{PositionMode::one_way};
  static constexpr auto fields() {
    return std::tuple{Field{"account", &AccountOpened::account},
                      Field{"owner", &AccountOpened::owner},
                      Field{"parent", &AccountOpened::parent},
                      Field{"profile", &AccountOpened::profile},
                      Field{"asset", &AccountOpened::asset},
                      Field{"mode", &AccountOpened::mode},
                      Field{"position_mode", &AccountOpened::position_mode}};
  }
};

/// Money that came in from outside. `amount` > 0.
struct Deposited {
  AccountId account;
  Amount amount;
  ExternalId transfer;
  AssetId asset{};
  static constexpr auto fields() {
    return std::tuple{Field{"account", &Deposited::account}, Field{"amount", &Deposited::amount},
                      Field{"transfer", &Deposited::transfer}, Field{"asset", &Deposited::asset}};
  }
};

/// Money that wants to leave. `amount` > 0. Answered by WithdrawalAccepted or WithdrawalRefused.
struct WithdrawalRequested {
  AccountId account;
  Amount amount;
  ExternalId transfer;
  AssetId asset{};
  static constexpr auto fields() {
    return std::tuple{Field{"account", &WithdrawalRequested::account},
                      Field{"amount", &WithdrawalRequested::amount},
                      Field{"transfer", &WithdrawalRequested::transfer},
                      Field{"asset", &WithdrawalRequested::asset}};
  }
};

/// Money that wants to move between two accounts of one owner, as to and from an isolated
/// sub-account. `amount` > 0. Checked like a withdrawal of `account`.
struct MarginMoveRequested {
  AccountId account;
  AccountId to;
  Amount amount;
  ExternalId transfer;
  AssetId asset{};
  static constexpr auto fields() {
    return std::tuple{Field{"account", &MarginMoveRequested::account},
                      Field{"to", &MarginMoveRequested::to},
                      Field{"amount", &MarginMoveRequested::amount},
                      Field{"transfer", &MarginMoveRequested::transfer},
                      Field{"asset", &MarginMoveRequested::asset}};
  }
};

/// One side of a trade, as the matching engine reports it. `quantity` is signed: buy > 0.
/// `fee` is what the account pays; a rebate is negative.
struct TradeFilled {
  AccountId account;
  InstrumentId instrument;
  Quantity quantity;
  Price price;
  Amount fee;
  ExternalId fill;
  PositionSide side{PositionSide::net};
  ExternalId order{};  // the open order that it fills, or 0
  static constexpr auto fields() {
    return std::tuple{
        Field{"account", &TradeFilled::account},   Field{"instrument", &TradeFilled::instrument},
        Field{"quantity", &TradeFilled::quantity}, Field{"price", &TradeFilled::price},
        Field{"fee", &TradeFilled::fee},           Field{"fill", &TradeFilled::fill},
        Field{"side", &TradeFilled::side},         Field{"order", &TradeFilled::order}};
  }
};

/// Funding of a perpetual: each holder pays quantity * price * rate (receives when negative).
struct FundingSettled {
  InstrumentId instrument;
  Rate rate;
  Price price;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &FundingSettled::instrument},
                      Field{"rate", &FundingSettled::rate}, Field{"price", &FundingSettled::price}};
  }
};

/// The venue's best bid and ask.
struct BookQuoted {
  InstrumentId instrument;
  Price bid;
  Price ask;
  EventTime venue_time;  // 0 when the venue gives none
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &BookQuoted::instrument}, Field{"bid", &BookQuoted::bid},
                      Field{"ask", &BookQuoted::ask}, Field{"venue_time", &BookQuoted::venue_time}};
  }
};

/// The venue's own mark price. `index` is 0 when the venue gives none.
struct MarkPublished {
  InstrumentId instrument;
  Price mark;
  Price index;
  EventTime venue_time;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &MarkPublished::instrument},
                      Field{"mark", &MarkPublished::mark}, Field{"index", &MarkPublished::index},
                      Field{"venue_time", &MarkPublished::venue_time}};
  }
};

/// A public trade. It moves a mark only where the rules say so: mark = last_trade, or median.
struct TradePrinted {
  InstrumentId instrument;
  Price price;
  EventTime venue_time;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &TradePrinted::instrument},
                      Field{"price", &TradePrinted::price},
                      Field{"venue_time", &TradePrinted::venue_time}};
  }
};

/// The house puts money into its insurance fund. `amount` > 0.
struct FundEndowed {
  AssetId asset;
  Amount amount;
  static constexpr auto fields() {
    return std::tuple{Field{"asset", &FundEndowed::asset}, Field{"amount", &FundEndowed::amount}};
  }
};

/// The exchange's one answer to a liquidation order: `quantity` (signed like the order; 0 when it
/// expired) was filled at `price`, the rest is cancelled.
struct LiquidationAnswered {
  AccountId account;
  LiquidationEpoch epoch;
  InstrumentId instrument;
  Quantity quantity;
  Price price;
  PositionSide side{PositionSide::net};
  static constexpr auto fields() {
    return std::tuple{Field{"account", &LiquidationAnswered::account},
                      Field{"epoch", &LiquidationAnswered::epoch},
                      Field{"instrument", &LiquidationAnswered::instrument},
                      Field{"quantity", &LiquidationAnswered::quantity},
                      Field{"price", &LiquidationAnswered::price},
                      Field{"side", &LiquidationAnswered::side}};
  }
};

/// The house books a position that was taken over, at its value at the mark of that moment.
struct InventoryAbsorbed {
  AccountId account;  // whose position it was
  InstrumentId instrument;
  Quantity quantity;
  Amount value;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &InventoryAbsorbed::account},
                      Field{"instrument", &InventoryAbsorbed::instrument},
                      Field{"quantity", &InventoryAbsorbed::quantity},
                      Field{"value", &InventoryAbsorbed::value}};
  }
};

/// The house settles what a taken-over account was worth: a deficit (`equity` < 0) is paid by the
/// insurance fund and then booked as bad debt; a rest (`equity` > 0) goes to the fund.
struct TakeoverSettled {
  AccountId account;
  AssetId asset;
  Amount equity;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &TakeoverSettled::account},
                      Field{"asset", &TakeoverSettled::asset},
                      Field{"equity", &TakeoverSettled::equity}};
  }
};

/// The liquidation fees since the last settling point reach the insurance fund. `amount` > 0.
struct FeesCollected {
  AssetId asset;
  Amount amount;
  static constexpr auto fields() {
    return std::tuple{Field{"asset", &FeesCollected::asset},
                      Field{"amount", &FeesCollected::amount}};
  }
};

/// The exchange's answer to an order that unwinds inventory of the house.
struct InventoryAnswered {
  InstrumentId instrument;
  Quantity quantity;
  Price price;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &InventoryAnswered::instrument},
                      Field{"quantity", &InventoryAnswered::quantity},
                      Field{"price", &InventoryAnswered::price}};
  }
};

/// The price of one unit of an asset in the numeraire, for accounts in multi-asset mode.
struct IndexPublished {
  AssetId asset;
  Price price;
  EventTime venue_time;
  static constexpr auto fields() {
    return std::tuple{Field{"asset", &IndexPublished::asset},
                      Field{"price", &IndexPublished::price},
                      Field{"venue_time", &IndexPublished::venue_time}};
  }
};

/// What the next funding will probably be. Profiles may reserve what an account would pay.
struct FundingEstimated {
  InstrumentId instrument;
  Rate rate;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &FundingEstimated::instrument},
                      Field{"rate", &FundingEstimated::rate}};
  }
};

/// The open interest of an instrument, one-sided. It scales initial margin where the tiers say so.
struct OpenInterestPublished {
  InstrumentId instrument;
  Quantity quantity;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &OpenInterestPublished::instrument},
                      Field{"quantity", &OpenInterestPublished::quantity}};
  }
};

/// An account wants to rest an order. Answered by OrderAccepted or OrderRefused.
struct OrderRequested {
  AccountId account;
  InstrumentId instrument;
  Quantity quantity;  // signed
  Price limit;
  ExternalId order;  // the sender's number, not 0
  PositionSide side{PositionSide::net};
  ReduceOnly reduce_only{ReduceOnly::no};
  OrderState state{OrderState::requested};
  static constexpr auto fields() {
    return std::tuple{Field{"account", &OrderRequested::account},
                      Field{"instrument", &OrderRequested::instrument},
                      Field{"quantity", &OrderRequested::quantity},
                      Field{"limit", &OrderRequested::limit},
                      Field{"order", &OrderRequested::order},
                      Field{"side", &OrderRequested::side},
                      Field{"reduce_only", &OrderRequested::reduce_only},
                      Field{"state", &OrderRequested::state}};
  }
};

/// What was left of an open order is gone.
struct OrderClosed {
  AccountId account;
  ExternalId order;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &OrderClosed::account}, Field{"order", &OrderClosed::order}};
  }
};

/// An account wants another leverage for an instrument. Answered by LeverageChanged or a refusal.
struct LeverageRequested {
  AccountId account;
  InstrumentId instrument;
  Rate leverage;  // 20x is 20; 0 removes the setting
  static constexpr auto fields() {
    return std::tuple{Field{"account", &LeverageRequested::account},
                      Field{"instrument", &LeverageRequested::instrument},
                      Field{"leverage", &LeverageRequested::leverage}};
  }
};

/// An account wants another mode. Answered by AccountModeChanged or a refusal.
struct AccountModeRequested {
  AccountId account;
  AssetId asset;  // what it is margined in afterwards
  MarginMode mode{MarginMode::cross};
  PositionMode position_mode{PositionMode::one_way};
  AutoTopUp auto_top_up{AutoTopUp::off};
  static constexpr auto fields() {
    return std::tuple{Field{"account", &AccountModeRequested::account},
                      Field{"asset", &AccountModeRequested::asset},
                      Field{"mode", &AccountModeRequested::mode},
                      Field{"position_mode", &AccountModeRequested::position_mode},
                      Field{"auto_top_up", &AccountModeRequested::auto_top_up}};
  }
};

/// Listing, delisting, or other tiers, from now on.
struct InstrumentChanged {
  InstrumentId instrument;
  TiersId tiers_long;
  TiersId tiers_short;
  InstrumentStatus status{InstrumentStatus::trading};
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &InstrumentChanged::instrument},
                      Field{"tiers_long", &InstrumentChanged::tiers_long},
                      Field{"tiers_short", &InstrumentChanged::tiers_short},
                      Field{"status", &InstrumentChanged::status}};
  }
};

/// The price at which an instrument will be settled by the next FuturesSettled.
struct SettlementPriced {
  InstrumentId instrument;
  Price price;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &SettlementPriced::instrument},
                      Field{"price", &SettlementPriced::price}};
  }
};

/// Every instrument with a settlement price is settled and paid out, as one batch; then everyone
/// concerned is judged.
struct FuturesSettled {
  static constexpr auto fields() { return std::tuple{}; }
};

/// Every account in multi-asset mode that owes the asset pays debt * rate.
struct InterestCharged {
  AssetId asset;
  Rate rate;
  static constexpr auto fields() {
    return std::tuple{Field{"asset", &InterestCharged::asset},
                      Field{"rate", &InterestCharged::rate}};
  }
};

/// The share of an asset that still counts as collateral, since all accounts together hold more
/// than its cap.
struct CollateralFactorSet {
  AssetId asset;
  Rate factor;
  static constexpr auto fields() {
    return std::tuple{Field{"asset", &CollateralFactorSet::asset},
                      Field{"factor", &CollateralFactorSet::factor}};
  }
};

/// A balance that the account brings from other books; `amount` < 0 is a debt.
struct BalanceImported {
  AccountId account;
  AssetId asset;
  Amount amount;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &BalanceImported::account},
                      Field{"asset", &BalanceImported::asset},
                      Field{"amount", &BalanceImported::amount}};
  }
};

/// The order of the alternatives is the number of the kind in the record: append only.
using InputBody = std::variant<
    TimeAdvanced, AccountOpened, Deposited, WithdrawalRequested, MarginMoveRequested, TradeFilled,
    FundingSettled, BookQuoted, MarkPublished, TradePrinted, FundEndowed, LiquidationAnswered,
    InventoryAbsorbed, TakeoverSettled, FeesCollected, InventoryAnswered, IndexPublished,
    FundingEstimated, OpenInterestPublished, OrderRequested, OrderClosed, LeverageRequested,
    AccountModeRequested, InstrumentChanged, SettlementPriced, FuturesSettled, InterestCharged,
    CollateralFactorSet, BalanceImported, SourceQuoted, SourcePriced, SourceInterrupted,
    MarketInterrupted, TicksConflated, SourceTicksConflated, SourceReleased, MarkOverridden,
    IndexOverridden, RedemptionPublished, LiquidationsPaused, LiquidationsResumed, LagReported>;

/// Who made an input. Derived inputs (all but `external`) are the engine's own; a replayed record
/// holds them too, and the engine's own are compared with them.
enum class Origin : std::uint8_t { external = 0, clock = 1, house = 2, exchange = 3 };

struct Input {
  Sequence sequence;  // 0 until the sequencer has numbered it
  EventTime time;
  Origin origin{Origin::external};
  InputBody body;
};

/// The number of the alternative: what the record and the events call the kind of an input.
[[nodiscard]] inline std::uint8_t kind_of(const Input& input) noexcept {
  return static_cast<std::uint8_t>(input.body.index());
}

/// Is this a quote, a mark or a trade of a market?
[[nodiscard]] inline bool is_tick(const Input& input) noexcept {
  return std::holds_alternative<BookQuoted>(input.body) ||
         std::holds_alternative<MarkPublished>(input.body) ||
         std::holds_alternative<TradePrinted>(input.body) ||
         std::holds_alternative<IndexPublished>(input.body) ||
         std::holds_alternative<SourceQuoted>(input.body) ||
         std::holds_alternative<SourcePriced>(input.body);
}

/// May this come from outside? The decisions of the house may not.
[[nodiscard]] inline bool is_submittable(const Input& input) noexcept {
  return !std::holds_alternative<InventoryAbsorbed>(input.body) &&
         !std::holds_alternative<TakeoverSettled>(input.body) &&
         !std::holds_alternative<FeesCollected>(input.body) &&
         !std::holds_alternative<CollateralFactorSet>(input.body);
}

/// Stable snake_case name of an input kind ("book_quoted"), or "unknown".
[[nodiscard]] std::string_view input_kind_name(std::uint8_t kind) noexcept;

static_assert(std::is_trivially_copyable_v<Input>);

}  // namespace plimsoll
