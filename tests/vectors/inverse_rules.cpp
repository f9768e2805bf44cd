#include "tests/vectors/rules.hpp"

// inverse-perpetuals.json: contracts of so many dollars, margined in coin.

namespace plimsoll::vectors {
namespace {

struct Single {
  Number dollars;  // of all contracts; less than 0: short
  Number entry;
  Number margin;
  Number rate;
  Number cumulative;
};

/// A contract is one dollar.
Portfolio portfolio_of(const ProfileData& profile, const std::vector<Single>& singles) {
  Portfolio portfolio;
  portfolio.profile = &profile;
  portfolio.money = "COIN";
  const Single& first = singles.front();
  Instrument instrument = inverse_instrument(first.entry, 1);
  instrument.quantity_decimals = decimals_needed(first.dollars, 9).value_or(9);
  // A long position is bankrupt at the latest where it has lost all.
  const Number bankrupt = abs(first.dollars) / (abs(first.dollars) / first.entry + first.margin);
  instrument.price_min = std::min(instrument.price_min, rounded(bankrupt / 2, 9, Round::up));
  portfolio.decimals = decimals_for(first.margin + abs(first.dollars) / instrument.price_min);
  instrument.tiers = tiers_with(first.rate, first.cumulative, portfolio.decimals);
  portfolio.instruments.push_back(instrument);
  for (const Single& single : singles) {
    Account account;
    account.balances["COIN"] = single.margin;
    account.positions.push_back({instrument.symbol, single.dollars, single.entry, std::nullopt});
    portfolio.accounts.push_back(account);
  }
  return portfolio;
}

void kraken(Trial& trial) {
  const std::string side = trial.word("side");
  const Number sign = side == "long" ? 1 : -1;
  const std::string basis = trial.word("maintenance_on") == "mark value" ? "mark" : "entry";
  const Single single{sign * trial.number("contracts_usd"), trial.number("entry_price"),
                      trial.number("margin_btc"), trial.number("maintenance_rate"), 0};
  Portfolio portfolio = portfolio_of(trial.profile("kraken-futures", {{"basis", basis}}), {single});
  // Far on the side where the position gains.
  portfolio.instruments[0].mark =
      side == "long" ? Number{10 * single.entry} : rounded(single.entry / 10, 9);
  const Json& account = trial.accounts(portfolio).at(0);
  const std::string price = side == "long" ? "below" : "above";
  const Number liquidation = figure(account, "/positions/0/liquidation_price/" + price);
  const Number bankruptcy = figure(account, "/positions/0/bankruptcy_price");
  trial.printed("/liquidation_price", liquidation);
  trial.printed("/exact_liquidation", liquidation);
  trial.printed("/bankruptcy_price", bankruptcy);
  trial.printed("/exact_bankruptcy", bankruptcy);
}

void bybit_cross(Trial& /*trial*/) {
  throw NotApplicable{
      "maintenance includes the fee at the bankruptcy price, which is no rate of entry or mark "
      "value"};
}

/// A long and a short account with the same contracts at the same leverage.
void bybit_isolated(Trial& trial, const std::string& basis) {
  const Number dollars = trial.number("contracts_usd");
  const Number entry = trial.number("entry_price");
  const Number leverage = trial.number("leverage");
  const Number margin = dollars / entry / leverage;
  const Number extra = trial.number_or("extra_margin", 0);
  const Number deduction = trial.number_or("mm_deduction", 0);
  const Number rate = trial.number("mmr");
  const Number both = margin + extra;
  Portfolio portfolio = portfolio_of(
      trial.profile("bybit-isolated", {{"basis", basis}}),
      {{dollars, entry, both, rate, deduction}, {-dollars, entry, both, rate, deduction}});
  for (Account& account : portfolio.accounts) account.positions[0].leverage = leverage;
  const Json& accounts = trial.accounts(portfolio);
  const Json& bought = accounts.at(0);
  trial.printed("/position_value_btc", figure(bought, "/positions/0/notional"));
  trial.printed("/initial_margin_btc", figure(bought, "/positions/0/initial_margin"));
  trial.printed("/maintenance_margin_btc", figure(bought, "/positions/0/maintenance_margin"));
  trial.printed("/liquidation_price_long", figure(bought, "/positions/0/liquidation_price/below"));
  trial.printed("/liquidation_price_short",
                figure(accounts.at(1), "/positions/0/liquidation_price/above"));
}

void bybit_isolated_old(Trial& trial) {
  bybit_isolated(trial, "entry");
}
void bybit_isolated_new(Trial& trial) {
  bybit_isolated(trial, "mark");
}

/// The cumulative amount of a bracket, from the one before it and the rates of both.
void binance_cumulative(Trial& trial) {
  const Number floor = trial.number("floor_btc");
  const Number rate = trial.number("mmr_n");
  Portfolio portfolio;
  portfolio.profile = &trial.profile("binance-coinm");
  portfolio.money = "COIN";
  const Number mark = 50'000;
  const Number contracts = 2 * floor * mark / 100;  // of 100 dollars: twice the floor
  Instrument instrument = inverse_instrument(mark, 100);
  instrument.quantity_decimals = decimals_needed(contracts, 9).value_or(9);
  portfolio.decimals = decimals_for(200 * floor);
  instrument.tiers =
      tiers_with(trial.number("mmr_prev"), trial.number("cum_prev"), portfolio.decimals);
  instrument.tiers.brackets.push_back({floor, rate, rate});
  portfolio.instruments.push_back(instrument);
  Account account;
  account.balances["COIN"] = floor;
  account.positions.push_back({instrument.symbol, contracts, mark, std::nullopt});
  portfolio.accounts.push_back(account);
  const Json& ours = trial.accounts(portfolio).at(0);
  trial.near("/cum_btc", figure(ours, "/positions/0/maintenance/amount"), ten_to(-8));
}

void binance_maintenance(Trial& trial) {
  const Number contracts = trial.number("contracts");
  const Number mark = trial.number("mark_price");
  const Number size = trial.number("contract_size_usd");
  Portfolio portfolio;
  portfolio.profile = &trial.profile("binance-coinm");
  portfolio.money = "COIN";
  Instrument instrument = inverse_instrument(mark, size);
  portfolio.decimals = decimals_for(contracts * size / instrument.price_min);
  instrument.tiers = tiers_with(trial.number("mmr"), trial.number("cum"), portfolio.decimals);
  portfolio.instruments.push_back(instrument);
  Account account;
  account.balances["COIN"] = contracts * size / mark;
  account.positions.push_back({instrument.symbol, contracts, mark, std::nullopt});
  portfolio.accounts.push_back(account);
  const Json& ours = trial.accounts(portfolio).at(0);
  trial.printed("/notional_btc", figure(ours, "/positions/0/notional"));
  trial.printed("/maintenance_margin_btc", figure(ours, "/positions/0/maintenance_margin"));
}

constexpr Kind kKinds[] = {{"kraken-inv-", kraken},
                           {"bybit-inv-cross-", bybit_cross},
                           {"bybit-inv-isolated-old", bybit_isolated_old},
                           {"bybit-inv-isolated-new", bybit_isolated_new},
                           {"binance-coinm-cum", binance_cumulative},
                           {"binance-coinm-mm", binance_maintenance}};

}  // namespace

std::span<const Kind> inverse_kinds() {
  return kKinds;
}

}  // namespace plimsoll::vectors
