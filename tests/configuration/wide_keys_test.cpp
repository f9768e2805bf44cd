#include "tests/configuration/wide_checks.hpp"

// Goal: every key is read into its field, and every rule that is broken is named at its place.

namespace plimsoll::configuration {
namespace {

using reference::Instrument;
using reference::Kind;
using reference::Profile;
using reference::Reference;
using reference::TierMeasure;
using reference::TierMode;

TEST(WideKeys, OfAssetsAreRead) {
  ASSERT_EQ(wide().assets.size(), 3U);
  EXPECT_EQ(wide().numeraire, AssetId::from_raw(0U));
  EXPECT_EQ(wide().assets[0].insurance_fund.raw(), 0);
  EXPECT_EQ(wide().assets[0].index_max.raw(), 0);
  EXPECT_EQ(wide().assets[1].index_max, Price::from_raw(2'000'000'000));
  EXPECT_EQ(wide().assets[2].collateral_cap, Amount::from_raw(100'050'000'000));
}

TEST(WideKeys, OfInstrumentsAreRead) {
  ASSERT_EQ(wide().instruments.size(), 5U);
  const Instrument& linear = wide().instruments[0];
  EXPECT_EQ(linear.kind, Kind::linear);
  EXPECT_EQ(linear.multiplier, kRateOne);
  EXPECT_EQ(linear.price_min, Price::from_raw(1));
  EXPECT_EQ(linear.position_limit, Quantity::from_raw(2'000'000));
  EXPECT_EQ(linear.depth, Amount::from_raw(1'000'000'000'000));
  EXPECT_EQ(linear.status, InstrumentStatus::trading);
  EXPECT_EQ(linear.expiry.raw(), 0);
  const Instrument& inverse = wide().instruments[1];
  EXPECT_EQ(inverse.kind, Kind::inverse);
  EXPECT_EQ(inverse.multiplier, 100 * kRateOne);
  EXPECT_EQ(inverse.price_min, inverse.tick);
  EXPECT_EQ(inverse.expiry, EventTime::from_raw(1'632'470'400'000'000'000));
  const Instrument& spot = wide().instruments[2];
  EXPECT_EQ(spot.kind, Kind::spot);
  EXPECT_EQ(spot.base, AssetId::from_raw(2U));
  EXPECT_EQ(spot.settle, AssetId::from_raw(1U));
  EXPECT_EQ(spot.price_min, Price::from_raw(10'000'000));
  EXPECT_EQ(wide().instruments[3].status, InstrumentStatus::reduce_only);
  EXPECT_EQ(wide().instruments[4].status, InstrumentStatus::unlisted);
}

TEST(WideKeys, OfTiersAreReadAndNamed) {
  const Reference& reference = wide();
  ASSERT_EQ(reference.tiers.size(), 7U);
  const char* names[] = {"BTCUSDT",       "BTCUSDT/short", "BTCUSDT/crisis", "BTCUSDT/calm",
                         "BTCUSD_210924", "ETHUSDT",       "NEWUSDT"};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(reference.tiers[i].name, names[i]);
  EXPECT_EQ(reference.instruments[0].tiers_long, TiersId::from_raw(0U));
  EXPECT_EQ(reference.instruments[0].tiers_short, TiersId::from_raw(1U));
  EXPECT_EQ(reference.instruments[1].tiers_short, TiersId::from_raw(4U));
  EXPECT_EQ(reference.tiers[3].instrument, InstrumentId::from_raw(0U));
  EXPECT_EQ(reference.tiers[4].instrument, InstrumentId::from_raw(1U));
  const reference::Tiers& whole = reference.tiers[0];
  EXPECT_EQ(whole.mode, TierMode::whole);
  EXPECT_EQ(whole.measure, TierMeasure::quantity);
  EXPECT_EQ(whole.brackets[1].floor, 1'500);
  EXPECT_EQ(whole.slippage, Rate::from_raw(1'000'000));
  EXPECT_EQ(whole.open_interest_lower, Amount::from_raw(1'000'000'000));
  EXPECT_EQ(whole.open_interest_upper, Amount::from_raw(2'000'000'000));
  EXPECT_EQ(reference.tiers[1].mode, TierMode::marginal);
  EXPECT_EQ(reference.tiers[1].measure, TierMeasure::value);
  EXPECT_EQ(reference.tiers[3].mode, TierMode::increment);
  EXPECT_EQ(reference.tiers[3].initial_increment, Rate::from_raw(100));
  EXPECT_EQ(reference.tiers[3].maintenance_increment, Rate::from_raw(50));
}

TEST(WideKeys, OfProfilesHaveTheirDefaults) {
  const Profile& plain = wide().profiles[0];
  EXPECT_EQ(plain.takeover_below.raw(), 0);
  EXPECT_EQ(plain.confirm_time.raw(), 0);
  EXPECT_EQ(plain.basis, reference::MarginBasis::mark);
  EXPECT_EQ(plain.order_margin, reference::OrderMargin::worst_side);
  EXPECT_FALSE(plain.orders_in_maintenance);
  EXPECT_FALSE(plain.reserve_funding);
  EXPECT_EQ(plain.requirement_rounding, reference::Rounding::up);
  EXPECT_EQ(plain.threshold_rounding, reference::Rounding::up);
  EXPECT_FALSE(plain.aggregate_by_owner);
  EXPECT_TRUE(plain.profit_is_available);
  EXPECT_TRUE(plain.collateral.empty());
}

TEST(WideKeys, OfProfilesAreRead) {
  const Profile& profile = wide().profiles[1];
  EXPECT_EQ(profile.takeover_below, Rate::from_raw(500'000'000));
  EXPECT_EQ(profile.confirm_time, Duration::from_raw(250'000'000));
  EXPECT_EQ(profile.order_margin, reference::OrderMargin::worst_fill);
  EXPECT_TRUE(profile.orders_in_maintenance);
  EXPECT_TRUE(profile.reserve_funding);
  EXPECT_EQ(profile.closing_fee, Rate::from_raw(600'000));
  EXPECT_EQ(profile.initial_factor, Rate::from_raw(1'500'000'000));
  EXPECT_EQ(profile.requirement_rounding, reference::Rounding::down);
  EXPECT_EQ(profile.threshold_rounding, reference::Rounding::down);
  EXPECT_TRUE(profile.aggregate_by_owner);
  EXPECT_FALSE(profile.profit_is_available);
  EXPECT_EQ(profile.debt_initial, Rate::from_raw(100'000'000));
  EXPECT_EQ(profile.debt_maintenance, Rate::from_raw(50'000'000));
  EXPECT_EQ(profile.debt_withdrawal, profile.debt_initial);
}

TEST(WideKeys, OfCollateralAreReadAtTheirScales) {
  const Profile& profile = wide().profiles[1];
  ASSERT_EQ(profile.collateral.size(), 2U);
  const reference::Collateral& tether = profile.collateral[0];
  EXPECT_EQ(tether.asset, AssetId::from_raw(1U));
  EXPECT_EQ(tether.measure, TierMeasure::value);
  EXPECT_EQ(tether.steps[0].up_to, 1'000'000'000'000);
  EXPECT_EQ(tether.steps[1].up_to, reference::CollateralStep::kNoEnd);
  EXPECT_EQ(tether.steps[1].ratio, Rate::from_raw(900'000'000));
  EXPECT_EQ(tether.liability_weight, Rate::from_raw(1'010'000'000));
  EXPECT_EQ(tether.exchange_above, Amount::from_raw(50'000'000'000));
  EXPECT_EQ(tether.exchange_ratio, Rate::from_raw(980'000'000));
  const reference::Collateral& bitcoin = profile.collateral[1];
  EXPECT_EQ(bitcoin.measure, TierMeasure::quantity);
  EXPECT_EQ(bitcoin.steps[0].up_to, 1'050'000'000);
  EXPECT_EQ(bitcoin.liability_weight.raw(), kRateOne);
  EXPECT_EQ(bitcoin.exchange_ratio.raw(), kRateOne);
}

TEST(WideKeys, ThatAreOneOfSomeWords) {
  expect_error("kind = \"inverse\"", "kind = \"quanto\"",
               "instrument[1].kind = \"quanto\": must be linear, inverse or spot");
  expect_error("mode = \"whole\"", "mode = \"flat\"",
               "instrument[0].tiers.mode = \"flat\": must be marginal, whole or increment");
  expect_error("measure = \"quantity\"", "measure = \"size\"",
               "instrument[0].tiers.measure = \"size\": must be value or quantity");
  expect_error("status = \"unlisted\"", "status = \"settled\"",
               "instrument[4].status = \"settled\": must be trading, reduce_only or unlisted");
  expect_error("order_margin = \"worst_fill\"", "order_margin = \"all\"",
               "profile[1].order_margin = \"all\": must be none, worst_side, worst_fill or "
               "per_side");
  expect_error("takeover_below = \"0.5\"", "basis = \"last\"",
               "profile[1].basis = \"last\": must be mark or entry");
  expect_error("threshold_rounding = \"down\"", "threshold_rounding = \"even\"",
               "profile[1].threshold_rounding = \"even\": must be up or down");
  expect_error("order_margin = \"worst_fill\"", "order_margin = 1",
               "profile[1].order_margin = 1: must be a text in quotes");
}

TEST(WideKeys, OfASpotPair) {
  expect_error("base = \"BTC\"\n", "", "instrument[2].base: is missing", "",
               "[[instrument]]\nsymbol = \"BTC/");
  expect_error("base = \"BTC\"", "base = \"XRP\"", "instrument[2].base = \"XRP\": names no asset");
  expect_error("base = \"BTC\"", "base = \"USDT\"",
               "instrument[2].base = \"USDT\": must name another asset");
  expect_error("tick = \"0.1\"", "base = \"BTC\"\ntick = \"0.1\"",
               "instrument[0].base = \"BTC\": is for kind spot");
  const std::string text = with(wide_configuration(), "price_min", "brackets = []\nprice_min");
  EXPECT_EQ(texts_of(parse_configuration(text, "t.toml")),
            std::vector<std::string>{"t.toml:" + std::to_string(line_of(text, "brackets = []")) +
                                     ":1: instrument[2].brackets: is not for kind spot"});
}

TEST(WideKeys, ThatSayTwiceOrNeverWhatTheTiersAre) {
  expect_error("tiers = {",
               "brackets = [{ floor = \"0\", initial = \"1\", maintenance = \"1\" }]\ntiers = {",
               "instrument[0].tiers: is given beside brackets", "", "tiers = {");
  expect_error("brackets = [{ floor = \"0\", initial = \"0.02\", maintenance = \"0.01\" }]\n", "",
               "instrument[1].brackets: is missing, and so is tiers", "expiry",
               "[[instrument]]\nsymbol = \"BTCUSD_");
  expect_error("name = \"crisis\"", "name = \"calm\"",
               "instrument[0].alternatives[1].name = \"calm\": appears twice", "",
               "  { name = \"calm\", mode");
  expect_error("name = \"crisis\"", "name = \"short\"",
               "instrument[0].alternatives[0].name = \"short\": is taken by tiers_short");
}

TEST(WideKeys, WhoseRulesTheReferenceChecksAreFoundAtTheirLine) {
  expect_error("{ floor = \"1.5\"", "{ floor = \"0\"",
               "instrument[0].tiers.brackets[1].floor = \"0\": must be above the one before",
               "maintenance = \"0.01\" },\n");
  expect_error("initial = \"0.05\"", "initial = \"0.02\"",
               "instrument[0].tiers_short.brackets[0].initial = \"0.02\": must be at least the "
               "maintenance rate and at most 1000000",
               "tiers_short");
  expect_error("initial = \"0.5\"", "initial = \"0.2\"",
               "instrument[0].alternatives[0].brackets[0].initial = \"0.2\": must be at least the "
               "maintenance rate and at most 1000000");
  expect_error("{ floor = \"0\", initial = \"0.02\", maintenance = \"0.01\" }",
               "{ floor = \"1\", initial = \"0.02\", maintenance = \"0.01\" }",
               "instrument[1].brackets[0].floor = \"1\": of the first bracket must be 0", "expiry");
  expect_error("price_min = \"0.01\"", "price_min = \"0\"",
               "instrument[2].price_min = \"0\": must be above 0 and at most price_max");
  expect_error("ratio = \"0.99\"", "ratio = \"1.01\"",
               "profile[1].collateral[0].steps[0].ratio = \"1.01\": must be 0 to 1");
  expect_error("closing_fee = \"0.0006\"", "closing_fee = \"0.2\"",
               "profile[1].closing_fee = \"0.2\": must be 0 to 0.1");
}

TEST(WideKeys, OfANumeraire) {
  expect_error("numeraire = \"USD\"", "numeraire = \"EUR\"",
               "engine.numeraire = \"EUR\": names no asset");
  expect_error("numeraire = \"USD\"", "", "profile[1].collateral: needs engine.numeraire", "",
               "collateral = [");
  expect_error("asset = \"BTC\", steps", "asset = \"XRP\", steps",
               "profile[1].collateral[1].asset = \"XRP\": names no asset");
  expect_error("up_to = \"10.5\"", "up_to = \"-inf\"",
               "profile[1].collateral[1].steps[0].up_to = \"-inf\": not a decimal number");
  expect_error("up_to = \"10.5\"", "up_to = \"100000000000\"",
               "profile[1].collateral[1].steps[0].up_to = \"100000000000\": out of range");
  expect_error("up_to = \"10.5\", ", "", "profile[1].collateral[1].steps[0].up_to: is missing", "",
               "  { asset = \"BTC\"");
}

TEST(WideKeys, OfAnExpiry) {
  expect_error("2021-09-24T08:00:00Z", "2021-09-24",
               "instrument[1].expiry = \"2021-09-24\": must be a time in UTC, as "
               "\"2021-09-24T08:00:00Z\"");
}

TEST(WideKeys, DoNotShowMistakesThatOnlyFollow) {
  expect_error("index_max = \"10000000\"", "index_max = \"much\"",
               "asset[2].index_max = \"much\": not a decimal number");
  expect_error("decimals = 8", "decimals = 80",
               "asset[2].decimals = 80: must be a whole number from 0 to 12");
  expect_error("kind = \"spot\"", "kind = \"spots\"",
               "instrument[2].kind = \"spots\": must be linear, inverse or spot");
}

TEST(WideKeys, OfPlacesThatHaveNoneAreUnknown) {
  const auto error_of = [](std::string_view from, std::string_view to) {
    const auto errors =
        texts_of(parse_configuration(with(wide_configuration(), from, to), "t.toml"));
    return errors.size() == 1 ? errors[0].substr(errors[0].find(": ") + 2) : "not one error";
  };
  EXPECT_EQ(error_of("index_max = \"2\"", "index_min = \"2\""),
            "asset[1].index_min: unknown key, the nearest known is \"index_max\"");
  EXPECT_EQ(error_of("mode = \"whole\"", "modes = \"whole\""),
            "instrument[0].tiers.modes: unknown key, the nearest known is \"mode\"");
  EXPECT_EQ(error_of("liability_weight", "weight_of_liability")
                .find("profile[1].collateral[0].weight_of_liability: unknown key"),
            0U);
  EXPECT_EQ(error_of("ratio = \"0.95\"", "ratio = \"0.95\", rate = \"1\""),
            "profile[1].collateral[1].steps[0].rate: unknown key, the nearest known is \"ratio\"");
}

TEST(WideKeys, AProfileExtendsOneThatStandsBefore) {
  const std::string text = wide_configuration() + R"(
[[profile]]
name = "mine"
extends = "wide"
closing_fee = "0.0004"
withdrawal_factor = "2"
call_at_equality = false

[[profile]]
name = "bare"
extends = "mine"
collateral = [{ asset = "BTC", steps = [{ up_to = "inf", ratio = "0.5" }] }]
)";
  const auto result = parse_configuration(text, "t.toml");
  ASSERT_TRUE(result.ok()) << texts_of(result).front();
  const auto& profiles = result.configuration->reference.profiles;
  ASSERT_EQ(profiles.size(), 4U);
  reference::Profile expected = profiles[1];
  EXPECT_TRUE(expected.call_at_equality);
  expected.name = "mine";
  expected.closing_fee = Rate::from_raw(400'000);
  expected.withdrawal_factor = Rate::from_raw(2 * kRateOne);
  expected.call_at_equality = false;
  EXPECT_EQ(reference::hash_of(profiles[2]), reference::hash_of(expected));
  ASSERT_EQ(profiles[3].collateral.size(), 1U);
  EXPECT_EQ(profiles[3].collateral[0].steps[0].up_to, reference::CollateralStep::kNoEnd);
  EXPECT_EQ(profiles[3].withdrawal_factor, profiles[2].withdrawal_factor);
}

TEST(WideKeys, WhatIsAsAnotherKeyFollowsItInAnHeirToo) {
  const std::string text = wide_configuration() + R"(
[[profile]]
name = "heir"
extends = "wide"
breach_at_equality = false
debt_initial = "0.6"
)";
  const auto result = parse_configuration(text, "t.toml");
  ASSERT_TRUE(result.ok()) << texts_of(result).front();
  const reference::Profile& heir = result.configuration->reference.profiles[2];
  EXPECT_FALSE(heir.call_at_equality);
  EXPECT_EQ(heir.debt_withdrawal.raw(), 600'000'000);
}

TEST(WideKeys, AMistakeIsNotReportedAgainForItsHeirs) {
  const std::string heirs = R"(
[[profile]]
name = "heir"
extends = "WHAT"

[[profile]]
name = "grandchild"
extends = "heir"
)";
  const std::string text = wide_configuration();
  EXPECT_EQ(texts_of(parse_configuration(text + with(heirs, "WHAT", "nobody"), "t.toml")).size(),
            1U);
  EXPECT_EQ(texts_of(parse_configuration(text + with(heirs, "\"WHAT\"", "5"), "t.toml")).size(),
            1U);
  const std::string bad = with(text, "call_period = \"10s\"", "call_period = \"10\"");
  EXPECT_EQ(texts_of(parse_configuration(bad + with(heirs, "WHAT", "plain"), "t.toml")).size(), 1U);
}

TEST(WideKeys, AProfileExtendsOnlyWhatStandsBefore) {
  const std::string own =
      with(wide_configuration(), "name = \"plain\"", "name = \"plain\"\nextends = \"wide\"");
  const auto errors = texts_of(parse_configuration(own, "t.toml"));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("profile[0].extends = \"wide\": names no profile that stands before"),
            std::string::npos)
      << errors[0];
}

TEST(WideKeys, OfTiersBeyondTheWholeNotional) {
  const std::string heavy = with(wide_configuration(), "slippage = \"0.001\"",
                                 "slippage = \"10\", open_interest_step = \"0.000001\"");
  const auto result = parse_configuration(heavy, "t.toml");
  ASSERT_TRUE(result.ok()) << texts_of(result).front();
  const reference::Reference& reference = result.configuration->reference;
  EXPECT_EQ(reference.tiers[0].slippage.raw(), 10 * kRateOne);
  EXPECT_EQ(reference.tiers[0].open_interest_step.raw(), 1'000);
  EXPECT_EQ(reference.instruments[0].charge_max, 11);
}

}  // namespace
}  // namespace plimsoll::configuration
