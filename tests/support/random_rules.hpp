#pragma once

#include "engine/reference/reference.hpp"
#include "tests/support/random.hpp"

// Random tables, profiles and exchanges, from everything that a configuration may say.

namespace plimsoll::support {

/// About what one unit of an asset is worth in dollars, in units of 1e-9.
[[nodiscard]] Price starting_index(const reference::Asset& asset);

/// An amount of `asset` that is worth so many dollars, at least 1.
[[nodiscard]] std::int64_t worth_of(const reference::Reference& reference, AssetId asset,
                                    std::int64_t dollars);

/// 1 to 5 marginal brackets by value whose rates and floors rise; sometimes a rate stays.
[[nodiscard]] std::vector<reference::Bracket> random_brackets(std::int64_t unit, Random& random);

/// A table of any mode and measure for an instrument that is in the reference.
[[nodiscard]] reference::Tiers random_tiers(const reference::Reference& reference,
                                            InstrumentId instrument, Random& random);

/// The factors, times and costs of a profile. A fee stays below `freed_least`, the least that
/// closing a position frees.
void vary_life(reference::Profile& profile, std::int64_t freed_least, Random& random);

/// How a profile margins: basis, orders, roundings, reserves, owners, debts, collateral.
void vary_margining(reference::Profile& profile, const reference::Reference& reference,
                    Random& random);

void vary_exchange(reference::Reference& reference, Random& random);

/// Guards, indices with one to nine sources, mark methods, settlement means, how breaches are
/// confirmed, the breaker.
void vary_prices(reference::Reference& reference, Random& random);

}  // namespace plimsoll::support
