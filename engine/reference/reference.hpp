#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/reference/price_rules.hpp"
#include "engine/value/integer.hpp"
#include "engine/value/modes.hpp"
#include "engine/value/types.hpp"

// Assets, instruments, brackets and profiles: what the engine knows before the first input.
// Immutable while it runs, shared by all threads, validated as a whole before anything starts.

namespace plimsoll::reference {

struct Asset {
  std::string name;
  int decimals{0};        // an Amount is in units of 10^-decimals
  Amount insurance_fund;  // endowment at the start
  Price index_max;        // an index above it is refused; 0: no index, as without a numeraire
  Amount collateral_cap;  // what counts as collateral over all accounts; 0: no cap
};

/// One step of a tier table: from `floor` on, in units of the table's measure.
struct Bracket {
  std::int64_t floor{0};
  Rate initial;
  Rate maintenance;
  // Marginal tables: the cumulative amounts, in units of 1e-9 Amount, that make requirement =
  // notional * rate - amount continuous at every floor; filled in by finish().
  Int128 initial_amount{0};
  Int128 maintenance_amount{0};
};

enum class TierMode : std::uint8_t {
  marginal,   // each part of the notional at the rate of its bracket (cumulative amounts)
  whole,      // the whole notional at the rate of the bracket that holds the measure: it jumps
  increment,  // rate = first bracket's rate + increment * measure, at most 1
};

/// What a floor or an increment counts.
enum class TierMeasure : std::uint8_t {
  value,     // the notional, in units of the settlement asset
  quantity,  // the size, in units of the instrument's quantity
};

/// How much margin a position needs, by its size: the tiered_percent family.
struct Tiers {
  std::string name;
  InstrumentId instrument;  // whose they are
  TierMode mode{TierMode::marginal};
  TierMeasure measure{TierMeasure::value};
  std::vector<Bracket> brackets;
  Rate initial_increment;      // per whole unit of the measure
  Rate maintenance_increment;  // the same
  Rate slippage;  // of the notional, on top of both; with OrderMargin::per_side not of orders
  // Initial rates grow from their own value to 1 while the open interest's notional grows from
  // `lower` to `upper`; both 0: they do not.
  Amount open_interest_lower;
  Amount open_interest_upper;
  Rate open_interest_step{Rate::from_raw(1)};  // the growth is cut to multiples of it
  std::int64_t measure_unit{1};  // raw units of one whole unit of the measure; by finish()
};

enum class Kind : std::uint8_t {
  linear,   // value = quantity * multiplier * price
  inverse,  // value = -quantity * multiplier / price, in coin
  spot,     // a fill exchanges base for settle; there is no position
};

/// A perpetual, a dated future or a spot pair.
struct Instrument {
  std::string symbol;
  Kind kind{Kind::linear};
  AssetId settle;                       // a spot pair's quote asset
  AssetId base{kNoAsset};               // spot only
  std::int64_t multiplier{kRateOne};    // of one unit of quantity, in units of 1e-9
  int quantity_decimals{0};             // a Quantity is in units of 10^-quantity_decimals
  Quantity lot;                         // every quantity is a multiple
  Price tick;                           // limits of orders are multiples
  Price price_min{Price::from_raw(1)};  // a price below it is refused
  Price price_max;                      // a price above it is refused
  EventTime expiry;                     // 0: perpetual; for people, settlement is an input
  Quantity position_limit;              // of an owner's positions and orders; 0: none
  Amount depth;                         // of the simulated exchange; 0: that of `Exchange`
  InstrumentStatus status{InstrumentStatus::trading};  // at the start
  TiersId tiers_long;                                  // at the start
  TiersId tiers_short;
  std::string venue;  // whose ticks are its own; empty: any venue's with its symbol
  MarkRules mark;
  // Filled in by finish(): linear and spot value = quantity * price * numerator / denominator,
  // inverse value = -quantity * numerator / price.
  Int128 numerator{1};
  Int128 denominator{1};
  // Likewise: the most that its tables charge of a notional (rate and slippage), in whole, at
  // least 1. Exposures are limited times that, so that no requirement leaves 64 bits.
  std::int64_t charge_max{1};
};

/// One step of a collateral table: the part below `up_to` (and above the step before) counts at
/// `ratio`. What lies above the last step counts nothing.
struct CollateralStep {
  static constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();
  std::int64_t up_to{0};  // in units of the asset, or of the numeraire; or kNoEnd
  Rate ratio;
};

/// How an asset counts in an account in multi-asset mode.
struct Collateral {
  AssetId asset;
  TierMeasure measure{TierMeasure::quantity};  // what the steps count: quantity or value
  std::vector<CollateralStep> steps;
  Rate liability_weight{Rate::from_raw(kRateOne)};  // of a negative net amount, at least 1
  Amount exchange_above;  // a debt worth more (numeraire) is exchanged at once; 0: never
  Rate exchange_ratio{Rate::from_raw(kRateOne)};  // value bought per value of other assets sold
};

enum class MarginBasis : std::uint8_t {
  mark,   // requirements on the notional at the mark
  entry,  // on the entry value
};

/// How open orders count in a requirement.
enum class OrderMargin : std::uint8_t {
  none,
  worst_side,  // the worst of the position as it is, with all buys, and with all sells
  worst_fill,  // the same, plus what filling at the limits would lose at once
  per_side,    // the position's own side and all orders of a side, where they would lead there
};

enum class Rounding : std::uint8_t { up, down };

/// The rules of a group of accounts. Factors multiply maintenance margin.
struct Profile {
  std::string name;
  bool breach_at_equality{false};          // is equity exactly at a threshold already below it?
  bool call_at_equality{false};            // the same for call_trigger
  Rate call_trigger;                       // a margin call is issued when equity falls below
  Rate call_target;                        // it is met when equity is back at
  Duration call_period;                    // and fails after
  Duration confirm_time;                   // how long a breach lasts before it counts; 0: at once
  Rate liquidation_target;                 // a liquidation after a breach ends at
  Rate liquidation_slippage_max;           // limit of an order, away from the mark
  Rate liquidation_fee;                    // of the filled value, to the insurance fund
  std::uint32_t liquidation_steps_max{0};  // then the house takes the rest over
  Rate takeover_below;  // below maintenance times this the house takes over at once; 0: below 0

  MarginBasis basis{MarginBasis::mark};
  OrderMargin order_margin{OrderMargin::worst_side};
  bool orders_in_maintenance{false};  // do orders count in maintenance margin too?
  bool reserve_funding{false};        // is the estimated funding payable part of the requirement?
  Rate closing_fee;                   // of the notional, part of every requirement
  Rate initial_factor;                // initial margin = T(initial_factor) instead of initial rates
  Rate withdrawal_factor;             // the same for what may leave; 0: as initial margin
  Rounding requirement_rounding{Rounding::up};  // of each position's requirement
  Rounding threshold_rounding{Rounding::up};    // of maintenance times a factor
  bool aggregate_by_owner{false};  // do tiers and collateral steps count the owner as a whole?
  bool profit_is_available{true};  // does unrealised profit carry withdrawals and orders?

  std::vector<Collateral> collateral;  // multi-asset mode; an asset not listed counts nothing
  Rate debt_initial;                   // of the value of a debt
  Rate debt_maintenance;
  Rate debt_withdrawal;  // instead of debt_initial, for what may leave
};

/// The simulated exchange: an order of notional n, filled `latency` after it was issued, moves the
/// price by half_spread + impact * n / depth. Where a matching engine answers, it is not
/// `simulated` in here.
struct Exchange {
  bool simulated{true};
  Duration latency;
  Rate half_spread;
  Rate impact;
  Amount depth;
  Rate slippage_max;  // of orders without a limit
};

struct Limits {
  std::size_t accounts{0};
  std::size_t positions{0};
};

struct Reference {
  std::vector<Asset> assets;
  std::vector<Tiers> tiers;
  std::vector<Instrument> instruments;
  std::vector<Profile> profiles;
  std::vector<Guard> guards;
  std::vector<Index> indices;
  std::vector<Source> sources;
  Breaker breaker;
  AssetId numeraire{kNoAsset};  // what indices are quoted in
  Exchange exchange;
  Limits limits;
  Duration settle_grid;  // settling points lie where event time crosses a multiple of it
  Duration time_step;    // TimeAdvanced inputs fill gaps at multiples of it
};

/// A rule that the reference breaks, by the path of the field, as
/// "instrument[1].brackets[2].floor".
struct Violation {
  std::string path;
  std::string message;
};

/// Computes the derived fields and checks every rule stated in config/README.md. The reference may
/// be used only when the result is empty.
[[nodiscard]] std::vector<Violation> finish(Reference& reference);

/// The index of a symbol or name, or -1.
[[nodiscard]] int find_instrument(const Reference& reference, std::string_view symbol);
[[nodiscard]] int find_asset(const Reference& reference, std::string_view name);
[[nodiscard]] int find_tiers(const Reference& reference, std::string_view name);
[[nodiscard]] int find_profile(const Reference& reference, std::string_view name);
[[nodiscard]] int find_guard(const Reference& reference, std::string_view name);
[[nodiscard]] int find_index(const Reference& reference, std::string_view name);
[[nodiscard]] int find_source(const Reference& reference, std::string_view name);

/// The limit distance of liquidation orders: the profile's maximum, but at most nine tenths of what
/// closing frees after the fee, (first maintenance rate + slippage - fee) * 9 / 10, so that a fill
/// at its limit improves the excess. Positive once finish() found no violation.
[[nodiscard]] Rate liquidation_slippage(const Tiers& tiers, const Profile& profile);

/// What an abs size of an instrument can be worth at most, rounded up, times charge_max; nothing
/// when the size or its worth leaves the numeric limits.
inline constexpr std::int64_t kExposureMax = std::int64_t{1} << 60;
[[nodiscard]] std::optional<Int128> exposure_of(const Instrument& instrument, Int128 size) noexcept;

/// The rule for an asset as collateral, or null.
[[nodiscard]] const Collateral* find_collateral(const Profile& profile, AssetId asset) noexcept;

/// The divisor of amount * index: an amount of `asset` at an index is amount * index / divisor in
/// units of the numeraire. REQUIRES: a numeraire.
[[nodiscard]] std::int64_t index_divisor(const Reference& reference, AssetId asset) noexcept;

/// A hash of everything that can change an event: equal hashes, equal rules.
[[nodiscard]] std::uint64_t hash_of(const Reference& reference);
/// The version of a profile: a hash of everything it says.
[[nodiscard]] std::uint64_t hash_of(const Profile& profile);

}  // namespace plimsoll::reference
