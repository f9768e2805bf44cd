// Goal: compare-marks says who is liquidated under which way to mark. Method: a perpetual that
// falls to a half on its own venue while spot falls by a tenth, in the trades of both.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/process.hpp"

namespace plimsoll::cli::testing {
namespace {

constexpr const char* kConfig = R"([engine]
settle_grid = "1ms"
time_step = "100ms"
[limits]
accounts = 1000
positions = 1000
[exchange]
latency = "20ms"
half_spread = "0.0005"
impact = "0.001"
depth = "1000000000"
slippage_max = "0.05"
[[asset]]
name = "USDT"
decimals = 6
insurance_fund = "0"
[[guard]]
name = "spot"
age_max = "30s"
[[index]]
name = "BTC"
guard = "spot"
clamp = "0.05"
quorum = 1
price_max = "1000000"
sources = [{ venue = "binance-spot", symbol = "BTCUSDT", field = "trade" }]
[[instrument]]
symbol = "BTCUSDT"
venue = "binance-usdm"
settle = "USDT"
quantity_decimals = 3
lot = "0.001"
tick = "0.1"
price_max = "1000000"
index = "BTC"
brackets = [{ floor = "0", initial = "0.02", maintenance = "0.01" }]
[[profile]]
name = "retail"
breach_at_equality = true
call_trigger = "1.2"
call_target = "1.5"
call_period = "24h"
liquidation_target = "1.05"
liquidation_slippage_max = "0.01"
liquidation_fee = "0.001"
liquidation_steps_max = 5
)";

std::string trade(std::int64_t ms, const char* price, bool buyer_is_maker) {
  const std::string time = std::to_string(1'700'000'000'000 + ms);
  return time + "000000 {\"e\":\"trade\",\"E\":" + time + ",\"T\":" + time +
         R"(,"s":"BTCUSDT","t":1,"q":"1","p":")" + price + R"(","m":)" +
         (buyer_is_maker ? "true" : "false") + "}\n";
}

class CompareMarks : public ::testing::Test {
 protected:
  CompareMarks() {
    std::string perpetual;
    std::string spot;
    const auto at = [&](std::int64_t ms, const char* of_perpetual, const char* of_spot) {
      perpetual += trade(ms, of_perpetual, true);
      spot += trade(ms, of_spot, true);
    };
    at(0, "50000", "50000");
    at(1'000, "50000", "50000");
    at(2'000, "25000", "45000");  // one trade
    at(3'000, "48000", "45000");
    at(10'000, "50000", "50000");
    perpetual_ = "binance-usdm=" + folder_.write("perpetual", perpetual);
    spot_ = "binance-spot=" + folder_.write("spot", spot);
    config_ = folder_.write("config.toml", kConfig);
  }
  [[nodiscard]] Arguments compare(const Arguments& more = {}) const {
    return Arguments{"compare-marks", "--config", config_, perpetual_, spot_} + more;
  }

  TemporaryFolder folder_;
  std::string config_;
  std::string perpetual_;
  std::string spot_;
};

TEST_F(CompareMarks, SaysWhoIsLiquidatedUnderWhich) {
  const Finished finished =
      run(compare({"--json", "--mark", "last_trade", "--mark", "index_basis", "--mark", "median"}));
  ASSERT_EQ(finished.code, kOk) << finished.err;
  std::vector<nlohmann::json> rows;
  for (const std::string& line : lines_of(finished.out))
    rows.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0]["mark"], "last_trade");
  EXPECT_EQ(rows[0]["lowest"], "25000");
  EXPECT_EQ(rows[1]["lowest"], "45000");
  // Equity from 2 % to 90 % in 100 steps of 88 / 99 %. At half the price a long of equity e is
  // below 1 % of what is left when e < 0.505: the first 55 of them. At nine tenths, e < 0.109: 11.
  EXPECT_EQ(rows[0]["longs_liquidated"], 55);
  EXPECT_EQ(rows[1]["longs_liquidated"], 11);
  EXPECT_EQ(rows[2]["longs_liquidated"], 11);
  for (const nlohmann::json& row : rows) {
    EXPECT_EQ(row["longs"], 100);
    EXPECT_EQ(row["shorts_liquidated"], 0);
  }
}

TEST_F(CompareMarks, IsATableForPeople) {
  const Finished finished = run(compare({"--mark", "last_trade"}));
  ASSERT_EQ(finished.code, kOk) << finished.err;
  EXPECT_NE(finished.out.find("BTCUSDT, entered at 50000"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("25000 22:13:22.000"), std::string::npos) << finished.out;
}

TEST_F(CompareMarks, TakesAWindow) {
  const Finished finished =
      run(compare({"--json", "--mark", "last_trade", "--from", "2023-11-14T22:13:22.500Z"}));
  ASSERT_EQ(finished.code, kOk) << finished.err;
  EXPECT_EQ(nlohmann::json::parse(finished.out)["entry"], "48000");
}

TEST_F(CompareMarks, NamesWhatIsWrong) {
  expect_refusal(compare({"--mark", "best"}), kUsage, {"--mark", "best"});
  expect_refusal(compare({"--from", "noon"}), kUsage, {"--from", "noon"});
  const std::string missing = folder_.at("missing");
  expect_refusal({"compare-marks", "--config", config_, missing}, kBadInput, {missing});
}

}  // namespace
}  // namespace plimsoll::cli::testing
