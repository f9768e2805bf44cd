// Goal: `plimsoll margin` explains a portfolio, as a page and as JSON, and names what is wrong with
// its file or its options.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"
#include "tests/cli/portfolio.hpp"

namespace plimsoll::cli::testing {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

class Margin : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string multi_{folder_.write("multi.toml", multi_asset_portfolio())};
};

TEST_F(Margin, OfTheExampleIsAPageWithEveryNumber) {
  const Finished page = run({"margin", example_portfolio()});
  EXPECT_EQ(page.code, kOk);
  EXPECT_EQ(page.err, "");
  for (const char* part : {
           "margin of ",  // the file
           "account 1: cross, in USDT; profile example, version ",
           "position BTCUSDT, side long",   // each position
           "position BTCUSDT, side short",  //
           "tick 0.1",                      // of its instrument
           "2 x 60000, rounded down",       // value
           "120000 - 118000",               // unrealised pnl
           "max(2000 + 75, 7500) + 12",     // initial margin
           "772 + 165 + 1037.5",            // their sum
           "limit 58000",                   // an open order
           "2 and the buys of 0.5",         // the case for the initial margin
           "120000 x 0.01 - 500",           // the charge, with cumulative amount
           "bracket 1 from 100000 to 1000000, rate 0.01, cumulative amount 500",
           "120000 x 0.0005",                    // closing fee
           "150000 / 20",                        // by leverage
           "120000 x 0.0001 (estimated rate)",   // funding
           "x 1.5, rounded up; equal is below",  // threshold
           "liquidation price",                  //
           "bankruptcy price",
       }) {
    EXPECT_NE(page.out.find(part), std::string::npos) << page.out << "lacks " << part;
  }
}

TEST_F(Margin, OfAMultiAssetAccountIsAPageWithCollateralAndDebts) {
  const Finished page = run({"margin", multi_});
  EXPECT_EQ(page.code, kOk);
  for (const char* part :
       {"account 1: multi_asset, in USD", "account 2: cross, in USD", "asset BTC", "60050.5",
        "1 x 0.95 + 0.2", " x 0.99 (collateral factor) x 60050.5, rounded down",
        "x 1.1 (liability weight)", "x 0.05, rounded up", "collateral level", "BTC index",
        "-(-1000 x 10 / 60100)", "without unrealised profit"}) {
    EXPECT_NE(page.out.find(part), std::string::npos) << page.out << "lacks " << part;
  }
}

TEST_F(Margin, AsJsonHasTheKeysInTheirOrder) {
  const Json json = margin_of(example_portfolio(), {"--what-if", "deposit 1 USDT"});
  EXPECT_EQ(keys_of(json), (std::vector<std::string>{"file", "what_if", "accounts"}));
  EXPECT_EQ(json["file"], example_portfolio());
  EXPECT_EQ(json["what_if"], Json::array({"deposit 1 USDT"}));
  const Json& account = json["accounts"][0];
  EXPECT_EQ(keys_of(account), (std::vector<std::string>{"account",
                                                        "profile",
                                                        "profile_version",
                                                        "mode",
                                                        "asset",
                                                        "complete",
                                                        "equity",
                                                        "available_equity",
                                                        "maintenance_margin",
                                                        "initial_margin",
                                                        "withdrawal_margin",
                                                        "excess",
                                                        "margin_level",
                                                        "collateral_level",
                                                        "state",
                                                        "thresholds",
                                                        "withdrawable",
                                                        "assets",
                                                        "positions",
                                                        "index_liquidation_prices"}));
  EXPECT_EQ(keys_of(account["thresholds"]),
            (std::vector<std::string>{"call_trigger", "call_target", "liquidation_target"}));
  EXPECT_EQ(keys_of(account["assets"][0]),
            (std::vector<std::string>{"asset", "balance", "unrealised_pnl", "net", "index",
                                      "collateral_factor", "recognised", "value", "worth",
                                      "maintenance_margin", "initial_margin", "debt_maintenance",
                                      "debt_initial"}));
  const Json& position = account["positions"][0];
  EXPECT_EQ(keys_of(position),
            (std::vector<std::string>{"instrument", "side", "quantity", "entry_value",
                                      "entry_price", "mark", "value", "notional", "unrealised_pnl",
                                      "maintenance_margin", "initial_margin", "maintenance",
                                      "initial", "liquidation_price", "bankruptcy_price"}));
  std::vector<std::string> decision{"tiers", "bracket",    "rate",   "amount",
                                    "size",  "notional",   "charge", "slippage",
                                    "fee",   "order_loss", "funding"};
  EXPECT_EQ(keys_of(position["maintenance"]), decision);
  decision.emplace_back("leverage");
  EXPECT_EQ(keys_of(position["initial"]), decision);
  EXPECT_EQ(keys_of(position["liquidation_price"]),
            (std::vector<std::string>{"below", "above", "reason_below", "reason_above"}));
}

TEST_F(Margin, OfTheExampleIsWhatItIsByHand) {
  const Json account = account_of(example_portfolio());
  EXPECT_EQ(account["profile_version"].get<std::string>().size(), 16U);
  EXPECT_EQ(account["state"], "healthy");
  EXPECT_EQ(account["equity"], "15000");  // 15000 + 2 x 1000 + 0.5 x 2000 - 30 x 100
  const Json& bitcoin = account["positions"][0];
  EXPECT_EQ(bitcoin["side"], "long");
  EXPECT_EQ(bitcoin["maintenance_margin"], "772");  // 120000 x (0.01 + 0.0005 + 0.0001) - 500
  EXPECT_EQ(bitcoin["initial_margin"], "7512");     // 150000 / 20 + 12
  EXPECT_EQ(account["positions"][1]["maintenance_margin"], "165");     // 30000 x (0.005 + 0.0005)
  EXPECT_EQ(account["positions"][2]["maintenance_margin"], "1037.5");  // 75000 x 0.0205 - 500
  EXPECT_EQ(account["maintenance_margin"], "1974.5");
  EXPECT_EQ(account["thresholds"]["call_trigger"], "2961.75");
  EXPECT_EQ(account["margin_level"], "7.596859964");
  EXPECT_EQ(account["collateral_level"], nullptr);
  EXPECT_EQ(account["index_liquidation_prices"], Json::object());
}

TEST_F(Margin, WithoutAMarkIsUnknown) {
  const std::string text = edit(read_file(example_portfolio()), "ETHUSDT = \"2500\"", "").text;
  const std::string path = folder_.write("unmarked.toml", text);
  const Json account = account_of(path);
  EXPECT_EQ(account["complete"], false);
  EXPECT_EQ(account["state"], "unknown");
  EXPECT_EQ(account["equity"], nullptr);
  EXPECT_EQ(account["withdrawable"]["USDT"], nullptr);
  EXPECT_EQ(account["positions"][0]["maintenance_margin"], "772");
  EXPECT_EQ(account["positions"][2]["mark"], nullptr);
  EXPECT_EQ(account["positions"][2]["maintenance"], nullptr);
  EXPECT_EQ(account["positions"][2]["liquidation_price"]["reason_below"], "not_marked");
  EXPECT_NE(run({"margin", path}).out.find("mark                  missing"), std::string::npos);
  EXPECT_EQ(account_of(path, {"--what-if", "ETHUSDT=2500"})["maintenance_margin"], "1974.5");
}

TEST_F(Margin, OfOneAccountOnly) {
  EXPECT_EQ(margin_of(multi_)["accounts"].size(), 2U);
  const Json json = margin_of(multi_, {"--account", "2"});
  ASSERT_EQ(json["accounts"].size(), 1U);
  EXPECT_EQ(json["accounts"][0]["account"], 2);
  expect_refusal({"margin", multi_, "--account", "3"}, kUsage, {"--account = \"3\"", multi_});
}

TEST_F(Margin, WithBetasMovesTheOthersAlong) {
  const auto below = [](const Arguments& more) {
    const Json account = account_of(example_portfolio(), more);
    return units(account["positions"][2]["liquidation_price"]["below"], 9);
  };
  const Int128 alone = below({});
  EXPECT_GT(below({"--beta", "BTCUSDT=1"}), alone);  // it loses too: nearer
  EXPECT_EQ(below({"--beta", "BTCUSDT=0"}), alone);
  EXPECT_EQ(below({"--beta", "ETHUSDT=2"}), alone);  // itself
  for (const char* beta : {"BTCUSDT", "=1", "XRPUSDT=1", "BTCUSDT=high", "BTCUSDT=101", "USDT=1"}) {
    expect_refusal({"margin", example_portfolio(), "--beta", beta}, kUsage,
                   {std::string{"--beta = \""} + beta + "\": "});
  }
}

TEST_F(Margin, OfABadFileNamesTheLine) {
  const Edited edited = edit(read_file(example_portfolio()), "BTCUSDT = \"60000\"", "BTCUSDT = 1");
  const std::string path = folder_.write("bad.toml", edited.text);
  expect_refusal({"margin", path}, kBadInput,
                 {"plimsoll: " + path + ":" + std::to_string(edited.line) + ": marks.BTCUSDT = 1"});
  expect_refusal({"margin", folder_.at("missing.toml")}, kBadInput, {"cannot be read"});
}

TEST_F(Margin, WithoutAFileIsRefused) {
  const Finished finished = run({"margin"});
  EXPECT_EQ(finished.code, kUsage);
  EXPECT_NE(finished.err.find("portfolio"), std::string::npos) << finished.err;
}

}  // namespace
}  // namespace plimsoll::cli::testing
