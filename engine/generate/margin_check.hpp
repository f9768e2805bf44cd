#pragma once

#include "engine/generate/accounts.hpp"
#include "engine/value/integer.hpp"

// The margin arithmetic that the generator needs to make healthy accounts, from engine/README.md.
// Deliberately not engine/margin: what tests that is generated without it. Pure functions.

namespace plimsoll::generate {

/// What the positions of an account come to at given prices, in Amount units.
struct PositionSums {
  Int128 notional{0};
  Int128 initial{0};         // margin
  Int128 maintenance{0};     // margin
  Int128 exposure{0};        // at price_max
  Int128 unrealised_pnl{0};  // value less entry value
};

/// REQUIRES: every position has a price.
[[nodiscard]] PositionSums sums_of(const BookAccount& account,
                                   const reference::Reference& reference, const Prices& prices);

/// Is `equity` at least the initial margin, above the call trigger with the cushion of
/// quantiles.hpp, and the account of a size that the engine takes?
[[nodiscard]] bool is_healthy(const PositionSums& sums, Amount equity,
                              const reference::Profile& profile);

}  // namespace plimsoll::generate
