#include "engine/reference/reference.hpp"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/reference_fixture.hpp"

namespace plimsoll::reference {
namespace {

TEST(Reference, FinishDerivesDivisorsAndCumulativeAmounts) {
  const Reference reference = support::small_reference();
  EXPECT_EQ(reference.instruments[0].value_divisor, 1'000'000);
  EXPECT_EQ(reference.instruments[1].value_divisor, 100'000);
  EXPECT_EQ(reference.instruments[2].value_divisor, 1'000);
  // BTC: 50,000 x 0.5 % = 250; then 250,000 x 1.5 % more, then 1 m x 2.5 % more. In 1e-15.
  const auto& brackets = reference.instruments[0].brackets;
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
    EXPECT_EQ(reference.instruments[i].value_divisor, once.instruments[i].value_divisor);
    for (std::size_t b = 0; b < once.instruments[i].brackets.size(); ++b) {
      EXPECT_TRUE(reference.instruments[i].brackets[b].maintenance_amount ==
                  once.instruments[i].brackets[b].maintenance_amount);
    }
  }
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

std::int64_t slippage(std::int64_t maintenance, std::int64_t fee, std::int64_t most) {
  Instrument instrument;
  instrument.brackets.push_back(
      {.floor = {}, .initial = {}, .maintenance = Rate::from_raw(maintenance)});
  instrument.brackets.push_back(
      {.floor = Amount::from_raw(1), .initial = {}, .maintenance = Rate::from_raw(kRateOne)});
  Profile profile;
  profile.liquidation_fee = Rate::from_raw(fee);
  profile.liquidation_slippage_max = Rate::from_raw(most);
  return liquidation_slippage(instrument, profile).raw();
}

TEST(LiquidationSlippage, IsNineTenthsOfWhatClosingFreesInTheFirstBracket) {
  EXPECT_EQ(slippage(5'000'000, 1'000'000, 10'000'000), 3'600'000);
  EXPECT_EQ(slippage(5'000'000, 0, 10'000'000), 4'500'000);
  EXPECT_EQ(slippage(12, 1, 10'000'000), 9);  // 9.9 rounded down
}

TEST(LiquidationSlippage, IsAtMostWhatTheProfileSays) {
  EXPECT_EQ(slippage(5'000'000, 1'000'000, 3'600'000), 3'600'000);
  EXPECT_EQ(slippage(5'000'000, 1'000'000, 3'599'999), 3'599'999);
}

TEST(LiquidationSlippage, IsPositiveInEveryReferenceThatIsAccepted) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Reference reference = support::random_reference(seed);
    for (const Profile& profile : reference.profiles) {
      for (const Instrument& instrument : reference.instruments) {
        EXPECT_GT(liquidation_slippage(instrument, profile).raw(), 0) << "seed " << seed;
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

/// Every single change of a field that a configuration can set.
std::map<std::string, Reference> all_changes() {
  std::map<std::string, Reference> changed;
  const auto change = [&changed](const char* name) -> Reference& {
    return changed[name] = support::small_reference();
  };
  change("asset.name").assets[1].name = "USDD";
  raise(change("asset.decimals").assets[1].decimals);
  raise(change("asset.insurance_fund").assets[1].insurance_fund);
  change("asset added").assets.push_back({"DAI", 6, Amount{}});
  change("instrument.symbol").instruments[2].symbol = "CHEAPUSDX";
  raise(change("instrument.settle").instruments[2].settle);
  raise(change("instrument.quantity_decimals").instruments[2].quantity_decimals);
  raise(change("instrument.lot").instruments[2].lot);
  raise(change("instrument.tick").instruments[2].tick);
  raise(change("instrument.price_max").instruments[2].price_max);
  change("instrument removed").instruments.pop_back();
  raise(change("bracket.floor").instruments[0].brackets[3].floor);
  raise(change("bracket.initial").instruments[0].brackets[3].initial);
  raise(change("bracket.maintenance").instruments[0].brackets[3].maintenance);
  change("bracket removed").instruments[0].brackets.pop_back();
  change("profile.name").profiles[1].name = "desl";
  change("profile.breach_at_equality").profiles[1].breach_at_equality = true;
  raise(change("profile.call_trigger").profiles[1].call_trigger);
  raise(change("profile.call_target").profiles[1].call_target);
  raise(change("profile.call_period").profiles[1].call_period);
  raise(change("profile.liquidation_target").profiles[1].liquidation_target);
  raise(change("profile.liquidation_slippage_max").profiles[1].liquidation_slippage_max);
  raise(change("profile.liquidation_fee").profiles[1].liquidation_fee);
  raise(change("profile.liquidation_steps_max").profiles[1].liquidation_steps_max);
  change("profile removed").profiles.pop_back();
  raise(change("exchange.latency").exchange.latency);
  raise(change("exchange.half_spread").exchange.half_spread);
  raise(change("exchange.impact").exchange.impact);
  raise(change("exchange.depth").exchange.depth);
  raise(change("exchange.slippage_max").exchange.slippage_max);
  raise(change("limits.accounts").limits.accounts);
  raise(change("limits.positions").limits.positions);
  raise(change("settle_grid").settle_grid);
  raise(change("time_step").time_step);
  return changed;
}

TEST(HashOf, ChangesWithEveryFieldAndEqualsItselfOtherwise) {
  std::map<std::uint64_t, std::string> seen{{hash_of(support::small_reference()), "unchanged"}};
  EXPECT_TRUE(seen.contains(hash_of(support::small_reference())));
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
  one.assets = {{"A", 'B', Amount::from_raw('C')}, {"", 1, Amount::from_raw(2)}};
  other.assets = {{"ABC", 1, Amount::from_raw(2)}};
  EXPECT_NE(hash_of(one), hash_of(other));

  one.assets = other.assets = {};
  one.instruments.resize(1);
  other.instruments.resize(1);
  one.instruments[0].brackets.resize(3);  // as many words as a profile without a name
  other.profiles.resize(1);
  EXPECT_NE(hash_of(one), hash_of(other));
}

TEST(HashOf, DoesNotLookAtDerivedFields) {
  Reference reference = support::small_reference();
  const std::uint64_t before = hash_of(reference);
  reference.instruments[0].brackets[1].maintenance_amount = 0;
  EXPECT_EQ(hash_of(reference), before);
}

}  // namespace
}  // namespace plimsoll::reference
