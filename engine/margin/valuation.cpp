#include "engine/margin/valuation.hpp"

#include <algorithm>

#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::margin {
namespace {

using reference::Profile;

bool marked(const Line& line, const Market& market) noexcept {
  return market.low.known(line.instrument);
}

/// Sums of the lines that settle in one asset.
struct Settled {
  Int128 profit{0};  // sum of value - entry value
  Int128 requirement{0};
  Int128 room{kNoJump};
  bool complete{true};
  bool used{false};
};

Settled settle_lines(const Portfolio& portfolio, AssetId asset, const Rules& rules, Kind kind) {
  Settled result;
  for (const Line& line : portfolio.lines) {
    const reference::Instrument& instrument = rules.reference.instruments[line.instrument.raw()];
    if (instrument.settle != asset || !line.counts()) continue;
    result.used = true;
    if (!marked(line, rules.market)) {
      result.complete = false;
      continue;
    }
    result.profit +=
        value_of(instrument, line.quantity, line.instrument, rules.market) - line.entry_value.raw();
    result.requirement += requirement_of(line, portfolio.orders, kind, rules, &result.room);
  }
  return result;
}

Int128 finish_lines(Int128 requirement, Kind kind, const Profile& profile) noexcept {
  const Rate factor = factor_of(kind, profile);
  return factor.raw() == 0 ? requirement : threshold(requirement, factor, profile);
}

bool falls_short(Int128 equity, Int128 maintenance, Int128 required, bool at_equality) noexcept {
  return equity < required || (equity == required && at_equality && maintenance > 0);
}

/// How far the value of a debt may move before it is exchanged.
Int128 exchange_room(const Holding& holding, const Rules& rules) {
  const reference::Collateral* rule = reference::find_collateral(rules.profile, holding.asset);
  if (rule == nullptr || rule->exchange_above.raw() == 0 || holding.amount.raw() >= 0) {
    return kNoJump;
  }
  const Int128 debt = -convert_floor(rules.reference, holding.asset, holding.amount.raw(),
                                     rules.market.high.index(holding.asset));
  return rule->exchange_above.raw() - debt;
}

/// One asset of a multi-asset portfolio.
void add_asset(const Portfolio& portfolio, const Holding& holding, const Rules& rules,
               const Question& question, Worth& worth, Int128& lines_requirement) {
  const AssetId asset = holding.asset;
  const Settled lines = settle_lines(portfolio, asset, rules, question.kind);
  worth.complete = worth.complete && lines.complete;
  if (holding.amount.raw() == 0 && !lines.used) return;
  if (!rules.market.low.indexed(asset)) {
    worth.complete = false;
    return;
  }
  const bool skip_profit = question.without_profit && lines.profit > 0;
  const Int128 net = holding.amount.raw() + (skip_profit ? 0 : lines.profit);
  const Price index = rules.market.high.index(asset);
  worth.equity += worth_of(asset, net, holding.others, rules);
  worth.requirement += debt_charge(asset, net, question.kind, rules);
  const Int128 required = convert_ceil(rules.reference, asset, lines.requirement, index);
  lines_requirement += required;
  const Int128 held = std::max(magnitude(net), magnitude(holding.amount.raw()));
  worth.indexed += convert_ceil(rules.reference, asset, held, index) + required;
  // The room is in the asset, and the index may move before it is used up: none is kept.
  if (lines.room != kNoJump) worth.room = -1;
  worth.room = std::min(worth.room, exchange_room(holding, rules));
}

}  // namespace

Worth evaluate(const Portfolio& portfolio, const reference::Reference& reference,
               const Market& market, const Question& question) {
  const Profile& profile = reference.profiles[portfolio.profile.raw()];
  const Rules rules{reference, profile, market};
  Worth worth;
  Int128 requirement = 0;
  if (portfolio.multi_asset()) {
    for (const Holding& holding : portfolio.balances) {
      add_asset(portfolio, holding, rules, question, worth, requirement);
    }
  } else {
    const Settled lines = settle_lines(portfolio, portfolio.asset, rules, question.kind);
    const bool skip_profit = question.without_profit && lines.profit > 0;
    worth.equity = portfolio.balances.front().amount.raw() + (skip_profit ? 0 : lines.profit);
    requirement = lines.requirement;
    worth.room = lines.room;
    worth.complete = lines.complete;
  }
  worth.requirement += finish_lines(requirement, question.kind, profile);
  return worth;
}

Int128 threshold(Int128 maintenance, Rate factor, const Profile& profile) noexcept {
  if (factor.raw() == kRateOne) return maintenance;
  const Int128 scaled = maintenance * factor.raw();
  return profile.threshold_rounding == reference::Rounding::up ? reference::unscale_ceil(scaled)
                                                               : reference::unscale_floor(scaled);
}

bool below(Int128 equity, Int128 maintenance, Rate factor, const Profile& profile) noexcept {
  return falls_short(equity, maintenance, threshold(maintenance, factor, profile),
                     profile.breach_at_equality);
}

bool below_trigger(Int128 equity, Int128 maintenance, const Profile& profile) noexcept {
  return falls_short(equity, maintenance, threshold(maintenance, profile.call_trigger, profile),
                     profile.call_at_equality);
}

bool ruined(Int128 equity, Int128 maintenance, const Profile& profile) noexcept {
  if (equity < 0) return true;
  return profile.takeover_below.raw() != 0 &&
         below(equity, maintenance, profile.takeover_below, profile);
}

Valuer::Valuer(const reference::Reference& reference, const ledger::Ledger& ledger,
               const marks::Marks& marks)
    : reference_{reference}, ledger_{ledger}, marks_{marks}, corner_{reference} {
  scratch_.balances.reserve(reference.assets.size() + 1);
  scratch_.lines.reserve(2 * reference.instruments.size());
  parts_.reserve(2 * reference.instruments.size());
  constexpr std::size_t kOrders = 1024;  // beyond that a copy allocates
  scratch_.orders.reserve(kOrders);
}

Portfolio& Valuer::copy(ledger::AccountIndex account) const {
  copy_account(ledger_, account, scratch_);
  return scratch_;
}

Valuation Valuer::revalue_single(ledger::AccountIndex account, const Profile& profile) const {
  Int128 equity = ledger_.account(account).balance.raw();
  Int128 maintenance = 0;
  Valuation result;
  parts_.clear();
  ledger_.for_each_position(account, [&](const ledger::Position& position) {
    if (!position.counts()) return;
    if (!marks_.known(position.instrument)) {
      result.complete = false;
      return;
    }
    const Terms terms{reference_, marks_, position.instrument, position.quantity.raw() > 0};
    const Contribution& part =
        parts_.emplace_back(contribution_of(position.quantity, terms.mark, terms, profile));
    equity += part.value - position.entry_value.raw();
    maintenance += part.requirement;
    result.room = std::min(result.room, part.room);
  });
  result.equity = Amount::from_raw(narrow(equity));
  result.maintenance_margin = Amount::from_raw(narrow(maintenance));
  result.parts = parts_;
  return result;
}

Valuation Valuer::revalue(ledger::AccountIndex account) const {
  const ledger::Account& holder = ledger_.account(account);
  const Profile& profile = reference_.profiles[holder.profile.raw()];
  // Most accounts need no copy.
  if (holder.mode != MarginMode::multi_asset && is_plain(profile)) {
    return revalue_single(account, profile);
  }
  return revalue_at(account, marks_);
}

Valuation Valuer::revalue_at(ledger::AccountIndex account, const marks::Marks& at) const {
  const Worth worth = evaluate(copy(account), reference_, Market{at}, {});
  return {.equity = Amount::from_raw(narrow(worth.equity)),
          .maintenance_margin = Amount::from_raw(narrow(worth.requirement)),
          .complete = worth.complete,
          .room = worth.room,
          .indexed = worth.indexed};
}

// Prices that are not sure.

Doubt Valuer::doubt_of(ledger::AccountIndex account) const {
  Doubt doubt;
  if (!marks_.any_unsure()) return doubt;
  const auto add = [&doubt](const marks::Move& state) {
    doubt.unsure = doubt.unsure || !state.sure();
    doubt.frozen = doubt.frozen || state.frozen;
  };
  const bool multi = ledger_.account(account).mode == MarginMode::multi_asset;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    if (!line.counts()) return;
    add(marks_.state(line.instrument));
    if (multi) add(marks_.state(reference_.instruments[line.instrument.raw()].settle));
  });
  if (!multi) return doubt;
  ledger_.for_each_balance(account, [&](AssetId asset, Amount amount) {
    if (amount.raw() != 0) add(marks_.state(asset));
  });
  return doubt;
}

template <class Id, class Score>
void Valuer::choose(Id id, End end, Score&& score) const {
  const marks::Move state = marks_.state(id);
  if (state.low == state.high) return;
  const auto at = [&](Price price) {
    marks::Move move = state;
    move.price = move.low = move.high = price;
    move.frozen = false;
    corner_.apply(move);
    return score();
  };
  // What shows lies between the ends, and where tables jump it may be better than both.
  Price best = state.low;
  Int128 best_score = at(state.low);
  for (const Price price : {state.price, state.high}) {
    const Int128 other = at(price);
    if (end == End::favourable ? other <= best_score : other >= best_score) continue;
    best = price;
    best_score = other;
  }
  (void)at(best);
}

const marks::Marks& Valuer::corner(const Portfolio& portfolio, Kind kind, End end) const {
  corner_ = marks_;
  const Market market{corner_};
  const Rules rules{reference_, reference_.profiles[portfolio.profile.raw()], market};
  InstrumentId last = kNoInstrument;
  for (const Line& of : portfolio.lines) {
    if (!of.counts() || of.instrument == last || !marks_.known(of.instrument)) continue;
    last = of.instrument;
    choose(of.instrument, end, [&] {
      Int128 score = 0;
      for (const Line& line : portfolio.lines) {
        if (line.instrument != of.instrument || !line.counts()) continue;
        score += value_of(reference_.instruments[line.instrument.raw()], line.quantity,
                          line.instrument, market) -
                 requirement_of(line, portfolio.orders, kind, rules);
      }
      return score;
    });
  }
  if (!portfolio.multi_asset()) return corner_;
  for (const Holding& holding : portfolio.balances) {
    if (!marks_.indexed(holding.asset)) continue;
    choose(holding.asset, end, [&] {
      Worth worth;
      Int128 required = 0;
      add_asset(portfolio, holding, rules, {.kind = kind}, worth, required);
      return worth.equity - worth.requirement - required;
    });
  }
  return corner_;
}

Worth Valuer::worst(const Portfolio& portfolio, const Question& question) const {
  const marks::Marks& at =
      marks_.any_unsure() ? corner(portfolio, question.kind, End::worst) : marks_;
  return evaluate(portfolio, reference_, Market{at}, question);
}

Int128 Valuer::maintenance_of(const ledger::Position& position) const {
  const Portfolio& portfolio = copy(position.account);
  const Profile& profile = reference_.profiles[portfolio.profile.raw()];
  const Market market{marks_};
  const Rules rules{reference_, profile, market};
  for (const Line& line : portfolio.lines) {
    if (line.instrument != position.instrument || line.side != position.side) continue;
    const Int128 required = requirement_of(line, portfolio.orders, Kind::maintenance, rules);
    if (!portfolio.multi_asset()) return required;
    const AssetId settle = reference_.instruments[line.instrument.raw()].settle;
    return convert_ceil(reference_, settle, required, marks_.index(settle));
  }
  return 0;
}

bool Valuer::complete(ledger::AccountIndex account) const {
  bool complete = true;
  const bool multi = ledger_.account(account).mode == MarginMode::multi_asset;
  ledger_.for_each_position(account, [&](const ledger::Position& line) {
    if (!line.counts()) return;
    const AssetId settle = reference_.instruments[line.instrument.raw()].settle;
    complete = complete && marks_.known(line.instrument) && (!multi || marks_.indexed(settle));
  });
  ledger_.for_each_balance(account, [&](AssetId asset, Amount amount) {
    complete = complete && (!multi || amount.raw() == 0 || marks_.indexed(asset));
  });
  return complete;
}

bool Valuer::carries_initial(const Portfolio& portfolio) const {
  const Profile& profile = reference_.profiles[portfolio.profile.raw()];
  const Worth worth =
      worst(portfolio, {.kind = Kind::initial, .without_profit = !profile.profit_is_available});
  return worth.equity >= worth.requirement;
}

Amount Valuer::available(ledger::AccountIndex account, AssetId asset) const {
  Portfolio& portfolio = copy(account);
  const Profile& profile = reference_.profiles[portfolio.profile.raw()];
  const std::int64_t balance = portfolio.balance(asset).amount.raw();
  const auto carries = [&](std::int64_t withdrawn) {
    portfolio.balance(asset).amount = Amount::from_raw(balance - withdrawn);
    const Worth worth = worst(
        portfolio, {.kind = Kind::withdrawal, .without_profit = !profile.profit_is_available});
    return worth.equity >= worth.requirement;
  };
  std::int64_t low = 0;
  std::int64_t high = std::max<std::int64_t>(0, balance);
  if (!carries(0)) return {};
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (carries(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Amount::from_raw(low);
}

}  // namespace plimsoll::margin
