#include <algorithm>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "What an account is worth" of engine/README.md. `counted` is the account as it is in the
// books; it is another one than `account` where that is hypothetical: with less balance, or with
// the orders of a liquidation step filled.

namespace plimsoll::oracle {
namespace {

/// S(x) in units of 1e-9: each part of x at the ratio of its step.
Int128 stepped(const reference::Collateral& rule, Int128 x) {
  Int128 sum = 0;
  Int128 from = 0;
  for (const reference::CollateralStep& step : rule.steps) {
    const bool endless = step.up_to == reference::CollateralStep::kNoEnd;
    const Int128 to = endless ? x : std::min(x, Int128{step.up_to});
    if (to <= from) break;
    sum += (to - from) * step.ratio.raw();
    from = to;
  }
  return sum;
}

const reference::Collateral* rule_for(const reference::Profile& profile, std::uint32_t asset) {
  for (const reference::Collateral& rule : profile.collateral) {
    if (rule.asset.raw() == asset) return &rule;
  }
  return nullptr;
}

/// What counts of a whole of `net`, which is part of an owner's `total`.
Int128 counted_part(const reference::Collateral& rule, Int128 net, Int128 total) {
  if (total == 0) return 0;
  return floor_of_product(floor_of(stepped(rule, total), kOne), net, total);
}

/// What may leave, debts apart: with withdrawal_factor a threshold of its own.
Int128 withdrawal_of(const reference::Profile& profile, const Valuation& worth) {
  if (profile.withdrawal_factor.raw() == 0) return worth.initial;
  return threshold_of(profile, worth.scaled, profile.withdrawal_factor);
}

}  // namespace

const reference::Profile& Oracle::profile_of(const Account& account) const {
  return reference_.profiles[account.profile.raw()];
}

/// Every mark and index as it shows.
Prices Oracle::shown() const {
  Prices prices;
  const auto known = [](Int128 price) {
    return price == 0 ? std::nullopt : std::optional<Int128>{price};
  };
  for (const Market& market : world_.markets) {
    prices.marks.push_back(known(market.factor.view.price));
  }
  for (std::uint32_t i = 0; i < world_.assets.size(); ++i) {
    prices.indices.push_back(known(asset_view(i).price));
  }
  return prices;
}

/// What the corner is chosen for: the profit or loss of a line less what is asked of it.
Margin Oracle::margin_of(const reference::Profile& profile, Asked asked) {
  if (asked == Asked::maintenance) return Margin::maintenance;
  const bool leaves = asked == Asked::withdrawal && profile.withdrawal_factor.raw() != 0;
  return leaves || profile.initial_factor.raw() != 0 ? Margin::scaled : Margin::initial;
}

/// The corner of the market that is best for the account (`favourable`) or worst: first each mark,
/// then at those marks each index.
Prices Oracle::corner_of(const Account& account, const Account& counted, Asked asked) const {
  bool favourable = asked == Asked::maintenance;
  if (mistake_ == Mistake::worst_corner_is_what_shows && !favourable) return shown();
  if (mistake_ == Mistake::corners_swapped) favourable = !favourable;
  const reference::Profile& profile = profile_of(account);
  const Margin margin = margin_of(profile, asked);
  Prices prices = shown();
  std::set<std::uint32_t> instruments;
  for (const LineKey& line : account.lines()) {
    if (account.counts(line)) instruments.insert(line.instrument);
  }
  const auto choose = [&](std::optional<Int128>& price, const View& view, const auto& size) {
    if (view.low == view.high || view.price == 0) return;
    price = view.high;
    const Int128 at_high = size();
    price = view.low;
    const Int128 at_low = size();
    if (favourable ? at_high > at_low : at_high < at_low) price = view.high;
  };
  for (const std::uint32_t instrument : instruments) {
    choose(prices.marks[instrument], world_.markets[instrument].factor.view, [&] {
      Int128 sum = 0;
      for (const LineKey& line : account.lines()) {
        if (line.instrument != instrument || !account.counts(line)) continue;
        sum += turnover_down(reference_.instruments[instrument], account.position(line).quantity,
                             *prices.marks[instrument]) -
               requirement(account, line, margin, counted, prices);
      }
      return sum;
    });
  }
  if (account.mode != MarginMode::multi_asset) return prices;
  const Sums sums = sums_of(account, counted, prices);
  for (const auto& [asset, sum] : sums.assets) {
    choose(prices.indices[asset], asset_view(asset), [&, asset = asset, &sum = sum] {
      const Int128 debt = -convert_floor(asset, std::min(sum.net(), Int128{0}), prices);
      Int128 required = sum.maintenance;
      Rate rate = profile.debt_maintenance;
      if (asked != Asked::maintenance) {
        required = margin == Margin::scaled ? sum.scaled : sum.initial;
        rate = asked == Asked::withdrawal ? profile.debt_withdrawal : profile.debt_initial;
      }
      return worth_of(asset, sum.net(), counted, prices) - fee_of(debt, rate.raw()) -
             convert_ceil(asset, required, prices);
    });
  }
  return prices;
}

Int128 Oracle::mark_of(std::uint32_t instrument) const {
  const Int128 mark = world_.markets[instrument].factor.view.price;
  PLIMSOLL_ASSERT(mark != 0);
  return mark;
}

/// Is a price frozen that the account depends on?
bool Oracle::depends_on_frozen(const Account& account) const {
  std::set<std::uint32_t> assets;
  for (const LineKey& line : account.lines()) {
    if (!account.counts(line)) continue;
    if (world_.markets[line.instrument].factor.view.is_frozen()) return true;
    assets.insert(reference_.instruments[line.instrument].settle.raw());
  }
  if (account.mode != MarginMode::multi_asset) return false;
  for (const auto& [asset, balance] : account.balances) {
    if (balance != 0) assets.insert(asset);
  }
  return std::any_of(assets.begin(), assets.end(),
                     [&](std::uint32_t asset) { return asset_view(asset).is_frozen(); });
}

const reference::Tiers& Oracle::tiers_of(std::uint32_t instrument, bool is_long) const {
  const Market& market = world_.markets[instrument];
  return reference_.tiers[(is_long ? market.tiers_long : market.tiers_short).raw()];
}

Int128 Oracle::index_divisor_of(std::uint32_t asset) const {
  if (asset == reference_.numeraire.raw()) return 1;
  return ten_to(9 + reference_.assets[asset].decimals -
                reference_.assets[reference_.numeraire.raw()].decimals);
}

Int128 Oracle::convert_floor(std::uint32_t asset, Int128 amount, const Prices& prices) const {
  return floor_of_product(amount, prices.indices[asset].value(), index_divisor_of(asset));
}

Int128 Oracle::convert_ceil(std::uint32_t asset, Int128 amount, const Prices& prices) const {
  return ceil_of_product(amount, prices.indices[asset].value(), index_divisor_of(asset));
}

LineTerms Oracle::terms_of(const Account& account, const LineKey& line, Int128 mark,
                           const Account& counted) const {
  const reference::Instrument& instrument = reference_.instruments[line.instrument];
  const Market& market = world_.markets[line.instrument];
  const auto leverage = account.leverage.find(line.instrument);
  LineTerms terms{.instrument = instrument,
                  .tiers_long = tiers_of(line.instrument, true),
                  .tiers_short = tiers_of(line.instrument, false),
                  .profile = profile_of(account),
                  .settle_decimals = reference_.assets[instrument.settle.raw()].decimals,
                  .mark = mark,
                  .open_interest = market.open_interest,
                  .funding_estimate = market.funding_estimate,
                  .leverage = leverage == account.leverage.end() ? 0 : leverage->second,
                  .others = 0};
  if (terms.profile.aggregate_by_owner) {
    terms.others = gross_for(counted, line.instrument) - absolute(counted.position(line).quantity);
  }
  return terms;
}

Int128 Oracle::requirement(const Account& account, const LineKey& line, Margin margin,
                           const Account& counted, const Prices& prices) const {
  return requirement_of(terms_of(account, line, prices.marks[line.instrument].value(), counted),
                        account.position(line), account.orders_of(line), margin);
}

/// Asset by asset; lines without a mark are left out.
Oracle::Sums Oracle::sums_of(const Account& account, const Account& counted,
                             const Prices& prices) const {
  Sums sums;
  for (const auto& [asset, balance] : account.balances) {
    if (balance != 0) sums.assets[asset].balance = balance;
  }
  for (const LineKey& line : account.lines()) {
    if (!account.counts(line)) continue;
    const reference::Instrument& instrument = reference_.instruments[line.instrument];
    AssetSum& sum = sums.assets[instrument.settle.raw()];
    const std::optional<Int128> mark = prices.marks[line.instrument];
    if (!mark) {
      sums.marked = false;
      continue;
    }
    const Position position = account.position(line);
    sum.pnl += turnover_down(instrument, position.quantity, *mark) - position.entry;
    sum.maintenance += requirement(account, line, Margin::maintenance, counted, prices);
    sum.initial += requirement(account, line, Margin::initial, counted, prices);
    sum.scaled += requirement(account, line, Margin::scaled, counted, prices);
  }
  return sums;
}

Valuation Oracle::value(AccountId id) const {
  return value(world_.accounts.at(id.raw()), shown());
}

Valuation Oracle::value(const Account& account, const Account& counted,
                        const Prices& prices) const {
  const Sums sums = sums_of(account, counted, prices);
  return account.mode == MarginMode::multi_asset ? value_multi(account, sums, counted, prices)
                                                 : value_single(account, sums);
}

/// Cross and isolated: everything is in the margin asset.
Valuation Oracle::value_single(const Account& account, const Sums& sums) const {
  const reference::Profile& profile = profile_of(account);
  Valuation worth;
  worth.marked = sums.marked;
  for (const auto& [asset, sum] : sums.assets) {
    worth.equity += sum.net();
    worth.available +=
        profile.profit_is_available ? sum.net() : sum.balance + std::min(sum.pnl, Int128{0});
    worth.maintenance += sum.maintenance;
    worth.initial += sum.initial;
    worth.scaled += sum.scaled;
  }
  if (profile.initial_factor.raw() != 0) {
    worth.initial = threshold_of(profile, worth.scaled, profile.initial_factor);
  }
  worth.initial_available = worth.initial;
  worth.initial_withdrawal = withdrawal_of(profile, worth);
  return worth;
}

/// Multi-asset: everything at its worth in the numeraire; an asset without an index is left out.
Valuation Oracle::value_multi(const Account& account, const Sums& sums, const Account& counted,
                              const Prices& prices) const {
  const reference::Profile& profile = profile_of(account);
  Valuation worth;
  worth.marked = sums.marked;
  Int128 debts_maintenance = 0;
  Int128 debts_initial = 0;
  Int128 debts_available = 0;
  Int128 debts_withdrawal = 0;
  for (const auto& [asset, sum] : sums.assets) {
    if (!prices.indices[asset]) {
      worth.marked = false;
      continue;
    }
    const bool counts = profile.profit_is_available || sum.pnl < 0;
    const Int128 available = counts ? sum.net() : sum.balance;
    worth.equity += worth_of(asset, sum.net(), counted, prices);
    worth.available += worth_of(asset, available, counted, prices);
    worth.maintenance += convert_ceil(asset, sum.maintenance, prices);
    worth.initial += convert_ceil(asset, sum.initial, prices);
    worth.scaled += convert_ceil(asset, sum.scaled, prices);
    const Int128 debt = -convert_floor(asset, std::min(sum.net(), Int128{0}), prices);
    debts_maintenance += fee_of(debt, profile.debt_maintenance.raw());
    debts_initial += fee_of(debt, profile.debt_initial.raw());
    const Int128 debt_then = -convert_floor(asset, std::min(available, Int128{0}), prices);
    debts_available += fee_of(debt_then, profile.debt_initial.raw());
    debts_withdrawal += fee_of(debt_then, profile.debt_withdrawal.raw());
  }
  if (profile.initial_factor.raw() != 0) {
    worth.initial = threshold_of(profile, worth.scaled, profile.initial_factor);
  }
  worth.initial_withdrawal = withdrawal_of(profile, worth) + debts_withdrawal;
  worth.maintenance += debts_maintenance;
  worth.initial_available = worth.initial + debts_available;
  worth.initial += debts_initial;
  return worth;
}

/// worth(net) of an asset in an account in multi-asset mode.
Int128 Oracle::worth_of(std::uint32_t asset, Int128 net, const Account& counted,
                        const Prices& prices) const {
  const reference::Collateral* rule = rule_for(profile_of(counted), asset);
  if (net < 0) {
    const Int128 weight = rule == nullptr ? kOne : Int128{rule->liability_weight.raw()};
    return floor_of_product(convert_floor(asset, net, prices), weight, kOne);
  }
  if (rule != nullptr) return collateral_of(*rule, net, counted, prices);
  return asset == reference_.numeraire.raw() ? net : 0;
}

/// What an amount of at least zero counts, by the steps of its asset.
Int128 Oracle::collateral_of(const reference::Collateral& rule, Int128 net, const Account& counted,
                             const Prices& prices) const {
  const std::uint32_t asset = rule.asset.raw();
  Int128 total = net;
  if (profile_of(counted).aggregate_by_owner) {
    const Int128 own = std::max(counted.balance(asset), Int128{0});
    const Int128 all = held_for(counted, asset) - own + net;
    const Int128 most =
        std::min(Int128{1} << 64, (Int128{1} << 126) / prices.indices[asset].value());
    total = std::max(net, std::min(all, most));
  }
  const Int128 factor = world_.assets[asset].factor;
  if (rule.measure == reference::TierMeasure::value) {
    const Int128 part =
        counted_part(rule, convert_floor(asset, net, prices), convert_floor(asset, total, prices));
    return floor_of_product(part, factor, kOne);
  }
  const Int128 part = counted_part(rule, net, total);
  return convert_floor(asset, floor_of_product(part, factor, kOne), prices);
}

/// The most that may leave of an asset. REQUIRES: fully marked.
Int128 Oracle::available_for(const Account& account, AssetId asset) const {
  const auto may_leave = [&](Int128 amount) {
    Account rest = account;
    rest.balances[asset.raw()] -= amount;
    const Valuation worth = value(rest, account, corner_of(rest, account, Asked::withdrawal));
    return worth.available >= worth.initial_withdrawal;
  };
  Int128 low = 0;
  Int128 high = std::max(account.balance(asset.raw()), Int128{0});
  if (!may_leave(0)) return 0;
  while (low < high) {
    const Int128 middle = (low + high + 1) / 2;
    if (may_leave(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

Int128 Oracle::gross_for(const Account& account, std::uint32_t instrument) const {
  const auto whole = totals_.gross.find({account.owner.raw(), instrument});
  const auto own = totals_.own_gross.find({account.id.raw(), instrument});
  Int128 sum = whole == totals_.gross.end() ? 0 : whole->second;
  if (own != totals_.own_gross.end()) sum -= own->second;
  for (const auto& [line, position] : account.positions) {
    if (line.instrument == instrument) sum += absolute(position.quantity);
  }
  return sum;
}

Int128 Oracle::held_for(const Account& account, std::uint32_t asset) const {
  const auto whole = totals_.held.find({account.owner.raw(), asset});
  const auto own = totals_.own_held.find({account.id.raw(), asset});
  Int128 sum = whole == totals_.held.end() ? 0 : whole->second;
  if (own != totals_.own_held.end()) sum -= own->second;
  return sum + std::max(account.balance(asset), Int128{0});
}

Totals Oracle::compute_totals() const {
  Totals totals;
  for (const auto& [id, account] : world_.accounts) {
    if (!profile_of(account).aggregate_by_owner) continue;
    for (const auto& [line, position] : account.positions) {
      totals.gross[{account.owner.raw(), line.instrument}] += absolute(position.quantity);
      totals.own_gross[{id, line.instrument}] += absolute(position.quantity);
    }
    for (const auto& [asset, balance] : account.balances) {
      if (balance <= 0) continue;
      totals.held[{account.owner.raw(), asset}] += balance;
      totals.own_held[{id, asset}] += balance;
    }
  }
  return totals;
}

}  // namespace plimsoll::oracle
