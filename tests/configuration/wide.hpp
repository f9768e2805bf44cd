#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/configuration/configuration.hpp"
#include "engine/configuration/portfolio_file.hpp"
#include "engine/value/decimal.hpp"

// A small venue with every kind of instrument and account, as texts to change.

namespace plimsoll::configuration {

/// `text` with the first `from` after `after` replaced.
inline std::string with(std::string text, std::string_view from, std::string_view to,
                        std::string_view after = "") {
  const std::size_t begin = text.find(after);
  const std::size_t at = begin == std::string::npos ? begin : text.find(from, begin);
  if (at == std::string::npos) {
    ADD_FAILURE() << "not in the text: " << from;
    return text;
  }
  return text.replace(at, from.size(), to);
}

/// Assets, instruments and profiles that use every key of theirs at least once, but none of trusted
/// prices.
inline const std::string& wide_reference() {
  static const std::string text = R"([engine]
numeraire = "USD"

[[asset]]
name = "USD"
decimals = 6

[[asset]]
name = "USDT"
decimals = 6
insurance_fund = "5000"
index_max = "2"

[[asset]]
name = "BTC"
decimals = 8
index_max = "10000000"
collateral_cap = "1000.5"

[[instrument]]
symbol = "BTCUSDT"
settle = "USDT"
quantity_decimals = 3
lot = "0.001"
tick = "0.1"
price_max = "1000000"
position_limit = "2000"
depth = "1000000"
tiers = { mode = "whole", measure = "quantity", slippage = "0.001", open_interest_lower = "1000", open_interest_upper = "2000", brackets = [
  { floor = "0", initial = "0.02", maintenance = "0.01" },
  { floor = "1.5", initial = "0.04", maintenance = "0.02" },
] }
tiers_short = { brackets = [{ floor = "0", initial = "0.05", maintenance = "0.03" }] }
alternatives = [
  { name = "crisis", brackets = [{ floor = "0", initial = "0.5", maintenance = "0.25" }] },
  { name = "calm", mode = "increment", brackets = [{ floor = "0", initial = "0.02", maintenance = "0.01" }], initial_increment = "0.0000001", maintenance_increment = "0.00000005" },
]

[[instrument]]
symbol = "BTCUSD_210924"
kind = "inverse"
settle = "BTC"
multiplier = "100"
quantity_decimals = 0
lot = "1"
tick = "0.1"
price_max = "1000000"
expiry = "2021-09-24T08:00:00Z"
depth = "100"
brackets = [{ floor = "0", initial = "0.02", maintenance = "0.01" }]

[[instrument]]
symbol = "BTC/USDT"
kind = "spot"
settle = "USDT"
base = "BTC"
quantity_decimals = 6
lot = "0.000001"
tick = "0.01"
price_min = "0.01"
price_max = "1000000"

[[instrument]]
symbol = "ETHUSDT"
settle = "USDT"
quantity_decimals = 2
lot = "0.01"
tick = "0.01"
price_max = "100000"
status = "reduce_only"
brackets = [{ floor = "0", initial = "0.02", maintenance = "0.01" }]

[[instrument]]
symbol = "NEWUSDT"
settle = "USDT"
quantity_decimals = 2
lot = "0.01"
tick = "0.01"
price_max = "100000"
status = "unlisted"
brackets = [{ floor = "0", initial = "0.02", maintenance = "0.01" }]

[[profile]]
name = "plain"
breach_at_equality = true
call_trigger = "1.25"
call_target = "1.5"
call_period = "10s"
liquidation_target = "1.05"
liquidation_slippage_max = "0.01"
liquidation_fee = "0.0005"
liquidation_steps_max = 50

[[profile]]
name = "wide"
breach_at_equality = true
call_trigger = "1.25"
call_target = "1.5"
call_period = "10s"
liquidation_target = "1.05"
liquidation_slippage_max = "0.01"
liquidation_fee = "0.0005"
liquidation_steps_max = 50
takeover_below = "0.5"
order_margin = "worst_fill"
orders_in_maintenance = true
reserve_funding = true
closing_fee = "0.0006"
initial_factor = "1.5"
requirement_rounding = "down"
threshold_rounding = "down"
aggregate_by_owner = true
profit_is_available = false
debt_initial = "0.1"
debt_maintenance = "0.05"
collateral = [
  { asset = "USDT", measure = "value", steps = [{ up_to = "1000000", ratio = "0.99" }, { up_to = "inf", ratio = "0.9" }], liability_weight = "1.01", exchange_above = "50000", exchange_ratio = "0.98" },
  { asset = "BTC", steps = [{ up_to = "10.5", ratio = "0.95" }] },
]
)";
  return text;
}

/// The same with trusted prices: every key of guards, indices, marks and the breaker.
inline const std::string& trusted_reference() {
  static const std::string text = [] {
    std::string with_rules = with(wide_reference(), "[[instrument]]", R"([[guard]]
name = "loose"

[[guard]]
name = "strict"
age_max = "5s"
skew_max = "50ms"
clock_error_max = "2s"
spread_max = "0.02"
velocity_max = "0.05"
velocity_window = "1s"
velocity_hold = "3s"
velocity_sources = 2
freeze_width = "0.1"
freeze_max = "10m"
after = "accept"

[[index]]
name = "USDT"
asset = "USDT"
guard = "loose"
clamp = "0.01"
quorum = 1
price_max = "2"
sources = [{ name = "tether", venue = "kraken", symbol = "USDT/USD", field = "trade" }]

[[index]]
name = "BTC-USD"
asset = "BTC"
guard = "strict"
method = "weighted"
clamp = "0.03"
quorum = 2
quarantine_after = 20
quarantine_time = "1h"
price_max = "1000000"
[[index.sources]]
venue = "coinbase"
symbol = "BTC-USD"
field = "quote"
weight = "1.5"
[[index.sources]]
venue = "binance-spot"
symbol = "BTCUSDT"
field = "index"
quote = "USDT"

[[instrument]])");
    with_rules = with(with_rules, "position_limit", R"(venue = "binance"
mark = "median"
guard = "strict"
index = "BTC-USD"
basis_time = "1m"
basis_max = "0.02"
funding_period = "4h"
position_limit)");
    with_rules = with(with_rules, "depth = \"100\"\n", R"(depth = "100"
index = "BTC-USD"
settlement_window = "30m"
settlement_step = "6s"
settlement_samples = "0.9"
)");
    with_rules = with(with_rules, "takeover_below", "confirm_time = \"250ms\"\ntakeover_below");
    return with_rules + R"(
[breaker]
liquidations_max = 500
window = "10s"
hold = "30s"
lag_max = "2s"
)";
  }();
  return text;
}

/// A whole configuration.
inline std::string wide_configuration() {
  return trusted_reference() + R"(
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
}

template <class Result>
std::vector<std::string> texts_of(const Result& result) {
  std::vector<std::string> lines;
  for (const Error& error : result.errors) lines.push_back(to_string(error));
  return lines;
}

/// A directory of one test alone, removed at its end.
class Folder {
 public:
  Folder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            ("plimsoll_" + std::string{test->name()} + "_" + std::to_string(::getpid()));
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string path() const { return path_.string(); }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path{at(name)}.parent_path());
    std::ofstream{at(name), std::ios::binary} << text;
    return at(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace plimsoll::configuration
