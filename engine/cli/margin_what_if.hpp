#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/cli/portfolio_book.hpp"

// A change to a portfolio, as one types it:
//
//   BTCUSDT=61000                    the mark of an instrument
//   BTCUSDT=-10%                     the same, from where it is, rounded down to 1e-9
//   index BTC=60000, index BTC=-10%  the index of an asset
//   funding BTCUSDT=0.0001           the estimated funding rate
//   buy 0.5 BTCUSDT                  a fill at the mark, without a fee; sell likewise
//   sell 0.5 BTCUSDT @ 60000         a fill at a price
//   buy 1 BTCUSDT long @ 60000       on a side, in hedge mode
//   deposit 100 USDT, withdraw 100 USDT
//
// A withdrawal may take all of a balance, also what its margin would not let go.

namespace plimsoll::cli {

/// Applies one. `account` may be left out when there is only one. Returns nothing, or the reason
/// why it cannot be; then the book is as it was.
[[nodiscard]] std::optional<std::string> apply_what_if(std::string_view text,
                                                       std::optional<AccountId> account,
                                                       PortfolioBook& book);

}  // namespace plimsoll::cli
