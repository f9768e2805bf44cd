#include <algorithm>

#include "tests/vectors/rules.hpp"

// dydx-margin-liquidation.json: subaccounts of the dYdX chain. Amounts are quantums of USDC (1e-6),
// our amounts have six decimals. A subaccount's quote balance is its balance here minus the entry
// value of its positions; positions are entered at the mark.

namespace plimsoll::vectors {
namespace {

constexpr int kQuoteDecimals = 6;

Number ppm(const Number& parts) {
  return parts * ten_to(-6);
}
Number quantums(const Number& amount) {
  return amount * ten_to(kQuoteDecimals);
}

Portfolio empty_portfolio(const ProfileData& profile) {
  Portfolio portfolio;
  portfolio.profile = &profile;
  portfolio.money = "USDC";
  portfolio.decimals = kQuoteDecimals;
  Account account;
  account.mode = "multi_asset";  // where a balance may be negative
  portfolio.accounts.push_back(account);
  return portfolio;
}

void hold(Portfolio& portfolio, const Instrument& instrument, const Number& quantity) {
  Account& account = portfolio.accounts.back();
  account.positions.push_back({instrument.symbol, quantity, instrument.mark, std::nullopt});
  account.balances[portfolio.money] += quantity * instrument.mark * instrument.multiplier;
  portfolio.instruments.push_back(instrument);
}

/// What the file says of all its cases.
Number common(Trial& trial, const std::string& key) {
  const Json::json_pointer at{key};
  if (!trial.common().contains(at)) throw NotApplicable{"the file has no common" + key};
  return number_in(trial.common().at(at));
}

/// A subaccount with positions in the file's markets.
Portfolio subaccount(Trial& trial) {
  Portfolio portfolio = empty_portfolio(trial.profile("dydx-v4"));
  portfolio.accounts[0].balances["USDC"] = trial.number("usdc");
  for (const auto& [market, base] : trial.input("positions_base_quantums").items()) {
    std::string name = market;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    const Number unit = common(trial, "/base_quantums/" + market);
    Instrument instrument = linear_instrument(common(trial, "/" + name + "_price"), unit);
    instrument.symbol = market;
    instrument.price_max = 2 * instrument.mark;
    instrument.tiers = flat_tiers(common(trial, "/imf"), common(trial, "/mmf"));
    hold(portfolio, instrument, number_in(base) * unit);
  }
  return portfolio;
}

void bankruptcy(Trial& trial) {
  trial.ignore({"close_market", "delta_base_quantums"});
  const Json& account = trial.accounts(subaccount(trial)).at(0);
  trial.exact("/net_collateral_quote_quantums", quantums(figure(account, "/equity")));
  trial.exact("/maintenance_quote_quantums", quantums(figure(account, "/maintenance_margin")));
  trial.truth("/liquidatable", is_liquidated(account));
  trial.skip("/bankruptcy_price_quote_quantums",
             "the price of one liquidation order is not a figure of the account");
}

void order_errors(Trial& /*trial*/) {
  throw NotApplicable{"the size of a liquidation order is no input of a margin"};
}
void fillable(Trial& /*trial*/) {
  throw NotApplicable{"the fillable price of a liquidation order is no margin"};
}
void insurance(Trial& /*trial*/) {
  throw NotApplicable{"what a fill pays to the insurance fund is no margin"};
}

/// A market at the price 1 whose initial rate grows with the open interest, and a position in it.
Portfolio scaled(Trial& trial, const Number& position) {
  Portfolio portfolio = empty_portfolio(trial.profile("dydx-v4"));
  const Number base = ppm(trial.number("base_imf_ppm"));
  Instrument instrument = linear_instrument(1, ten_to(-kQuoteDecimals));
  instrument.price_max = 1;
  instrument.tiers = flat_tiers(base, rounded(base / 2, 9, Round::up));
  instrument.tiers.more["open_interest_lower"] = ppm(trial.number("oi_lower_cap"));
  instrument.tiers.more["open_interest_upper"] = ppm(trial.number("oi_upper_cap"));
  instrument.tiers.more["open_interest_step"] = ppm(1);
  instrument.open_interest = ppm(trial.number("open_notional"));
  hold(portfolio, instrument, position);
  return portfolio;
}

/// The rate is read from the margin of a position so large that all nine decimals of it show.
void open_interest_rate(Trial& trial) {
  const Number position = 1000;
  const Json& account = trial.accounts(scaled(trial, position)).at(0);
  const Number rate = figure(account, "/initial_margin") / position;
  trial.exact("/effective_imf_ppm", quantums(rate));
}

void initial_margin(Trial& trial) {
  const Portfolio portfolio = scaled(trial, ppm(trial.number("position_notional_quote_quantums")));
  const Json& account = trial.accounts(portfolio).at(0);
  trial.exact("/initial_margin_quote_quantums", quantums(figure(account, "/initial_margin")));
  trial.text("/rounding", saying(*portfolio.profile, "requirement_rounding"));
}

/// Prices and sizes with exponents of their own.
void requirements(Trial& trial) {
  const auto exponent_of = [&](const char* key) { return trial.number(key).convert_to<int>(); };
  const int resolution = exponent_of("base_atomic_resolution");
  if (resolution < -9) throw NotApplicable{"sizes have more than 9 decimals"};
  const Number quantity = trial.number("base_quantums") * ten_to(resolution);
  const Number price = trial.number("price") * ten_to(exponent_of("price_exponent"));
  const Number initial = ppm(trial.number("initial_margin_ppm"));
  const Number maintenance = initial * ppm(trial.number("maintenance_fraction_ppm"));
  if (!decimals_needed(maintenance, 9)) throw NotApplicable{"a rate has more than 9 decimals"};
  Portfolio portfolio = empty_portfolio(trial.profile("dydx-v4"));
  // A price with more decimals than ours have is stated for several units, a huge one for a part.
  int shift = std::max(0, decimals_needed(price, 18).value_or(18) - 9);
  while (shift <= 0 && shift > -9 && price * ten_to(shift) > ten_to(9)) --shift;
  Instrument instrument = linear_instrument(price * ten_to(shift), ten_to(std::min(0, resolution)));
  instrument.multiplier = ten_to(-shift);
  instrument.price_max = 2 * instrument.mark;
  instrument.tiers = flat_tiers(initial, maintenance);
  hold(portfolio, instrument, quantity);
  const Json& account = trial.accounts(portfolio).at(0);
  trial.exact("/initial_margin_quote_quantums", quantums(figure(account, "/initial_margin")));
  trial.exact("/maintenance_margin_quote_quantums",
              quantums(figure(account, "/maintenance_margin")));
}

/// A subaccount of this net collateral and maintenance; without maintenance it has no position.
bool liquidatable(Trial& trial, const Json& row) {
  const Number net = number_in(row.at("NC"));
  const Number maintenance = number_in(row.at("MMR"));
  Portfolio portfolio = empty_portfolio(trial.profile("dydx-v4"));
  const Number quantity = maintenance / common(trial, "/mmf");
  if (quantity != 0) {
    Instrument instrument = linear_instrument(1, quantity);
    instrument.tiers = flat_tiers(common(trial, "/imf"), common(trial, "/mmf"));
    hold(portfolio, instrument, quantity);
  }
  portfolio.accounts[0].balances["USDC"] = net;
  const Json& account = trial.accounts(portfolio).at(0);
  trial.require(figure(account, "/equity") == net, "equity is not the net collateral");
  trial.require(figure(account, "/maintenance_margin") == maintenance, "maintenance is another");
  return is_liquidated(account);
}

void boundary(Trial& trial) {
  for (std::size_t i = 0; i < trial.inputs().size(); ++i) {
    const Json& row = trial.inputs().at(i);
    trial.truth("/" + std::to_string(i) + "/liquidatable", liquidatable(trial, row));
  }
}

constexpr Kind kKinds[] = {{"dydx-bankruptcy-err-", order_errors},
                           {"dydx-bankruptcy-", bankruptcy},
                           {"dydx-fillable-", fillable},
                           {"dydx-insurance-", insurance},
                           {"dydx-oimf-", open_interest_rate},
                           {"dydx-imr-", initial_margin},
                           {"dydx-req-", requirements},
                           {"dydx-boundary", boundary}};

}  // namespace

std::span<const Kind> dydx_kinds() {
  return kKinds;
}

}  // namespace plimsoll::vectors
