#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "engine/base/fields.hpp"
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

/// A new, empty account. `parent` is 0, or the account this one is an isolated sub-account of:
/// same owner, and a loss here never reaches the parent.
struct AccountOpened {
  AccountId account;
  OwnerId owner;
  AccountId parent;
  ProfileId profile;
  AssetId asset;  // what it is settled in
  static constexpr auto fields() {
    return std::tuple{
        Field{"account", &AccountOpened::account}, Field{"owner", &AccountOpened::owner},
        Field{"parent", &AccountOpened::parent}, Field{"profile", &AccountOpened::profile},
        Field{"asset", &AccountOpened::asset}};
  }
};

/// Money that came in from outside. `amount` > 0.
struct Deposited {
  AccountId account;
  Amount amount;
  ExternalId transfer;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &Deposited::account}, Field{"amount", &Deposited::amount},
                      Field{"transfer", &Deposited::transfer}};
  }
};

/// Money that wants to leave. `amount` > 0. Answered by WithdrawalAccepted or WithdrawalRefused.
struct WithdrawalRequested {
  AccountId account;
  Amount amount;
  ExternalId transfer;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &WithdrawalRequested::account},
                      Field{"amount", &WithdrawalRequested::amount},
                      Field{"transfer", &WithdrawalRequested::transfer}};
  }
};

/// Money that wants to move between two accounts of one owner, as to and from an isolated
/// sub-account. `amount` > 0. Checked like a withdrawal of `account`.
struct MarginMoveRequested {
  AccountId account;
  AccountId to;
  Amount amount;
  ExternalId transfer;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &MarginMoveRequested::account},
                      Field{"to", &MarginMoveRequested::to},
                      Field{"amount", &MarginMoveRequested::amount},
                      Field{"transfer", &MarginMoveRequested::transfer}};
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
  static constexpr auto fields() {
    return std::tuple{
        Field{"account", &TradeFilled::account},   Field{"instrument", &TradeFilled::instrument},
        Field{"quantity", &TradeFilled::quantity}, Field{"price", &TradeFilled::price},
        Field{"fee", &TradeFilled::fee},           Field{"fill", &TradeFilled::fill}};
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

/// A public trade. It never moves a mark.
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
  static constexpr auto fields() {
    return std::tuple{Field{"account", &LiquidationAnswered::account},
                      Field{"epoch", &LiquidationAnswered::epoch},
                      Field{"instrument", &LiquidationAnswered::instrument},
                      Field{"quantity", &LiquidationAnswered::quantity},
                      Field{"price", &LiquidationAnswered::price}};
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

/// The order of the alternatives is the number of the kind in the record: append only.
using InputBody =
    std::variant<TimeAdvanced, AccountOpened, Deposited, WithdrawalRequested, MarginMoveRequested,
                 TradeFilled, FundingSettled, BookQuoted, MarkPublished, TradePrinted, FundEndowed,
                 LiquidationAnswered, InventoryAbsorbed, TakeoverSettled, FeesCollected,
                 InventoryAnswered>;

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
         std::holds_alternative<TradePrinted>(input.body);
}

/// May this come from outside? The decisions of the house and answers to it may not.
[[nodiscard]] inline bool is_submittable(const Input& input) noexcept {
  return !std::holds_alternative<InventoryAbsorbed>(input.body) &&
         !std::holds_alternative<TakeoverSettled>(input.body) &&
         !std::holds_alternative<FeesCollected>(input.body) &&
         !std::holds_alternative<InventoryAnswered>(input.body);
}

/// Stable snake_case name of an input kind ("book_quoted"), or "unknown".
[[nodiscard]] std::string_view input_kind_name(std::uint8_t kind) noexcept;

static_assert(std::is_trivially_copyable_v<Input>);

}  // namespace plimsoll
