#include "tests/cli/portfolio.hpp"

#include <gtest/gtest.h>

#include "engine/value/decimal.hpp"

namespace plimsoll::cli::testing {

std::string example_portfolio() {
  return std::string{PLIMSOLL_SOURCE_DIR} + "/config/portfolio-example.toml";
}

std::string multi_asset_portfolio() {
  return R"(
[engine]
numeraire = "USD"
[[asset]]
name = "USD"
decimals = 2
[[asset]]
name = "BTC"
decimals = 8
index_max = "1000000"
[[instrument]]
symbol = "BTC-USD"
settle = "USD"
quantity_decimals = 3
lot = "0.001"
tick = "0.5"
price_max = "1000000"
brackets = [ { floor = "0", initial = "0.02", maintenance = "0.01" } ]
[[instrument]]
symbol = "BTC-COIN"
kind = "inverse"
settle = "BTC"
multiplier = "10"
quantity_decimals = 0
lot = "1"
tick = "0.5"
price_max = "1000000"
[instrument.tiers]
mode = "increment"
measure = "quantity"
maintenance_increment = "0.00000001"
initial_increment = "0.00000002"
brackets = [ { floor = "0", initial = "0.02", maintenance = "0.01" } ]
[[instrument]]
symbol = "BTC/USD"
kind = "spot"
settle = "USD"
base = "BTC"
quantity_decimals = 4
lot = "0.0001"
tick = "0.5"
price_max = "1000000"
[[profile]]
name = "pm"
breach_at_equality = false
call_trigger = "1.25"
call_target = "1.5"
call_period = "10s"
liquidation_target = "1.05"
liquidation_slippage_max = "0.01"
liquidation_fee = "0.0005"
liquidation_steps_max = 50
debt_initial = "0.1"
debt_maintenance = "0.05"
profit_is_available = false
collateral = [
  { asset = "USD", steps = [ { up_to = "inf", ratio = "1" } ], liability_weight = "1.1" },
  { asset = "BTC", steps = [ { up_to = "1", ratio = "0.95" }, { up_to = "10", ratio = "0.9" } ] },
]
[marks]
BTC-USD = "60000"
BTC-COIN = "60100"
"BTC/USD" = "60000"
[index]
BTC = "60050.5"
[collateral_factor]
BTC = "0.99"
[[account]]
id = 1
profile = "pm"
asset = "USD"
mode = "multi_asset"
balances = { USD = "-20000", BTC = "1.25" }
positions = [
  { instrument = "BTC-USD", quantity = "1.5", entry_price = "58000" },
  { instrument = "BTC-COIN", quantity = "-1000", entry_price = "61000" },
]
[[account]]
id = 2
profile = "pm"
asset = "USD"
balances = { USD = "500" }
)";
}

nlohmann::ordered_json margin_of(const std::string& file, const Arguments& more) {
  const Finished finished = run(Arguments{"margin", file, "--json"} + more);
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  EXPECT_EQ(lines_of(finished.out).size(), 1U) << finished.out;
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(finished.out, nullptr, false);
  EXPECT_TRUE(json.is_object()) << finished.out;
  return json;
}

nlohmann::ordered_json account_of(const std::string& file, const Arguments& more) {
  const nlohmann::ordered_json json = margin_of(file, more);
  const auto accounts = json.value("accounts", nlohmann::ordered_json::array());
  EXPECT_GE(accounts.size(), 1U);
  return accounts.empty() ? nlohmann::ordered_json::object() : accounts.front();
}

Int128 units(const nlohmann::ordered_json& text, int decimals) {
  EXPECT_TRUE(text.is_string()) << text;
  if (!text.is_string()) return 0;
  const DecimalResult result = parse_decimal(text.get<std::string>(), decimals);
  EXPECT_TRUE(result.ok()) << text << " at " << decimals
                           << " decimals: " << to_string(result.error);
  return result.raw;
}

std::string price_text(Int128 units) {
  return format_wide_decimal(units, 9);
}

}  // namespace plimsoll::cli::testing
