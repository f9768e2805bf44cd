#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "engine/value/types.hpp"

namespace plimsoll::cli {

/// `plimsoll margin`.
struct MarginOptions {
  std::string portfolio;              // a portfolio file (config/README.md)
  std::string accounts;               // a book instead of the file's own accounts; empty: none
  std::vector<std::string> what_ifs;  // applied in this order, see margin_what_if.hpp
  std::vector<std::string> betas;     // SYMBOL=B or ASSET=B: moves along in liquidation prices
  std::optional<AccountId> account;   // the only one to report, and the one of the what-ifs
  bool json{false};
};

/// What the accounts of a portfolio file are worth, what margin they need, and where they would be
/// liquidated, with everything that it takes to work it out again: a page, or one JSON object.
/// Returns the exit code.
int run_margin(const MarginOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
