// Goal: what the importers have in common holds for any bytes. Method: small values for every
// function, and a good answer cut at every byte.

#include "tests/feeds/tables.hpp"

#include <limits>

#include "feeds/venue/answers.hpp"
#include "feeds/venue/json_value.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::testing {
namespace {

constexpr const char* kVenues[] = {"binance", "bitmex", "deribit", "gate", "kraken", "okx"};

TEST(JsonValue, KeepsTheTextOfNumbers) {
  const JsonResult parsed =
      parse_json(R"( {"a": [1e-10, -0.50 , true, null, "x\"\u00e9", {}], "a": 2} )");
  ASSERT_TRUE(parsed.ok()) << parsed.error;
  const auto& list = parsed.root.find("a")->members;
  ASSERT_EQ(list.size(), 6U);
  EXPECT_EQ(list[0].value.text, "1e-10");
  EXPECT_EQ(list[1].value.text, "-0.50");
  EXPECT_EQ(list[2].value.text, "true");
  EXPECT_EQ(list[3].value.kind, JsonValue::Kind::null);
  EXPECT_EQ(list[4].value.text, "x\"\xc3\xa9");
  EXPECT_EQ(list[5].value.kind, JsonValue::Kind::object);
  EXPECT_EQ(parsed.root.find("b"), nullptr);
}

TEST(JsonValue, IsOneWholeObjectOrList) {
  for (const char* text : {"", " ", "1", "\"a\"", "{", "[1", "[1] 2", "{\"a\" 1}", "[\"\xff\"]"}) {
    EXPECT_FALSE(parse_json(text).ok()) << text;
  }
  EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')).ok());
  EXPECT_TRUE(parse_json(std::string(30, '[') + std::string(30, ']')).ok());
}

TEST(Answers, OfARecordingAreTheLinesWithAnAddress) {
  const auto answers = split_answers("r.0",
                                     "configuration: {\"a\":\"b -> 1: c\"}\r\n"
                                     "https://v/x?y=1 -> 1626992740.17: {\"a\": \" -> 2: \"}\r\n"
                                     "wss://v <-> 1626992740.1\n"
                                     "wss://v <- 1626992740.1: {}\n"
                                     "1626992741.06: {\"a\":1}\n"
                                     "https://v/x -> late: {}\n"
                                     "https://v/z -> 17: []");
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].json, "{\"a\": \" -> 2: \"}\r");
  EXPECT_EQ(place_of(answers[0]), "r.0: line 2");
  EXPECT_EQ(answers[1].json, "[]");
  EXPECT_EQ(place_of(answers[1]), "r.0: line 7");
}

TEST(Answers, OfJsonIsTheWholeText) {
  const auto answers = split_answers("a.json", "\n {\n\"u -> 1: x\": 1}\n");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(place_of(answers[0]), "a.json");
  EXPECT_TRUE(parse_json(answers[0].json).ok());
  EXPECT_TRUE(split_answers("a.txt", "").empty());
  EXPECT_TRUE(split_answers("a.txt", "hello\n").empty());
}

TEST(TableRules, RatesAreRoundedUp) {
  EXPECT_EQ(rate_of_leverage(125 * kNanoOne), 8'000'000);
  EXPECT_EQ(rate_of_leverage(75 * kNanoOne), 13'333'334);
  EXPECT_EQ(rate_of_leverage(1), kNanoOne * kNanoOne);
  EXPECT_EQ(half_of(13'333'334), 6'666'667);
  EXPECT_EQ(half_of(3), 2);
}

TEST(TableRules, ProductsAreExact) {
  EXPECT_EQ(product_of(kNanoOne / 100, 10 * kNanoOne), kNanoOne / 10);
  EXPECT_EQ(product_of(1, kNanoOne / 10), std::nullopt);
  EXPECT_EQ(product_of(kNanoOne * kNanoOne, 10 * kNanoOne), std::nullopt);
  EXPECT_EQ(decimals_of(1), 9);
  EXPECT_EQ(decimals_of(kNanoOne / 1000), 3);
  EXPECT_EQ(decimals_of(10 * kNanoOne), 0);
  EXPECT_EQ(decimals_of(0), 0);
}

TEST(TableRules, DefaultPricesNeverOverflow) {
  VenueInstrument instrument;
  instrument.kind = reference::Kind::inverse;
  instrument.tick = std::numeric_limits<Nano>::max();
  default_prices(instrument);
  EXPECT_GT(instrument.price_max, 0);
  EXPECT_GT(instrument.price_min, 0);
}

TEST(TableRules, DepthInCoinsIsBounded) {
  VenueInstrument instrument;
  instrument.settle = "ABC";
  instrument.kind = reference::Kind::inverse;
  for (const Nano tick : {Nano{1}, kNanoOne / 10, std::numeric_limits<Nano>::max()}) {
    instrument.tick = tick;
    default_depth(instrument);
    EXPECT_EQ(instrument.depth, tick == 1               ? kNanoOne * kNanoOne
                                : tick == kNanoOne / 10 ? 100'000 * kNanoOne
                                                        : kNanoOne);
  }
  VenueInstrument money;
  money.settle = "USDT";
  money.tick = 1;
  default_depth(money);
  EXPECT_EQ(money.depth, 0);
}

TEST(TableRules, TimesGoThereAndBack) {
  EXPECT_EQ(parse_utc("1970-01-01T00:00:01Z"), 1000);
  EXPECT_EQ(parse_utc("2021-09-24T08:00:00.000Z"), 1'632'470'400'000);
  EXPECT_EQ(format_utc(1'632'470'400'000), "2021-09-24T08:00:00Z");
  EXPECT_EQ(format_utc(1'709'251'199'999), "2024-02-29T23:59:59Z");
  for (const char* text :
       {"", "2021-09-24", "2021-09-24T08:00:00", "2021-13-24T08:00:00Z", "2021-02-29T08:00:00Z",
        "2021-09-24T24:00:00Z", "2021-09-24T08:60:00Z", "2021-09-24T08:00:00.Z",
        "2021-09-24T08:00:00.0x0Z", "2021/09/24T08:00:00Z", "202a-09-24T08:00:00Z"}) {
    EXPECT_EQ(parse_utc(text), std::nullopt) << text;
  }
}

TEST(WrittenTables, QuoteWhatTomlNeeds) {
  VenueTables tables;
  tables.instruments.resize(1);
  tables.instruments[0].symbol = "a\"b\\c\n\x7f";
  EXPECT_NE(write_tables(tables).find(R"(symbol = "a\"b\\c\u000A\u007F")"), std::string::npos)
      << write_tables(tables);
}

TEST(Tables, OfAnotherKindOfAnswerAreAnError) {
  for (const char* venue : kVenues) {
    for (const char* json : {"{}", "{\"bids\": [], \"asks\": []}"}) {
      const std::string error = error_of(venue, {json});
      EXPECT_TRUE(error.starts_with("a.json: holds no ")) << venue << " " << error;
    }
    EXPECT_EQ(error_of(venue, {"{\"cut"}).substr(0, 40),
              "a.json: not one whole JSON object or lis");
  }
}

TEST(Tables, AnAnswerWithoutItsFieldsIsAnError) {
  EXPECT_FALSE(tables_of("binance", {R"({"symbols": [{}]})"}).errors.empty());
  EXPECT_FALSE(tables_of("bitmex", {R"([{}])"}).errors.empty());
  EXPECT_FALSE(tables_of("deribit", {R"({"result": [7]})"}).errors.empty());
  EXPECT_FALSE(tables_of("gate", {R"([[]])"}).errors.empty());
  EXPECT_FALSE(tables_of("kraken", {R"({"instruments": [null]})"}).errors.empty());
  EXPECT_FALSE(tables_of("okx", {R"({"data": ["x"]})"}).errors.empty());
}

TEST(Tables, AnAnswerCutAnywhereIsAnError) {
  const std::string whole = R"([{"name": "A_B", "type": "direct", "quanto_multiplier": "1",
    "order_price_round": "1", "leverage_max": "5", "maintenance_rate": "0.1",
    "risk_limit_base": "1", "risk_limit_step": "1", "risk_limit_max": "1"}])";
  EXPECT_EQ(good_tables("gate", {whole}).instruments.size(), 1U);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    for (const char* venue : kVenues) {
      EXPECT_EQ(tables_of(venue, {whole.substr(0, length)}).errors.size(), 1U) << length;
    }
  }
}

TEST(Tables, NumbersOutOfAllSizesAreErrors) {
  for (const char* number : {"9223372036", "1e400", "-1", "0", "1e-400", "\"\"", "[]"}) {
    for (const char* key : {"order_price_round", "leverage_max", "maintenance_rate",
                            "risk_limit_step", "risk_limit_base", "quanto_multiplier"}) {
      std::string json = R"([{"name": "A_B", "type": "direct")";
      for (const char* other : {"order_price_round", "leverage_max", "maintenance_rate",
                                "risk_limit_step", "risk_limit_base", "quanto_multiplier"}) {
        json += std::string{", \""} + other +
                "\": " + (std::string_view{other} == key ? number : "0.5");
      }
      const VenueTables tables = tables_of("gate", {json + R"(, "risk_limit_max": "1"}])"});
      EXPECT_TRUE(tables.instruments.empty());
      EXPECT_TRUE(!tables.errors.empty() || !tables.not_imported.empty()) << number << key;
    }
  }
}

}  // namespace
}  // namespace plimsoll::feeds::testing
