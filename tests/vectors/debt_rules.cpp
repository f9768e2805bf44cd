#include <algorithm>
#include <regex>

#include "tests/vectors/rules.hpp"

// margin-debt-and-multi-asset.json: accounts that owe, and collateral that counts less than it is
// worth.

namespace plimsoll::vectors {
namespace {

constexpr int kDecimals = 6;

/// An account that has `assets` and owes `debt`, both at the price 1.
Portfolio borrower(const ProfileData& profile, const Number& assets, const Number& debt) {
  Portfolio portfolio;
  portfolio.profile = &profile;
  portfolio.decimals = kDecimals;
  portfolio.indices["OWED"] = 1;
  Account account;
  account.mode = "multi_asset";
  account.balances[portfolio.money] = assets;
  account.balances["OWED"] = -debt;
  portfolio.accounts.push_back(account);
  return portfolio;
}

bool may_borrow(const Json& account) {
  return figure(account, "/available_equity") > figure(account, "/initial_margin");
}
bool may_transfer_out(const Json& account) {
  const Json& amounts = account.at("withdrawable");
  return std::any_of(amounts.begin(), amounts.end(),
                     [](const Json& amount) { return number_in(amount) > 0; });
}

/// The venue's word for what the account is in.
std::string state_text(const Json& account) {
  if (is_liquidated(account)) return "liquidation";
  if (state_of(account) == "call") return "margin_call";
  return may_transfer_out(account) ? "normal, transfer out allowed" : "normal";
}

void margin_level(Trial& trial) {
  const Number debt = trial.number("total_debt") + trial.number("outstanding_interest");
  if (debt == 0) throw NotApplicable{"nothing is owed: the level is infinite"};
  const ProfileData& profile = trial.profile("binance-cross-margin-" + trial.word("leverage"));
  const Json& account = trial.accounts(borrower(profile, trial.number("total_assets"), debt)).at(0);
  trial.printed("/margin_level", figure(account, "/collateral_level"));
  trial.text("/state", state_text(account));
}

/// What a band allows or does, by its name.
bool is_in_band(const std::string& name, const Json& account) {
  const bool called = state_of(account) == "call";
  if (name == "transfer_out") return may_transfer_out(account);
  if (name == "borrow") return may_borrow(account);
  if (name == "margin_call") return called;
  if (name == "liquidation") return is_liquidated(account);
  if (name == "free") return state_of(account) == "healthy" && may_transfer_out(account);
  if (name == "reminder") return called && may_borrow(account);
  if (name == "reduce_only") return called && !may_borrow(account);
  throw NotApplicable{"no rule for a band " + name};
}

/// "> 2", "1.1 < ML <= 1.3", "<= 1.1", "1.20 - 1.50": what lies in it and just outside. The last
/// form does not say which band its ends belong to.
struct Band {
  std::vector<Number> inside;
  std::vector<Number> outside;
};

Band band_of(const std::string& text) {
  static const std::regex number{"[0-9]+[.]?[0-9]*"};
  std::vector<Number> ends;
  for (std::sregex_iterator at{text.begin(), text.end(), number}, end; at != end; ++at) {
    ends.push_back(*parse_number(at->str()));
  }
  const Number step = ten_to(-4);
  const bool is_closed_above = text.find("<=") != text.npos;
  Band band;
  if (ends.size() == 1 && is_closed_above) return {{ends[0]}, {ends[0] + step}};
  if (ends.size() == 1) return {{ends[0] + step}, {ends[0]}};
  if (ends.size() != 2) throw NotApplicable{"\"" + text + "\" is no band"};
  band.inside = {ends[0] + step, ends[1] - step};
  band.outside = {ends[1] + step};
  (is_closed_above ? band.inside : band.outside)
      .push_back(is_closed_above ? ends[1] : Number{ends[0] - step});
  if (is_closed_above) band.outside.push_back(ends[0]);
  return band;
}

/// An account at a level: assets / debt for cross margin; for uniMMR equity / maintenance, where
/// the profile's maintenance is the venue's times 1.05.
Portfolio account_at(const ProfileData& profile, bool unified, const Number& level) {
  const Number debt = 10'000;
  const Number rate = number_of(profile, "debt_maintenance") * 100 / 105;
  return borrower(profile, unified ? debt * (1 + level * rate) : Number{debt * level}, debt);
}

void bands(Trial& trial) {
  for (const auto& [venue, list] : trial.expected().items()) {
    if (venue == "notification_repeat") {
      trial.skip("/notification_repeat", "a call has a deadline instead of repeated notices");
      continue;
    }
    const bool unified = venue == "uniMMR";
    const std::string family =
        unified ? "binance-portfolio-margin" : "binance-cross-margin-" + venue.substr(6);
    const ProfileData& profile = trial.profile(family);
    for (const auto& [name, text] : list.items()) {
      const std::string pointer = "/" + venue + "/" + name;
      const Band band = band_of(trial.look_at(pointer).get<std::string>());
      const auto check = [&, &n = name](const Number& level, bool wanted) {
        const Json& account = trial.accounts(account_at(profile, unified, level)).at(0);
        trial.require(is_in_band(n, account) == wanted,
                      pointer + " is wrong at " + decimal_text(level, 9));
      };
      for (const Number& level : band.inside) check(level, true);
      for (const Number& level : band.outside) check(level, false);
    }
  }
}

/// Does the profile's table have these steps?
bool same_steps(const std::vector<CollateralStepText>& ours, const Json& published) {
  if (ours.size() != published.size()) return false;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const Json& step = published.at(i);
    if (number_in(step.at("ratio")) != ours[i].ratio) return false;
    const std::string up_to = text_of(step.at("up_to"));
    if (up_to != ours[i].up_to && parse_number(up_to) != parse_number(ours[i].up_to)) return false;
  }
  return true;
}

const CollateralText& rule_of(const ProfileData& profile, const std::string& asset) {
  const auto found = profile.collateral.find(asset);
  if (found == profile.collateral.end()) {
    throw NotApplicable{profile.name + " does not list " + asset};
  }
  return found->second;
}

/// An account in multi-asset mode with amounts of assets at the price 1.
Portfolio holder(const ProfileData& profile, const std::map<std::string, Number>& amounts) {
  Portfolio portfolio;
  portfolio.profile = &profile;
  portfolio.decimals = kDecimals;
  Account account;
  account.mode = "multi_asset";
  account.balances = amounts;
  for (const auto& [asset, amount] : amounts) portfolio.indices[asset] = 1;
  portfolio.accounts.push_back(account);
  return portfolio;
}

void collateral_steps(Trial& trial) {
  const ProfileData& profile = trial.profile("bybit-uta");
  const std::string asset = trial.word("asset");
  if (!same_steps(rule_of(profile, asset).steps, trial.input("tiers"))) {
    throw NotApplicable{profile.name + " has other steps for " + asset};
  }
  const Json& account = trial.accounts(holder(profile, {{asset, trial.number("quantity")}})).at(0);
  // At the price 1, of an account that has nothing else.
  trial.exact("/recognised_quantity", figure(account, "/equity"));
}

void haircuts(Trial& trial) {
  const ProfileData& profile = trial.profile("binance-multi-assets");
  for (std::size_t i = 0; i < trial.inputs().size(); ++i) {
    const Json& row = trial.inputs().at(i);
    const std::string asset = text_of(row.at("asset"));
    if (rule_of(profile, asset).steps.front().ratio != number_in(row.at("ratio"))) {
      throw NotApplicable{profile.name + " has another ratio for " + asset};
    }
    const Portfolio portfolio = holder(profile, {{asset, number_in(row.at("market_value"))}});
    const Json& account = trial.accounts(portfolio).at(0);
    trial.exact("/" + std::to_string(i), figure(account, "/equity"));
  }
}

/// A debt of dollars, and enough of another asset to be sold for it.
void exchange(Trial& trial) {
  const ProfileData& profile = trial.profile("binance-multi-assets");
  const CollateralText& rule = rule_of(profile, "USDT");
  if (rule.exchange_above != -trial.number("threshold") ||
      rule_of(profile, "BNB").exchange_ratio != trial.number("ratio")) {
    throw NotApplicable{profile.name + " has another threshold or ratio"};
  }
  const Number debt = trial.number("negative_balance");
  const Portfolio portfolio = holder(profile, {{"USDT", debt}, {"BNB", -10 * debt}});
  const Json& account = trial.accounts(portfolio).at(0);
  const Json* owed = nullptr;
  for (const Json& asset : account.at("assets")) {
    if (asset.at("asset") == "USDT") owed = &asset;
  }
  trial.require(owed != nullptr, "nothing is owed");
  if (owed == nullptr) return;
  trial.truth("/triggered", owed->contains("exchange"));
  if (!owed->contains("exchange")) return;
  trial.printed("/collateral_value_sold", figure(*owed, "/exchange/value_sold"));
}

/// Base and quote asset, had and owed; the price of the base asset moves. It starts far on the side
/// where the account is safe.
void quick_margin(Trial& trial) {
  const Number rate = (1 + trial.number("mmr")) * (1 + trial.number("taker_fee")) - 1;
  const auto balance = [&](const std::string& asset) {
    const Number had = trial.number(asset + "_asset");
    const Number owed = trial.number(asset + "_liability");
    if (had != 0 && owed != 0) throw NotApplicable{"an asset is had and owed at the same time"};
    return Number{had - owed};
  };
  const Number base = balance("base");
  const Number quote = balance("quote");
  if (base * quote >= 0) throw NotApplicable{"it is not one asset owed against another"};
  const Number even = abs(quote / base);
  Portfolio portfolio;
  trial.use(portfolio, "okx-quick-margin", {{"debt_maintenance", rate}, {"debt_initial", rate}});
  portfolio.indices["BTC"] = rounded(base > 0 ? 4 * even : Number{even / 4}, 9);
  const Number indexed = portfolio.indices["BTC"] * 100;
  portfolio.decimals = decimals_for(4 * (abs(quote) + abs(base) * indexed));
  Account account;
  account.mode = "multi_asset";
  account.balances = {{portfolio.money, quote}, {"BTC", base}};
  portfolio.accounts.push_back(account);
  const Json& ours = trial.accounts(portfolio).at(0);
  trial.printed("/liquidation_price", figure(ours, std::string{"/index_liquidation_prices/BTC/"} +
                                                       (base > 0 ? "below" : "above")));
}

/// A long position that loses in steps. Initial, maintenance and automatic closing at 10, 4 and 2 %
/// of the notional, as the flow chart has them; the last is half of the one before in the profile.
void stages(Trial& trial) {
  static const std::map<std::string, std::string> stages{
      {"no new orders", "no orders"},
      {"liquidation orders", "liquidation"},
      {"auto-close to backstop", "takeover"},
      {"bankrupt: insurance fund pays", "takeover in debt"}};
  const Number notional = trial.number("long_notional");
  const Json& drops = trial.input("drops");
  Portfolio portfolio;
  portfolio.profile = &trial.profile("ftx-historical");
  Instrument instrument = linear_instrument(1, notional);
  instrument.tiers = flat_tiers(10 * ten_to(-2), 4 * ten_to(-2));
  portfolio.decimals = decimals_for(2 * notional * instrument.price_max);
  Account account;
  account.balances[portfolio.money] = trial.number("collateral");
  account.positions.push_back({instrument.symbol, notional, 1, std::nullopt});
  portfolio.accounts.push_back(account);
  for (std::size_t i = 0; i < drops.size(); ++i) {
    instrument.mark = 1 - number_in(drops.at(i));
    portfolio.instruments = {instrument};
    const Json& ours = trial.accounts(portfolio).at(0);
    const std::string row = "/" + std::to_string(i);
    const Number equity = figure(ours, "/equity");
    trial.exact("/equity" + row, equity);
    std::string state = state_of(ours);
    if (state == "healthy" && !may_borrow(ours)) state = "no orders";
    if (state == "takeover" && equity < 0) state += " in debt";
    const auto stage = stages.find(trial.look_at("/stage" + row).get<std::string>());
    trial.require(stage != stages.end() && stage->second == state,
                  "expected/stage" + row + " is another: " + state);
  }
}

constexpr Kind kKinds[] = {{"binance-margin-level-", margin_level},
                           {"binance-bands", bands},
                           {"bybit-collateral-", collateral_steps},
                           {"binance-haircut", haircuts},
                           {"binance-autoexchange", exchange},
                           {"okx-quick-margin", quick_margin},
                           {"ftx-stages", stages}};

}  // namespace

std::span<const Kind> debt_kinds() {
  return kKinds;
}

}  // namespace plimsoll::vectors
