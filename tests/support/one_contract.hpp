#pragma once

namespace plimsoll::support {

/// A configuration of one linear contract, BTCUSDT, whose orders a matching engine answers: 1 %
/// maintenance, called at 1.25 times that until 1.5 times. Tables of a service may follow it.
inline constexpr const char* kOneContract = R"(
[engine]
settle_grid = "1ms"
time_step = "20ms"
[limits]
accounts = 4096
positions = 4096
[exchange]
simulated = false
latency = "5ms"
half_spread = "0.0002"
impact = "0.01"
depth = "1000000000"
slippage_max = "0.05"
[[asset]]
name = "USDT"
decimals = 6
insurance_fund = "1000"
[[instrument]]
symbol = "BTCUSDT"
settle = "USDT"
quantity_decimals = 3
lot = "0.001"
tick = "0.1"
price_max = "10000000"
brackets = [{ floor = "0", initial = "0.02", maintenance = "0.01" }]
[[profile]]
name = "standard"
breach_at_equality = true
call_trigger = "1.25"
call_target = "1.5"
call_period = "10s"
liquidation_target = "1.05"
liquidation_slippage_max = "0.01"
liquidation_fee = "0.0005"
liquidation_steps_max = 50
)";

}  // namespace plimsoll::support
