#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/error.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// A portfolio file: the rules of a venue, a market and some accounts in one TOML file, for one who
// wants to know what margin they need; or the accounts are a book of their own. config/README.md
// describes every key. One thread; never throws, never prints, never reads anything but the files
// named and those that they include.

namespace plimsoll::configuration {

struct PortfolioAccount {
  AccountId account;
  std::vector<InputBody> inputs;  // as of an account of a book, see AccountBook::take()
};

struct Portfolio {
  /// Finished. Limits are those of this portfolio; the exchange is none that fills anything.
  reference::Reference reference;
  // The market as inputs, none of which the engine refuses; event times of the venue are 0.
  std::vector<MarkPublished> marks;
  std::vector<IndexPublished> indices;
  std::vector<FundingEstimated> funding;
  std::vector<OpenInterestPublished> open_interest;
  std::vector<CollateralFactorSet> collateral_factors;
  /// In the order of the file. An instrument that they hold may lack a mark, an asset an index.
  std::vector<PortfolioAccount> accounts;
};

/// A portfolio, or all errors in the order of the files: exactly one of the two.
struct PortfolioResult {
  std::optional<Portfolio> portfolio;
  std::vector<Error> errors;
  [[nodiscard]] bool ok() const noexcept { return portfolio.has_value(); }
};

/// Reads and validates the file at `path`, and its accounts: its own, or those of the book at
/// `accounts` (see accounts_reader.hpp) instead. Errors name the files as given.
[[nodiscard]] PortfolioResult load_portfolio(const std::string& path,
                                             const std::string& accounts = {});

/// The same for a text in memory, with accounts of its own; errors name it `file`, and what it
/// includes is looked for beside that.
[[nodiscard]] PortfolioResult parse_portfolio(std::string_view text, const std::string& file);

}  // namespace plimsoll::configuration
