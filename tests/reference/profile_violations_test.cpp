// The rules of profiles: each is refused under the path of its field when it is broken.

#include <gtest/gtest.h>

#include "tests/reference/broken.hpp"

namespace plimsoll::reference {
namespace {

const Broken kProfiles[] = {
    {"profile[1].name", "must not be empty", [](Reference& r) { desk(r).name.clear(); }},
    {"profile[1].name", "appears twice", [](Reference& r) { desk(r).name = "retail"; }},
    {"profile[1].liquidation_target", "must be at least 1",
     [](Reference& r) { desk(r).liquidation_target = rate(kRateOne - 1); }},
    {"profile[1].call_trigger", "at least liquidation_target",
     [](Reference& r) { desk(r).call_trigger = rate(desk(r).liquidation_target.raw() - 1); }},
    {"profile[1].call_target", "above call_trigger",
     [](Reference& r) { desk(r).call_target = desk(r).call_trigger; }},
    {"profile[1].call_target", "at most 16",
     [](Reference& r) { desk(r).call_target = rate(16 * kRateOne + 1); }},
    {"profile[1].call_period", "above 0", [](Reference& r) { desk(r).call_period = {}; }},
    {"profile[1].liquidation_steps_max", "above 0",
     [](Reference& r) { desk(r).liquidation_steps_max = 0; }},
    {"profile[1].liquidation_fee", "must be 0 to 0.1",
     [](Reference& r) { desk(r).liquidation_fee = rate(-1); }},
    {"profile[1].liquidation_fee", "must be 0 to 0.1",
     [](Reference& r) { desk(r).liquidation_fee = rate(kRateOne / 10 + 1); }},
    {"profile[1].liquidation_fee", "below the first maintenance rate",
     [](Reference& r) { desk(r).liquidation_fee = bracket(r, 0).maintenance; }},
    {"profile[1].liquidation_fee", "below the first maintenance rate",
     [](Reference& r) { bracket(r, 0).maintenance = rate(1); }},
    {"profile[1].liquidation_slippage_max", "above 0 and below 1",
     [](Reference& r) { desk(r).liquidation_slippage_max = {}; }},
    {"profile[1].liquidation_slippage_max", "above 0 and below 1",
     [](Reference& r) { desk(r).liquidation_slippage_max = rate(kRateOne); }},
};

const Broken kMargining[] = {
    {"profile[1].takeover_below", "0 or more, and below 1",
     [](Reference& r) { desk(r).takeover_below = rate(kRateOne); }},
    {"profile[1].takeover_below", "0 or more, and below 1",
     [](Reference& r) { desk(r).takeover_below = rate(-1); }},
    {"profile[1].closing_fee", "must be 0 to 0.1",
     [](Reference& r) { desk(r).closing_fee = rate(kRateOne / 10 + 1); }},
    {"profile[1].closing_fee", "must be 0 to 0.1",
     [](Reference& r) { desk(r).closing_fee = rate(-1); }},
    {"profile[1].initial_factor", "must be 0, or 1 to 16",
     [](Reference& r) { desk(r).initial_factor = rate(kRateOne - 1); }},
    {"profile[1].initial_factor", "must be 0, or 1 to 16",
     [](Reference& r) { desk(r).initial_factor = rate(16 * kRateOne + 1); }},
    {"profile[1].withdrawal_factor", "at least initial_factor and 1, at most 16",
     [](Reference& r) { desk(r).withdrawal_factor = rate(kRateOne - 1); }},
    {"profile[1].withdrawal_factor", "at least initial_factor and 1, at most 16",
     [](Reference& r) {
       desk(r).initial_factor = rate(2 * kRateOne);
       desk(r).withdrawal_factor = rate(2 * kRateOne - 1);
     }},
    {"profile[1].withdrawal_factor", "at least initial_factor and 1, at most 16",
     [](Reference& r) { desk(r).withdrawal_factor = rate(16 * kRateOne + 1); }},
    {"profile[1].order_margin", "per_side needs basis mark",
     [](Reference& r) {
       desk(r).order_margin = OrderMargin::per_side;
       desk(r).basis = MarginBasis::entry;
     }},
    {"profile[1].aggregate_by_owner", "needs basis mark",
     [](Reference& r) {
       desk(r).aggregate_by_owner = true;
       desk(r).basis = MarginBasis::entry;
     }},
    {"profile[1].debt_maintenance", "must be 0 to 1",
     [](Reference& r) { desk(r).debt_maintenance = rate(-1); }},
    {"profile[1].debt_initial", "at least debt_maintenance",
     [](Reference& r) { desk(r).debt_maintenance = rate(1); }},
    {"profile[1].debt_withdrawal", "at least debt_initial",
     [](Reference& r) { desk(r).debt_initial = rate(1); }},
    {"profile[1].debt_withdrawal", "at most 16",
     [](Reference& r) { desk(r).debt_withdrawal = rate(16 * kRateOne + 1); }},
    {"profile[1].collateral", "needs a numeraire",
     [](Reference& r) {
       (void)rule(r);
       r.numeraire = kNoAsset;
     }},
    {"profile[1].collateral[0].asset", "names no asset",
     [](Reference& r) { rule(r).asset = AssetId::from_raw(2); }},
    {"profile[1].collateral[0].asset", "needs an index_max",
     [](Reference& r) {
       (void)rule(r);
       r.assets[1].index_max = {};
     }},
    {"profile[1].collateral[1].asset", "appears twice",
     [](Reference& r) {
       const Collateral again = rule(r);
       desk(r).collateral.push_back(again);
     }},
    {"profile[1].collateral[0].steps[0].up_to", "above 0 and above the one before",
     [](Reference& r) { rule(r).steps[0].up_to = 0; }},
    {"profile[1].collateral[0].steps[1].up_to", "above 0 and above the one before",
     [](Reference& r) { rule(r).steps[1].up_to = rule(r).steps[0].up_to; }},
    {"profile[1].collateral[0].steps[0].ratio", "must be 0 to 1",
     [](Reference& r) { rule(r).steps[0].ratio = rate(kRateOne + 1); }},
    {"profile[1].collateral[0].steps[1].ratio", "must not grow with size",
     [](Reference& r) { rule(r).steps[1].ratio = rate(kRateOne); }},
    {"profile[1].collateral[0].liability_weight", "must be 1 to 4",
     [](Reference& r) { rule(r).liability_weight = rate(kRateOne - 1); }},
    {"profile[1].collateral[0].liability_weight", "must be 1 to 4",
     [](Reference& r) { rule(r).liability_weight = rate(4 * kRateOne + 1); }},
    {"profile[1].collateral[0].exchange_above", "must not be negative",
     [](Reference& r) { rule(r).exchange_above = Amount::from_raw(-1); }},
    {"profile[1].collateral[0].exchange_ratio", "must be 0.1 to 1",
     [](Reference& r) { rule(r).exchange_ratio = {}; }},
    {"engine.numeraire", "names no asset",
     [](Reference& r) { r.numeraire = AssetId::from_raw(2); }},
    {"asset[1].decimals", "must be 0 to 18",
     [](Reference& r) {
       r.numeraire = support::kUsdt;
       r.assets[0].decimals = 12;
       r.assets[1].decimals = 2;
     }},
};

TEST(Violations, OfProfilesAreFound) {
  for (const Broken& broken : kProfiles) expect_refused(broken);
}
TEST(Violations, OfMarginingAreFound) {
  for (const Broken& broken : kMargining) expect_refused(broken);
}

}  // namespace
}  // namespace plimsoll::reference
