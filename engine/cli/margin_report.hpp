#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/cli/portfolio_book.hpp"
#include "engine/margin/explanation.hpp"
#include "engine/margin/liquidation_price.hpp"

// Everything that `plimsoll margin` says, before it is written as a page or as JSON.

namespace plimsoll::cli {

enum class AccountState : std::uint8_t {
  healthy,
  call,         // below T(call_trigger)
  exchange,     // a debt is exchanged at once, and the account judged after that
  liquidation,  // below T(1)
  takeover,     // beyond liquidating
  bankrupt,     // the same, with nothing left to close or sell: a debt alone
  unknown,      // a mark or an index is missing
};
[[nodiscard]] const char* to_string(AccountState state) noexcept;

struct PositionReport {
  margin::LineExplanation line;
  Int128 notional{0};                // of the position at the mark
  std::optional<Price> entry_price;  // average, rounded down; nothing without a position
  margin::LiquidationPrices liquidation;
  std::optional<Price> bankruptcy;  // on the side where the position loses
  Rate funding;                     // estimated
  std::vector<margin::RestingOrder> orders;

  [[nodiscard]] bool marked() const noexcept { return line.mark.raw() != 0; }
};

/// Liquidation prices of an account in the index of an asset.
struct IndexReport {
  AssetId asset;
  margin::LiquidationPrices prices;
};

/// The most that may leave; nothing when it is not known.
struct Withdrawable {
  AssetId asset;
  std::optional<Amount> amount;
};

struct AccountReport {
  AccountId account;
  ProfileId profile;
  MarginMode mode{MarginMode::cross};
  AssetId asset;  // margin asset
  margin::Explanation explanation;
  bool exposed{false};  // has it a position or a debt?
  AccountState state{AccountState::unknown};
  Int128 call_trigger{0};  // T() of each factor of the profile
  Int128 call_target{0};
  Int128 liquidation_target{0};
  std::optional<Int128> margin_level;      // 1e-9, rounded down; nothing without a requirement
  std::optional<Int128> collateral_level;  // 1e-9, rounded down; nothing without debts
  std::vector<Withdrawable> withdrawable;  // of each asset with a balance above 0
  std::vector<PositionReport> positions;   // with a position or an order that counts
  std::vector<IndexReport> indices;        // multi-asset only

  [[nodiscard]] bool multi_asset() const noexcept { return mode == MarginMode::multi_asset; }
};

struct MarginReport {
  std::string file;
  std::string book;  // of accounts, when they are not in the file
  std::vector<std::string> what_ifs;
  std::vector<std::string> betas;
  std::vector<AccountReport> accounts;
};

/// What there is to say of one account. `companions` move along in liquidation prices, each by its
/// beta times the move of the factor solved for.
[[nodiscard]] AccountReport report_account(const PortfolioBook& book, ledger::AccountIndex account,
                                           std::span<const margin::Companion> companions);

}  // namespace plimsoll::cli
