#include "engine/configuration/portfolio_file.hpp"

#include "engine/configuration/portfolio_sections.hpp"

namespace plimsoll::configuration {

PortfolioResult parse_portfolio(std::string_view text, const std::string& file) {
  PortfolioResult result;
  Report report{file};
  const std::vector<TomlFile> files = parse_files(text, file, report);
  Portfolio portfolio;
  if (!files.empty()) {
    Roots roots = roots_of(files, report);
    ReferencePrices unused;
    read_reference(roots, portfolio.reference, unused);
    pass_over_service(roots, portfolio.reference);
    finish_reference(files, portfolio.reference, report);
    const bool usable = report.empty();
    read_market(roots.back(), usable, portfolio);
    read_portfolio_accounts(roots.back(), usable, portfolio);
    refuse_in_included(
        roots, {"marks", "index", "funding", "open_interest", "collateral_factor", "account"});
    refuse_unknown(roots);
  }
  result.errors = report.take();
  if (result.errors.empty()) result.portfolio = std::move(portfolio);
  return result;
}

PortfolioResult load_portfolio(const std::string& path) {
  const std::optional<std::string> text = read_text_file(path);
  if (text) return parse_portfolio(*text, path);
  PortfolioResult result;
  result.errors.push_back({path, 0, 0, {}, {}, kUnreadable});
  return result;
}

}  // namespace plimsoll::configuration
