// Every rule of finish() refuses what breaks it, under the path of the field; and what lies just
// inside is accepted.

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/reference/reference.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::reference {
namespace {

using Change = void (*)(Reference&);

struct Broken {
  const char* path;
  const char* message;
  Change change;
};

constexpr std::size_t kLimitMax = 2'147'483'647;

constexpr Rate rate(std::int64_t raw) {
  return Rate::from_raw(raw);
}

Instrument& btc(Reference& reference) {
  return reference.instruments[0];
}
Bracket& bracket(Reference& reference, std::size_t index) {
  return reference.instruments[0].brackets[index];
}
Profile& desk(Reference& reference) {
  return reference.profiles[1];
}

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
    {"instrument[2].quantity_decimals", "must be 0 to 12",
     [](Reference& r) { r.assets[0].decimals = 10; }},
    {"instrument[3].quantity_decimals", "must be 0 to 12",
     [](Reference& r) {
       r.assets[1].decimals = 5;
       r.instruments[3].quantity_decimals = 9;
     }},
    {"instrument[0].lot", "must be above 0", [](Reference& r) { btc(r).lot = {}; }},
    {"instrument[0].tick", "must be above 0", [](Reference& r) { btc(r).tick = {}; }},
    {"instrument[0].price_max", "at least one tick",
     [](Reference& r) { btc(r).price_max = Price::from_raw(btc(r).tick.raw() - 1); }},
    {"instrument[0].settle", "names no asset",
     [](Reference& r) { btc(r).settle = AssetId::from_raw(2); }},
    {"instrument[0].brackets", "must not be empty", [](Reference& r) { btc(r).brackets.clear(); }},
    {"instrument[0].brackets[0].floor", "must be 0",
     [](Reference& r) { bracket(r, 0).floor = Amount::from_raw(1); }},
    {"instrument[0].brackets[2].floor", "above the one before",
     [](Reference& r) { bracket(r, 2).floor = bracket(r, 1).floor; }},
    {"instrument[0].brackets[0].maintenance", "above 0 and at most 1",
     [](Reference& r) { bracket(r, 0).maintenance = {}; }},
    {"instrument[0].brackets[4].maintenance", "above 0 and at most 1",
     [](Reference& r) { bracket(r, 4).maintenance = rate(kRateOne + 1); }},
    {"instrument[0].brackets[2].maintenance", "must not fall with size",
     [](Reference& r) { bracket(r, 2).maintenance = rate(bracket(r, 1).maintenance.raw() - 1); }},
    {"instrument[0].brackets[1].initial", "at least the maintenance rate",
     [](Reference& r) { bracket(r, 1).initial = rate(bracket(r, 1).maintenance.raw() - 1); }},
    {"instrument[0].brackets[4].initial", "at most 1",
     [](Reference& r) { bracket(r, 4).initial = rate(kRateOne + 1); }},
    {"instrument[0].brackets[2].initial", "must not fall with size",
     [](Reference& r) { bracket(r, 2).initial = rate(bracket(r, 1).initial.raw() - 1); }},
};

const Broken kProfiles[] = {
    {"profile[1].name", "must not be empty", [](Reference& r) { desk(r).name.clear(); }},
    {"profile[1].name", "appears twice", [](Reference& r) { desk(r).name = "retail"; }},
    {"profile[1].liquidation_target", "must be at least 1",
     [](Reference& r) { desk(r).liquidation_target = rate(kRateOne - 1); }},
    {"profile[1].call_trigger", "at least liquidation_target",
     [](Reference& r) { desk(r).call_trigger = rate(desk(r).liquidation_target.raw() - 1); }},
    {"profile[1].call_target", "above call_trigger",
     [](Reference& r) { desk(r).call_target = desk(r).call_trigger; }},
    {"profile[1].call_target", "at most 4",
     [](Reference& r) { desk(r).call_target = rate(4 * kRateOne + 1); }},
    {"profile[1].call_period", "above 0", [](Reference& r) { desk(r).call_period = {}; }},
    {"profile[1].liquidation_steps_max", "above 0",
     [](Reference& r) { desk(r).liquidation_steps_max = 0; }},
    {"profile[1].liquidation_fee", "must be 0 to 0.1",
     [](Reference& r) { desk(r).liquidation_fee = rate(-1); }},
    {"profile[1].liquidation_fee", "must be 0 to 0.1",
     [](Reference& r) { desk(r).liquidation_fee = rate(kRateOne / 10 + 1); }},
    {"profile[1].liquidation_fee", "below the first maintenance rate",
     [](Reference& r) { desk(r).liquidation_fee = bracket(r, 0).maintenance; }},
    {"profile[1].liquidation_slippage_max", "above 0 and below 1",
     [](Reference& r) { desk(r).liquidation_slippage_max = {}; }},
    {"profile[1].liquidation_slippage_max", "above 0 and below 1",
     [](Reference& r) { desk(r).liquidation_slippage_max = rate(kRateOne); }},
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

void expect_refused(const Broken& broken) {
  Reference reference = support::small_reference();
  broken.change(reference);
  std::string all;
  bool found = false;
  for (const Violation& violation : finish(reference)) {
    all += "\n  " + violation.path + ": " + violation.message;
    found = found || (violation.path == broken.path &&
                      violation.message.find(broken.message) != std::string::npos);
  }
  EXPECT_TRUE(found) << broken.path << ": " << broken.message << "; found:" << all;
}

TEST(Violations, OfListsAndAssetsAreFound) {
  for (const Broken& broken : kListsAndAssets) expect_refused(broken);
}
TEST(Violations, OfInstrumentsAreFound) {
  for (const Broken& broken : kInstruments) expect_refused(broken);
}
TEST(Violations, OfProfilesAreFound) {
  for (const Broken& broken : kProfiles) expect_refused(broken);
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
    [](Reference& r) { r.assets[0].decimals = 9; },
    [](Reference& r) { btc(r).price_max = btc(r).tick; },
    [](Reference& r) { bracket(r, 1).initial = bracket(r, 1).maintenance = rate(10'000'000); },
    [](Reference& r) { bracket(r, 4).initial = bracket(r, 4).maintenance = rate(kRateOne); },
    [](Reference& r) { bracket(r, 2).maintenance = bracket(r, 1).maintenance; },
    [](Reference& r) { bracket(r, 2).floor = Amount::from_raw(bracket(r, 1).floor.raw() + 1); },
    [](Reference& r) { desk(r).liquidation_target = rate(kRateOne); },
    [](Reference& r) { desk(r).call_trigger = desk(r).liquidation_target; },
    [](Reference& r) { desk(r).call_target = rate(desk(r).call_trigger.raw() + 1); },
    [](Reference& r) { desk(r).call_target = rate(4 * kRateOne); },
    [](Reference& r) { desk(r).call_period = Duration::from_raw(1); },
    [](Reference& r) { desk(r).liquidation_fee = {}; },
    [](Reference& r) { desk(r).liquidation_fee = rate(bracket(r, 0).maintenance.raw() - 2); },
    [](Reference& r) { desk(r).liquidation_slippage_max = rate(1); },
    [](Reference& r) { desk(r).liquidation_slippage_max = rate(kRateOne - 1); },
    [](Reference& r) {
      r.exchange = {{}, {}, {}, Amount::from_raw(1), rate(1)};
    },
    [](Reference& r) {
      r.limits = {kLimitMax, kLimitMax};
    },
    [](Reference& r) { r.time_step = r.settle_grid; },
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
