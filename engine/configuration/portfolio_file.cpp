#include "engine/configuration/portfolio_file.hpp"

#include <algorithm>

#include "engine/configuration/accounts_reader.hpp"
#include "engine/configuration/portfolio_sections.hpp"

namespace plimsoll::configuration {
namespace {

/// A table of prices; a list of indices may stand there.
void refuse_index_in_included(Roots& roots) {
  for (Section& root : roots) {
    if (&root != &roots.back() && root.is_table("index")) {
      root.refuse_key("index", "may not stand in a file that is included");
    }
  }
}

PortfolioResult parse(std::string_view text, const std::string& file, AccountsPlace place) {
  PortfolioResult result;
  Report report{file};
  const std::vector<TomlFile> files = parse_files(text, file, report);
  Portfolio portfolio;
  if (!files.empty()) {
    Roots roots = roots_of(files, report);
    ReferencePrices unused;
    read_reference(roots, Table::passed_over, portfolio.reference, unused);
    pass_over_service(roots, portfolio.reference);
    finish_reference(files, portfolio.reference, report);
    const bool usable = report.empty();
    read_market(roots.back(), usable, portfolio);
    read_portfolio_accounts(roots.back(), usable, place, portfolio);
    refuse_in_included(roots,
                       {"marks", "funding", "open_interest", "collateral_factor", "account"});
    refuse_index_in_included(roots);
    refuse_unknown(roots);
  }
  result.errors = report.take();
  if (result.errors.empty()) result.portfolio = std::move(portfolio);
  return result;
}

/// Reads a book into the portfolio; its inputs come account by account.
std::vector<Error> read_book(const std::string& path, Portfolio& portfolio) {
  const std::optional<AccountCounts> counts = count_accounts(path);
  if (counts) {
    portfolio.reference.limits = {std::max<std::size_t>(1, counts->accounts),
                                  std::max<std::size_t>(1, counts->positions)};
  }
  return read_accounts(path, portfolio.reference,
                       [&portfolio](const InputBody& input) {
                         const auto* opened = std::get_if<AccountOpened>(&input);
                         if (opened != nullptr) portfolio.accounts.push_back({opened->account, {}});
                         portfolio.accounts.back().inputs.push_back(input);
                       })
      .errors;
}

}  // namespace

PortfolioResult parse_portfolio(std::string_view text, const std::string& file) {
  return parse(text, file, AccountsPlace::here);
}

PortfolioResult load_portfolio(const std::string& path, const std::string& accounts) {
  PortfolioResult result;
  const std::optional<std::string> text = read_text_file(path);
  if (!text) {
    result.errors.push_back({path, 0, 0, {}, {}, kUnreadable});
    return result;
  }
  const bool here = accounts.empty();
  result = parse(*text, path, here ? AccountsPlace::here : AccountsPlace::book);
  if (here || !result.ok()) return result;
  result.errors = read_book(accounts, *result.portfolio);
  if (result.errors.empty() && result.portfolio->accounts.empty()) {
    result.errors.push_back({accounts, 0, 0, {}, {}, "holds no account"});
  }
  if (!result.errors.empty()) result.portfolio.reset();
  return result;
}

}  // namespace plimsoll::configuration
