#include "tests/vectors/rules.hpp"

// linear-liquidation-price.json: one position of a linear contract, and the price that liquidates
// it. A liquidation price does not depend on where the mark is, as long as the account is safe
// there: the mark is far on the side where the position gains.

namespace plimsoll::vectors {
namespace {

struct Single {
  bool is_long{true};
  Number size;
  Number entry;
  Number margin;  // all that the account holds
  Number rate;
  Number cumulative;
};

/// Of an isolated position, when the case does not state what it holds.
Number margin_at_leverage(Trial& trial, const Single& single) {
  return single.size * single.entry / trial.number("leverage");
}

bool is_long(Trial& trial) {
  const std::string side = trial.word("side");
  if (side != "long" && side != "short") throw NotApplicable{"side " + side};
  return side == "long";
}

/// What all cases state; the margin that the leverage gives.
Single single_of(Trial& trial) {
  trial.ignore({"symbol", "mode", "venue_convention"});
  Single single;
  single.is_long = is_long(trial);
  single.size = trial.number_or("position", 1);
  single.entry = trial.number("entry_price");
  single.rate = trial.number("mmr");
  if (trial.has("leverage")) single.margin = margin_at_leverage(trial, single);
  return single;
}

/// `held` is what the account is worth besides, and `others` what its other positions are worth.
Portfolio portfolio_of(const Single& single, const Number& held = 0, const Number& others = 0) {
  Portfolio portfolio;
  Instrument instrument = linear_instrument(single.entry, single.size);
  // A short position is bankrupt at the latest where it has lost all.
  const Number bankrupt = single.entry + (single.margin + abs(held)) / single.size;
  instrument.price_max = std::max(instrument.price_max, rounded(2 * bankrupt, 9, Round::up));
  instrument.mark = single.is_long ? Number{10 * single.entry} : rounded(single.entry / 10, 9);
  portfolio.decimals =
      decimals_for(single.margin + single.size * instrument.price_max + abs(held) + others);
  instrument.tiers = tiers_with(single.rate, single.cumulative, portfolio.decimals);
  portfolio.instruments.push_back(instrument);
  Account account;
  account.balances[portfolio.money] = single.margin;
  const Number quantity = single.is_long ? single.size : Number{-single.size};
  account.positions.push_back({instrument.symbol, quantity, single.entry, std::nullopt});
  portfolio.accounts.push_back(account);
  return portfolio;
}

void compare(Trial& trial, const Json& account, bool is_long) {
  const std::string price = is_long ? "below" : "above";
  const std::string at = "/positions/0/liquidation_price/";
  const Json::json_pointer reason{at + "reason_" + price};
  // Prices end above 0: a formula that gives 0 or less means that there is none.
  const bool none = is_long && account.contains(reason) && account.at(reason) == "none_in_range";
  if (!none) {
    trial.printed("/liquidation_price", figure(account, at + price));
  } else if (number_in(trial.look_at("/liquidation_price")) > 0) {
    trial.require(false, "there is no liquidation price");
  }
  if (trial.expects("/bankruptcy_price")) {
    trial.printed("/bankruptcy_price", figure(account, "/positions/0/bankruptcy_price"));
  }
}

/// At most, for the scale of amounts.
Number worth_of_other(Trial& trial) {
  const Json& other = trial.input("other_position");
  const bool sized = other.contains("size") && other.contains("mark");
  return sized ? 100 * abs(number_in(other.at("size"))) * number_in(other.at("mark")) : Number{0};
}

/// The other position of a cross account, whose maintenance and profit the case states as well.
void add_other(Trial& trial, Portfolio& portfolio) {
  const Json& other = trial.input("other_position");
  const auto of = [&other](const char* key) {
    if (!other.contains(key)) throw NotApplicable{std::string{"the other position has no "} + key};
    return number_in(other.at(key));
  };
  Instrument instrument = linear_instrument(of("mark"), of("size"));
  instrument.symbol = "OTHER";
  instrument.tiers = tiers_with(of("mmr"), of("cum"), portfolio.decimals);
  portfolio.instruments.push_back(instrument);
  const bool is_short = other.contains("side") && other.at("side") == "short";
  const Number size = is_short ? Number{-abs(of("size"))} : of("size");
  portfolio.accounts[0].positions.push_back({"OTHER", size, of("entry"), std::nullopt});
}

void compare_other(Trial& trial, const Json& account) {
  const auto check = [&](const char* input, const char* pointer) {
    const Number ours = figure(account, std::string{"/positions/1/"} + pointer);
    trial.require(abs(trial.number(input) - ours) <= ten_to(-5),
                  std::string{input} + " is another: " + decimal_text(ours, 12));
  };
  check("other_positions_maintenance_margin", "maintenance_margin");
  check("other_positions_unrealised_pnl", "unrealised_pnl");
}

/// Marginal brackets with a cumulative amount: Binance.
void cumulative(Trial& trial) {
  Single single = single_of(trial);
  const Json& wallet = trial.input("wallet_balance");
  if (wallet != "position*entry/leverage") single.margin = number_in(wallet);
  single.cumulative = trial.number("maintenance_amount");
  const Number published = number_in(trial.look_at("/liquidation_price"));
  if (single.size * published * single.rate < single.cumulative) {
    throw NotApplicable{"maintenance would be negative: no table has so large a cumulative amount"};
  }
  const bool with_other = trial.has("other_position");
  const Number held = trial.number_or("other_positions_unrealised_pnl", 0) -
                      trial.number_or("other_positions_maintenance_margin", 0);
  Portfolio portfolio = portfolio_of(single, held, with_other ? worth_of_other(trial) : Number{0});
  portfolio.profile = &trial.profile("binance-usdm");
  if (with_other) add_other(trial, portfolio);
  const bool alone = trial.number_or("other_positions_maintenance_margin", 0) == 0 &&
                     trial.number_or("other_positions_unrealised_pnl", 0) == 0;
  if (!with_other && !alone) throw NotApplicable{"other positions are not given one by one"};
  trial.ignore({"other_position"});
  const Json& account = trial.accounts(portfolio).at(0);
  compare(trial, account, single.is_long);
  if (with_other) compare_other(trial, account);
  if (!single.is_long) return;  // it is marked below the bracket
  const Number ours = figure(account, "/positions/0/maintenance/amount");
  trial.require(abs(ours - single.cumulative) <= ten_to(1 - portfolio.decimals),
                "the cumulative amount is another: " + decimal_text(ours, 12));
}

/// The fee of closing is part of maintenance: Gate, OKX.
void fee_in_margin(Trial& trial) {
  const Single single = single_of(trial);
  Portfolio portfolio = portfolio_of(single);
  trial.use(portfolio, trial.word("venue_convention"),
            {{"closing_fee", trial.number("taker_fee")}});
  compare(trial, trial.accounts(portfolio).at(0), single.is_long);
}

/// Maintenance on the value at entry: Bybit until 2026, Jesse.
void entry_margin(Trial& trial) {
  const Single single = single_of(trial);
  Portfolio portfolio = portfolio_of(single);
  portfolio.profile = &trial.profile("bybit-isolated", {{"basis", "entry"}});
  compare(trial, trial.accounts(portfolio).at(0), single.is_long);
}

void bracket_lookup(Trial& /*trial*/) {
  throw NotApplicable{"the 2021 bracket set is not in the vector"};
}

constexpr Kind kKinds[] = {{"bn-", cumulative},
                           {"fee-in-mm-", fee_in_margin},
                           {"entry-mm-", entry_margin},
                           {"jesse-", entry_margin},
                           {"bracket-lookup-", bracket_lookup}};

}  // namespace

std::span<const Kind> linear_kinds() {
  return kKinds;
}

}  // namespace plimsoll::vectors
