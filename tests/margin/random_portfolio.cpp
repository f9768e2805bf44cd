#include "tests/margin/random_portfolio.hpp"

#include <algorithm>

#include "engine/reference/turnover.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::margin {
namespace {

using reference::Reference;

Quantity whole_lots(const reference::Instrument& instrument, Int128 quantity) {
  const std::int64_t lot = instrument.lot.raw();
  return Quantity::from_raw(std::max<std::int64_t>(1, narrow(quantity) / lot) * lot);
}

/// A price near another, within the instrument's range.
Price near(const reference::Instrument& instrument, Price price, support::Random& random) {
  const Int128 moved = Int128{price.raw()} * random.between(800, 1'200) / 1'000;
  return Price::from_raw(
      narrow(std::clamp<Int128>(moved, instrument.price_min.raw(), instrument.price_max.raw())));
}

void add_orders(Portfolio& portfolio, const reference::Instrument& instrument, Line& line,
                Price mark, support::Random& random) {
  const Int128 size = std::max<std::int64_t>(line.quantity.raw(), -line.quantity.raw());
  for (int i = 0; i < 2; ++i) {
    const bool buys =
        line.side == PositionSide::net ? random.chance(500) : line.side == PositionSide::long_side;
    const Quantity quantity = whole_lots(instrument, size * random.between(1, 15) / 10);
    (buys ? line.buys : line.sells) += quantity;
    portfolio.orders.push_back({.instrument = line.instrument,
                                .side = line.side,
                                .remaining = buys ? quantity : -quantity,
                                .limit = near(instrument, mark, random)});
  }
}

void add_line(const Reference& reference, const marks::Marks& marks, InstrumentId id,
              PositionSide side, Portfolio& portfolio, support::Random& random) {
  const reference::Instrument& instrument = reference.instruments[id.raw()];
  const int decimals = reference.assets[instrument.settle.raw()].decimals;
  const Int128 dollars = Int128{random.between(100, 3'000'000)} * power_of_ten(decimals);
  const Int128 notional = instrument.kind == reference::Kind::inverse ? dollars / 20'000 : dollars;
  const Quantity size = whole_lots(
      instrument, reference::quantity_of(instrument, std::max<Int128>(1, notional), marks.of(id)));
  const bool buys =
      side == PositionSide::net ? random.chance(500) : side == PositionSide::long_side;
  Line line{};
  line.instrument = id;
  line.side = side;
  line.quantity = buys ? size : -size;
  const Price entry = near(instrument, marks.of(id), random);
  line.entry_value =
      Amount::from_raw(narrow(reference::turnover(instrument, line.quantity.raw(), entry).ceil()));
  if (random.chance(300)) line.leverage = Rate::from_raw(kRateOne * random.between(1, 10));
  const reference::Profile& profile = reference.profiles[portfolio.profile.raw()];
  if (profile.aggregate_by_owner && random.chance(500)) {
    line.others = Int128{size.raw()} * random.between(1, 20);
  }
  if (random.chance(300)) add_orders(portfolio, instrument, line, marks.of(id), random);
  portfolio.lines.push_back(line);
}

/// Sets the equity to `level` (1e-3) times maintenance and a little, by the first balance.
void fund(const Reference& reference, const marks::Marks& marks, Portfolio& portfolio,
          std::int64_t level) {
  const Worth worth = evaluate(portfolio, reference, Market{marks}, {});
  const Int128 wanted = worth.requirement * level / 1'000 + level;
  Amount& balance = portfolio.balances.front().amount;
  balance = Amount::from_raw(narrow(balance.raw() + wanted - worth.equity));
}

}  // namespace

marks::Marks starting_marks(const Reference& reference, support::Random& random) {
  marks::Marks marks{reference};
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    const InstrumentId id = InstrumentId::from_raw(i);
    const reference::Instrument& instrument = reference.instruments[i];
    if (instrument.kind == reference::Kind::spot) continue;
    marks.set(id, near(instrument, support::starting_price(instrument), random));
    marks.set_funding(id, Rate::from_raw(random.between(-1'000'000, 1'000'000)));
  }
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const AssetId id = AssetId::from_raw(i);
    if (id == reference.numeraire || reference.assets[i].index_max.raw() == 0) continue;
    const std::int64_t highest = reference.assets[i].index_max.raw();
    marks.set_index(id, Price::from_raw(random.between(highest / 1'000 + 1, highest / 20 + 1)));
  }
  return marks;
}

Portfolio random_portfolio(const Reference& reference, const marks::Marks& marks,
                           support::Random& random) {
  Portfolio portfolio;
  portfolio.profile =
      ProfileId::from_raw(static_cast<std::uint32_t>(random.below(reference.profiles.size())));
  const bool multi = reference.numeraire != kNoAsset && random.chance(400);
  portfolio.mode = multi ? MarginMode::multi_asset : MarginMode::cross;
  std::vector<std::uint32_t> fit;
  portfolio.asset = multi ? reference.numeraire : support::kUsdt;
  if (!multi && random.chance(300)) {
    for (const reference::Instrument& instrument : reference.instruments) {
      if (instrument.kind == reference::Kind::inverse) portfolio.asset = instrument.settle;
    }
  }
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    const reference::Instrument& instrument = reference.instruments[i];
    if (instrument.kind == reference::Kind::spot) continue;
    if (multi ? marks.indexed(instrument.settle) : instrument.settle == portfolio.asset) {
      fit.push_back(i);
    }
  }
  portfolio.balances.push_back({.asset = portfolio.asset, .amount = {}, .others = 0});
  const bool hedge = random.chance(300);
  for (const std::uint32_t i : fit) {
    if (random.chance(400)) continue;
    const InstrumentId id = InstrumentId::from_raw(i);
    if (multi) portfolio.balance(reference.instruments[i].settle);
    if (!hedge) {
      add_line(reference, marks, id, PositionSide::net, portfolio, random);
      continue;
    }
    add_line(reference, marks, id, PositionSide::long_side, portfolio, random);
    if (random.chance(700)) {
      add_line(reference, marks, id, PositionSide::short_side, portfolio, random);
    }
  }
  if (multi) {
    for (const reference::Collateral& rule :
         reference.profiles[portfolio.profile.raw()].collateral) {
      if (rule.asset == reference.numeraire || random.chance(400)) continue;
      const std::int64_t unit = power_of_ten(reference.assets[rule.asset.raw()].decimals);
      portfolio.balance(rule.asset).amount =
          Amount::from_raw(unit / 100 * random.between(-200, 2'000));
    }
  }
  fund(reference, marks, portfolio, random.between(1'001, 3'000));
  return portfolio;
}

}  // namespace plimsoll::margin
