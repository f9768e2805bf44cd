#include "engine/generate/random.hpp"
#include "tests/configuration/demo.hpp"
#include "tests/configuration/wide.hpp"

// Goal: no file, however damaged, crashes the reader or passes with a broken rule. Method: flip,
// delete and duplicate bytes of the demonstration at random; what is accepted must still satisfy
// reference::finish(), and what is refused must say why with a place.

namespace plimsoll::configuration {
namespace {

std::string damaged(std::string text, generate::Random& random) {
  const std::int64_t count = random.between(1, 4);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(random.below(text.size()));
    const auto size = static_cast<std::size_t>(random.between(1, 20));
    switch (random.below(4)) {
      case 0:
        text[at] =
            static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << random.below(8)));
        break;
      case 1:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 2:
        text.erase(at, size);
        break;
      default:
        text.insert(at, text.substr(static_cast<std::size_t>(random.below(text.size())), size));
    }
  }
  return text;
}

/// Damages a text again and again; so many times at least it is none, as in comments and names.
void expect_sound(const std::string& whole, std::uint64_t seed, int accepted_min) {
  generate::Random random{seed};
  int accepted = 0;
  constexpr int kRounds = 3'000;
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = damaged(whole, random);
    ConfigurationResult result = parse_configuration(text, "t.toml");
    ASSERT_NE(result.ok(), !result.errors.empty());
    if (result.ok()) {
      ++accepted;
      ASSERT_TRUE(reference::finish(result.configuration->reference).empty());
      ASSERT_EQ(result.configuration->reference_prices.size(),
                result.configuration->reference.instruments.size());
    }
    for (const Error& error : result.errors) {
      ASSERT_FALSE(error.reason.empty());
      ASSERT_LT(to_string(error).size(), 1'000U);
    }
  }
  EXPECT_GT(accepted, accepted_min);
  EXPECT_LT(accepted, kRounds);
}

TEST(Mutation, DamageNeverCrashesAndIsNeverSilentlyWrong) {
  expect_sound(full_text(), 20'240'808, 60);
  expect_sound(wide_configuration(), 20'240'809, 5);
}

TEST(Mutation, DamageToAPortfolioNeverCrashes) {
  generate::Random random{20'240'810};
  const std::string whole = wide_reference() + R"([marks]
BTCUSDT = "60000.5"
[index]
BTC = "60000"
[open_interest]
BTCUSD_210924 = "5"
[[account]]
profile = "wide"
asset = "USD"
mode = "multi_asset"
balances = { BTC = "0.5" }
positions = [{ instrument = "BTCUSDT", quantity = "-1", entry_price = "61000", leverage = "20" }]
orders = [{ instrument = "BTCUSDT", quantity = "0.5", limit = "59000", reduce_only = true }]
)";
  for (int round = 0; round < 3'000; ++round) {
    const PortfolioResult result = parse_portfolio(damaged(whole, random), "t.toml");
    ASSERT_NE(result.ok(), !result.errors.empty());
    for (const Error& error : result.errors) ASSERT_LT(to_string(error).size(), 1'000U);
  }
}

TEST(Mutation, CutAtAnyByteIsRefusedOrComplete) {
  for (std::size_t size = 0; size < demo_text().size(); size += 7) {
    const ConfigurationResult result =
        parse_configuration(std::string_view{demo_text()}.substr(0, size), "t.toml");
    ASSERT_NE(result.ok(), !result.errors.empty()) << size;
  }
}

TEST(Mutation, DeepNestingIsRefused) {
  const std::string deep(100'000, '[');
  EXPECT_FALSE(parse_configuration("a = " + deep, "t.toml").ok());
  EXPECT_FALSE(parse_configuration(deep, "t.toml").ok());
}

}  // namespace
}  // namespace plimsoll::configuration
