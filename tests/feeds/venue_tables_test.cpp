// Goal: each venue's own way of margin tiers becomes the mode that means the same. Method: answers
// of a few lines, the section that is written for them, and one fault at a time.

#include "tests/feeds/tables.hpp"

namespace plimsoll::feeds::testing {
namespace {

TEST(DeribitTables, FuturesGrowWithSize) {
  const VenueTables tables = good_tables("deribit", {R"({"jsonrpc": "2.0", "result": [
    {"instrument_name": "BTC-PERPETUAL", "kind": "future", "is_active": true, "tick_size": 0.5,
     "contract_size": 10.0, "base_currency": "BTC", "quote_currency": "USD", "max_leverage": 50,
     "settlement_period": "perpetual", "expiration_timestamp": 32503708800000},
    {"instrument_name": "XYZ_USDC-24SEP21", "kind": "future", "is_active": true,
     "tick_size": 1e-4, "contract_size": 0.1, "base_currency": "XYZ", "quote_currency": "USDC",
     "settlement_currency": "USDC", "future_type": "linear", "max_leverage": 30,
     "settlement_period": "month", "expiration_timestamp": 1632470400000},
    {"instrument_name": "BTC-1-C", "kind": "option"},
    {"instrument_name": "BTC-FS", "kind": "future_combo"},
    {"instrument_name": "BTC-OLD", "kind": "future", "is_active": false}]})"});
  EXPECT_EQ(section_of(tables, "BTC-PERPETUAL"), R"(kind = "inverse"
settle = "BTC"
multiplier = "1"
quantity_decimals = 0
lot = "10"
tick = "0.5"
price_min = "50"
price_max = "5000000"
depth = "20000"
tiers = {mode = "increment", measure = "value", brackets = [
  {floor = "0", initial = "0.02", maintenance = "0.01"},
], initial_increment = "0.00005", maintenance_increment = "0.00005"}
)");
  EXPECT_EQ(section_of(tables, "XYZ_USDC-24SEP21"), R"(kind = "linear"
settle = "USDC"
multiplier = "1"
quantity_decimals = 1
lot = "0.1"
tick = "0.0001"
price_max = "1000"
expiry = "2021-09-24T08:00:00Z"
tiers = {mode = "increment", measure = "quantity", brackets = [
  {floor = "0", initial = "0.033333334", maintenance = "0.016666667"},
], initial_increment = "0", maintenance_increment = "0"}
)");
  EXPECT_EQ(left_out(tables), (std::vector<std::string>{"BTC-1-C: option", "BTC-FS: combination",
                                                        "BTC-OLD: not trading"}));
}

const std::string kBitmex = R"([
  {"symbol": "XBTUSD", "typ": "FFWCSX", "state": "Open", "isInverse": true, "expiry": null,
   "settlCurrency": "XBt", "multiplier": -100000000, "lotSize": 100, "tickSize": 0.5,
   "maxPrice": 1000000, "initMargin": 0.01, "maintMargin": 0.0035, "riskLimit": 20000000000,
   "riskStep": 10000000000},
  {"symbol": "ETHUSDZ30", "typ": "FFCCSX", "state": "Open", "isInverse": false,
   "expiry": "2030-12-27T12:00:00.000Z", "settlCurrency": "XBt", "multiplier": 100, "lotSize": 1,
   "tickSize": 0.05, "maxPrice": 1000000, "initMargin": 0.5, "maintMargin": 0.3,
   "riskLimit": 50000000, "riskStep": 5000000000},
  {"symbol": "TINY", "typ": "FFWCSX", "state": "Open", "settlCurrency": "XBt", "tickSize": 1e-10,
   "initMargin": 0.5, "riskLimit": 1, "riskStep": 1},
  {"symbol": "GONE", "typ": "FFWCSX", "state": "Settled"},
  {"symbol": "ODD", "typ": "FFWCSX", "state": "Open", "settlCurrency": "ABc"},
  {"symbol": "XBT_USDT", "typ": "IFXXXP"}, {"symbol": ".BXBT", "typ": "MRCXXX"}])";

TEST(BitmexTables, RiskStepsAreBracketsOfTheWhole) {
  const VenueTables tables = good_tables("bitmex", {kBitmex});
  const std::string inverse = section_of(tables, "XBTUSD");
  EXPECT_TRUE(inverse.starts_with(R"(kind = "inverse"
settle = "XBT"
multiplier = "1"
quantity_decimals = 0
lot = "100"
tick = "0.5"
price_min = "50"
price_max = "1000000"
depth = "20000"
tiers = {mode = "whole", measure = "value", brackets = [
  {floor = "0", initial = "0.01", maintenance = "0.0035"},
  {floor = "200", initial = "0.0135", maintenance = "0.007"},
  {floor = "300", initial = "0.017", maintenance = "0.0105"},
)")) << inverse;
  EXPECT_TRUE(inverse.ends_with(R"(  {floor = "1100", initial = "0.045", maintenance = "0.0385"},
]}
)")) << inverse;
  EXPECT_EQ(section_of(tables, "ETHUSDZ30"), R"(kind = "linear"
settle = "XBT"
multiplier = "0.000001"
quantity_decimals = 0
lot = "1"
tick = "0.05"
price_max = "1000000"
depth = "10000"
expiry = "2030-12-27T12:00:00Z"
tiers = {mode = "whole", measure = "value", brackets = [
  {floor = "0", initial = "0.5", maintenance = "0.3"},
  {floor = "0.5", initial = "0.8", maintenance = "0.6"},
  {floor = "50.5", initial = "1", maintenance = "0.9"},
  {floor = "100.5", initial = "1", maintenance = "1"},
]}
)");
  EXPECT_EQ(left_out(tables),
            (std::vector<std::string>{
                ".BXBT: index", "GONE: not trading", "ODD: with unknown settlement asset",
                "TINY: with a price or size finer than 1e-9", "XBT_USDT: spot"}));
}

TEST(BitmexTables, FaultsAreNamed) {
  EXPECT_EQ(error_of("bitmex", {replaced(kBitmex, "0.0035", "\"x\"")}),
            "a.json: XBTUSD.maintMargin = \"x\": not a decimal number");
  EXPECT_EQ(error_of("bitmex", {replaced(kBitmex, "2030-12-27T", "2030-12-32T")}),
            "a.json: ETHUSDZ30.expiry = \"2030-12-32T12:00:00.000Z\": "
            "is no time like 2021-09-24T08:00:00.000Z");
  EXPECT_EQ(error_of("bitmex", {replaced(kBitmex, "-100000000", "0")}),
            "a.json: XBTUSD.multiplier = \"0\": must not be 0");
  EXPECT_EQ(
      error_of("bitmex", {replaced(kBitmex, "\"initMargin\": 0.01", "\"initMargin\": 0.001")}),
      "a.json: XBTUSD: brackets[0].initial = 0.001 must not be below the maintenance rate");
}

const std::string kKraken = R"({"result": "success", "instruments": [
  {"symbol": "fi_xbtusd_210924", "type": "futures_inverse", "tickSize": 0.5, "contractSize": 1,
   "tradeable": true, "lastTradingTime": "2021-09-24T15:00:00.000Z",
   "retailMarginLevels": [{"contracts": 0, "initialMargin": 0.5, "maintenanceMargin": 0.25}],
   "marginLevels": [{"contracts": 0, "initialMargin": 0.02, "maintenanceMargin": 0.01},
                    {"contracts": 500000, "initialMargin": 0.04, "maintenanceMargin": 0.02}]},
  {"symbol": "PF_ABCUSD", "type": "flexible_futures", "tickSize": 0.1, "contractSize": 1,
   "tradeable": true, "maxPositionSize": 16000.0, "contractValueTradePrecision": 3,
   "base": "ABC", "quote": "USD",
   "marginLevels": [{"numNonContractUnits": 0.0, "initialMargin": 0.02, "maintenanceMargin": 0.01}]},
  {"symbol": "PF_THOUSANDSUSD", "type": "flexible_futures", "tickSize": 1e-6, "contractSize": 1,
   "tradeable": true, "contractValueTradePrecision": -3, "base": "THOUSANDS", "quote": "USD",
   "marginLevels": [{"numNonContractUnits": 0, "initialMargin": 0.5, "maintenanceMargin": 0.25}]},
  {"symbol": "PF_PAUSED", "type": "flexible_futures", "tradeable": false},
  {"symbol": "in_xbtusd", "type": "spot index", "tradeable": false},
  {"symbol": "pi_none", "type": "futures_inverse", "tradeable": true}]})";

TEST(KrakenTables, LevelsCountContractsOrDollars) {
  const VenueTables tables = good_tables("kraken", {kKraken});
  EXPECT_EQ(section_of(tables, "fi_xbtusd_210924"), R"(kind = "inverse"
settle = "XBT"
multiplier = "1"
quantity_decimals = 0
lot = "1"
tick = "0.5"
price_min = "50"
price_max = "5000000"
depth = "20000"
expiry = "2021-09-24T15:00:00Z"
tiers = {mode = "whole", measure = "quantity", brackets = [
  {floor = "0", initial = "0.02", maintenance = "0.01"},
  {floor = "500000", initial = "0.04", maintenance = "0.02"},
]}
)");
  EXPECT_EQ(section_of(tables, "PF_ABCUSD"), R"(kind = "linear"
settle = "USD"
multiplier = "1"
quantity_decimals = 3
lot = "0.001"
tick = "0.1"
price_max = "1000000"
position_limit = "16000"
tiers = {mode = "whole", measure = "value", brackets = [
  {floor = "0", initial = "0.02", maintenance = "0.01"},
]}
)");
  EXPECT_NE(section_of(tables, "PF_THOUSANDSUSD").find("lot = \"1000\""), std::string::npos);
  EXPECT_EQ(left_out(tables),
            (std::vector<std::string>{"PF_PAUSED: not trading", "in_xbtusd: index",
                                      "pi_none: without margin tiers"}));
}

TEST(KrakenTables, FaultsAreNamed) {
  EXPECT_EQ(error_of("kraken", {replaced(kKraken, "500000", "0")}),
            "a.json: fi_xbtusd_210924: brackets[1].floor = 0 must be above the one before");
  EXPECT_EQ(error_of("kraken", {replaced(kKraken, "fi_xbtusd_210924", "fi_x")}),
            "a.json: fi_x.symbol = \"fi_x\": names no pair");
  EXPECT_EQ(error_of("kraken", {replaced(kKraken, "-3", "-12")}),
            "a.json: PF_THOUSANDSUSD.contractValueTradePrecision = \"-12\": must be -9 to 9");
}

const std::string kGate = R"([
  {"name": "ABC_USDT", "type": "direct", "in_delisting": false, "quanto_multiplier": "0.1",
   "order_price_round": "0.001", "leverage_max": "20", "maintenance_rate": "0.025",
   "risk_limit_base": "500000", "risk_limit_step": "250000", "risk_limit_max": "1000000"},
  {"name": "ABC_USD", "type": "inverse", "in_delisting": false, "quanto_multiplier": "0",
   "order_price_round": "0.1", "leverage_max": "2", "maintenance_rate": "0.2",
   "risk_limit_base": "10", "risk_limit_step": "10", "risk_limit_max": "100"},
  {"name": "DEF_USD", "type": "direct", "in_delisting": false},
  {"name": "OLD_USDT", "type": "direct", "in_delisting": true},
  {"name": "FINE_USDT", "type": "direct", "in_delisting": false,
   "order_price_round": "0.0000000001"}])";

TEST(GateTables, RiskLimitsAreBracketsOfTheWhole) {
  const VenueTables tables = good_tables("gate", {kGate});
  EXPECT_EQ(section_of(tables, "ABC_USDT"), R"(kind = "linear"
settle = "USDT"
multiplier = "0.1"
quantity_decimals = 0
lot = "1"
tick = "0.001"
price_max = "10000"
tiers = {mode = "whole", measure = "value", brackets = [
  {floor = "0", initial = "0.05", maintenance = "0.025"},
  {floor = "500000", initial = "0.1", maintenance = "0.05"},
  {floor = "750000", initial = "0.15", maintenance = "0.075"},
]}
)");
  EXPECT_EQ(section_of(tables, "ABC_USD"), R"(kind = "inverse"
settle = "ABC"
multiplier = "1"
quantity_decimals = 0
lot = "1"
tick = "0.1"
price_min = "10"
price_max = "1000000"
depth = "100000"
tiers = {mode = "whole", measure = "value", brackets = [
  {floor = "0", initial = "0.5", maintenance = "0.2"},
  {floor = "10", initial = "1", maintenance = "0.4"},
  {floor = "20", initial = "1", maintenance = "0.6"},
  {floor = "30", initial = "1", maintenance = "0.8"},
  {floor = "40", initial = "1", maintenance = "1"},
]}
)");
  EXPECT_EQ(left_out(tables),
            (std::vector<std::string>{"DEF_USD: with unknown settlement asset",
                                      "FINE_USDT: with a price or size finer than 1e-9",
                                      "OLD_USDT: not trading"}));
}

TEST(GateTables, WhatHasNoNameForAConfigurationIsLeftOut) {
  const VenueTables tables =
      good_tables("gate", {replaced(kGate, "\"ABC_USDT\"", "\"\\u5e01_USDT\"")});
  EXPECT_EQ(tables.instruments.size(), 1U);
  EXPECT_EQ(left_out(tables).back(),
            "\xe5\xb8\x81_USDT: with a name that no configuration can have");
}

TEST(GateTables, FaultsAreNamed) {
  EXPECT_EQ(error_of("gate", {replaced(kGate, "ABC_USDT", "ABCUSDT")}),
            "a.json: ABCUSDT.name = \"ABCUSDT\": is no pair like BTC_USDT");
  EXPECT_EQ(error_of("gate", {replaced(kGate, "\"risk_limit_step\": \"250000\", ", "")}),
            "a.json: ABC_USDT.risk_limit_step: is missing");
}

const std::string kOkx = R"({"code": "0", "data": [
  {"instId": "ABC-USDT-SWAP", "instType": "SWAP", "ctType": "linear", "ctVal": "0.01",
   "ctMult": "10", "settleCcy": "USDT", "state": "live", "lever": "75", "expTime": "",
   "lotSz": "0.1", "tickSz": "0.01"},
  {"instId": "ABC-USD-220624", "instType": "FUTURES", "ctType": "inverse", "ctVal": "100",
   "ctMult": "1", "settleCcy": "ABC", "state": "live", "lever": "100", "lotSz": "1",
   "expTime": "1656057600000", "tickSz": "0.1"},
  {"instId": "ABC-USDT", "instType": "SPOT", "baseCcy": "ABC", "quoteCcy": "USDT",
   "state": "live", "lever": "", "lotSz": "0.000000001", "tickSz": "0.1"},
  {"instId": "ABC-M", "instType": "MARGIN"}, {"instId": "ABC-O", "instType": "OPTION"},
  {"instId": "ABC-P", "instType": "SWAP", "state": "preopen"}]})";

TEST(OkxTables, ContractsHaveOneBracket) {
  VenueTables tables = good_tables("okx", {kOkx});
  EXPECT_EQ(section_of(tables, "ABC-USDT-SWAP"), R"(kind = "linear"
settle = "USDT"
multiplier = "0.1"
quantity_decimals = 1
lot = "0.1"
tick = "0.01"
price_max = "100000"
brackets = [
  {floor = "0", initial = "0.013333334", maintenance = "0.006666667"},
]
)");
  EXPECT_EQ(section_of(tables, "ABC-USD-220624"), R"(kind = "inverse"
settle = "ABC"
multiplier = "100"
quantity_decimals = 0
lot = "1"
tick = "0.1"
price_min = "10"
price_max = "1000000"
depth = "100000"
expiry = "2022-06-24T08:00:00Z"
brackets = [
  {floor = "0", initial = "0.01", maintenance = "0.005"},
]
)");
  EXPECT_TRUE(select(tables, {}).empty());
  EXPECT_EQ(left_out(tables), (std::vector<std::string>{"ABC-M: margin pair", "ABC-O: option",
                                                        "ABC-P: not trading", "ABC-USDT: spot"}));
}

TEST(OkxTables, SpotPairsAreImportedWhenAskedFor) {
  VenueTables tables = good_tables("okx", {kOkx});
  const std::vector<std::string> symbols{"ABC-USDT", "ABC-O", "NOPE"};
  EXPECT_EQ(select(tables, symbols), (std::vector<std::string>{"ABC-O", "NOPE"}));
  EXPECT_EQ(write_tables(tables), R"(# Imported from okx: public instruments.
# okx: 1 instruments, 0 brackets; 1 not imported: 1 option

[[asset]]
name = "ABC"
decimals = 9

[[asset]]
name = "USDT"
decimals = 6

[[instrument]]
symbol = "ABC-USDT"
kind = "spot"
base = "ABC"
settle = "USDT"
multiplier = "1"
quantity_decimals = 9
lot = "0.000000001"
tick = "0.1"
price_max = "1000000"
)");
}

TEST(OkxTables, OfARepeatedAnswerTheLastCounts) {
  const VenueTables tables =
      good_tables("okx", {kOkx, replaced(kOkx, "\"lever\": \"75\"", "\"lever\": \"50\""),
                          R"({"data": [{"instId": "ABC-P", "instType": "OPTION"}]})"});
  EXPECT_EQ(tables.instruments.size(), 3U);
  EXPECT_NE(section_of(tables, "ABC-USDT-SWAP").find(R"(initial = "0.02")"), std::string::npos);
  EXPECT_EQ(left_out(tables).back(), "ABC-P: option");
}

TEST(OkxTables, FaultsAreNamed) {
  EXPECT_EQ(error_of("okx", {replaced(kOkx, "\"linear\"", "\"cubic\"")}),
            "a.json: ABC-USDT-SWAP.ctType = \"cubic\": must be linear or inverse");
  EXPECT_EQ(error_of("okx", {replaced(kOkx, "\"ctMult\": \"10\"", "\"ctMult\": \"0.00000001\"")}),
            "a.json: ABC-USDT-SWAP.ctMult = \"0.00000001\": "
            "times ctVal is no decimal with nine decimals");
}

}  // namespace
}  // namespace plimsoll::feeds::testing
