// Goal: what-ifs change a portfolio as they say, in their order; those that make no sense are
// refused by their own text, and nothing is reported.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/portfolio.hpp"

namespace plimsoll::cli::testing {
namespace {

using Json = nlohmann::ordered_json;

Arguments what_ifs(const std::vector<std::string>& texts) {
  Arguments arguments;
  for (const std::string& text : texts) {
    arguments.emplace_back("--what-if");
    arguments.push_back(text);
  }
  return arguments;
}

Json with(const std::vector<std::string>& texts) {
  return account_of(example_portfolio(), what_ifs(texts));
}

TEST(WhatIf, MovesAMark) {
  EXPECT_EQ(with({"BTCUSDT=61000"})["positions"][0]["mark"], "61000");
  EXPECT_EQ(with({"BTCUSDT=-10%"})["positions"][0]["mark"], "54000");
  EXPECT_EQ(with({"BTCUSDT=+0.5%"})["positions"][1]["mark"], "60300");
  EXPECT_EQ(with({"BTCUSDT=-50%", "BTCUSDT=-50%"})["positions"][0]["mark"], "15000");
}

TEST(WhatIf, BooksAFill) {
  const Json sold = with({"sell 2 BTCUSDT long"});
  EXPECT_EQ(sold["assets"][0]["balance"], "17000");  // 2 x (60000 - 59000) realised
  EXPECT_EQ(sold["equity"], "15000");
  EXPECT_EQ(with({"buy 1 BTCUSDT long @ 62000"})["equity"], "13000");
  EXPECT_EQ(with({"buy 1 BTCUSDT long @62000"})["positions"][0]["entry_price"], "60000");
  EXPECT_EQ(with({"BTCUSDT=61000", "buy 1 BTCUSDT long"})["positions"][0]["quantity"], "3");
}

TEST(WhatIf, MovesMoney) {
  EXPECT_EQ(with({"deposit 100.5 USDT"})["equity"], "15100.5");
  EXPECT_EQ(with({"withdraw 100.5 USDT", "deposit 0.5 USDT"})["equity"], "14900");
  EXPECT_EQ(with({"withdraw 15000 USDT"})["state"], "liquidation");  // equity 0
}

TEST(WhatIf, ChangesTheFunding) {
  const Json account = with({"funding BTCUSDT=-0.001"});
  EXPECT_EQ(account["positions"][0]["maintenance"]["funding"], "0");
  EXPECT_EQ(account["positions"][1]["maintenance"]["funding"], "30");
}

TEST(WhatIf, MovesAnIndex) {
  const TemporaryFolder folder;
  const std::string multi = folder.write("multi.toml", multi_asset_portfolio());
  const Json first = account_of(multi, {"--what-if", "index BTC=50000"});
  EXPECT_EQ(first["assets"][1]["index"], "50000");
  const Json moved = account_of(multi, {"--what-if", "index BTC=-10%"});
  EXPECT_EQ(moved["assets"][1]["index"], "54045.45");
}

TEST(WhatIf, OnAnAccountNeedsToSayWhich) {
  const TemporaryFolder folder;
  const std::string multi = folder.write("multi.toml", multi_asset_portfolio());
  for (const char* text : {"deposit 1 USD", "buy 0.1 BTC/USD"}) {
    expect_refusal({"margin", multi, "--what-if", text}, kUsage,
                   {std::string{"--what-if = \""} + text + "\": ", "--account"});
  }
  const Arguments first{"--account", "1"};
  const Json bought = account_of(multi, first + what_ifs({"buy 0.1 BTC/USD @ 60000"}));
  EXPECT_EQ(bought["assets"][0]["balance"], "-26000");
  EXPECT_EQ(bought["assets"][1]["balance"], "1.35");
  EXPECT_EQ(account_of(multi, {"--account", "2", "--what-if", "deposit 1 USD"})["equity"], "501");
}

TEST(WhatIf, ThatMakesNoSenseIsRefused) {
  const std::vector<std::pair<const char*, const char*>> bad{
      {"", "is none of"},
      {"hope", "is none of"},
      {"BTCUSDT=", "is none of"},
      {"buy 1", "is none of"},
      {"buy 1 BTCUSDT long @", "is none of"},
      {"buy 1 BTCUSDT sideways", "is none of"},
      {"index BTC", "is none of"},
      {"XRPUSDT=1", "\"XRPUSDT\" names no instrument"},
      {"BTCUSDT=high", "\"high\": "},
      {"BTCUSDT=0", "is not from"},
      {"BTCUSDT=-100%", "is not from"},
      {"BTCUSDT=10000001", "is not from"},
      {"BTCUSDT=1.0000000001", "more than 9 decimals"},
      {"BTCUSDT=9999999%", "is out of range"},
      {"BTCUSDT=ten%", "\"ten\": "},
      {"index USDT=2", "no index_max"},
      {"index BTC=2", "\"BTC\" names no asset"},
      {"funding BTCUSDT=0.2", "-0.1 to 0.1"},
      {"buy 0.0001 BTCUSDT long", "more than 3 decimals"},
      {"buy -1 BTCUSDT long", "is not above 0"},
      {"buy 1 BTCUSDT", "the side is not one"},
      {"buy 1 BTCUSDT short", "would turn"},
      {"buy 1 BTCUSDT long @ 99999999", "the price is not"},
      {"deposit 0 USDT", "above 0"},
      {"deposit 1 BTC", "names no asset"},
      {"withdraw -1 USDT", "above 0"},
      {"withdraw 15001.000001 USDT", "more than the balance, 15001"},
  };
  for (const auto& [text, reason] : bad) {
    expect_refusal(
        {"margin", example_portfolio(), "--what-if", "deposit 1 USDT", "--what-if", text}, kUsage,
        {std::string{"plimsoll: --what-if = \""} + text + "\": ", reason});
  }
}

}  // namespace
}  // namespace plimsoll::cli::testing
