#include "engine/reference/reference.hpp"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/reference_builder.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::reference {
namespace {

TEST(Reference, FinishDerivesTurnoverAndCumulativeAmounts) {
  const Reference reference = support::small_reference();
  const std::int64_t denominators[] = {1'000'000, 100'000, 1'000};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(reference.instruments[i].numerator == 1) << i;
    EXPECT_TRUE(reference.instruments[i].denominator == denominators[i]) << i;
  }
  // BTC: 50,000 x 0.5 % = 250; then 250,000 x 1.5 % more, then 1 m x 2.5 % more. In 1e-15.
  const auto& brackets = support::brackets_of(reference, support::kBtc);
  constexpr Int128 kWhole = Int128{1'000'000} * kRateOne;
  EXPECT_TRUE(brackets[0].maintenance_amount == 0);
  EXPECT_TRUE(brackets[1].maintenance_amount == 250 * kWhole);
  EXPECT_TRUE(brackets[2].maintenance_amount == 4'000 * kWhole);
  EXPECT_TRUE(brackets[3].maintenance_amount == 29'000 * kWhole);
  EXPECT_TRUE(brackets[1].initial_amount == 750 * kWhole);
}

TEST(Reference, FinishingTwiceChangesNothing) {
  Reference reference = support::small_reference();
  const Reference once = reference;
  EXPECT_TRUE(finish(reference).empty());
  for (std::size_t i = 0; i < once.instruments.size(); ++i) {
    EXPECT_TRUE(reference.instruments[i].numerator == once.instruments[i].numerator);
    EXPECT_TRUE(reference.instruments[i].denominator == once.instruments[i].denominator);
  }
  for (std::size_t i = 0; i < once.tiers.size(); ++i) {
    EXPECT_EQ(reference.tiers[i].measure_unit, once.tiers[i].measure_unit);
    for (std::size_t b = 0; b < once.tiers[i].brackets.size(); ++b) {
      EXPECT_TRUE(reference.tiers[i].brackets[b].maintenance_amount ==
                  once.tiers[i].brackets[b].maintenance_amount);
    }
  }
}

TEST(Reference, TurnoverIsReducedForEveryKindAndMultiplier) {
  Reference reference = support::small_reference();
  reference.assets.push_back(support::asset_of("BTC", 8));
  reference.instruments[0].multiplier = 37'500'000;  // 0.0375
  Instrument& inverse = reference.instruments[3];
  inverse.kind = Kind::inverse;
  inverse.settle = AssetId::from_raw(2);
  inverse.quantity_decimals = 0;
  inverse.multiplier = 100 * kRateOne;
  EXPECT_TRUE(finish(reference).empty());
  // 0.0375 / 10^6 = 3 / (80 x 10^6).
  EXPECT_TRUE(reference.instruments[0].numerator == 3);
  EXPECT_TRUE(reference.instruments[0].denominator == 80'000'000);
  // 100 x 10^9 x 10^8 in units of 1e-9: at 50,000 a contract is 0.002 BTC.
  EXPECT_TRUE(inverse.denominator == 1);
  EXPECT_TRUE(inverse.numerator / (50'000 * kRateOne) == 200'000);
}

TEST(Reference, NamesAreFoundInFullOnly) {
  const Reference reference = support::small_reference();
  EXPECT_EQ(find_instrument(reference, "BTCUSDC"), 3);
  EXPECT_EQ(find_instrument(reference, "BTCUSD"), -1);
  EXPECT_EQ(find_asset(reference, "USDC"), 1);
  EXPECT_EQ(find_asset(reference, ""), -1);
  EXPECT_EQ(find_profile(reference, "desk"), 1);
  EXPECT_EQ(find_profile(reference, "Desk"), -1);
}

std::int64_t slippage(std::int64_t maintenance, std::int64_t fee, std::int64_t most,
                      std::int64_t more = 0) {
  Tiers tiers;
  tiers.brackets.push_back({.floor = 0, .initial = {}, .maintenance = Rate::from_raw(maintenance)});
  tiers.brackets.push_back({.floor = 1, .initial = {}, .maintenance = Rate::from_raw(kRateOne)});
  tiers.slippage = Rate::from_raw(more);
  Profile profile;
  profile.liquidation_fee = Rate::from_raw(fee);
  profile.liquidation_slippage_max = Rate::from_raw(most);
  return liquidation_slippage(tiers, profile).raw();
}

TEST(LiquidationSlippage, IsNineTenthsOfWhatClosingFreesInTheFirstBracket) {
  EXPECT_EQ(slippage(5'000'000, 1'000'000, 10'000'000), 3'600'000);
  EXPECT_EQ(slippage(5'000'000, 0, 10'000'000), 4'500'000);
  EXPECT_EQ(slippage(12, 1, 10'000'000), 9);                                    // 9.9 rounded down
  EXPECT_EQ(slippage(4'000'000, 1'000'000, 10'000'000, 1'000'000), 3'600'000);  // slippage of tiers
}

TEST(LiquidationSlippage, IsAtMostWhatTheProfileSays) {
  EXPECT_EQ(slippage(5'000'000, 1'000'000, 3'600'000), 3'600'000);
  EXPECT_EQ(slippage(5'000'000, 1'000'000, 3'599'999), 3'599'999);
}

TEST(LiquidationSlippage, IsPositiveInEveryReferenceThatIsAccepted) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Reference reference = support::random_reference(seed);
    for (const Profile& profile : reference.profiles) {
      for (const Tiers& tiers : reference.tiers) {
        EXPECT_GT(liquidation_slippage(tiers, profile).raw(), 0) << "seed " << seed;
      }
    }
  }
}

template <class Value>
void raise(Value& value) {
  if constexpr (requires { value.raw(); }) {
    value = Value::from_raw(value.raw() + 1);
  } else {
    value = static_cast<Value>(value + 1);
  }
}

/// With rules for collateral and prices, so that there is something to change in every struct.
Reference full_reference() {
  Reference reference = support::small_reference();
  Collateral rule;
  rule.asset = support::kUsdc;
  rule.steps = {{100, Rate::from_raw(kRateOne)}, {200, Rate::from_raw(kRateOne / 2)}};
  reference.profiles[1].collateral = {rule};
  reference.guards.resize(2);
  reference.indices.resize(2);
  reference.sources.resize(2);
  return reference;
}

/// Collects references that differ from the full one in one field each.
class Changes {
 public:
  Reference& of(const std::string& name) { return changed_[name] = full_reference(); }

  /// Raises a member of the struct that `get` finds.
  template <class Get, class Struct, class... Member>
  void raise_each(const std::string& of_what, Get get, Member Struct::*... member) {
    int place = 0;
    (raise(get(of(of_what + " " + std::to_string(place++))).*member), ...);
  }
  /// Takes the last element of a list away.
  template <class Get>
  void shorten(const std::string& name, Get get) {
    get(of(name)).pop_back();
  }
  [[nodiscard]] const std::map<std::string, Reference>& all() const { return changed_; }

 private:
  std::map<std::string, Reference> changed_;
};

void change_assets_and_instruments(Changes& changes) {
  const auto asset = [](Reference& r) -> Asset& { return r.assets[1]; };
  const auto instrument = [](Reference& r) -> Instrument& { return r.instruments[2]; };
  const auto tiers = [](Reference& r) -> Tiers& { return r.tiers[0]; };
  const auto bracket = [](Reference& r) -> Bracket& { return r.tiers[0].brackets[3]; };
  changes.of("asset.name").assets[1].name = "USDD";
  changes.of("asset added").assets.push_back(support::asset_of("DAI", 6));
  changes.raise_each("asset", asset, &Asset::decimals, &Asset::insurance_fund, &Asset::index_max,
                     &Asset::collateral_cap);
  changes.of("instrument.symbol").instruments[2].symbol = "CHEAPUSDX";
  changes.of("instrument.kind").instruments[2].kind = Kind::inverse;
  changes.of("instrument.base").instruments[2].base = support::kUsdc;
  changes.of("instrument.status").instruments[2].status = InstrumentStatus::reduce_only;
  changes.raise_each("instrument", instrument, &Instrument::settle, &Instrument::multiplier,
                     &Instrument::quantity_decimals, &Instrument::lot, &Instrument::tick,
                     &Instrument::price_min, &Instrument::price_max, &Instrument::expiry,
                     &Instrument::position_limit, &Instrument::depth, &Instrument::tiers_long,
                     &Instrument::tiers_short);
  changes.shorten(
      "instrument removed", [](Reference & r) -> auto& { return r.instruments; });
  changes.of("tiers.name").tiers[0].name = "other";
  changes.of("tiers.mode").tiers[0].mode = TierMode::whole;
  changes.of("tiers.measure").tiers[0].measure = TierMeasure::quantity;
  changes.raise_each("tiers", tiers, &Tiers::instrument, &Tiers::initial_increment,
                     &Tiers::maintenance_increment, &Tiers::slippage, &Tiers::open_interest_lower,
                     &Tiers::open_interest_upper, &Tiers::open_interest_step);
  changes.shorten(
      "tiers removed", [](Reference & r) -> auto& { return r.tiers; });
  changes.raise_each("bracket", bracket, &Bracket::floor, &Bracket::initial, &Bracket::maintenance);
  changes.shorten(
      "bracket removed", [](Reference & r) -> auto& { return r.tiers[0].brackets; });
}

void change_profiles(Changes& changes) {
  const auto profile = [](Reference& r) -> Profile& { return r.profiles[1]; };
  const auto rule = [](Reference& r) -> Collateral& { return r.profiles[1].collateral[0]; };
  const auto step = [](Reference& r) -> CollateralStep& {
    return r.profiles[1].collateral[0].steps[1];
  };
  changes.of("profile.name").profiles[1].name = "desl";
  changes.of("profile.breach_at_equality").profiles[1].breach_at_equality = true;
  changes.of("profile.basis").profiles[1].basis = MarginBasis::entry;
  changes.of("profile.order_margin").profiles[1].order_margin = OrderMargin::none;
  changes.of("profile.orders_in_maintenance").profiles[1].orders_in_maintenance = true;
  changes.of("profile.reserve_funding").profiles[1].reserve_funding = true;
  changes.of("profile.requirement_rounding").profiles[1].requirement_rounding = Rounding::down;
  changes.of("profile.threshold_rounding").profiles[1].threshold_rounding = Rounding::down;
  changes.of("profile.aggregate_by_owner").profiles[1].aggregate_by_owner = true;
  changes.of("profile.profit_is_available").profiles[1].profit_is_available = false;
  changes.raise_each("profile", profile, &Profile::call_trigger, &Profile::call_target,
                     &Profile::call_period, &Profile::confirm_time, &Profile::liquidation_target,
                     &Profile::liquidation_slippage_max, &Profile::liquidation_fee,
                     &Profile::liquidation_steps_max, &Profile::takeover_below,
                     &Profile::closing_fee, &Profile::initial_factor, &Profile::withdrawal_factor,
                     &Profile::debt_initial, &Profile::debt_maintenance, &Profile::debt_withdrawal);
  changes.shorten(
      "profile removed", [](Reference & r) -> auto& { return r.profiles; });
  changes.of("collateral.measure").profiles[1].collateral[0].measure = TierMeasure::value;
  changes.raise_each("collateral", rule, &Collateral::asset, &Collateral::liability_weight,
                     &Collateral::exchange_above, &Collateral::exchange_ratio);
  changes.raise_each("step", step, &CollateralStep::up_to, &CollateralStep::ratio);
  changes.shorten(
      "step removed", [](Reference & r) -> auto& { return r.profiles[1].collateral[0].steps; });
  changes.shorten(
      "collateral removed", [](Reference & r) -> auto& { return r.profiles[1].collateral; });
}

void change_price_rules(Changes& changes) {
  const auto guard = [](Reference& r) -> Guard& { return r.guards[1]; };
  const auto index = [](Reference& r) -> Index& { return r.indices[1]; };
  const auto source = [](Reference& r) -> Source& { return r.sources[1]; };
  const auto mark = [](Reference& r) -> MarkRules& { return r.instruments[2].mark; };
  const auto breaker = [](Reference& r) -> Breaker& { return r.breaker; };
  changes.of("guard.name").guards[1].name = "strict";
  changes.of("guard.after").guards[1].after = AfterFreeze::accept;
  changes.raise_each("guard", guard, &Guard::age_max, &Guard::skew_max, &Guard::clock_error_max,
                     &Guard::spread_max, &Guard::velocity_max, &Guard::velocity_window,
                     &Guard::velocity_hold, &Guard::velocity_sources, &Guard::freeze_width,
                     &Guard::freeze_max);
  changes.of("index.name").indices[1].name = "BTC";
  changes.of("index.method").indices[1].method = IndexMethod::median;
  changes.raise_each("index", index, &Index::asset, &Index::guard, &Index::clamp, &Index::quorum,
                     &Index::quarantine_after, &Index::quarantine_time, &Index::price_max);
  changes.of("source.name").sources[1].name = "a";
  changes.of("source.venue").sources[1].venue = "a";
  changes.of("source.symbol").sources[1].symbol = "a";
  changes.of("source.field").sources[1].field = SourceField::mark;
  changes.raise_each("source", source, &Source::index, &Source::quote, &Source::weight);
  changes.of("instrument.venue").instruments[2].venue = "a";
  changes.of("mark.method").instruments[2].mark.method = MarkMethod::middle;
  changes.raise_each("mark", mark, &MarkRules::guard, &MarkRules::index, &MarkRules::basis_time,
                     &MarkRules::basis_max, &MarkRules::funding_period,
                     &MarkRules::settlement_window, &MarkRules::settlement_step,
                     &MarkRules::settlement_samples);
  changes.raise_each("breaker", breaker, &Breaker::liquidations_max, &Breaker::window,
                     &Breaker::hold, &Breaker::lag_max);
  changes.shorten(
      "guard removed", [](Reference & r) -> auto& { return r.guards; });
  changes.shorten(
      "index removed", [](Reference & r) -> auto& { return r.indices; });
  changes.shorten(
      "source removed", [](Reference & r) -> auto& { return r.sources; });
}

/// Every single change of a field that a configuration can set.
std::map<std::string, Reference> all_changes() {
  Changes changes;
  change_assets_and_instruments(changes);
  change_profiles(changes);
  change_price_rules(changes);
  const auto exchange = [](Reference& r) -> Exchange& { return r.exchange; };
  const auto limits = [](Reference& r) -> Limits& { return r.limits; };
  const auto whole = [](Reference& r) -> Reference& { return r; };
  changes.raise_each("exchange", exchange, &Exchange::latency, &Exchange::half_spread,
                     &Exchange::impact, &Exchange::depth, &Exchange::slippage_max);
  changes.raise_each("limits", limits, &Limits::accounts, &Limits::positions);
  changes.raise_each("engine", whole, &Reference::settle_grid, &Reference::time_step,
                     &Reference::numeraire);
  return changes.all();
}

TEST(HashOf, ChangesWithEveryFieldAndEqualsItselfOtherwise) {
  std::map<std::uint64_t, std::string> seen{{hash_of(full_reference()), "unchanged"}};
  EXPECT_TRUE(seen.contains(hash_of(full_reference())));
  for (const auto& [name, reference] : all_changes()) {
    const auto [at, is_new] = seen.try_emplace(hash_of(reference), name);
    EXPECT_TRUE(is_new) << name << " has the hash of " << at->second;
  }
}

TEST(HashOf, ChangesWithTheOrderOfAList) {
  Reference reference = support::small_reference();
  const std::uint64_t before = hash_of(reference);
  std::swap(reference.instruments[0], reference.instruments[1]);
  EXPECT_NE(hash_of(reference), before);
}

// Without the sizes, both of each pair would be the same words.
TEST(HashOf, KnowsWhereANameAndATableEnd) {
  Reference one;
  Reference other;
  one.assets = {{"A", 'B', Amount::from_raw('C'), Price::from_raw('D'), Amount::from_raw('E')},
                support::asset_of("", 1)};
  other.assets = {support::asset_of("ABCDE", 1)};
  EXPECT_NE(hash_of(one), hash_of(other));

  one.assets = other.assets = {};
  one.tiers.resize(1);
  other.assets.resize(2);  // as many words as a table without a name and brackets
  EXPECT_NE(hash_of(one), hash_of(other));
}

TEST(HashOf, DoesNotLookAtDerivedFields) {
  Reference reference = support::small_reference();
  const std::uint64_t before = hash_of(reference);
  reference.tiers[0].brackets[1].maintenance_amount = 0;
  reference.tiers[0].measure_unit = 7;
  reference.instruments[0].denominator = 7;
  reference.indices.resize(1);
  const std::uint64_t with_index = hash_of(reference);
  reference.indices[0].sources.resize(1);
  EXPECT_EQ(hash_of(reference), with_index);
  reference.indices.clear();
  EXPECT_EQ(hash_of(reference), before);
}

}  // namespace
}  // namespace plimsoll::reference
