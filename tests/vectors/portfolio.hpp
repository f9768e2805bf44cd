#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/vectors/profiles.hpp"

// A case of a vector as a portfolio file, as config/README.md describes it: instruments and tables
// from the case, rules from a profile of config/profiles.

namespace plimsoll::vectors {

struct Bracket {
  Number floor;
  Number initial;
  Number maintenance;
};

struct Tiers {
  std::string mode{"marginal"};
  std::string measure{"value"};
  std::vector<Bracket> brackets;
  std::map<std::string, Number> more;  // other keys, as "slippage"
};

struct Instrument {
  std::string symbol{"X"};
  std::string kind{"linear"};
  Number multiplier{1};
  int quantity_decimals{0};
  Number price_min{ten_to(-9)};
  Number price_max;
  Tiers tiers;
  std::optional<Tiers> tiers_short;
  Number mark;
  std::optional<Number> open_interest;
  std::optional<Number> funding;
};

struct Position {
  std::string symbol{"X"};
  Number quantity;
  Number entry;
  std::optional<Number> leverage;
};

struct Order {
  std::string symbol{"X"};
  Number quantity;
  Number limit;
};

struct Account {
  std::string mode{"cross"};
  std::map<std::string, Number> balances;  // those of 0 are left out
  std::vector<Position> positions;
  std::vector<Order> orders;
};

struct Portfolio {
  const ProfileData* profile{nullptr};
  std::map<std::string, Number> changes;  // rates that the case states, by key of the profile
  std::string money{"USD"};  // the asset of accounts and instruments, and the numeraire
  int decimals{6};           // of every asset
  std::map<std::string, Number> indices;  // of other assets
  std::vector<Instrument> instruments;
  std::vector<Account> accounts;

  /// Numbers are written exactly, but for what no text can hold exactly: balances, floors and rates
  /// are rounded to the nearest of their units.
  [[nodiscard]] std::string text() const;
};

/// The most decimals at which amounts of this size stay well within what an account may hold.
[[nodiscard]] int decimals_for(const Number& largest_amount);

/// A linear instrument around a price: far enough to both sides for any liquidation price.
[[nodiscard]] Instrument linear_instrument(const Number& price, const Number& quantity);
/// The same for an inverse contract worth so much money.
[[nodiscard]] Instrument inverse_instrument(const Number& price, const Number& contract_size);

/// One rate whatever the size.
[[nodiscard]] Tiers flat_tiers(const Number& initial, const Number& maintenance);

/// A table in which a larger notional requires notional * maintenance - cumulative: below the
/// bracket of that rate lies one whose rate is next to nothing. Amounts are rounded to `decimals`.
[[nodiscard]] Tiers tiers_with(const Number& maintenance, const Number& cumulative, int decimals);

}  // namespace plimsoll::vectors
