#pragma once

#include <string>

#include "engine/configuration/portfolio_file.hpp"
#include "engine/ledger/ledger.hpp"
#include "engine/marks/marks.hpp"

namespace plimsoll::cli {

/// The accounts and the market of a portfolio file, as the margin sees them. Nothing is judged, no
/// time passes. It stays where it is: the ledger refers to it.
class PortfolioBook {
 public:
  explicit PortfolioBook(configuration::Portfolio portfolio);
  PortfolioBook(const PortfolioBook&) = delete;
  PortfolioBook& operator=(const PortfolioBook&) = delete;
  ~PortfolioBook() = default;

  /// Books the accounts, in the order of the file. Returns "", or which of their inputs the ledger
  /// refuses and why: "account = 7: trade_filled: side_mismatch".
  [[nodiscard]] std::string open_accounts();

  [[nodiscard]] const reference::Reference& reference() const noexcept {
    return portfolio_.reference;
  }
  [[nodiscard]] const ledger::Ledger& ledger() const noexcept { return ledger_; }
  [[nodiscard]] ledger::Ledger& ledger() noexcept { return ledger_; }
  [[nodiscard]] const marks::Marks& marks() const noexcept { return marks_; }
  [[nodiscard]] marks::Marks& marks() noexcept { return marks_; }

 private:
  configuration::Portfolio portfolio_;
  ledger::Ledger ledger_;
  marks::Marks marks_;
};

}  // namespace plimsoll::cli
