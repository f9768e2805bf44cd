// Goal: the explanation adds up. Method: work every figure out again from the JSON alone, with the
// rules of the portfolio file; and put the account where its prices say something happens.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/portfolio.hpp"

namespace plimsoll::cli::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr Int128 kOne = 1'000'000'000;

Int128 ceil_of(Int128 n, Int128 d) {
  return divide_ceil<Int128>(n, d);
}
Int128 floor_of(Int128 n, Int128 d) {
  return divide_floor<Int128>(n, d);
}
Int128 size_of(Int128 x) {
  return x < 0 ? -x : x;
}

/// Amounts of USDT, and the rules of the example.
constexpr int kDecimals = 6;
constexpr Int128 kFee = 500'000;           // closing_fee
constexpr Int128 kFunding = 100'000;       // of BTCUSDT
constexpr Int128 kLeverage = 20 * kOne;    // of BTCUSDT
constexpr Int128 kTurnover = kOne * 1000;  // of 1e-18 in an amount

Int128 amount(const Json& text) {
  return units(text, kDecimals);
}

/// The requirement of a position, from its decision.
Int128 requirement(const Json& position, const Json& decision, bool initial) {
  const Int128 mark = units(position["mark"], 9);
  const Int128 notional = amount(decision["notional"]);
  EXPECT_EQ(notional, ceil_of(size_of(units(decision["size"], 9)) * mark, kTurnover));
  const Int128 charge = notional * units(decision["rate"], 9) - amount(decision["amount"]) * kOne;
  EXPECT_EQ(amount(decision["charge"]), ceil_of(charge, kOne));
  EXPECT_EQ(amount(decision["fee"]), ceil_of(notional * kFee, kOne));
  Int128 required = ceil_of(charge + notional * kFee, kOne);
  const bool bitcoin = position["instrument"] == "BTCUSDT";
  if (initial) {
    const Int128 leverage = bitcoin ? ceil_of(notional * kOne, kLeverage) : 0;
    EXPECT_EQ(amount(decision["leverage"]), leverage);
    required = std::max(required, leverage);
  }
  const Int128 quantity = units(position["quantity"], 9);
  const Int128 funding =
      bitcoin && quantity > 0 ? ceil_of(amount(position["notional"]) * kFunding, kOne) : 0;
  EXPECT_EQ(amount(decision["funding"]), funding);
  EXPECT_EQ(decision["slippage"], "0");
  EXPECT_EQ(decision["order_loss"], "0");
  return required + funding;
}

void expect_position(const Json& position) {
  const Int128 turnover = units(position["quantity"], 9) * units(position["mark"], 9);
  const Int128 value = amount(position["value"]);
  EXPECT_EQ(value, floor_of(turnover, kTurnover));
  EXPECT_EQ(amount(position["notional"]), ceil_of(size_of(turnover), kTurnover));
  EXPECT_EQ(amount(position["unrealised_pnl"]), value - amount(position["entry_value"]));
  EXPECT_EQ(amount(position["maintenance_margin"]),
            requirement(position, position["maintenance"], false));
  EXPECT_EQ(amount(position["initial_margin"]), requirement(position, position["initial"], true));
}

Int128 sum_of(const Json& list, const char* key, int decimals) {
  Int128 sum = 0;
  for (const Json& each : list) sum += units(each[key], decimals);
  return sum;
}

TEST(MarginRecomputed, EveryFigureOfTheExampleFollowsFromTheOthers) {
  const std::vector<Arguments> changes{
      {},
      {"--what-if", "BTCUSDT=61234.567891234"},
      {"--what-if", "ETHUSDT=-23.4567%"},
      {"--what-if", "buy 17.123 BTCUSDT long @ 59999.9", "--what-if", "sell 3.77 ETHUSDT short"}};
  for (const Arguments& more : changes) {
    const Json account = account_of(example_portfolio(), more);
    for (const Json& position : account["positions"]) expect_position(position);
    const Json& asset = account["assets"][0];
    EXPECT_EQ(amount(asset["unrealised_pnl"]),
              sum_of(account["positions"], "unrealised_pnl", kDecimals));
    const Int128 equity = amount(account["equity"]);
    EXPECT_EQ(equity, amount(asset["balance"]) + amount(asset["unrealised_pnl"]));
    const Int128 maintenance = amount(account["maintenance_margin"]);
    EXPECT_EQ(maintenance, sum_of(account["positions"], "maintenance_margin", kDecimals));
    EXPECT_EQ(amount(account["initial_margin"]),
              sum_of(account["positions"], "initial_margin", kDecimals));
    EXPECT_EQ(amount(account["excess"]), equity - maintenance);
    EXPECT_EQ(units(account["margin_level"], 9), floor_of(equity * kOne, maintenance));
    EXPECT_EQ(amount(account["thresholds"]["call_trigger"]), ceil_of(maintenance * 3, 2));
    EXPECT_EQ(amount(account["thresholds"]["call_target"]), maintenance * 2);
    EXPECT_EQ(amount(account["thresholds"]["liquidation_target"]), ceil_of(maintenance * 6, 5));
  }
}

TEST(MarginRecomputed, AMultiAssetAccountIsTheSumOfItsAssets) {
  const TemporaryFolder folder;
  const Json account = account_of(folder.write("multi.toml", multi_asset_portfolio()));
  const Json& assets = account["assets"];
  ASSERT_EQ(assets.size(), 2U);
  EXPECT_EQ(units(account["equity"], 2), sum_of(assets, "worth", 2));
  EXPECT_EQ(units(account["maintenance_margin"], 2),
            sum_of(assets, "maintenance_margin", 2) + sum_of(assets, "debt_maintenance", 2));
  EXPECT_EQ(units(account["initial_margin"], 2),
            sum_of(assets, "initial_margin", 2) + sum_of(assets, "debt_initial", 2));
  const Json& dollar = assets[0];
  const Int128 debt = -units(dollar["value"], 2);
  EXPECT_EQ(units(dollar["worth"], 2), floor_of(-debt * 11, 10));
  EXPECT_EQ(units(dollar["debt_maintenance"], 2), ceil_of(debt, 20));
  EXPECT_EQ(dollar["recognised"], "0");
  const Json& bitcoin = assets[1];
  constexpr Int128 kCoin = 100'000'000;
  const Int128 net = units(bitcoin["net"], 8);
  EXPECT_EQ(net, units(bitcoin["balance"], 8) + units(bitcoin["unrealised_pnl"], 8));
  const Int128 index = units(bitcoin["index"], 9);
  EXPECT_EQ(units(bitcoin["value"], 2), floor_of(net * index, kCoin * kOne / 100));
  const Int128 recognised = floor_of(kCoin * 95 + (net - kCoin) * 90, 100);
  EXPECT_EQ(units(bitcoin["recognised"], 8), recognised);
  EXPECT_EQ(bitcoin["collateral_factor"], "0.99");
  EXPECT_EQ(units(bitcoin["worth"], 2),
            floor_of(floor_of(recognised * 99, 100) * index, kCoin * kOne / 100));
  EXPECT_EQ(units(account["collateral_level"], 9),
            floor_of(units(bitcoin["value"], 2) * kOne, debt));
  const Json& inverse = account["positions"][1];
  EXPECT_EQ(units(inverse["value"], 8),
            floor_of(Int128{10'000} * kCoin * kOne, units(inverse["mark"], 9)));
  EXPECT_EQ(inverse["maintenance"]["rate"], "0.01001");  // 0.01 + 1000 contracts x 0.00000001
  EXPECT_EQ(units(inverse["maintenance"]["charge"], 8),
            ceil_of(units(inverse["notional"], 8) * 1001, 100'000));
}

/// A requirement is its parts, each of them rounded on its own.
void expect_parts(const Json& required, const Json& decision) {
  Int128 rated = 0;
  for (const char* part : {"charge", "slippage", "fee"}) rated += amount(decision[part]);
  if (decision.contains("leverage")) rated = std::max(rated, amount(decision["leverage"]));
  const Int128 sum = rated + amount(decision["order_loss"]) + amount(decision["funding"]);
  EXPECT_LE(amount(required), sum) << decision;
  EXPECT_GE(amount(required) + 2, sum) << decision;
}

/// The charge of the tiers, also where they count what the owner has in all accounts.
void expect_charge(const Json& decision) {
  const auto charge_of = [&](const Json& notional) {
    const Int128 charge = amount(notional) * units(decision["rate"], 9);
    return ceil_of(charge - amount(decision["amount"]) * kOne, kOne);
  };
  Int128 charge = charge_of(decision["notional"]);
  if (decision.contains("owner_size")) {
    charge = ceil_of(charge_of(decision["owner_notional"]) * size_of(units(decision["size"], 9)),
                     units(decision["owner_size"], 9));
  }
  EXPECT_EQ(amount(decision["charge"]), charge) << decision;
}

TEST(MarginRecomputed, EveryKindOfRuleAddsUp) {
  const TemporaryFolder folder;
  const std::string rule = "order_margin = \"worst_side\"";
  const std::string limit = "limit = \"58000\"";
  for (const char* rules :
       {"order_margin = \"none\"", "order_margin = \"per_side\"",
        "order_margin = \"worst_fill\"\norders_in_maintenance = true", "aggregate_by_owner = true",
        "basis = \"entry\"", "requirement_rounding = \"down\"", "profit_is_available = false"}) {
    std::string text = read_file(example_portfolio());
    text.replace(text.find(rule), rule.size(), rules);
    text.replace(text.find(limit), limit.size(), "limit = \"62000\"");
    const std::string path = folder.write("rules.toml", text);
    EXPECT_EQ(run({"margin", path}).code, kOk) << rules;
    const Json account = account_of(path);
    EXPECT_EQ(amount(account["initial_margin"]),
              sum_of(account["positions"], "initial_margin", kDecimals));
    for (const Json& position : account["positions"]) {
      expect_parts(position["maintenance_margin"], position["maintenance"]);
      expect_parts(position["initial_margin"], position["initial"]);
      expect_charge(position["maintenance"]);
      expect_charge(position["initial"]);
    }
  }
}

/// What the account is with a price of "BTCUSDT" or "index BTC".
std::string state_at(const std::string& file, const std::string& factor, Int128 price) {
  return account_of(file, {"--what-if", factor + "=" + price_text(price)})["state"];
}

/// At its liquidation prices, and not a billionth before, the account is liquidated.
void expect_liquidation(const std::string& file, const std::string& factor, const Json& prices) {
  const auto liquidated = [&](Int128 price) {
    const std::string state = state_at(file, factor, price);
    return state == "liquidation" || state == "takeover";
  };
  if (prices["reason_below"] == "found") {
    const Int128 price = units(prices["below"], 9);
    EXPECT_TRUE(liquidated(price)) << factor << prices;
    EXPECT_FALSE(liquidated(price + 1)) << factor << prices;
  }
  if (prices["reason_above"] == "found") {
    const Int128 price = units(prices["above"], 9);
    EXPECT_TRUE(liquidated(price)) << factor << prices;
    EXPECT_FALSE(liquidated(price - 1)) << factor << prices;
  }
}

TEST(MarginRecomputed, LiquidationPricesAreWhereTheAccountIsLiquidated) {
  const TemporaryFolder folder;
  const std::string multi = folder.write("multi.toml", multi_asset_portfolio());
  const Json example = account_of(example_portfolio());
  EXPECT_EQ(example["positions"][0]["liquidation_price"]["reason_below"], "found");
  for (const Json& position : example["positions"]) {
    expect_liquidation(example_portfolio(), position["instrument"], position["liquidation_price"]);
  }
  const Json account = account_of(multi);
  for (const Json& position : account["positions"]) {
    expect_liquidation(multi, position["instrument"], position["liquidation_price"]);
  }
  const Json& index = account["index_liquidation_prices"]["BTC"];
  EXPECT_EQ(index["reason_below"], "found");
  expect_liquidation(multi, "index BTC", index);
}

TEST(MarginRecomputed, AtItsBankruptcyPriceAnAccountIsWorthNothing) {
  const Json example = account_of(example_portfolio());
  const Json& position = example["positions"][0];
  const Int128 price = units(position["bankruptcy_price"], 9);
  const auto equity_at = [&](Int128 at) {
    const Arguments more{"--what-if", "BTCUSDT=" + price_text(at)};
    return amount(account_of(example_portfolio(), more)["equity"]);
  };
  EXPECT_LE(equity_at(price), 0);
  EXPECT_GT(equity_at(price + 1), 0);
}

TEST(MarginRecomputed, NoMoreThanWithdrawableMayLeave) {
  const Json example = account_of(example_portfolio());
  const std::string most = example["withdrawable"]["USDT"];
  EXPECT_GT(units(most, kDecimals), 0);
  const auto carries = [](const std::string& amount_out) {
    const Json account =
        account_of(example_portfolio(), {"--what-if", "withdraw " + amount_out + " USDT"});
    return amount(account["available_equity"]) >= amount(account["initial_margin"]);
  };
  EXPECT_TRUE(carries(most));
  EXPECT_FALSE(carries(price_text(units(most, 9) + 1000)));
}

}  // namespace
}  // namespace plimsoll::cli::testing
