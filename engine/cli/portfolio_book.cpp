#include "engine/cli/portfolio_book.hpp"

#include <variant>

namespace plimsoll::cli {
namespace {

using Answer = std::optional<Refusal>;

/// Books one input of an account.
class Booker {
 public:
  Booker(ledger::Ledger& ledger, AccountId account) : ledger_{ledger}, account_{account} {}

  Answer operator()(const AccountOpened& input) {
    ledger_.open(input);
    return {};
  }
  Answer operator()(const Deposited& input) {
    return ledger_.deposit(index(), input.asset, input.amount);
  }
  Answer operator()(const BalanceImported& input) {
    return ledger_.import_balance(index(), input.asset, input.amount);
  }
  Answer operator()(const TradeFilled& input) { return ledger_.apply_fill(index(), input); }
  Answer operator()(const LeverageRequested& input) {
    ledger_.set_leverage(index(), input.instrument, input.leverage);
    return {};
  }
  Answer operator()(const OrderRequested& input) {
    if (const Answer refused = ledger_.check_order(index(), input)) return refused;
    if (const Answer refused = ledger_.check_order_size(index(), input)) return refused;
    ledger_.add_order(index(), input);
    return {};
  }
  Answer operator()(const AccountModeRequested& input) {
    if (const Answer refused = ledger_.check_mode(index(), input)) return refused;
    ledger_.set_mode(index(), input);
    return {};
  }
  template <class Other>
  Answer operator()(const Other&) {
    PLIMSOLL_ASSERT(false && "not an input of an account of a book");
    return {};
  }

 private:
  [[nodiscard]] ledger::AccountIndex index() const { return ledger_.find(account_); }

  ledger::Ledger& ledger_;
  AccountId account_;
};

}  // namespace

PortfolioBook::PortfolioBook(configuration::Portfolio portfolio)
    : portfolio_{std::move(portfolio)},
      ledger_{portfolio_.reference, portfolio_.accounts.size()},
      marks_{portfolio_.reference} {
  for (const auto& input : portfolio_.marks) marks_.set(input.instrument, input.mark);
  for (const auto& input : portfolio_.indices) marks_.set_index(input.asset, input.price);
  for (const auto& input : portfolio_.funding) marks_.set_funding(input.instrument, input.rate);
  for (const auto& input : portfolio_.open_interest) {
    marks_.set_open_interest(input.instrument, input.quantity);
  }
  for (const auto& input : portfolio_.collateral_factors) {
    marks_.set_collateral_factor(input.asset, input.factor);
  }
}

std::string PortfolioBook::open_accounts() {
  for (const configuration::PortfolioAccount& account : portfolio_.accounts) {
    Booker booker{ledger_, account.account};
    for (const InputBody& input : account.inputs) {
      const Answer refused = std::visit(booker, input);
      if (!refused) continue;
      const auto kind = static_cast<std::uint8_t>(input.index());
      return "account = " + std::to_string(account.account.raw()) + ": " +
             std::string{input_kind_name(kind)} + ": " + std::string{to_string(*refused)};
    }
  }
  return {};
}

}  // namespace plimsoll::cli
