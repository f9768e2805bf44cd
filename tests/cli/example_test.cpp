// Goal: the documented book and day of config/example do what their comments say, whatever the
// engine runs on, and what is printed of the book can be worked out again. Method: the program on
// them.

#include <fstream>

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"
#include "tests/cli/portfolio.hpp"

namespace plimsoll::cli::testing {
namespace {

using Json = nlohmann::ordered_json;

std::string example(const std::string& name) {
  return std::string{PLIMSOLL_SOURCE_DIR} + "/config/example/" + name;
}

Arguments day() {
  return {"replay",        "--config", example("exchange.toml"), "--accounts",
          example("book"), "--inputs", example("day.jsonl")};
}

Json margin_of_book(const Arguments& more = {}) {
  return margin_of(example("market.toml"), Arguments{"--accounts", example("book")} + more);
}

TEST(ExampleDay, BringsWhatItsLinesAskFor) {
  const TemporaryFolder folder;
  const std::string events = folder.at("events.jsonl");
  (void)summary_of(day() + Arguments{"--events", events});
  std::map<std::string, std::vector<Json>> by_kind;
  for (const std::string& line : lines_of(read_file(events))) {
    const Json event = Json::parse(line);
    by_kind[event["event"]].push_back(event);
  }
  ASSERT_EQ(by_kind["order_refused"].size(), 1U);  // before the listing
  EXPECT_EQ(by_kind["order_refused"][0]["reason"], "not_trading");
  ASSERT_EQ(by_kind["input_refused"].size(), 2U);
  EXPECT_EQ(by_kind["input_refused"][0]["reason"], "leverage_out_of_range");
  EXPECT_EQ(by_kind["input_refused"][1]["reason"], "positions_open");
  ASSERT_EQ(by_kind["withdrawal_refused"].size(), 1U);
  EXPECT_EQ(by_kind["withdrawal_refused"][0]["reason"], "insufficient_excess");
  ASSERT_EQ(by_kind["margin_topped_up"].size(), 1U);
  EXPECT_EQ(by_kind["margin_topped_up"][0]["parent"], 1);
  ASSERT_EQ(by_kind["collateral_exchanged"].size(), 1U);
  // 60,000 USDT at 1.01 over 0.99, in BTC at 61,500, rounded up.
  EXPECT_EQ(by_kind["collateral_exchanged"][0]["to_amount"], 60'000'000'000);
  EXPECT_EQ(by_kind["collateral_exchanged"][0]["from_amount"], 99'531'905);
  ASSERT_EQ(by_kind["position_settled"].size(), 1U);
  EXPECT_EQ(by_kind["position_settled"][0]["realised_pnl"], -1'480'000'000);
  ASSERT_EQ(by_kind["account_taken_over"].size(), 1U);
  EXPECT_EQ(by_kind["account_taken_over"][0]["account"], 5);
}

TEST(ExampleDay, HasOneHashWhateverTheEngineRunsOn) {
  const TemporaryFolder folder;
  const std::string record = folder.at("day.rec");
  const auto expected = summary_of(day() + Arguments{"--record", record})["event_hash"];
  for (const Arguments& options :
       {Arguments{"--naive"}, {"--shards", "3"}, {"--naive", "--shards", "2"}}) {
    EXPECT_EQ(summary_of(day() + options)["event_hash"], expected);
  }
  EXPECT_EQ(summary_of({"replay", "--config", example("exchange.toml"), record})["event_hash"],
            expected);
}

TEST(Inputs, ComeBetweenTheLinesOfACapture) {
  const Market market;
  std::ifstream capture{market.capture};
  std::uint64_t first = 0;
  capture >> first;
  const std::string late = std::to_string(first + 30'000'000'000);
  const std::string inputs = market.folder.write(
      "inputs.jsonl",
      "{\"time\":\"+1s\",\"input\":\"deposited\",\"account\":1,\"asset\":\"USDT\",\"amount\":\"5\"}"
      "\n"
      "{\"time\":" +
          late +
          ",\"input\":\"deposited\",\"account\":4000000,\"asset\":\"USDT\",\"amount\":\"5\"}\n");
  const std::string events = market.folder.at("events.jsonl");
  const auto with = summary_of(market.replay() +
                               Arguments{"--inputs", inputs, "--events", events, market.capture});
  const auto without = summary_of(market.replay() + Arguments{market.capture});
  EXPECT_EQ(with["lines_used"], without["lines_used"]);
  EXPECT_EQ(with["ticks"], without["ticks"]);
  const std::string refused = filter(read_file(events), [](const std::string& line) {
    return line.find("\"input_refused\"") != line.npos;
  });
  const Json event = Json::parse(refused);
  EXPECT_EQ(event["time"], first + 30'000'000'000);
  EXPECT_EQ(event["reason"], "account_unknown");
}

TEST(Inputs, AreRefusedWithTheirLineBeforeAnythingStarts) {
  const Market market;
  const std::string wrong = market.folder.write(
      "wrong.jsonl", "\n{\"time\":\"+1s\",\"input\":\"fund_endowed\",\"asset\":\"BTC\"}\n");
  expect_refusal(market.replay() + Arguments{"--inputs", wrong, market.capture}, kBadInput,
                 {wrong + ":2: asset = \"BTC\": names no asset"});
  expect_refusal(market.replay() + Arguments{"--inputs", market.folder.at("none")}, kBadInput,
                 {market.folder.at("none")});
  const std::string inputs = market.folder.write("inputs.jsonl", "");
  expect_refusal(market.replay() + Arguments{"--inputs", inputs, "--record", inputs}, kUsage,
                 {inputs, "would be written over"});
  const std::string record = market.folder.at("crash.rec");
  (void)summary_of(market.replay() + Arguments{"--record", record, market.capture});
  expect_refusal({"replay", "--config", market.config, "--inputs", inputs, record}, kUsage,
                 {record, "--inputs cannot be added"});
}

TEST(ExampleBook, IsRefusedWithItsFileAndRow) {
  const TemporaryFolder folder;
  folder.write("accounts.csv", read_file(example("book/accounts.csv")));
  folder.write("positions.csv", "account,instrument,quantity,entry_price\n1,BTCUSDT,1,0\n");
  expect_refusal({"margin", example("market.toml"), "--accounts", folder.path()}, kBadInput,
                 {folder.path() + "/positions.csv:2: entry_price"});
  expect_refusal({"margin", example_portfolio(), "--accounts", example("book")}, kBadInput,
                 {example_portfolio(), "account", "may not stand here"});
  expect_refusal(
      {"margin", example("market.toml"), "--accounts", example("book"), "--account", "9"}, kUsage,
      {"no account of " + example("book")});
  expect_refusal({"margin", example("market.toml")}, kBadInput, {"account: is missing"});
}

/// Everything in units of 1e-12: enough for amounts of any asset here, times a rate.
constexpr int kScale = 12;
Int128 fine(const Json& text) {
  return units(text, kScale);
}

constexpr Int128 kUnit = 1'000'000'000'000;

/// Less than a few of the smallest units of an asset with so many decimals.
bool near(Int128 a, Int128 b, int decimals) {
  const Int128 off = a < b ? b - a : a - b;
  return off <= 4 * power_of_ten(kScale - decimals);
}

/// What one unit of quantity is worth at a mark, from the rules in the file.
Int128 value_of(const Json& position, Int128 quantity) {
  const Int128 mark = fine(position["mark"]);
  if (position["instrument"] == "BTCUSD") return -(100 * quantity * kUnit / mark);
  return quantity * (mark / 1'000) / 1'000'000'000;
}

void expect_requirement(const Json& position, const char* which, int decimals) {
  const Json& decision = position[which];
  const Int128 size = fine(decision["size"]);
  const Int128 notional = fine(decision["notional"]);
  const Int128 worth = value_of(position, size);
  EXPECT_TRUE(near(notional, worth < 0 ? -worth : worth, decimals)) << position.dump();
  const bool shared = decision.contains("owner_size");
  const Int128 whole = shared ? fine(decision["owner_notional"]) : notional;
  Int128 charge =
      whole * units(decision["rate"], 18) / (kUnit * 1'000'000) - fine(decision["amount"]);
  if (shared) {
    const Int128 all = fine(decision["owner_size"]);
    charge = charge / 1'000 * ((size < 0 ? -size : size) / 1'000'000) / (all / 1'000'000) * 1'000;
  }
  EXPECT_TRUE(near(fine(decision["charge"]), charge, decimals)) << position.dump();
  Int128 required = fine(decision["charge"]) + fine(decision["slippage"]) + fine(decision["fee"]);
  if (decision.contains("leverage")) required = std::max(required, fine(decision["leverage"]));
  required += fine(decision["order_loss"]) + fine(decision["funding"]);
  const std::string name = std::string{which} + "_margin";
  EXPECT_TRUE(near(fine(position[name]), required, decimals)) << position.dump();
}

TEST(ExampleBook, EveryFigureFollowsFromThoseThatArePrinted) {
  const Json report = margin_of_book();
  ASSERT_EQ(report["accounts"].size(), 6U);
  std::size_t positions = 0;
  for (const Json& account : report["accounts"]) {
    EXPECT_EQ(account["complete"], true);
    Int128 equity = 0;
    Int128 maintenance = 0;
    for (const Json& asset : account["assets"]) {
      const Int128 net = fine(asset["balance"]) + fine(asset["unrealised_pnl"]);
      EXPECT_EQ(fine(asset["net"]), net);
      equity += fine(asset["worth"]);
      maintenance += fine(asset["maintenance_margin"]) + fine(asset["debt_maintenance"]);
      Int128 pnl = 0;
      for (const Json& position : account["positions"]) {
        const bool inverse = position["instrument"] == "BTCUSD";
        if ((inverse ? "BTC" : "USDT") == asset["asset"]) pnl += fine(position["unrealised_pnl"]);
      }
      EXPECT_EQ(fine(asset["unrealised_pnl"]), pnl);
    }
    EXPECT_EQ(fine(account["equity"]), equity);
    EXPECT_EQ(fine(account["maintenance_margin"]), maintenance);
    EXPECT_EQ(fine(account["excess"]), equity - maintenance);
    for (const Json& position : account["positions"]) {
      const int own = position["instrument"] == "BTCUSD" ? 8 : 6;
      EXPECT_TRUE(
          near(fine(position["value"]), value_of(position, fine(position["quantity"])), own));
      EXPECT_EQ(fine(position["unrealised_pnl"]),
                fine(position["value"]) - fine(position["entry_value"]));
      expect_requirement(position, "maintenance", own);
      expect_requirement(position, "initial", own);
      ++positions;
    }
  }
  EXPECT_EQ(positions, 9U);
}

TEST(ExampleBook, OfOneAccountIsTheSameAsOfAll) {
  const Json all = margin_of_book();
  for (const Json& account : all["accounts"]) {
    const Json one = margin_of_book({"--account", account["account"].dump()});
    ASSERT_EQ(one["accounts"].size(), 1U);
    EXPECT_EQ(one["accounts"][0], account);
  }
}

}  // namespace
}  // namespace plimsoll::cli::testing
