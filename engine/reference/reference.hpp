#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/value/integer.hpp"
#include "engine/value/types.hpp"

// Assets, instruments, brackets and profiles: what the engine knows before the first input.
// Immutable while it runs, shared by all threads, validated as a whole before anything starts.

namespace plimsoll::reference {

struct Asset {
  std::string name;
  int decimals{0};        // an Amount is in units of 10^-decimals
  Amount insurance_fund;  // endowment at the start
};

/// One step of a tier table: from `floor` on (a notional in the settlement asset), the part of the
/// notional above it is charged at these rates.
struct Bracket {
  Amount floor;
  Rate initial;
  Rate maintenance;
  // The cumulative amounts, in units of 1e-9 Amount, that make requirement = notional * rate -
  // amount continuous at every floor; filled in by finish().
  Int128 initial_amount{0};
  Int128 maintenance_amount{0};
};

/// A linear perpetual: value = quantity * price, settled in `settle`.
struct Instrument {
  std::string symbol;
  AssetId settle;
  int quantity_decimals{0};  // a Quantity is in units of 10^-quantity_decimals
  Quantity lot;              // every quantity is a multiple
  Price tick;                // limits of orders are multiples
  Price price_max;           // a price above it is refused
  std::vector<Bracket> brackets;
  // value in Amount units = quantity * price / value_divisor; filled in by finish().
  std::int64_t value_divisor{1};
};

/// The rules of a group of accounts. Factors multiply maintenance margin.
struct Profile {
  std::string name;
  bool breach_at_equality{false};          // is equity exactly at a threshold already below it?
  Rate call_trigger;                       // a margin call is issued when equity falls below
  Rate call_target;                        // it is met when equity is back at
  Duration call_period;                    // and fails after
  Rate liquidation_target;                 // a liquidation after a breach ends at
  Rate liquidation_slippage_max;           // limit of an order, away from the mark
  Rate liquidation_fee;                    // of the filled value, to the insurance fund
  std::uint32_t liquidation_steps_max{0};  // then the house takes the rest over
};

/// The simulated exchange: an order of notional n, filled `latency` after it was issued, moves the
/// price by half_spread + impact * n / depth.
struct Exchange {
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
  std::vector<Instrument> instruments;
  std::vector<Profile> profiles;
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
[[nodiscard]] int find_profile(const Reference& reference, std::string_view name);

/// The limit distance of liquidation orders: the profile's maximum, but at most nine tenths of what
/// closing frees after the fee, (maintenance rate of the first bracket - fee) * 9 / 10, so that a
/// fill at its limit always improves the excess. Positive once finish() found no violation.
[[nodiscard]] Rate liquidation_slippage(const Instrument& instrument, const Profile& profile);

/// A hash of everything that can change an event: equal hashes, equal rules.
[[nodiscard]] std::uint64_t hash_of(const Reference& reference);

}  // namespace plimsoll::reference
