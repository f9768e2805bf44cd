#include "tests/configuration/wide_checks.hpp"

// Goal: every key of guards, indices, marks and the breaker is read into its field, and every rule
// that is broken is named at its place, in whatever file it stands.

namespace plimsoll::configuration {
namespace {

using reference::AfterFreeze;
using reference::Guard;
using reference::Index;
using reference::IndexMethod;
using reference::MarkMethod;
using reference::MarkRules;
using reference::Reference;
using reference::Source;
using reference::SourceField;

constexpr Duration seconds(std::int64_t count) {
  return Duration::from_raw(count * 1'000'000'000);
}

TEST(PriceRules, OfAGuardAreReadOrNone) {
  ASSERT_EQ(wide().guards.size(), 2U);
  const Guard& loose = wide().guards[0];
  EXPECT_EQ(loose.name, "loose");
  for (const Duration limit : {loose.age_max, loose.skew_max, loose.clock_error_max,
                               loose.velocity_window, loose.velocity_hold, loose.freeze_max}) {
    EXPECT_EQ(limit.raw(), 0);
  }
  for (const Rate limit : {loose.spread_max, loose.velocity_max, loose.freeze_width}) {
    EXPECT_EQ(limit.raw(), 0);
  }
  EXPECT_EQ(loose.velocity_sources, 1U);
  EXPECT_EQ(loose.after, AfterFreeze::wait);
  const Guard& strict = wide().guards[1];
  EXPECT_EQ(strict.age_max, seconds(5));
  EXPECT_EQ(strict.skew_max, Duration::from_raw(50'000'000));
  EXPECT_EQ(strict.clock_error_max, seconds(2));
  EXPECT_EQ(strict.spread_max, Rate::from_raw(20'000'000));
  EXPECT_EQ(strict.velocity_max, Rate::from_raw(50'000'000));
  EXPECT_EQ(strict.velocity_window, seconds(1));
  EXPECT_EQ(strict.velocity_hold, seconds(3));
  EXPECT_EQ(strict.velocity_sources, 2U);
  EXPECT_EQ(strict.freeze_width, Rate::from_raw(100'000'000));
  EXPECT_EQ(strict.freeze_max, seconds(600));
  EXPECT_EQ(strict.after, AfterFreeze::accept);
}

TEST(PriceRules, OfAnIndexAreRead) {
  ASSERT_EQ(wide().indices.size(), 2U);
  const Index& tether = wide().indices[0];
  EXPECT_EQ(tether.name, "USDT");
  EXPECT_EQ(tether.asset, AssetId::from_raw(1));
  EXPECT_EQ(tether.guard, GuardId::from_raw(0));
  EXPECT_EQ(tether.method, IndexMethod::mean);
  EXPECT_EQ(tether.quorum, 1U);
  EXPECT_EQ(tether.quarantine_after, 0U);
  EXPECT_EQ(tether.quarantine_time.raw(), 0);
  EXPECT_EQ(tether.sources, std::vector{SourceId::from_raw(0)});
  const Index& bitcoin = wide().indices[1];
  EXPECT_EQ(bitcoin.name, "BTC-USD");
  EXPECT_EQ(bitcoin.asset, AssetId::from_raw(2));
  EXPECT_EQ(bitcoin.guard, GuardId::from_raw(1));
  EXPECT_EQ(bitcoin.method, IndexMethod::weighted);
  EXPECT_EQ(bitcoin.clamp, Rate::from_raw(30'000'000));
  EXPECT_EQ(bitcoin.quorum, 2U);
  EXPECT_EQ(bitcoin.quarantine_after, 20U);
  EXPECT_EQ(bitcoin.quarantine_time, seconds(3'600));
  EXPECT_EQ(bitcoin.price_max, Price::from_raw(1'000'000 * kRateOne));
  EXPECT_EQ(bitcoin.sources, (std::vector{SourceId::from_raw(1), SourceId::from_raw(2)}));
}

TEST(PriceRules, OfSourcesAreReadInlineAndAsTables) {
  ASSERT_EQ(wide().sources.size(), 3U);
  const Source& inline_one = wide().sources[0];
  EXPECT_EQ(inline_one.name, "tether");
  EXPECT_EQ(inline_one.venue, "kraken");
  EXPECT_EQ(inline_one.symbol, "USDT/USD");
  EXPECT_EQ(inline_one.field, SourceField::trade);
  EXPECT_EQ(inline_one.index, IndexId::from_raw(0));
  EXPECT_EQ(inline_one.quote, kNoAsset);
  EXPECT_EQ(inline_one.weight.raw(), kRateOne);
  const Source& plain = wide().sources[1];
  EXPECT_EQ(plain.name, "coinbase:BTC-USD");
  EXPECT_EQ(plain.field, SourceField::quote);
  EXPECT_EQ(plain.index, IndexId::from_raw(1));
  EXPECT_EQ(plain.weight, Rate::from_raw(1'500'000'000));
  const Source& converted = wide().sources[2];
  EXPECT_EQ(converted.name, "binance-spot:BTCUSDT");
  EXPECT_EQ(converted.field, SourceField::index);
  EXPECT_EQ(converted.quote, AssetId::from_raw(1));
}

TEST(PriceRules, OfAMarkAreReadOrTheirDefaults) {
  EXPECT_EQ(wide().instruments[0].venue, "binance");
  const MarkRules& median = wide().instruments[0].mark;
  EXPECT_EQ(median.method, MarkMethod::median);
  EXPECT_EQ(median.guard, GuardId::from_raw(1));
  EXPECT_EQ(median.index, IndexId::from_raw(1));
  EXPECT_EQ(median.basis_time, seconds(60));
  EXPECT_EQ(median.basis_max, Rate::from_raw(20'000'000));
  EXPECT_EQ(median.funding_period, seconds(4 * 3'600));
  EXPECT_EQ(median.settlement_window.raw(), 0);
  const MarkRules& settled = wide().instruments[1].mark;
  EXPECT_EQ(settled.method, MarkMethod::automatic);
  EXPECT_EQ(settled.index, IndexId::from_raw(1));
  EXPECT_EQ(settled.settlement_window, seconds(1'800));
  EXPECT_EQ(settled.settlement_step, seconds(6));
  EXPECT_EQ(settled.settlement_samples, Rate::from_raw(900'000'000));
  EXPECT_EQ(wide().instruments[2].venue, "");
  const MarkRules& plain = wide().instruments[3].mark;
  EXPECT_EQ(plain.guard, kNoGuard);
  EXPECT_EQ(plain.index, kNoIndex);
  EXPECT_EQ(plain.basis_time, seconds(30));
  EXPECT_EQ(plain.basis_max, Rate::from_raw(50'000'000));
  EXPECT_EQ(plain.funding_period, seconds(8 * 3'600));
}

TEST(PriceRules, OfTheBreakerAreRead) {
  EXPECT_EQ(wide().breaker.liquidations_max, 500U);
  EXPECT_EQ(wide().breaker.window, seconds(10));
  EXPECT_EQ(wide().breaker.hold, seconds(30));
  EXPECT_EQ(wide().breaker.lag_max, seconds(2));
}

TEST(PriceRules, ThatAreOneOfSomeWords) {
  expect_error("after = \"accept\"", "after = \"hope\"",
               "guard[1].after = \"hope\": must be wait or accept");
  expect_error("method = \"weighted\"", "method = \"mode\"",
               "index[1].method = \"mode\": must be mean, weighted or median");
  expect_error("field = \"index\"", "field = \"last\"",
               "index[1].sources[1].field = \"last\": must be quote, trade, mark or index");
  expect_error("mark = \"median\"", "mark = \"index\"",
               "instrument[0].mark = \"index\": must be automatic, venue, middle, index_basis, "
               "median or last_trade");
}

TEST(PriceRules, ThatNameNothing) {
  expect_error("guard = \"loose\"", "guard = \"lose\"",
               "index[0].guard = \"lose\": names no guard");
  expect_error("asset = \"BTC\"\nguard", "asset = \"ETH\"\nguard",
               "index[1].asset = \"ETH\": names no asset");
  expect_error("quote = \"USDT\"", "quote = \"USDC\"",
               "index[1].sources[1].quote = \"USDC\": names no asset");
  expect_error("index = \"BTC-USD\"", "index = \"BTC\"",
               "instrument[0].index = \"BTC\": names no index");
  expect_error("guard = \"strict\"", "guard = \"\"", "instrument[0].guard = \"\": names no guard",
               "mark = \"median\"");
  expect_error("guard = \"strict\"", "guard = 1",
               "instrument[0].guard = 1: must be a text in quotes", "mark = \"median\"");
}

TEST(PriceRules, ThatAreMissing) {
  expect_error("guard = \"strict\"\nmethod", "method", "index[1].guard: is missing", "",
               "[[index]]\nname = \"BTC-USD\"");
  expect_error("clamp = \"0.03\"\n", "", "index[1].clamp: is missing", "",
               "[[index]]\nname = \"BTC-USD\"");
  expect_error("quorum = 2\n", "", "index[1].quorum: is missing", "",
               "[[index]]\nname = \"BTC-USD\"");
  expect_error("field = \"quote\"\n", "", "index[1].sources[0].field: is missing", "",
               "[[index.sources]]\nvenue = \"coinbase\"");
  expect_error("venue = \"coinbase\"\n", "", "index[1].sources[0].venue: is missing", "",
               "[[index.sources]]\nsymbol = \"BTC-USD\"");
  expect_error(
      "sources = [{ name = \"tether\", venue = \"kraken\", symbol = \"USDT/USD\", field = "
      "\"trade\" }]\n",
      "", "index[0].sources: is missing", "", "[[index]]\nname = \"USDT\"");
}

TEST(PriceRules, WhoseRulesTheReferenceChecksAreFoundAtTheirLine) {
  expect_error("[[index]]", "[[guard]]\nname = \"loose\"\n[[index]]",
               "guard[2].name = \"loose\": appears twice", "", "name = \"loose\"\n[[index]]");
  expect_error("velocity_hold = \"3s\"\n", "",
               "guard[1].velocity_hold: must be above 0 with a velocity_max", "",
               "[[guard]]\nname = \"strict\"");
  expect_error("freeze_width = \"0.1\"", "freeze_width = \"1\"",
               "guard[1].freeze_width = \"1\": must be 0 or more, and below 1");
  expect_error("quorum = 2", "quorum = 3",
               "index[1].quorum = 3: must be from 1 to the number of sources");
  expect_error("price_max = \"1000000\"", "price_max = \"10000001\"",
               "index[1].price_max = \"10000001\": must be at most the index_max of the asset");
  expect_error("quote = \"USDT\"", "quote = \"USD\"",
               "index[1].sources[1].quote = \"USD\": needs an index of that asset");
  expect_error("weight = \"1.5\"", "weight = \"0\"",
               "index[1].sources[0].weight = \"0\": must be above 0 and at most 1000");
  expect_error("name = \"tether\"", "name = \"coinbase:BTC-USD\"",
               "index[1].sources[0].name: appears twice", "",
               "[[index.sources]]\nvenue = \"coinbase\"");
  expect_error("index = \"BTC-USD\"\n", "",
               "instrument[0].index: is needed by mark index_basis and median", "",
               "[[instrument]]\nsymbol = \"BTCUSDT\"");
  expect_error("settlement_step = \"6s\"", "settlement_step = \"7s\"",
               "instrument[1].settlement_window = \"30m\": must be a multiple of settlement_step",
               "", "settlement_window");
  expect_error("base = \"BTC\"", "base = \"BTC\"\nmark = \"middle\"",
               "instrument[2].mark = \"middle\": is not for kind spot", "", "mark = \"middle\"");
  expect_error("window = \"10s\"", "window = \"0s\"",
               "breaker.window = \"0s\": must be above 0 with a liquidations_max");
}

TEST(PriceRules, OfPlacesThatHaveNoneAreUnknown) {
  const auto error_of = [](std::string_view from, std::string_view to) {
    const auto errors =
        texts_of(parse_configuration(with(wide_configuration(), from, to), "t.toml"));
    return errors.size() == 1 ? errors[0].substr(errors[0].find(": ") + 2) : "not one error";
  };
  EXPECT_EQ(error_of("age_max", "ages_max"),
            "guard[1].ages_max: unknown key, the nearest known is \"age_max\"");
  EXPECT_EQ(error_of("quarantine_after", "quarantine_count"),
            "index[1].quarantine_count: unknown key, the nearest known is \"quarantine_after\"");
  EXPECT_EQ(error_of("weight = \"1.5\"", "weigh = \"1.5\""),
            "index[1].sources[0].weigh: unknown key, the nearest known is \"weight\"");
  EXPECT_EQ(error_of("basis_time", "basis_times"),
            "instrument[0].basis_times: unknown key, the nearest known is \"basis_time\"");
  EXPECT_EQ(error_of("lag_max", "lags_max"),
            "breaker.lags_max: unknown key, the nearest known is \"lag_max\"");
}

TEST(PriceRules, DoNotShowMistakesThatOnlyFollow) {
  expect_error("name = \"strict\"", "name = 5", "guard[1].name = 5: must be a text in quotes");
  expect_error("name = \"BTC-USD\"", "name = 5", "index[1].name = 5: must be a text in quotes");
  expect_error("field = \"trade\"", "field = 5",
               "index[0].sources[0].field = 5: must be a text in quotes");
  expect_error("asset = \"USDT\"\nguard", "asset = 5\nguard",
               "index[0].asset = 5: must be a text in quotes");
  expect_error("index_max = \"10000000\"", "index_max = \"?\"",
               "asset[2].index_max = \"?\": not a decimal number");
}

constexpr std::string_view kService = R"(
[limits]
accounts = 1000
positions = 1000
[exchange]
latency = "20ms"
half_spread = "0.0002"
impact = "0.01"
depth = "1000000"
slippage_max = "0.05"
)";

constexpr std::string_view kMore = R"(
[[guard]]
name = "more"
[[index]]
name = "ETH"
guard = "more"
clamp = "0.01"
quorum = 1
price_max = "100000"
sources = [{ venue = "kraken", symbol = "ETH/USD", field = "quote", weight = "1" }]
[breaker]
hold = "1m"
)";

TEST(PriceRules, OfSeveralFilesAreOneList) {
  const Folder folder;
  folder.write("venue.toml", trusted_reference());
  const std::string path = folder.write(
      "main.toml", "include = [\"venue.toml\"]\n" + std::string{kMore} + std::string{kService});
  const ConfigurationResult result = load_configuration(path);
  ASSERT_TRUE(result.ok()) << texts_of(result)[0];
  const Reference& reference = result.configuration->reference;
  ASSERT_EQ(reference.indices.size(), 3U);
  EXPECT_EQ(reference.indices[2].guard, GuardId::from_raw(2));
  EXPECT_EQ(reference.indices[2].sources, std::vector{SourceId::from_raw(3)});
  EXPECT_EQ(reference.breaker.window, seconds(10));
  EXPECT_EQ(reference.breaker.hold, seconds(60));
}

TEST(PriceRules, OfSeveralFilesNameTheElementAsTheirFileCounts) {
  const Folder folder;
  folder.write("venue.toml", trusted_reference());
  const auto error_of = [&](std::string_view from, std::string_view to) {
    const std::string text =
        "include = [\"venue.toml\"]\n" + with(std::string{kMore}, from, to) + std::string{kService};
    const auto errors = texts_of(load_configuration(folder.write("main.toml", text)));
    return errors.size() == 1 ? errors[0].substr(folder.path().size() + 1) : "not one error";
  };
  EXPECT_EQ(error_of("clamp = \"0.01\"", "clamp = \"0.6\""),
            "main.toml:8: index[0].clamp = \"0.6\": must be above 0 and at most 0.5");
  EXPECT_EQ(error_of("weight = \"1\"", "weight = \"-1\""),
            "main.toml:11: index[0].sources[0].weight = \"-1\": must be above 0 and at most 1000");
  EXPECT_EQ(error_of("name = \"ETH\"", "name = \"USDT\""),
            "main.toml:6: index[0].name = \"USDT\": appears twice");
  EXPECT_EQ(error_of("name = \"more\"", "name = \"loose\"").substr(0, 9), "not one e");
}

TEST(PriceRules, StandBesideThePricesOfAPortfolioThatIncludesThem) {
  const Folder folder;
  folder.write("venue.toml", trusted_reference());
  const auto portfolio = [&](const std::string& text) {
    return load_portfolio(folder.write("portfolio.toml", "include = [\"venue.toml\"]\n" + text));
  };
  const std::string account = "[[account]]\nprofile = \"plain\"\nasset = \"USDT\"\n";
  const PortfolioResult both = portfolio("[index]\nBTC = \"60000\"\n" + account);
  ASSERT_TRUE(both.ok()) << texts_of(both)[0];
  EXPECT_EQ(both.portfolio->reference.indices.size(), 2U);
  EXPECT_EQ(both.portfolio->indices.size(), 1U);
  const PortfolioResult own = portfolio(std::string{kMore} + account);
  ASSERT_TRUE(own.ok()) << texts_of(own)[0];
  EXPECT_EQ(own.portfolio->reference.indices.size(), 3U);
  folder.write("prices.toml", "[index]\nBTC = \"60000\"\n");
  const PortfolioResult refused = load_portfolio(
      folder.write("portfolio.toml", "include = [\"venue.toml\", \"prices.toml\"]\n" + account));
  ASSERT_EQ(refused.errors.size(), 1U);
  EXPECT_NE(texts_of(refused)[0].find("index: may not stand in a file that is included"),
            std::string::npos);
}

TEST(PriceRules, AreAListInAConfiguration) {
  const auto errors = texts_of(parse_configuration(
      with(demo_text(), "[limits]", "[index]\nBTC = \"1\"\n[limits]"), "t.toml"));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("index: must be an array of tables"), std::string::npos) << errors[0];
}

}  // namespace
}  // namespace plimsoll::configuration
