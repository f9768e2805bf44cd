#include "engine/configuration/accounts_reader.hpp"
#include "tests/configuration/demo.hpp"
#include "tests/configuration/same_input.hpp"
#include "tests/configuration/wide.hpp"

namespace plimsoll::configuration {
namespace {

const std::string kAccounts = R"(
[marks]
BTCUSDT = "60000.5"
BTCUSD_210924 = "60100"

[index]
BTC = "60000"
USDT = "0.999"

[funding]
BTCUSDT = "-0.0001"

[open_interest]
BTCUSDT = "1234.5"

[collateral_factor]
BTC = "0.8"

[[account]]
profile = "wide"
asset = "USD"
mode = "multi_asset"
balances = { BTC = "0.5", USDT = "-100" }
positions = [
  { instrument = "BTCUSDT", quantity = "-1", entry_price = "61000", leverage = "20" },
]
orders = [
  { instrument = "BTCUSD_210924", quantity = "10", limit = "59000" },
  { instrument = "BTCUSDT", quantity = "0.5", limit = "59000", order = 9, reduce_only = true },
]

[[account]]
id = 2
owner = 1
parent = 1
profile = "plain"
asset = "USDT"
mode = "isolated"
position_mode = "hedge"
balances = { USDT = "500" }
positions = [{ instrument = "BTCUSDT", side = "long", quantity = "0.1", entry_price = "60000" }]
)";

std::string portfolio_text() {
  return wide_reference() + kAccounts;
}

/// Expects exactly one error, at the line of `to`, or of `line` when that is given.
void expect_error(std::string_view from, std::string_view to, const std::string& error,
                  std::string_view line = "") {
  const std::string text = with(portfolio_text(), from, to, "[marks]");
  const auto errors = texts_of(parse_portfolio(text, "p.toml"));
  ASSERT_EQ(errors.size(), 1U) << to << ": " << (errors.empty() ? "no error" : errors.back());
  const std::string place = std::to_string(line_of(text, line.empty() ? to : line, "[marks]"));
  EXPECT_EQ(errors[0], "p.toml:" + place + ": " + error);
}

TEST(Portfolio, IsReadAsAWhole) {
  const PortfolioResult result = parse_portfolio(portfolio_text(), "p.toml");
  for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
  ASSERT_TRUE(result.ok());
  const Portfolio& portfolio = *result.portfolio;
  EXPECT_EQ(portfolio.reference.instruments.size(), 5U);
  EXPECT_EQ(portfolio.reference.limits.accounts, 2U);
  ASSERT_EQ(portfolio.marks.size(), 2U);
  EXPECT_EQ(portfolio.marks[0].instrument, InstrumentId::from_raw(0U));
  ASSERT_EQ(portfolio.indices.size(), 2U);
  EXPECT_EQ(portfolio.indices[0].asset, AssetId::from_raw(2U));
  EXPECT_EQ(portfolio.indices[0].price, Price::from_raw(60'000'000'000'000));
  ASSERT_EQ(portfolio.funding.size(), 1U);
  EXPECT_EQ(portfolio.funding[0].rate, Rate::from_raw(-100'000));
  ASSERT_EQ(portfolio.open_interest.size(), 1U);
  EXPECT_EQ(portfolio.open_interest[0].quantity, Quantity::from_raw(1'234'500));
  ASSERT_EQ(portfolio.collateral_factors.size(), 1U);
  EXPECT_EQ(portfolio.collateral_factors[0].factor, Rate::from_raw(800'000'000));
  ASSERT_EQ(portfolio.accounts.size(), 2U);
}

TEST(Portfolio, OfTheExampleIsValid) {
  const PortfolioResult result = load_portfolio(PLIMSOLL_CONFIG "/portfolio-example.toml");
  for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
}

TEST(Portfolio, HasTheInputsOfTheSameBook) {
  const PortfolioResult result = parse_portfolio(portfolio_text(), "p.toml");
  ASSERT_TRUE(result.ok());
  Folder folder;
  const std::string book = folder.write(
      "book.jsonl",
      R"({"account":1,"profile":"wide","asset":"USD","mode":"multi_asset","balances":{"BTC":"0.5","USDT":"-100"},"positions":[{"instrument":"BTCUSDT","quantity":"-1","entry_price":"61000","leverage":"20"}],"orders":[{"order":1,"instrument":"BTCUSD_210924","quantity":"10","limit":"59000"},{"order":9,"instrument":"BTCUSDT","quantity":"0.5","limit":"59000","reduce_only":true}]}
{"account":2,"owner":1,"parent":1,"profile":"plain","asset":"USDT","mode":"isolated","position_mode":"hedge","balance":"500","positions":[{"instrument":"BTCUSDT","side":"long","quantity":"0.1","entry_price":"60000"}]})");
  std::vector<InputBody> expected;
  const auto read = read_accounts(book, result.portfolio->reference,
                                  [&](const InputBody& input) { expected.push_back(input); });
  for (const std::string& error : texts_of(read)) ADD_FAILURE() << error;
  std::vector<InputBody> inputs;
  for (const PortfolioAccount& account : result.portfolio->accounts) {
    EXPECT_EQ(std::get<AccountOpened>(account.inputs.at(0)).account, account.account);
    inputs.insert(inputs.end(), account.inputs.begin(), account.inputs.end());
  }
  ASSERT_EQ(inputs.size(), expected.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_TRUE(same_input(inputs[i], expected[i])) << i;
  }
}

TEST(Portfolio, RefusesAMarketThatTheEngineWouldRefuse) {
  expect_error("BTCUSDT = \"60000.5\"", "BTCUSDT = \"2000000\"",
               "marks.BTCUSDT = \"2000000\": must be from price_min 0.000000001 to price_max "
               "1000000");
  expect_error("BTCUSDT = \"60000.5\"", "BTCUSDT = 60000.5",
               "marks.BTCUSDT = 60000.5: must be a decimal number in quotes, as \"0.004\"");
  expect_error("USDT = \"0.999\"", "USDT = \"2.5\"",
               "index.USDT = \"2.5\": must be above 0 and at most index_max 2");
  expect_error("USDT = \"0.999\"", "USD = \"1\"",
               "index.USD = \"1\": is the index of the numeraire, which is always 1");
  expect_error("BTCUSDT = \"-0.0001\"", "BTCUSDT = \"-0.2\"",
               "funding.BTCUSDT = \"-0.2\": must be -0.1 to 0.1");
  expect_error("\"1234.5\"", "\"-1\"", "open_interest.BTCUSDT = \"-1\": must not be negative");
  expect_error("\"1234.5\"", "\"2000000000\"",
               "open_interest.BTCUSDT = \"2000000000\": out of range");
  expect_error("BTC = \"0.8\"", "BTC = \"1.8\"", "collateral_factor.BTC = \"1.8\": must be 0 to 1");
}

TEST(Portfolio, RefusesKeysThatNameNothing) {
  const auto error_of = [](std::string_view from, std::string_view to) {
    const auto errors =
        texts_of(parse_portfolio(with(portfolio_text(), from, to, "[marks]"), "p.toml"));
    return errors.size() == 1 ? errors[0].substr(errors[0].find(": ") + 2) : "not one error";
  };
  EXPECT_EQ(error_of("BTCUSDT = \"60000.5\"", "XRP = \"1\""), "marks.XRP: names no instrument");
  EXPECT_EQ(error_of("BTCUSDT = \"-0.0001\"", "\"BTC/USDT\" = \"0\""),
            "funding.\"BTC/USDT\": is a spot pair");
  EXPECT_EQ(error_of("BTC = \"0.8\"", "XRP = \"1\""), "collateral_factor.XRP: names no asset");
  EXPECT_EQ(error_of("[funding]", "[fundings]"),
            "fundings: unknown key, the nearest known is \"funding\"");
  EXPECT_EQ(error_of("reduce_only = true", "reduces = true").find("account[0].orders[1].reduces: "),
            0U);
}

TEST(Portfolio, RefusesWrongAccountsAtTheirPlace) {
  expect_error("profile = \"wide\"", "profile = \"gold\"",
               "account[0].profile = \"gold\": names no profile");
  expect_error("id = 2", "id = 1", "account[1].id = 1: appears twice");
  expect_error("id = 2", "id = 0",
               "account[1].id = 0: must be a whole number from 1 to 9223372036854775807");
  expect_error("parent = 1", "parent = 5",
               "account[1].parent = 5: names no account of a line before");
  expect_error("BTC = \"0.5\"", "BTC = \"x\"",
               "account[0].balances.BTC = \"x\": not a decimal number");
  expect_error("entry_price = \"61000\"", "entry_price = 61000",
               "account[0].positions[0].entry_price = 61000: must be a text in quotes");
  expect_error("quantity = \"0.1\"", "quantity = \"-0.1\"",
               "account[1].positions[0].quantity = \"-0.1\": must be above 0 on side long, below 0 "
               "on side short");
  expect_error("order = 9", "order = 1", "account[0].orders[1].order = 1: appears twice");
  expect_error("asset = \"USDT\"\n", "", "account[1].asset: is missing", "[[account]]\nid");
}

TEST(Portfolio, NeedsAnAccount) {
  const auto errors = texts_of(parse_portfolio(wide_reference(), "p.toml"));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("account: is missing"), std::string::npos) << errors[0];
}

TEST(Portfolio, ShowsMistakesOfTheRulesAndOfTheAccountsAtOnce) {
  std::string text = with(portfolio_text(), "tick = \"0.1\"", "tick = \"0\"");
  text = with(text, "entry_price = \"61000\"", "entry_prise = \"61000\"");
  text = with(text, "USDT = \"0.999\"", "USDT = \"-1\"");
  const auto errors = texts_of(parse_portfolio(text, "p.toml"));
  EXPECT_EQ(errors.size(),
            4U);  // The price is missing under its name, and unknown under the other.
}

TEST(Portfolio, MayIncludeTheConfigurationOfAService) {
  Folder folder;
  folder.write("venue.toml", wide_configuration() + "[gateway]\nport = 1\n");
  const std::string path = folder.write("p.toml", "include = [\"venue.toml\"]\n" + kAccounts);
  const PortfolioResult result = load_portfolio(path);
  for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
  folder.write("venue.toml", portfolio_text());
  EXPECT_EQ(load_portfolio(path).errors.size(), 6U);
  EXPECT_EQ(to_string(load_portfolio(folder.at("no.toml")).errors.at(0)),
            folder.at("no.toml") + ": cannot be read, or is above 64 MiB");
}

}  // namespace
}  // namespace plimsoll::configuration
