#include <gtest/gtest.h>

#include "tests/feeds/messages.hpp"

namespace plimsoll::feeds::testing {
namespace {

class Binance : public ::testing::Test {
 protected:
  Parsed read(std::string_view json) { return parse(parser_, json); }
  void expect_reject(std::string_view json, Reject reject) {
    EXPECT_EQ(to_string(read(json).reject), to_string(reject)) << json;
  }
  reference::Reference reference_{two_instruments()};
  Parser parser_{reference_};
};

TEST_F(Binance, MarkPriceUpdateBecomesMarkPublished) {
  for (const std::string& json : {join(mark_fields()), in_envelope(join(mark_fields()))}) {
    const Parsed parsed = read(json);
    ASSERT_TRUE(parsed.ok()) << to_string(parsed.reject);
    const auto& mark = std::get<MarkPublished>(parsed.body);
    EXPECT_EQ(mark.instrument.raw(), 0U);
    EXPECT_EQ(mark.mark.raw(), 11'794'150'000'000);
    EXPECT_EQ(mark.index.raw(), 11'784'626'590'910);
    EXPECT_EQ(mark.venue_time.raw(), 1'562'305'380'000'000'000);
  }
}

TEST_F(Binance, BookTickerBecomesBookQuoted) {
  for (const std::string& json : {join(book_fields()), in_envelope(join(book_fields()))}) {
    const Parsed parsed = read(json);
    ASSERT_TRUE(parsed.ok()) << to_string(parsed.reject);
    const auto& book = std::get<BookQuoted>(parsed.body);
    EXPECT_EQ(book.instrument.raw(), 0U);
    EXPECT_EQ(book.bid.raw(), 61'800'200'000'000);
    EXPECT_EQ(book.ask.raw(), 61'800'300'000'000);
    EXPECT_EQ(book.venue_time.raw(), 1'723'161'256'313'000'000);
  }
}

TEST_F(Binance, TradeAndAggTradeBecomeTradePrinted) {
  const Parsed trade = read(join(trade_fields()));
  ASSERT_TRUE(trade.ok()) << to_string(trade.reject);
  EXPECT_EQ(std::get<TradePrinted>(trade.body).instrument.raw(), 1U);
  EXPECT_EQ(std::get<TradePrinted>(trade.body).price.raw(), 2'680'300'000'000);
  EXPECT_EQ(std::get<TradePrinted>(trade.body).venue_time.raw(), 1'723'161'256'322'000'000);

  const Parsed aggregate = read(in_envelope(join(aggregate_trade_fields())));
  ASSERT_TRUE(aggregate.ok()) << to_string(aggregate.reject);
  EXPECT_EQ(std::get<TradePrinted>(aggregate.body).instrument.raw(), 0U);
  EXPECT_EQ(std::get<TradePrinted>(aggregate.body).price.raw(), 1'000'000);
}

TEST_F(Binance, VenueTimeFallsBackToTheTransactionButNeverToTheNextFunding) {
  const Parsed book = read(with(book_fields(), "E", ""));
  ASSERT_TRUE(book.ok());
  EXPECT_EQ(std::get<BookQuoted>(book.body).venue_time.raw(), 1'723'161'256'312'000'000);
  const Parsed mark = read(with(mark_fields(), "E", ""));
  ASSERT_TRUE(mark.ok());
  EXPECT_EQ(std::get<MarkPublished>(mark.body).venue_time.raw(), 0);
}

TEST_F(Binance, PricesMayBeJsonNumbersAndAreTakenFromTheirText) {
  const Parsed parsed = read(with(book_fields(), "b", R"("b" : 61800.1e0 )"));
  ASSERT_TRUE(parsed.ok()) << to_string(parsed.reject);
  EXPECT_EQ(std::get<BookQuoted>(parsed.body).bid.raw(), 61'800'100'000'000);
  // No double holds this one.
  const Parsed exact = read(with(trade_fields(), "p", R"("p":99999.123456789)"));
  ASSERT_TRUE(exact.ok()) << to_string(exact.reject);
  EXPECT_EQ(std::get<TradePrinted>(exact.body).price.raw(), 99'999'123'456'789);
}

TEST_F(Binance, AMarkWithoutAnIndexHasIndexZero) {
  for (const char* index : {"", R"("i":null)", R"("i":"")", R"("i":"0.00000000")"}) {
    const Parsed parsed = read(with(mark_fields(), "i", index));
    ASSERT_TRUE(parsed.ok()) << index;
    EXPECT_EQ(std::get<MarkPublished>(parsed.body).index.raw(), 0);
  }
}

TEST_F(Binance, OfARepeatedKeyTheLastCounts) {
  auto fields = trade_fields();
  fields.push_back(R"("p":"2681")");
  const Parsed parsed = read(join(fields));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(std::get<TradePrinted>(parsed.body).price.raw(), 2'681 * kUnit);
}

TEST_F(Binance, OnlyDataCountsInsideAnEnvelope) {
  const std::string message = join(trade_fields());
  for (const std::string& json :
       {R"({"e":"bookTicker","s":"BTCUSDT","data":)" + message + "}",
        R"({"data":)" + message + R"(,"e":"bookTicker","p":"1","s":"BTCUSDT"})"}) {
    const Parsed parsed = read(json);
    ASSERT_TRUE(parsed.ok()) << json;
    EXPECT_EQ(std::get<TradePrinted>(parsed.body).price.raw(), 2'680'300'000'000);
  }
}

TEST_F(Binance, RejectsWhatIsNoWholeJsonObject) {
  const std::string whole = join(book_fields());
  for (const std::string& json :
       {std::string{}, std::string{"   "}, std::string{"{"}, std::string{"}"}, std::string{"null"},
        std::string{"17"}, std::string{"\"text\""}, std::string{"{\"e\"}"},
        std::string{"{\"e\":\"trade\" \"s\":\"BTCUSDT\"}"}, std::string{"{\"e\":\"\xff\xfe\"}"},
        std::string{"{\"e\":\"tra\nde\"}"}, whole + "}", whole + whole, whole + " x",
        in_envelope(whole) + ",", std::string{"\0\0\0", 3}}) {
    expect_reject(json, Reject::malformed_json);
  }
}

TEST_F(Binance, RejectsAnEnvelopeThatIsCutByOneBrace) {
  std::string json = in_envelope(join(book_fields()));
  json.pop_back();
  expect_reject(json, Reject::malformed_json);
}

TEST_F(Binance, RejectsKindsItDoesNotUnderstand) {
  for (const std::string& json :
       {std::string{R"({"e":"depthUpdate","s":"BTCUSDT","b":[["1","2"]],"a":[]})"},
        in_envelope(R"({"e":"forceOrder","o":{"s":"BTCUSDT"}})"), std::string{R"({"e":5})"},
        std::string{R"({"e":{"e":"trade"}})"}, std::string{"[]"}, "[" + join(mark_fields()) + "]",
        in_envelope("[" + join(mark_fields()) + "]"), in_envelope("null"), in_envelope("3")}) {
    expect_reject(json, Reject::unknown_message);
  }
}

TEST_F(Binance, RejectsWhatHasNoEventType) {
  for (const std::string& json :
       {std::string{R"({"lastUpdateId":512,"E":1,"T":1,"bids":[["61800.20","2.9"]],"asks":[]})"},
        std::string{R"({"result":null,"id":1})"}, std::string{"{}"}, in_envelope("{}"),
        with(book_fields(), "e", ""), with(book_fields(), "e", R"("e":null)")}) {
    expect_reject(json, Reject::no_event_type);
  }
}

TEST_F(Binance, RejectsAMissingField) {
  for (const char* key : {"s", "b", "a"}) {
    expect_reject(with(book_fields(), key, ""), Reject::missing_field);
    expect_reject(with(book_fields(), key, std::string{"\""} + key + "\":null"),
                  Reject::missing_field);
  }
  for (const char* key : {"s", "p"}) {
    expect_reject(with(mark_fields(), key, ""), Reject::missing_field);
    expect_reject(with(trade_fields(), key, ""), Reject::missing_field);
  }
}

TEST_F(Binance, RejectsSymbolsThatAreNotListed) {
  for (const char* symbol : {"btcusdt", "BTCUSD", "BTCUSDTX", "", "BTCUSDT_240927",
                             "BTCUSDTBTCUSDTBTCUSDTBTCUSDT", "DOGEUSDT"}) {
    expect_reject(with(book_fields(), "s", std::string{"\"s\":\""} + symbol + "\""),
                  Reject::unknown_instrument);
  }
}

TEST_F(Binance, RejectsTimesThatAreNone) {
  for (const char* time : {R"("E":-1)", R"("E":"soon")", R"("E":99999999999999999)", R"("E":[])",
                           R"("E":true)", R"("E":"")"}) {
    expect_reject(with(book_fields(), "E", time), Reject::bad_time);
  }
}

TEST_F(Binance, RejectsPricesThatAreNoExactDecimal) {
  const std::string long_digits(100'000, '9');
  for (const std::string& price :
       {std::string{"\"\""}, std::string{"\"NaN\""}, std::string{"\"0.0000000001\""},
        std::string{"\"99999999999\""}, std::string{"1e400"}, std::string{"\"1,5\""},
        std::string{"[1]"}, std::string{"{\"p\":1}"}, std::string{"true"},
        std::string{"\"\\u0031\""}, long_digits, "\"" + long_digits + "\""}) {
    expect_reject(with(trade_fields(), "p", "\"p\":" + price), Reject::bad_price);
    expect_reject(with(mark_fields(), "p", "\"p\":" + price), Reject::bad_price);
    expect_reject(with(book_fields(), "a", "\"a\":" + price), Reject::bad_price);
  }
  expect_reject(with(mark_fields(), "i", R"("i":"x")"), Reject::bad_price);
}

TEST_F(Binance, RejectsPricesOutOfRange) {
  for (const char* price : {"\"0\"", "\"-1\"", "\"100000.000000001\"", "-5"}) {
    expect_reject(with(trade_fields(), "p", std::string{"\"p\":"} + price),
                  Reject::price_out_of_range);
  }
  EXPECT_TRUE(read(with(trade_fields(), "p", R"("p":"100000")")).ok());
  expect_reject(with(book_fields(), "b", R"("b":"0.00")"), Reject::price_out_of_range);
  expect_reject(with(book_fields(), "a", R"("a":"1000001")"), Reject::price_out_of_range);
  expect_reject(with(mark_fields(), "i", R"("i":"-1")"), Reject::price_out_of_range);
}

TEST_F(Binance, RejectsACrossedBook) {
  expect_reject(with(book_fields(), "b", R"("b":"61800.30")"), Reject::crossed_book);
  expect_reject(with(book_fields(), "b", R"("b":"61800.31")"), Reject::crossed_book);
}

TEST_F(Binance, RejectsAMessageThatIsTooLongAndReadsTheNext) {
  const std::string filler(VenueParser::kMessageLengthMax, ' ');
  expect_reject(join(book_fields()) + filler, Reject::message_too_long);
  EXPECT_TRUE(read(filler.substr(1'000'000) + join(book_fields())).ok());
  EXPECT_TRUE(read(join(book_fields())).ok());
}

TEST_F(Binance, DeepNestingIsPassedOver) {
  const std::string deep = std::string(500'000, '[') + std::string(500'000, ']');
  EXPECT_TRUE(read(with(book_fields(), "u", "\"u\":" + deep)).ok());
  expect_reject(deep, Reject::unknown_message);
  expect_reject(with(book_fields(), "u", "\"u\":" + std::string(500'000, '{')),
                Reject::malformed_json);
}

TEST_F(Binance, EveryReasonHasItsOwnName) {
  for (std::size_t i = 0; i < kRejectKinds; ++i) {
    EXPECT_NE(to_string(static_cast<Reject>(i)), "unknown") << i;
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(to_string(static_cast<Reject>(i)), to_string(static_cast<Reject>(j)));
    }
  }
  EXPECT_EQ(to_string(static_cast<Reject>(kRejectKinds)), "unknown");
}

}  // namespace
}  // namespace plimsoll::feeds::testing
