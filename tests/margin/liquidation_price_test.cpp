// Goal: a reported liquidation price is the first one, to the last digit of a price. Method: random
// accounts of every kind; at the price found the account is in breach, one unit of price nearer it
// is not, and no price in between that is tried is.

#include "engine/margin/liquidation_price.hpp"

#include <cstdlib>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "tests/margin/random_portfolio.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::margin {
namespace {

Worth worth_at(const Portfolio& portfolio, const reference::Reference& reference,
               marks::Marks marks, const Factor& factor, Price price) {
  if (factor.is_index()) {
    marks.set_index(factor.asset, price);
  } else {
    marks.set(factor.instrument, price);
  }
  return evaluate(portfolio, reference, Market{marks}, {});
}

bool breached_at(const Portfolio& portfolio, const reference::Reference& reference,
                 const marks::Marks& marks, const Factor& factor, Price price) {
  const Worth worth = worth_at(portfolio, reference, marks, factor, price);
  return below(worth.equity, worth.requirement, Rate::from_raw(kRateOne),
               reference.profiles[portfolio.profile.raw()]);
}

Int128 excess_at(const Portfolio& portfolio, const reference::Reference& reference,
                 const marks::Marks& marks, const Factor& factor, Price price) {
  const Worth worth = worth_at(portfolio, reference, marks, factor, price);
  return worth.equity - worth.requirement;
}

/// What was found, by name.
using Counts = std::map<std::string, std::uint64_t>;

void check_side(const Portfolio& portfolio, const reference::Reference& reference,
                const marks::Marks& marks, const Factor& factor, const SidePrice& side, Price now,
                support::Random& random, Counts& counts) {
  ++counts[std::string{factor.is_index() ? "index " : "mark "} + to_string(side.reason)];
  ASSERT_NE(side.reason, NoPrice::not_marked);
  if (!side.found()) return;
  ASSERT_TRUE(breached_at(portfolio, reference, marks, factor, side.price));
  const std::int64_t step = side.price < now ? 1 : -1;
  const Price nearer = Price::from_raw(side.price.raw() + step);
  ASSERT_FALSE(breached_at(portfolio, reference, marks, factor, nearer))
      << side.price.raw() << " from " << now.raw();
  const Int128 excess = excess_at(portfolio, reference, marks, factor, side.price);
  const Int128 before = excess_at(portfolio, reference, marks, factor, nearer);
  ASSERT_TRUE(excess <= 0 && before >= 0);
  // Within a unit of zero, but where a single 1e-9 of the price moves the account by more.
  ++counts[excess >= -1 ? "excess within one unit of zero" : "a step of the price moves more"];
  ASSERT_TRUE(excess >= -1 || before - excess > 1);
  for (int i = 0; i < 4; ++i) {
    const std::int64_t low = std::min(nearer.raw(), now.raw());
    const Price between = Price::from_raw(random.between(low, std::max(nearer.raw(), now.raw())));
    ASSERT_FALSE(breached_at(portfolio, reference, marks, factor, between));
  }
}

void check_account(const Portfolio& portfolio, const reference::Reference& reference,
                   const marks::Marks& marks, support::Random& random, Counts& counts) {
  std::vector<Factor> factors;
  for (const Line& line : portfolio.lines) factors.push_back({.instrument = line.instrument});
  for (const Holding& holding : portfolio.balances) {
    if (portfolio.multi_asset() && holding.asset != portfolio.asset) {
      factors.push_back({.asset = holding.asset});
    }
  }
  if (factors.empty()) return;
  const Factor factor = factors[random.below(factors.size())];
  const LiquidationPrices prices = liquidation_prices(portfolio, reference, marks, factor);
  const Price now = factor.is_index() ? marks.index(factor.asset) : marks.of(factor.instrument);
  for (const SidePrice& side : {prices.below, prices.above}) {
    ASSERT_NO_FATAL_FAILURE(
        check_side(portfolio, reference, marks, factor, side, now, random, counts));
  }
  ++counts["accounts"];
}

TEST(LiquidationPrice, IsTheFirstPriceThatBreachesForAccountsOfEveryKind) {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  const std::uint64_t seeds = 44 * (factor == nullptr ? 1 : std::strtoull(factor, nullptr, 10));
  Counts counts;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    support::Random random{seed};
    for (int i = 0; i < 500; ++i) {
      const marks::Marks marks = starting_marks(reference, random);
      const Portfolio portfolio = random_portfolio(reference, marks, random);
      ASSERT_NO_FATAL_FAILURE(check_account(portfolio, reference, marks, random, counts))
          << "seed " << seed << " account " << i;
    }
  }
  for (const auto& [what, count] : counts) std::cout << what << ": " << count << "\n";
  EXPECT_GT(counts["mark found"], seeds * 100);
  EXPECT_GT(counts["index found"], seeds * 5);
  EXPECT_LT(counts["mark too_fine"] + counts["index too_fine"], seeds / 4 + 1);
}

// The bounds that the search rests on: no state inside a market is worse than the market's worst.
TEST(LiquidationPrice, AMarketOfTwoEndsBoundsEveryStateBetween) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    support::Random random{seed ^ 0xabcdU};
    for (int i = 0; i < 100; ++i) {
      const marks::Marks low = starting_marks(reference, random);
      const Portfolio portfolio = random_portfolio(reference, low, random);
      marks::Marks high = low;
      marks::Marks inside = low;
      for (std::uint32_t k = 0; k < reference.instruments.size(); ++k) {
        const InstrumentId id = InstrumentId::from_raw(k);
        if (!low.known(id)) continue;
        const std::int64_t from = low.of(id).raw();
        const std::int64_t to = std::min(from + from / random.between(2, 1'000),
                                         reference.instruments[k].price_max.raw());
        high.set(id, Price::from_raw(to));
        inside.set(id, Price::from_raw(random.between(from, to)));
      }
      for (std::uint32_t k = 0; k < reference.assets.size(); ++k) {
        const AssetId id = AssetId::from_raw(k);
        if (!low.indexed(id) || id == reference.numeraire) continue;
        const std::int64_t from = low.index(id).raw();
        const std::int64_t to = from + from / random.between(2, 1'000);
        high.set_index(id, Price::from_raw(to));
        inside.set_index(id, Price::from_raw(random.between(from, to)));
      }
      const Worth worst = evaluate(portfolio, reference, Market{low, high}, {});
      const Worth exact = evaluate(portfolio, reference, Market{inside}, {});
      ASSERT_LE(worst.equity, exact.equity) << "seed " << seed << " account " << i;
      ASSERT_GE(worst.requirement, exact.requirement) << "seed " << seed << " account " << i;
    }
  }
}

}  // namespace
}  // namespace plimsoll::margin
