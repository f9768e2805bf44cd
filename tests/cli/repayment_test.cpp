// Goal: what a client has pays what he owes before anything is confiscated, and nothing is judged
// by half a book. Method: small books in one coin market through the program, watched and naive.

#include <gtest/gtest.h>

#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

using Json = nlohmann::ordered_json;

/// Dollars as numeraire, BTC and two currencies; `profile` holds the keys that matter.
std::string exchange(const std::string& profile) {
  std::string text = R"([engine]
numeraire = "USD"
[limits]
accounts = 100
positions = 100
[exchange]
latency = "20ms"
half_spread = "0.0002"
impact = "0.01"
depth = "100000000"
slippage_max = "0.05"
[gateway]
)";
  for (const std::string asset : {"USD", "BTC", "EUR", "GBP", "USDT"}) {
    text += "[[asset]]\nname = \"" + asset + "\"\ndecimals = 6\n";
    if (asset != "USD") text += "index_max = \"1000000\"\n";
  }
  text += R"([[instrument]]
symbol = "BTCUSDT"
settle = "USDT"
quantity_decimals = 3
lot = "0.001"
tick = "0.1"
price_max = "10000000"
brackets = [ { floor = "0", initial = "0.02", maintenance = "0.01" } ]
[[profile]]
name = "p"
breach_at_equality = true
call_trigger = "1.2"
call_target = "1.5"
call_period = "10m"
liquidation_target = "1.05"
liquidation_slippage_max = "0.01"
liquidation_fee = "0"
liquidation_steps_max = 20
)";
  return text + profile;
}

/// "asset" at a price at so many seconds.
std::string index(int seconds, const std::string& asset, const std::string& price) {
  return R"({"time":"+)" + std::to_string(seconds) + R"(s","input":"index_published","asset":")" +
         asset + R"(","price":")" + price + "\"}\n";
}

struct Outcome {
  Json summary;
  std::vector<Json> events;

  [[nodiscard]] std::vector<Json> of(const std::string& kind) const {
    std::vector<Json> found;
    for (const Json& event : events) {
      if (event["event"] == kind) found.push_back(event);
    }
    return found;
  }
};

/// Runs it watched and naive, which must say the same.
Outcome run_day(const std::string& profile, const std::string& book, const std::string& inputs) {
  const TemporaryFolder folder;
  const Arguments replay{"replay",
                         "--config",
                         folder.write("exchange.toml", exchange(profile)),
                         "--accounts",
                         folder.write("book.jsonl", book),
                         "--inputs",
                         folder.write("inputs.jsonl", inputs),
                         "--events",
                         folder.at("events.jsonl")};
  Outcome outcome;
  outcome.summary = summary_of(replay);
  for (const std::string& line : lines_of(read_file(folder.at("events.jsonl")))) {
    outcome.events.push_back(Json::parse(line));
  }
  EXPECT_EQ(summary_of(replay + Arguments{"--naive"})["event_hash"], outcome.summary["event_hash"]);
  return outcome;
}

void expect_no_bad_debt(const Outcome& outcome) {
  for (const auto& [asset, amount] : outcome.summary["bad_debt"].items()) {
    EXPECT_EQ(amount, 0) << asset;
  }
}

const std::string kMultiAsset = R"("profile":"p","asset":"USD","mode":"multi_asset")";

// Worth 100 at the market, counted as 45; owing 47.9: beyond liquidating by its haircut, yet
// solvent.
TEST(Repayment, LeavesTheRestToAClientWhoIsWorthMoreThanHeOwes) {
  const std::string profile = R"(debt_maintenance = "0.05"
debt_initial = "0.1"
collateral = [ { asset = "BTC", steps = [ { up_to = "inf", ratio = "0.45" } ], exchange_ratio = "0.99" } ]
)";
  const Outcome outcome = run_day(
      profile,
      R"({"account":1,)" + kMultiAsset + R"(,"balances":{"BTC":"10","EUR":"-1.9","GBP":"-46"}})" +
          "\n",
      index(0, "BTC", "20") + index(0, "EUR", "1") + index(0, "GBP", "1") + index(1, "BTC", "10"));
  EXPECT_EQ(outcome.of("collateral_exchanged").size(), 2U);
  EXPECT_TRUE(outcome.of("account_taken_over").empty());
  expect_no_bad_debt(outcome);
  ASSERT_EQ(outcome.of("liquidation_completed").size(), 1U);
  const Json completed = outcome.of("liquidation_completed")[0];
  EXPECT_EQ(completed["outcome"], "closed");
  // 10 - 0.19192 - 4.646465 BTC were not sold (1.9 and 46 over 0.99 at 10, rounded up); 2.322726 of
  // them count.
  EXPECT_EQ(completed["equity"], 23'227'260);
}

// What is not listed as collateral, the numeraire among it, pays debts too.
TEST(Repayment, TakesWhatTheProfileDoesNotList) {
  const Outcome outcome = run_day(
      "debt_maintenance = \"0.08\"\ndebt_initial = \"0.1\"\n",
      R"({"account":1,)" + kMultiAsset + R"(,"balances":{"USD":"110","EUR":"-100"}})" + "\n",
      index(0, "EUR", "1") + index(1, "EUR", "1.05"));
  EXPECT_TRUE(outcome.of("account_taken_over").empty());
  expect_no_bad_debt(outcome);
  ASSERT_EQ(outcome.of("liquidation_completed").size(), 1U);
  EXPECT_EQ(outcome.of("liquidation_completed")[0]["equity"], 5'000'000);  // 110 - 105
}

TEST(Repayment, BooksBadDebtOnlyOfWhatIsMissing) {
  const Outcome outcome = run_day(
      "debt_maintenance = \"0.08\"\ndebt_initial = \"0.1\"\n",
      R"({"account":1,)" + kMultiAsset + R"(,"balances":{"USD":"110","EUR":"-100"}})" + "\n",
      index(0, "EUR", "1") + index(1, "EUR", "1.25"));
  EXPECT_EQ(outcome.of("account_taken_over").size(), 1U);
  EXPECT_EQ(outcome.summary["bad_debt"]["EUR"], 12);  // 100 - 110 / 1.25
  EXPECT_EQ(outcome.summary["bad_debt"]["USD"], 0);
}

// The failed call's account repays; nobody may be held to what was known before.
TEST(Repayment, AfterAFailedCallIsTheSameWatchedAndNaive) {
  const std::string profile = R"(debt_maintenance = "0.08"
debt_initial = "0.1"
collateral = [ { asset = "BTC", steps = [ { up_to = "inf", ratio = "0.8" } ], exchange_ratio = "0.99" } ]
)";
  std::string inputs = index(0, "BTC", "1") + index(0, "EUR", "1");
  inputs += index(1, "EUR", "1.058");
  for (int i = 0; i < 5; ++i) inputs += index(700 + i, "EUR", "1.0" + std::to_string(61 + i));
  const Outcome outcome = run_day(profile,
                                  R"({"account":1,)" + kMultiAsset +
                                      R"(,"balances":{"USD":"97","BTC":"23","EUR":"-100"}})" + "\n",
                                  inputs);
  EXPECT_EQ(outcome.of("margin_call_failed").size(), 1U);
  EXPECT_EQ(outcome.of("liquidation_completed").size(), 1U);
  expect_no_bad_debt(outcome);
}

// A debt that stands before what covers it in the book.
TEST(Book, IsJudgedOnlyAsAWhole) {
  const std::string profile = R"(debt_maintenance = "0.05"
debt_initial = "0.1"
collateral = [ { asset = "BTC", steps = [ { up_to = "inf", ratio = "0.95" } ] } ]
)";
  const Outcome outcome =
      run_day(profile,
              R"({"account":1,)" + kMultiAsset + R"(,"balances":{"USD":"-20000","BTC":"1"}})" +
                  "\n" + R"({"account":2,)" + kMultiAsset +
                  R"(,"balance":"-20000","balances":{"BTC":"1"}})" + "\n",
              index(0, "BTC", "60000"));
  EXPECT_TRUE(outcome.of("liquidation_started").empty());
  EXPECT_TRUE(outcome.of("account_taken_over").empty());
}

// An owner with one account sees what that account has sold at once.
TEST(OwnersSums, HoldNothingOfOthersWhereThereAreNone) {
  const std::string profile = R"(aggregate_by_owner = true
debt_maintenance = "0.02"
debt_initial = "0.1"
[[profile.collateral]]
asset = "BTC"
steps = [ { up_to = "5", ratio = "0.95" } ]
[[profile.collateral]]
asset = "EUR"
steps = [ { up_to = "inf", ratio = "1" } ]
exchange_above = "2"
)";
  const std::string book = R"({"account":1,)" + kMultiAsset +
                           R"(,"balances":{"BTC":"10","EUR":"-1.9","GBP":"-43.9"}})" + "\n";
  const std::string inputs =
      index(0, "BTC", "10") + index(0, "GBP", "1") + index(0, "EUR", "1") + index(1, "EUR", "1.1");
  const Outcome outcome = run_day(profile, book, inputs);
  EXPECT_EQ(outcome.of("collateral_exchanged").size(), 1U);
  EXPECT_TRUE(outcome.of("liquidation_started").empty());
}

// Orders count under a factor as they do under rates of their own.
TEST(InitialFactor, AsksForTheOrdersToo) {
  const std::string order =
      R"({"time":"+1s","input":"order_requested","account":1,"order":1,"instrument":"BTCUSDT","limit":"60000","quantity":")";
  const std::string mark =
      R"({"time":"+0s","input":"mark_published","instrument":"BTCUSDT","mark":"60000"})"
      "\n";
  const Outcome outcome =
      run_day("initial_factor = \"1.5\"\n",
              R"({"account":1,"profile":"p","asset":"USDT","balance":"1000"})"
              "\n",
              mark + order + "1000\"}\n" + order + "1.112\"}\n" + order + "1.111\"}\n");
  // 1.111 x 60,000 x 1 % x 1.5 = 999.9.
  EXPECT_EQ(outcome.of("order_refused").size(), 2U);
  EXPECT_EQ(outcome.of("order_accepted").size(), 1U);
}

// A hedge whose account is at the numeric limits: what one line receives decides what the other
// may. Who else holds the instrument, and on which shard, must not matter.
TEST(Funding, AtTheLimitDoesNotDependOnTheShards) {
  const TemporaryFolder folder;
  std::string text = exchange("");
  for (const auto& [from, to] : {std::pair{"index_max = \"1000000\"", "index_max = \"1\""},
                                 std::pair{"price_max = \"10000000\"", "price_max = \"10\""},
                                 std::pair{"quantity_decimals = 3", "quantity_decimals = 0"},
                                 std::pair{"lot = \"0.001\"", "lot = \"1\""}}) {
    for (std::size_t at = text.find(from); at != text.npos; at = text.find(from)) {
      text.replace(at, std::string_view{from}.size(), to);
    }
  }
  std::string inputs = index(0, "USDT", "1");
  const auto add = [&](const std::string& fields) {
    inputs += R"({"time":"+0s",)" + fields + "}\n";
  };
  const auto open = [&](const std::string& account, const std::string& more,
                        const std::string& amount) {
    add(R"("input":"account_opened","account":)" + account +
        R"(,"profile":"p","asset":"USD","mode":"multi_asset")" + more);
    add(R"("input":"deposited","account":)" + account + R"(,"asset":"USDT","amount":")" + amount +
        "\"");
  };
  const auto fill = [&](const std::string& account, const std::string& quantity,
                        const std::string& side) {
    add(R"("input":"trade_filled","account":)" + account +
        R"(,"instrument":"BTCUSDT","price":"1","quantity":")" + quantity + R"(","side":")" + side +
        "\"");
  };
  add(R"("input":"mark_published","instrument":"BTCUSDT","mark":"1")");
  for (int i = 2; i < 8; ++i) open(std::to_string(i), "", "1000");
  for (int i = 2; i < 8; ++i) fill(std::to_string(i), "1", "net");
  // With both positions at price_max it is 2^58 units: as much as there may be, of 2^60 over 4.
  open("1", R"(,"position_mode":"hedge")", "288230356151.711744");
  fill("1", "1000", "long");
  fill("1", "-1000", "short");
  fill("2", "-1", "net");
  add(R"("input":"funding_settled","instrument":"BTCUSDT","price":"1","rate":"0.01")");
  add(R"("input":"withdrawal_requested","account":1,"asset":"USDT","amount":"288230376151.711744")");
  const Arguments replay{"replay", "--config", folder.write("exchange.toml", text), "--inputs",
                         folder.write("inputs.jsonl", inputs)};
  const auto expected = summary_of(replay)["event_hash"];
  for (const std::string shards : {"2", "3", "5"}) {
    EXPECT_EQ(summary_of(replay + Arguments{"--shards", shards})["event_hash"], expected) << shards;
  }
}

}  // namespace
}  // namespace plimsoll::cli::testing
