#include "engine/cli/margin.hpp"

#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/cli/margin_json.hpp"
#include "engine/cli/margin_text.hpp"
#include "engine/cli/margin_what_if.hpp"
#include "engine/cli/opening_book.hpp"
#include "engine/value/decimal.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::cli {
namespace {

using margin::Companion;

int usage_error(std::ostream& err, const std::string& option, const std::string& text,
                const std::string& reason) {
  err << "plimsoll: " << option << " = " << configuration::quote(text) << ": " << reason << "\n";
  return kUsage;
}

/// The file or folder that the accounts are from.
const std::string& accounts_of(const MarginOptions& options) {
  return options.accounts.empty() ? options.portfolio : options.accounts;
}

/// Reads SYMBOL=B or ASSET=B. Returns "", or why it cannot be.
std::string read_beta(const std::string& text, const reference::Reference& reference,
                      Companion& companion) {
  constexpr std::int64_t kBetaMax = 100;
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) return "not SYMBOL=B or ASSET=B";
  const std::string name = text.substr(0, equals);
  const int instrument = reference::find_instrument(reference, name);
  const int asset = reference::find_asset(reference, name);
  if (instrument >= 0) {
    companion.factor.instrument = InstrumentId::from_raw(static_cast<std::uint32_t>(instrument));
  } else if (asset >= 0) {
    companion.factor.asset = AssetId::from_raw(static_cast<std::uint32_t>(asset));
    const bool indexed = reference.assets[companion.factor.asset.raw()].index_max.raw() != 0;
    if (companion.factor.asset == reference.numeraire || !indexed) return "has no index";
  } else {
    return "names no instrument and no asset";
  }
  const DecimalResult beta = parse_decimal(std::string_view{text}.substr(equals + 1), 9);
  if (!beta.ok()) return to_string(beta.error);
  if (!within(beta.raw, Int128{kBetaMax} * kRateOne)) return "must be -100 to 100";
  companion.beta = beta.raw;
  return {};
}

/// The report of a book that is loaded, or the exit code of what is wrong with the options.
int report_book(const MarginOptions& options, PortfolioBook& book, MarginReport& report,
                std::ostream& err) {
  if (options.account && book.ledger().find(*options.account) == ledger::kNone) {
    return usage_error(err, "--account", std::to_string(options.account->raw()),
                       "no account of " + accounts_of(options));
  }
  std::vector<Companion> companions;
  for (const std::string& text : options.betas) {
    const std::string wrong = read_beta(text, book.reference(), companions.emplace_back());
    if (!wrong.empty()) return usage_error(err, "--beta", text, wrong);
  }
  for (const std::string& text : options.what_ifs) {
    const auto wrong = apply_what_if(text, options.account, book);
    if (wrong) return usage_error(err, "--what-if", text, *wrong);
  }
  for (ledger::AccountIndex i = 0; i < book.ledger().account_count(); ++i) {
    if (options.account && book.ledger().account(i).id != *options.account) continue;
    report.accounts.push_back(report_account(book, i, companions));
  }
  return kOk;
}

}  // namespace

int run_margin(const MarginOptions& options, std::ostream& out, std::ostream& err) {
  if (const int code = refuse_packed(options.accounts, err); code != kOk) return code;
  configuration::PortfolioResult loaded =
      configuration::load_portfolio(options.portfolio, options.accounts);
  for (const configuration::Error& error : loaded.errors) {
    err << "plimsoll: " << configuration::to_string(error) << "\n";
  }
  if (!loaded.ok()) return kBadInput;
  PortfolioBook book{std::move(*loaded.portfolio)};
  const std::string refused = book.open_accounts();
  if (!refused.empty()) {
    err << "plimsoll: " << accounts_of(options) << ": " << refused << "\n";
    return kBadInput;
  }
  MarginReport report{.file = options.portfolio,
                      .book = options.accounts,
                      .what_ifs = options.what_ifs,
                      .betas = options.betas,
                      .accounts = {}};
  const int code = report_book(options, book, report, err);
  if (code != kOk) return code;
  if (options.json) {
    print_margin_json(report, book.reference(), out);
  } else {
    print_margin_text(report, book.reference(), out);
  }
  return kOk;
}

}  // namespace plimsoll::cli
