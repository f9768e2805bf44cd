#pragma once

#include "engine/margin/valuation.hpp"
#include "tests/support/random.hpp"

namespace plimsoll::margin {

/// The market of a reference at its starting prices, everything marked and indexed.
[[nodiscard]] marks::Marks starting_marks(const reference::Reference& reference,
                                          support::Random& random);

/// An account of any kind (one asset or all, one-way or hedge, with orders and leverage, in linear
/// and inverse instruments), with an equity somewhere above its maintenance margin.
[[nodiscard]] Portfolio random_portfolio(const reference::Reference& reference,
                                         const marks::Marks& marks, support::Random& random);

}  // namespace plimsoll::margin
