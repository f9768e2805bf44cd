// Every rule of finish() refuses what breaks it, under the path of the field; and what lies just
// inside is accepted.

#include <gtest/gtest.h>

#include "tests/reference/broken.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::size_t kLimitMax = 2'147'483'647;

const Broken kListsAndAssets[] = {
    {"asset", "at least one is needed", [](Reference& r) { r.assets.clear(); }},
    {"instrument", "at least one is needed", [](Reference& r) { r.instruments.clear(); }},
    {"profile", "at least one is needed", [](Reference& r) { r.profiles.clear(); }},
    {"asset[1].name", "must not be empty", [](Reference& r) { r.assets[1].name.clear(); }},
    {"asset[1].name", "appears twice", [](Reference& r) { r.assets[1].name = "USDT"; }},
    {"asset[0].decimals", "must be 0 to 12", [](Reference& r) { r.assets[0].decimals = -1; }},
    {"asset[0].decimals", "must be 0 to 12", [](Reference& r) { r.assets[0].decimals = 13; }},
    {"asset[1].insurance_fund", "must not be negative",
     [](Reference& r) { r.assets[1].insurance_fund = Amount::from_raw(-1); }},
    {"asset[1].index_max", "must not be negative",
     [](Reference& r) { r.assets[1].index_max = Price::from_raw(-1); }},
    {"asset[1].collateral_cap", "must not be negative",
     [](Reference& r) { r.assets[1].collateral_cap = Amount::from_raw(-1); }},
};

const Broken kInstruments[] = {
    {"instrument[2].symbol", "must not be empty",
     [](Reference& r) { r.instruments[2].symbol.clear(); }},
    {"instrument[2].symbol", "appears twice",
     [](Reference& r) { r.instruments[2].symbol = "ETHUSDT"; }},
    {"instrument[0].quantity_decimals", "must be 0 to 9",
     [](Reference& r) { btc(r).quantity_decimals = -1; }},
    {"instrument[0].quantity_decimals", "must be 0 to 9",
     [](Reference& r) { btc(r).quantity_decimals = 10; }},
    {"instrument[0].multiplier", "does not fit the decimals",
     [](Reference& r) {
       btc(r).multiplier = 1;
       r.assets[0].decimals = 0;
       btc(r).quantity_decimals = 9;
     }},
    {"instrument[0].multiplier", "above 0 and at most 1e9",
     [](Reference& r) { btc(r).multiplier = 0; }},
    {"instrument[0].multiplier", "above 0 and at most 1e9",
     [](Reference& r) { btc(r).multiplier = kRateOne * kRateOne + 1; }},
    {"instrument[0].multiplier", "must be a multiple of 10^quantity_decimals",
     [](Reference& r) {
       btc(r).kind = Kind::inverse;
       btc(r).multiplier = 1;
       btc(r).quantity_decimals = 9;
     }},
    {"instrument[0].price_min", "above 0 and at most price_max",
     [](Reference& r) { btc(r).price_min = {}; }},
    {"instrument[0].price_min", "above 0 and at most price_max",
     [](Reference& r) { btc(r).price_min = Price::from_raw(btc(r).price_max.raw() + 1); }},
    {"instrument[0].price_min", "at most one tick, or a multiple",
     [](Reference& r) { btc(r).price_min = Price::from_raw(btc(r).tick.raw() * 3 + 1); }},
    {"instrument[0].position_limit", "must not be negative",
     [](Reference& r) { btc(r).position_limit = Quantity::from_raw(-1); }},
    {"instrument[0].depth", "must not be negative",
     [](Reference& r) { btc(r).depth = Amount::from_raw(-1); }},
    {"instrument[0].base", "must name another asset",
     [](Reference& r) { btc(r).kind = Kind::spot; }},
    {"instrument[0].base", "must name another asset",
     [](Reference& r) {
       btc(r).kind = Kind::spot;
       btc(r).base = support::kUsdt;
     }},
    {"instrument[0].quantity_decimals", "at most the decimals of the base asset",
     [](Reference& r) {
       btc(r).kind = Kind::spot;
       btc(r).base = support::kUsdc;
       btc(r).quantity_decimals = 7;
     }},
    {"instrument[0].multiplier", "of a spot pair is 1",
     [](Reference& r) {
       btc(r).kind = Kind::spot;
       btc(r).base = support::kUsdc;
       btc(r).multiplier = 2 * kRateOne;
     }},
    {"instrument[0].tiers", "must not be empty",
     [](Reference& r) { btc(r).tiers_short = TiersId::from_raw(4); }},
    {"instrument[0].lot", "must be above 0", [](Reference& r) { btc(r).lot = {}; }},
    {"instrument[0].tick", "must be above 0", [](Reference& r) { btc(r).tick = {}; }},
    {"instrument[0].price_max", "at least one tick",
     [](Reference& r) { btc(r).price_max = Price::from_raw(btc(r).tick.raw() - 1); }},
    {"instrument[0].settle", "names no asset",
     [](Reference& r) { btc(r).settle = AssetId::from_raw(2); }},
};

const Broken kTiers[] = {
    {"instrument[0].tiers.brackets", "must not be empty",
     [](Reference& r) { r.tiers[0].brackets.clear(); }},
    {"instrument[0].tiers.brackets[0].floor", "must be 0",
     [](Reference& r) { bracket(r, 0).floor = 1; }},
    {"instrument[0].tiers.brackets[2].floor", "above the one before",
     [](Reference& r) { bracket(r, 2).floor = bracket(r, 1).floor; }},
    {"instrument[0].tiers.brackets[0].maintenance", "must be 0 to 1000000",
     [](Reference& r) { bracket(r, 0).maintenance = rate(-1); }},
    {"instrument[0].tiers.brackets[4].maintenance", "must be 0 to 1000000",
     [](Reference& r) {
       bracket(r, 4).initial = bracket(r, 4).maintenance = rate(1'000'000 * kRateOne + 1);
     }},
    {"instrument[0].tiers.brackets[2].maintenance", "must not fall with size",
     [](Reference& r) { bracket(r, 2).maintenance = rate(bracket(r, 1).maintenance.raw() - 1); }},
    {"instrument[0].tiers.brackets[1].initial", "at least the maintenance rate",
     [](Reference& r) { bracket(r, 1).initial = rate(bracket(r, 1).maintenance.raw() - 1); }},
    {"instrument[0].tiers.brackets[4].initial", "at most 1000000",
     [](Reference& r) { bracket(r, 4).initial = rate(1'000'000 * kRateOne + 1); }},
    {"instrument[0].tiers.brackets[0].initial", "that grows to 1 must be at most 1",
     [](Reference& r) {
       for (reference::Bracket& each : r.tiers[0].brackets) each.initial = rate(kRateOne + 1);
       r.tiers[0].open_interest_upper = Amount::from_raw(1);
     }},
    {"instrument[0].tiers.open_interest_step", "above 0 and at most 1",
     [](Reference& r) { r.tiers[0].open_interest_step = rate(0); }},
    {"instrument[0].tiers.open_interest_step", "above 0 and at most 1",
     [](Reference& r) { r.tiers[0].open_interest_step = rate(kRateOne + 1); }},
    {"instrument[0].tiers.brackets[2].initial", "must not fall with size",
     [](Reference& r) { bracket(r, 2).initial = rate(bracket(r, 1).initial.raw() - 1); }},
    {"instrument[0].tiers.measure", "must be value in mode marginal",
     [](Reference& r) { r.tiers[0].measure = TierMeasure::quantity; }},
    {"instrument[0].tiers.initial_increment", "is for mode increment",
     [](Reference& r) { r.tiers[0].initial_increment = rate(1); }},
    {"instrument[0].tiers.brackets", "a single one in mode increment",
     [](Reference& r) { r.tiers[0].mode = TierMode::increment; }},
    {"instrument[2].tiers.measure", "at most 9 decimals",
     [](Reference& r) {
       r.assets[0].decimals = 10;
       r.tiers[2].mode = TierMode::increment;
     }},
    {"instrument[2].tiers.maintenance_increment", "must not be negative",
     [](Reference& r) { r.tiers[2].maintenance_increment = rate(-1); }},
    {"instrument[2].tiers.initial_increment", "at least maintenance_increment, at most 1",
     [](Reference& r) {
       r.tiers[2].mode = TierMode::increment;
       r.tiers[2].maintenance_increment = rate(1);
     }},
    {"instrument[2].tiers.initial_increment", "at least maintenance_increment, at most 1",
     [](Reference& r) {
       r.tiers[2].mode = TierMode::increment;
       r.tiers[2].initial_increment = rate(kRateOne + 1);
     }},
    {"instrument[0].tiers.slippage", "must be 0 to 1000000",
     [](Reference& r) { r.tiers[0].slippage = rate(-1); }},
    {"instrument[0].tiers.slippage", "must be 0 to 1000000",
     [](Reference& r) { r.tiers[0].slippage = rate(1'000'000 * kRateOne + 1); }},
    {"instrument[0].tiers.open_interest_upper", "at least open_interest_lower",
     [](Reference& r) { r.tiers[0].open_interest_lower = Amount::from_raw(7); }},
    {"instrument[0].tiers.open_interest_upper", "at least open_interest_lower",
     [](Reference& r) { r.tiers[0].open_interest_lower = Amount::from_raw(-1); }},
    {"instrument", "of tiers does not exist",
     [](Reference& r) { r.tiers[0].instrument = InstrumentId::from_raw(4); }},
    // Named by the place where they are used.
    {"instrument[0].tiers_short.brackets[0].floor", "must be 0",
     [](Reference& r) {
       Tiers other = r.tiers[0];
       other.brackets[0].floor = 1;
       btc(r).tiers_short = support::add_tiers(r, other);
     }},
    {"instrument[0].alternatives[1].brackets", "must not be empty",
     [](Reference& r) {
       (void)support::add_tiers(r, r.tiers[0]);
       Tiers other = r.tiers[0];
       other.brackets.clear();
       (void)support::add_tiers(r, other);
     }},
};

const Broken kExchangeAndLimits[] = {
    {"exchange.latency", "must not be negative",
     [](Reference& r) { r.exchange.latency = Duration::from_raw(-1); }},
    {"exchange.half_spread", "must not be negative",
     [](Reference& r) { r.exchange.half_spread = rate(-1); }},
    {"exchange.half_spread", "at most slippage_max",
     [](Reference& r) { r.exchange.half_spread = rate(r.exchange.slippage_max.raw() + 1); }},
    {"exchange.impact", "must not be negative", [](Reference& r) { r.exchange.impact = rate(-1); }},
    {"exchange.depth", "above 0", [](Reference& r) { r.exchange.depth = {}; }},
    {"exchange.slippage_max", "above 0 and below 1",
     [](Reference& r) { r.exchange.slippage_max = {}; }},
    {"exchange.slippage_max", "above 0 and below 1",
     [](Reference& r) { r.exchange.slippage_max = rate(kRateOne); }},
    {"limits.accounts", "above 0", [](Reference& r) { r.limits.accounts = 0; }},
    {"limits.positions", "above 0", [](Reference& r) { r.limits.positions = 0; }},
    {"limits.accounts", "at most 2147483647",
     [](Reference& r) { r.limits.accounts = kLimitMax + 1; }},
    {"limits.positions", "at most 2147483647",
     [](Reference& r) { r.limits.positions = kLimitMax + 1; }},
    {"engine.settle_grid", "above 0", [](Reference& r) { r.settle_grid = {}; }},
    {"engine.time_step", "multiple of settle_grid", [](Reference& r) { r.time_step = {}; }},
    {"engine.time_step", "multiple of settle_grid",
     [](Reference& r) { r.time_step = r.time_step + Duration::from_raw(1); }},
};

TEST(Violations, OfListsAndAssetsAreFound) {
  for (const Broken& broken : kListsAndAssets) expect_refused(broken);
}
TEST(Violations, OfInstrumentsAreFound) {
  for (const Broken& broken : kInstruments) expect_refused(broken);
}
TEST(Violations, OfTiersAreFound) {
  for (const Broken& broken : kTiers) expect_refused(broken);
}
TEST(Violations, OfExchangeLimitsAndTimesAreFound) {
  for (const Broken& broken : kExchangeAndLimits) expect_refused(broken);
}

TEST(Violations, AreAllFoundAtOnce) {
  Reference reference = support::small_reference();
  reference.assets[1].name.clear();
  btc(reference).lot = {};
  desk(reference).call_period = {};
  reference.exchange.depth = {};
  std::vector<std::string> paths;
  for (const Violation& violation : finish(reference)) paths.push_back(violation.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"asset[1].name", "instrument[0].lot",
                                             "profile[1].call_period", "exchange.depth"}));
}

TEST(Violations, AnEmptyReferenceIsToldSoAndNothingIsRead) {
  Reference reference;
  EXPECT_GE(finish(reference).size(), 3U);
}

// Each is the last value that is still right.
const Change kEdges[] = {
    [](Reference& r) { r.assets[0].decimals = 12; },
    [](Reference& r) { btc(r).price_max = btc(r).tick; },
    [](Reference& r) { bracket(r, 1).initial = bracket(r, 1).maintenance = rate(10'000'000); },
    [](Reference& r) { bracket(r, 4).initial = bracket(r, 4).maintenance = rate(kRateOne); },
    [](Reference& r) { bracket(r, 2).maintenance = bracket(r, 1).maintenance; },
    [](Reference& r) { bracket(r, 2).floor = bracket(r, 1).floor + 1; },
    [](Reference& r) { desk(r).liquidation_target = rate(kRateOne); },
    [](Reference& r) { desk(r).call_trigger = desk(r).liquidation_target; },
    [](Reference& r) { desk(r).call_target = rate(desk(r).call_trigger.raw() + 1); },
    [](Reference& r) { desk(r).call_target = rate(16 * kRateOne); },
    [](Reference& r) { desk(r).call_period = Duration::from_raw(1); },
    [](Reference& r) { desk(r).liquidation_fee = {}; },
    [](Reference& r) { desk(r).liquidation_fee = rate(bracket(r, 0).maintenance.raw() - 2); },
    [](Reference& r) { desk(r).liquidation_slippage_max = rate(1); },
    [](Reference& r) { desk(r).liquidation_slippage_max = rate(kRateOne - 1); },
    [](Reference& r) { r.exchange = {true, {}, {}, {}, Amount::from_raw(1), rate(1)}; },
    [](Reference& r) {
      r.limits = {kLimitMax, kLimitMax};
    },
    [](Reference& r) { r.time_step = r.settle_grid; },
    [](Reference& r) { btc(r).price_min = btc(r).price_max; },
    [](Reference& r) { btc(r).multiplier = kRateOne * kRateOne; },
    [](Reference& r) {
      r.tiers[0].slippage = rate(2'000'000);
      bracket(r, 0).maintenance = {};  // what closing frees is the slippage
    },
    [](Reference& r) { r.tiers[0].open_interest_upper = Amount::from_raw(1); },
    [](Reference& r) {
      r.tiers[0].open_interest_lower = r.tiers[0].open_interest_upper = Amount::from_raw(7);
    },
    [](Reference& r) { bracket(r, 4).initial = rate(1'000'000 * kRateOne); },
    [](Reference& r) { desk(r).withdrawal_factor = rate(16 * kRateOne); },
    [](Reference& r) {
      r.tiers[2].mode = TierMode::increment;
      r.tiers[2].measure = TierMeasure::quantity;
      r.tiers[2].initial_increment = r.tiers[2].maintenance_increment = rate(kRateOne);
    },
    [](Reference& r) { desk(r).takeover_below = rate(kRateOne - 1); },
    [](Reference& r) { desk(r).closing_fee = rate(kRateOne / 10); },
    [](Reference& r) { desk(r).initial_factor = rate(kRateOne); },
    [](Reference& r) { desk(r).initial_factor = rate(16 * kRateOne); },
    [](Reference& r) {
      desk(r).debt_maintenance = desk(r).debt_initial = desk(r).debt_withdrawal = rate(kRateOne);
    },
    [](Reference& r) { rule(r).liability_weight = rate(4 * kRateOne); },
    [](Reference& r) { rule(r).steps[1].ratio = rule(r).steps[0].ratio; },
    [](Reference& r) { rule(r).steps.clear(); },
};

TEST(Violations, TheEdgesOfEveryRuleAreAccepted) {
  for (std::size_t i = 0; i < std::size(kEdges); ++i) {
    Reference reference = support::small_reference();
    kEdges[i](reference);
    const std::vector<Violation> violations = finish(reference);
    EXPECT_TRUE(violations.empty())
        << "edge " << i << ": " << violations[0].path << " " << violations[0].message;
  }
}

}  // namespace
}  // namespace plimsoll::reference
