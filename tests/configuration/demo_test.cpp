#include "tests/configuration/demo.hpp"

namespace plimsoll::configuration {
namespace {

using reference::Instrument;
using reference::Profile;

Configuration demo() {
  const ConfigurationResult result = load_configuration(demo_path());
  for (const Error& error : result.errors) ADD_FAILURE() << to_string(error);
  return result.configuration.value_or(Configuration{});
}

TEST(Demo, HasFiveInstrumentsWithExactNumbers) {
  const Configuration configuration = demo();
  const auto& instruments = configuration.reference.instruments;
  ASSERT_EQ(instruments.size(), 5U);
  const Instrument& bitcoin = instruments[0];
  EXPECT_EQ(bitcoin.symbol, "BTCUSDT");
  EXPECT_EQ(bitcoin.quantity_decimals, 3);
  EXPECT_EQ(bitcoin.lot, Quantity::from_raw(1));
  EXPECT_EQ(bitcoin.tick, Price::from_raw(100'000'000));
  EXPECT_EQ(bitcoin.price_max, Price::from_raw(10'000'000'000'000'000));
  EXPECT_EQ(bitcoin.numerator, 1);
  EXPECT_EQ(bitcoin.denominator, 1'000'000);
  const auto tiers_of = [&](const Instrument& instrument) -> const reference::Tiers& {
    return configuration.reference.tiers[instrument.tiers_long.raw()];
  };
  EXPECT_EQ(tiers_of(bitcoin).name, "BTCUSDT");
  EXPECT_EQ(tiers_of(bitcoin).brackets[0].maintenance, Rate::from_raw(4'000'000));
  EXPECT_EQ(tiers_of(bitcoin).brackets[1].floor, 500'000'000'000);
  EXPECT_EQ(tiers_of(instruments[1]).brackets[0].maintenance, Rate::from_raw(5'000'000));
  for (const Instrument& instrument : instruments) {
    EXPECT_EQ(instrument.tiers_short, instrument.tiers_long);
    EXPECT_GE(tiers_of(instrument).brackets.size(), 4U) << instrument.symbol;
    EXPECT_LE(tiers_of(instrument).brackets.size(), 8U) << instrument.symbol;
  }
}

TEST(Demo, HasTwoProfilesAndLimits) {
  const Configuration configuration = demo();
  const reference::Reference& reference = configuration.reference;
  ASSERT_EQ(reference.profiles.size(), 2U);
  const Profile& standard = reference.profiles[0];
  EXPECT_EQ(standard.name, "standard");
  EXPECT_TRUE(standard.breach_at_equality);
  EXPECT_EQ(standard.call_trigger, Rate::from_raw(1'250'000'000));
  EXPECT_EQ(standard.call_period, Duration::from_raw(10'000'000'000));
  EXPECT_EQ(standard.liquidation_steps_max, 50U);
  EXPECT_FALSE(reference.profiles[1].breach_at_equality);
  EXPECT_EQ(reference.limits.accounts, 2'000'000U);
  EXPECT_EQ(reference.limits.positions, 8'000'000U);
  EXPECT_EQ(reference.settle_grid, Duration::from_raw(1'000'000));
  EXPECT_EQ(reference.time_step, Duration::from_raw(100'000'000));
  EXPECT_EQ(reference.exchange.depth, Amount::from_raw(1'000'000'000'000'000));
}

TEST(Demo, HasAGatewayAndAPriceForEveryInstrument) {
  const Configuration configuration = demo();
  EXPECT_EQ(configuration.gateway.address, "127.0.0.1");
  EXPECT_EQ(configuration.gateway.port, 9710);
  EXPECT_TRUE(configuration.gateway.users.empty());
  const ConfigurationResult full = parse_configuration(full_text(), "t.toml");
  ASSERT_TRUE(full.ok());
  ASSERT_EQ(full.configuration->gateway.users.size(), 2U);
  EXPECT_EQ(full.configuration->gateway.users[0].name, "desk");
  EXPECT_EQ(configuration.gateway.silence_max, Duration::from_raw(15'000'000'000));
  ASSERT_EQ(configuration.reference_prices.size(), 5U);
  EXPECT_EQ(configuration.reference_prices[0], Price::from_raw(61'800'000'000'000));
  EXPECT_EQ(configuration.reference_prices[4], Price::from_raw(105'000'000));
}

TEST(Demo, NeedsNeitherEngineNorGatewaySection) {
  std::string text = demo_text();
  const auto erase = [&text](std::string_view from, std::string_view to) {
    const std::size_t begin = text.find(from);
    text.erase(begin, text.find(to, begin) - begin);
  };
  erase("[engine]", "[limits]");
  erase("[gateway]", "[[asset]]");
  const ConfigurationResult result = parse_configuration(text, "t.toml");
  ASSERT_TRUE(result.ok()) << to_string(result.errors.front());
  EXPECT_EQ(result.configuration->reference.settle_grid, Duration::from_raw(1'000'000));
  EXPECT_EQ(result.configuration->reference.time_step, Duration::from_raw(100'000'000));
  EXPECT_EQ(result.configuration->gateway.port, 9710);
  EXPECT_TRUE(result.configuration->gateway.users.empty());
}

}  // namespace
}  // namespace plimsoll::configuration
