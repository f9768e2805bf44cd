// Goal: what Binance publishes of its contracts becomes exact tables, and a bracket that does not
// join the one below is an error. Method: answers of a few lines, in every form there is.

#include "tests/feeds/tables.hpp"

namespace plimsoll::feeds::testing {
namespace {

const std::string kBrackets = R"({
  "AAA/USDT:USDT": [
    {"tier": 1.0, "info": {"initialLeverage": "75", "notionalCap": "1000", "notionalFloor": "0",
                           "maintMarginRatio": "0.005", "cum": "0.0"}},
    {"tier": 2.0, "info": {"initialLeverage": "20", "notionalCap": "9223372036854775807",
                           "notionalFloor": "1000", "maintMarginRatio": "0.025", "cum": "20.0"}}],
  "AAA/USDT:USDT-250328": [
    {"info": {"initialLeverage": "10", "notionalCap": "5", "notionalFloor": "0",
              "maintMarginRatio": "0.05", "cum": "0"}}],
  "AAA/USD:AAA": [
    {"info": {"initialLeverage": "10", "notionalCap": "5", "notionalFloor": "0",
              "maintMarginRatio": "0.05", "cum": "0"}}]})";

std::string contract(const std::string& symbol, const std::string& more) {
  return R"({"symbol": ")" + symbol +
         R"(", "baseAsset": "AAA", "contractType": "PERPETUAL", "deliveryDate": 4133404800000,
    "maintMarginPercent": "2.5000", "requiredMarginPercent": "5.0000", )" +
         more + R"(, "filters": [
      {"filterType": "PRICE_FILTER", "minPrice": "0.55", "maxPrice": "2000", "tickSize": "0.10"},
      {"filterType": "LOT_SIZE", "stepSize": "0.01", "maxQty": "9"},
      {"filterType": "MAX_NUM_ORDERS", "limit": 200}]})";
}

const std::string kLinear = R"("quoteAsset": "USDT", "marginAsset": "USDT", "status": "TRADING")";
const std::string kInverse =
    R"("quoteAsset": "USD", "marginAsset": "AAA", "contractStatus": "TRADING", "contractSize": 10)";

std::string exchange_info(const std::vector<std::string>& contracts) {
  std::string text = R"({"timezone": "UTC", "symbols": [)";
  for (std::size_t i = 0; i < contracts.size(); ++i) text += (i > 0 ? "," : "") + contracts[i];
  return text + "]}";
}

TEST(BinanceTables, BracketsAreTakenAsTheyAreWritten) {
  const VenueTables tables = good_tables("binance", {kBrackets});
  EXPECT_EQ(section_of(tables, "AAAUSDT"), R"(kind = "linear"
settle = "USDT"
multiplier = "1"
quantity_decimals = 3
lot = "0.001"
tick = "0.0000001"
price_max = "1000000"
brackets = [
  {floor = "0", initial = "0.013333334", maintenance = "0.005"},
  {floor = "1000", initial = "0.05", maintenance = "0.025"},
]
)");
  EXPECT_NE(section_of(tables, "AAAUSDT_250328").find("expiry = \"2025-03-28T08:00:00Z\""),
            std::string::npos);
  EXPECT_EQ(left_out(tables), std::vector<std::string>{"AAAUSD_PERP: without contract size"});
  EXPECT_EQ(summary_of(tables),
            "binance: 2 instruments, 3 brackets; 2 with default lot, tick and price_max; "
            "1 not imported: 1 without contract size");
}

TEST(BinanceTables, ExchangeInfoGivesLotTickAndPrices) {
  const VenueTables tables = good_tables(
      "binance",
      {kBrackets, exchange_info({contract("AAAUSDT", kLinear), contract("AAAUSD_PERP", kInverse),
                                 contract("BBBUSDT", kLinear)})});
  EXPECT_EQ(section_of(tables, "AAAUSDT"), R"(kind = "linear"
settle = "USDT"
multiplier = "1"
quantity_decimals = 2
lot = "0.01"
tick = "0.1"
price_max = "2000"
brackets = [
  {floor = "0", initial = "0.013333334", maintenance = "0.005"},
  {floor = "1000", initial = "0.05", maintenance = "0.025"},
]
)");
  EXPECT_EQ(section_of(tables, "AAAUSD_PERP"), R"(kind = "inverse"
settle = "AAA"
multiplier = "10"
quantity_decimals = 2
lot = "0.01"
tick = "0.1"
price_min = "0.5"
price_max = "2000"
depth = "100000"
brackets = [
  {floor = "0", initial = "0.1", maintenance = "0.05"},
]
)");
  EXPECT_EQ(left_out(tables), std::vector<std::string>{"BBBUSDT: without margin tiers"});
  EXPECT_EQ(tables.source, "leverage brackets and exchangeInfo");
}

TEST(BinanceTables, ExchangeInfoAloneGivesOneBracket) {
  const std::string dated =
      replaced(contract("AAAUSDT_210924", kLinear), "PERPETUAL\", \"deliveryDate\": 4133404800000",
               "CURRENT_QUARTER\", \"deliveryDate\": 1632470400000");
  const std::string pending = replaced(contract("CCCUSDT", kLinear), "TRADING", "PENDING_TRADING");
  const VenueTables tables = good_tables("binance", {exchange_info({dated, pending})});
  EXPECT_EQ(section_of(tables, "AAAUSDT_210924"), R"(kind = "linear"
settle = "USDT"
multiplier = "1"
quantity_decimals = 2
lot = "0.01"
tick = "0.1"
price_max = "2000"
expiry = "2021-09-24T08:00:00Z"
brackets = [
  {floor = "0", initial = "0.05", maintenance = "0.025"},
]
)");
  EXPECT_EQ(left_out(tables), std::vector<std::string>{"CCCUSDT: not trading"});
}

TEST(BinanceTables, TheVenuesOwnFormOfBracketsNeedsExchangeInfo) {
  const std::string own = R"([{"symbol": "AAAUSDT", "brackets": [
    {"bracket": 1, "initialLeverage": 20, "notionalCap": 50, "notionalFloor": 0,
     "maintMarginRatio": 0.025, "cum": 0.0},
    {"bracket": 2, "initialLeverage": 10, "notionalCap": 90, "notionalFloor": 50,
     "maintMarginRatio": 0.05, "cum": 1.25}]},
   {"symbol": "AAAUSD_PERP", "brackets": [
    {"bracket": 1, "initialLeverage": 20, "qtyCap": 5, "qtylFloor": 0, "maintMarginRatio": 0.025,
     "cum": 0}]},
   {"symbol": "ZZZUSDT", "brackets": [
    {"bracket": 1, "initialLeverage": 20, "notionalCap": 50, "notionalFloor": 0,
     "maintMarginRatio": 0.025, "cum": 0}]}])";
  const VenueTables tables = good_tables(
      "binance",
      {exchange_info({contract("AAAUSDT", kLinear), contract("AAAUSD_PERP", kInverse)}), own});
  EXPECT_EQ(summary_of(tables),
            "binance: 2 instruments, 3 brackets; 1 not imported: 1 without contract size");
  EXPECT_NE(section_of(tables, "AAAUSDT")
                .find(R"({floor = "50", initial = "0.1", maintenance = "0.05"})"),
            std::string::npos);
}

TEST(BinanceTables, ABracketThatDoesNotJoinIsAnError) {
  EXPECT_EQ(error_of("binance", {replaced(kBrackets, "\"20.0\"", "\"20.1\"")}),
            "a.json: AAA/USDT:USDT[1].info.cum = \"20.1\": "
            "must be 20 = floor * (rate - rate below) + cum below");
  EXPECT_EQ(
      error_of(
          "binance",
          {replaced(
              kBrackets,
              "\"5\", \"notionalFloor\": \"0\",\n              \"maintMarginRatio\": \"0.05\", "
              "\"cum\": \"0\"",
              "\"5\", \"notionalFloor\": \"0\", \"maintMarginRatio\": \"0.05\", \"cum\": \"1\"")}),
      "a.json: AAA/USDT:USDT-250328[0].info.cum = \"1\": must be 0 in the first bracket");
  const VenueTables gap = tables_of("binance", {replaced(kBrackets, "\"1000\"", "\"999\"")});
  ASSERT_FALSE(gap.errors.empty());
  EXPECT_EQ(to_string(gap.errors[0]),
            "a.json: AAA/USDT:USDT[1].info.notionalFloor = \"1000\": "
            "must be 999, where the bracket below ends");
}

TEST(BinanceTables, RatesThatMakeNoSenseAreErrors) {
  EXPECT_EQ(
      error_of("binance", {replaced(kBrackets, "\"75\"", "\"500\"")}),
      "brackets: AAAUSDT: brackets[0].initial = 0.002 must not be below the maintenance rate");
  EXPECT_EQ(error_of("binance", {replaced(kBrackets, "\"75\"", "\"0\"")}),
            "a.json: AAA/USDT:USDT[0].info.initialLeverage = \"0\": must be above 0");
  EXPECT_EQ(error_of("binance", {replaced(kBrackets, "\"0.005\"", "\"half\"")}),
            "a.json: AAA/USDT:USDT[0].info.maintMarginRatio = \"half\": not a decimal number");
  EXPECT_EQ(error_of("binance", {replaced(kBrackets, "\"0.025\"", "\"0.0250000001\"")}),
            "a.json: AAA/USDT:USDT[1].info.maintMarginRatio = \"0.0250000001\": "
            "more decimals than the scale holds");
}

TEST(BinanceTables, NamesThatMakeNoSenseAreErrors) {
  EXPECT_EQ(error_of("binance", {replaced(kBrackets, "AAA/USDT:USDT\"", "AAA/USDT\"")}),
            "a.json: AAA/USDT: is no name like BTC/USDT:USDT");
  EXPECT_EQ(error_of("binance", {replaced(kBrackets, "-250328", "-251399")}),
            "a.json: AAA/USDT:USDT-251399: ends with no date like 241227");
}

TEST(BinanceTables, AContractWithoutFiltersIsAnError) {
  EXPECT_EQ(
      error_of("binance", {exchange_info({replaced(contract("AAAUSDT", kLinear), "PRICE_", "")})}),
      "a.json: AAAUSDT.filters: has no PRICE_FILTER with a tickSize");
  EXPECT_EQ(error_of("binance",
                     {exchange_info({replaced(contract("AAAUSDT", kLinear), "\"0.10\"", "\"0\"")})})
                .substr(0, 41),
            "a.json: AAAUSDT.filters[0].tickSize = \"0\"");
}

}  // namespace
}  // namespace plimsoll::feeds::testing
