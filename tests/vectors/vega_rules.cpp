#include <algorithm>

#include "tests/vectors/rules.hpp"

// vega-margin-levels.json: the four levels of one account in one market, in whole units of money.

namespace plimsoll::vectors {
namespace {

/// The scaling factors belong to the market on Vega. Without them only maintenance can be told.
void use_profile(Trial& trial, Portfolio& portfolio) {
  std::map<std::string, Number> rates;
  if (trial.has("scaling")) {
    const Json& scaling = trial.input("scaling");
    const auto of = [&scaling](const char* key) {
      if (!scaling.contains(key)) throw NotApplicable{std::string{"no factor "} + key};
      return number_in(scaling.at(key));
    };
    rates = {{"call_trigger", of("search")},
             {"initial_factor", of("initial")},
             {"call_target", of("release")}};
  }
  trial.use(portfolio, "vega", rates);
}

/// Factors of more than nine decimals (slippage 0.0873794174757282) are taken to the nearest: half
/// of 1e-9 of the notional, less than a tenth of a unit of money in these cases.
Tiers tiers_of(const Number& factor, const Number& slippage) {
  Tiers tiers = flat_tiers(factor, factor);
  tiers.mode = "whole";
  tiers.more["slippage"] = slippage;
  return tiers;
}

Instrument market_of(Trial& trial, int quantity_decimals) {
  const Number slippage = trial.number("linear_slippage_factor");
  Instrument market = linear_instrument(trial.number("mark_price"), ten_to(-quantity_decimals));
  market.price_max = 2 * market.mark;
  market.tiers = tiers_of(trial.number("risk_factor_long"), slippage);
  market.tiers_short = tiers_of(trial.number("risk_factor_short"), slippage);
  if (trial.has("funding_per_unit")) {
    market.funding = rounded(trial.number("funding_per_unit") / market.mark, 9, Round::down);
  }
  return market;
}

void levels(Trial& trial) {
  const Number position = trial.number("position");
  const Number buys = trial.number_or("open_buy_orders", 0);
  const Number sells = trial.number_or("open_sell_orders", 0);
  trial.ignore({"note"});
  int decimals = 0;
  for (const Number& size : {position, buys, sells}) {
    decimals = std::max(decimals, decimals_needed(size, 9).value_or(9));
  }
  Portfolio portfolio;
  use_profile(trial, portfolio);
  portfolio.decimals = 0;
  const Instrument market = market_of(trial, decimals);
  portfolio.instruments.push_back(market);
  Account account;
  account.balances["USD"] = rounded((abs(position) + buys + sells) * market.mark, 0, Round::up);
  if (position != 0) {
    account.positions.push_back({market.symbol, position, market.mark, std::nullopt});
  }
  if (buys != 0) account.orders.push_back({market.symbol, buys, market.mark});
  if (sells != 0) account.orders.push_back({market.symbol, -sells, market.mark});
  portfolio.accounts.push_back(account);
  const Json& ours = trial.accounts(portfolio).at(0);
  trial.exact("/maintenance", figure(ours, "/maintenance_margin"));
  trial.exact("/search", figure(ours, "/thresholds/call_trigger"));
  trial.exact("/initial", figure(ours, "/initial_margin"));
  trial.exact("/release", figure(ours, "/thresholds/call_target"));
}

constexpr Kind kKinds[] = {{"vega-mm-", levels}};

}  // namespace

std::span<const Kind> vega_kinds() {
  return kKinds;
}

}  // namespace plimsoll::vectors
