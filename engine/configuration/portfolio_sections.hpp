#pragma once

#include "engine/configuration/portfolio_file.hpp"
#include "engine/configuration/read_sections.hpp"

// The sections that only a portfolio file has. Private to this folder; one thread.

namespace plimsoll::configuration {

/// Reads [marks], [index], [funding], [open_interest] and [collateral_factor].
/// `usable`: the reference of the portfolio is finished without errors; else less is checked.
void read_market(Section& root, bool usable, Portfolio& portfolio);

/// Where the accounts of a portfolio stand.
enum class AccountsPlace : std::uint8_t {
  here,  // in [[account]] sections
  book,  // in a file of their own: then there may be no section
};

/// Reads each [[account]]; with a reference that is not usable, only what stands for itself is
/// checked.
void read_portfolio_accounts(Section& root, bool usable, AccountsPlace place, Portfolio& portfolio);

}  // namespace plimsoll::configuration
