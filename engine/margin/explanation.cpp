#include "engine/margin/explanation.hpp"

#include <algorithm>

namespace plimsoll::margin {
namespace {

LineExplanation explain_line(const Line& line, const Portfolio& portfolio, const Rules& rules) {
  const reference::Instrument& instrument = rules.reference.instruments[line.instrument.raw()];
  LineExplanation result;
  result.line = line;
  result.mark = rules.market.low.of(line.instrument);
  if (result.mark.raw() == 0) return result;
  result.value = value_of(instrument, line.quantity, line.instrument, rules.market);
  result.unrealised_pnl = result.value - line.entry_value.raw();
  result.maintenance = requirement_of(line, portfolio.orders, Kind::maintenance, rules, nullptr,
                                      &result.maintenance_decision);
  result.initial_base = requirement_of(line, portfolio.orders, Kind::initial, rules, nullptr,
                                       &result.initial_decision);
  const Rate factor = factor_of(Kind::initial, rules.profile);
  result.initial = factor.raw() == 0 ? result.initial_base
                                     : threshold(result.initial_base, factor, rules.profile);
  return result;
}

/// What an asset is worth in multi-asset mode; it is indexed.
void explain_worth(const Rules& rules, AssetExplanation& result) {
  const AssetId asset = result.asset;
  if (reference::find_collateral(rules.profile, asset) != nullptr) {
    result.factor = rules.market.low.collateral_factor(asset);
  }
  result.recognised = counted_of(asset, result.net, result.others, rules);
  result.value = convert_floor(rules.reference, asset, result.net, result.index);
  result.worth = worth_of(asset, result.net, result.others, rules);
  result.available_worth = worth_of(asset, result.available_net, result.others, rules);
  result.debt_maintenance = debt_charge(asset, result.net, Kind::maintenance, rules);
  result.debt_initial = debt_charge(asset, result.available_net, Kind::initial, rules);
}

void explain_exchange(const Portfolio& portfolio, const Rules& rules, AssetExplanation& result) {
  result.exchanged_debt = debt_to_exchange(result.asset, result.balance, rules);
  if (result.exchanged_debt == 0) return;
  for (const reference::Collateral& rule : rules.profile.collateral) {
    const auto holds = [&rule](const Holding& holding) {
      return holding.asset == rule.asset && holding.amount.raw() > 0;
    };
    const auto& balances = portfolio.balances;
    if (!rules.market.low.indexed(rule.asset)) continue;
    if (!std::any_of(balances.begin(), balances.end(), holds)) continue;
    result.sold = rule.asset;
    result.sold_value = value_to_sell(result.exchanged_debt, rule.exchange_ratio);
    return;
  }
}

AssetExplanation explain_asset(const Holding& holding, const Portfolio& portfolio,
                               const Rules& rules, const std::vector<LineExplanation>& lines) {
  const AssetId asset = holding.asset;
  AssetExplanation result;
  result.asset = asset;
  result.balance = holding.amount.raw();
  Int128 maintenance = 0;
  Int128 initial = 0;
  Int128 initial_base = 0;
  for (const LineExplanation& line : lines) {
    const reference::Instrument& instrument =
        rules.reference.instruments[line.line.instrument.raw()];
    if (instrument.settle != asset || !line.line.counts()) continue;
    result.unrealised_pnl += line.unrealised_pnl;
    maintenance += line.maintenance;
    initial += line.initial;
    initial_base += line.initial_base;
  }
  result.net = result.balance + result.unrealised_pnl;
  result.others = holding.others;
  const bool skip_profit = !rules.profile.profit_is_available && result.unrealised_pnl > 0;
  result.available_net = skip_profit ? result.balance : result.net;
  if (!portfolio.multi_asset()) {
    result.recognised = result.value = result.worth = result.net;
    result.available_worth = result.available_net;
    result.maintenance = maintenance;
    result.initial = initial;
    result.initial_base = initial_base;
    return result;
  }
  result.index = rules.market.low.index(asset);
  if (result.index.raw() == 0) return result;
  const auto convert = [&](Int128 amount) {
    return convert_ceil(rules.reference, asset, amount, result.index);
  };
  result.maintenance = convert(maintenance);
  result.initial = convert(initial);
  result.initial_base = convert(initial_base);
  explain_worth(rules, result);
  explain_exchange(portfolio, rules, result);
  return result;
}

}  // namespace

Explanation explain(const Portfolio& portfolio, const reference::Reference& reference,
                    const marks::Marks& marks) {
  const reference::Profile& profile = reference.profiles[portfolio.profile.raw()];
  const Market market{marks};
  const Rules rules{reference, profile, market};
  Explanation result;
  result.profile_version = reference::hash_of(profile);
  for (const Line& line : portfolio.lines) {
    result.lines.push_back(explain_line(line, portfolio, rules));
  }
  Int128 equity = 0;
  Int128 maintenance = 0;
  for (const Holding& holding : portfolio.balances) {
    result.assets.push_back(explain_asset(holding, portfolio, rules, result.lines));
    const AssetExplanation& asset = result.assets.back();
    equity += asset.worth;
    maintenance += asset.maintenance + asset.debt_maintenance;
    result.assets_value += std::max<Int128>(0, asset.value);
    result.debts_value += std::max<Int128>(0, -asset.value);
  }
  const Worth now = evaluate(portfolio, reference, market, {});
  const Worth initial =
      evaluate(portfolio, reference, market,
               {.kind = Kind::initial, .without_profit = !profile.profit_is_available});
  const Worth withdrawal =
      evaluate(portfolio, reference, market,
               {.kind = Kind::withdrawal, .without_profit = !profile.profit_is_available});
  result.complete = now.complete;
  result.equity = now.equity;
  result.maintenance_margin = now.requirement;
  result.available_equity = initial.equity;
  result.initial_margin = initial.requirement;
  result.withdrawal_margin = withdrawal.requirement;
  PLIMSOLL_ASSERT(!now.complete || (equity == now.equity && maintenance == now.requirement));
  return result;
}

}  // namespace plimsoll::margin
