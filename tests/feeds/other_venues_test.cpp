#include <gtest/gtest.h>

#include "tests/feeds/venue_reader.hpp"

namespace plimsoll::feeds::testing {
namespace {

using Texts = VenueReader::Texts;
using reference::SourceField;

/// The symbol as a source of one kind.
reference::Reference source_of(std::string_view venue, std::string_view symbol, SourceField field) {
  reference::Reference reference;
  reference.sources.resize(1);
  reference.sources[0].venue = venue;
  reference.sources[0].symbol = symbol;
  reference.sources[0].field = field;
  return reference;
}

std::string okx(const std::string& channel, const std::string& rows,
                const std::string& action = "") {
  return R"({"arg":{"channel":")" + channel + R"(","instId":"BTC-USDT"},)" + action +
         R"("data":[)" + rows + "]}";
}

TEST(Okx, MarksIndicesTickersAndTrades) {
  VenueReader reader{Venue::okx, {"BTC-USDT", "BTC-USDT-SWAP"}};
  EXPECT_EQ(reader.read(okx("mark-price", R"({"instType":"SWAP","instId":"BTC-USDT-SWAP",)"
                                          R"("markPx":"84660.1","ts":"1744590349506"})")),
            Texts{"mark 1 84660.1 0 @1744590349506000000"});
  EXPECT_EQ(reader.read(okx("tickers", R"({"instId":"BTC-USDT","last":"9999.99","lastSz":"0.1",)"
                                       R"("askPx":"9999.99","askSz":"11","bidPx":"8888.88",)"
                                       R"("ts":"1597026383085"})")),
            Texts{"book 0 8888.88 9999.99 @1597026383085000000"});
  EXPECT_EQ(reader.read(okx("tickers", R"({"instId":"BTC-USDT","askPx":"","bidPx":"8888.88",)"
                                       R"("ts":"1597026383085"})")),
            Texts{"rejected: one_sided_book"});
  EXPECT_EQ(reader.read(okx("trades", R"({"instId":"BTC-USDT","tradeId":"1","px":"42219.9",)"
                                      R"("sz":"0.1","side":"buy","ts":"1630048897897"})")),
            Texts{"trade 0 42219.9 @1630048897897000000"});
  VenueReader index{Venue::okx, source_of("okx", "BTC-USDT", SourceField::index)};
  EXPECT_EQ(index.read(R"({"data":[{"instId":"BTC-USDT","idxPx":"103895","ts":"1746942707815"}],)"
                       R"("arg":{"instId":"BTC-USDT","channel":"index-tickers"}})"),
            Texts{"priced 0 103895 @1746942707815000000 #0"});
}

TEST(Okx, BooksAreKeptFromTheirUpdates) {
  VenueReader reader{Venue::okx, {"BTC-USDT"}};
  const auto part = [](const char* bids, const char* asks, const char* numbers) {
    return std::string{R"({"asks":[)"} + asks + R"(],"bids":[)" + bids +
           R"(],"ts":"1597026383085",)" + numbers + "}";
  };
  const std::string update = R"("action":"update",)";
  EXPECT_EQ(reader.read(okx("books", part("", "", R"("seqId":1,"prevSeqId":0)"), update)),
            Texts{"rejected: book_incomplete"});
  EXPECT_EQ(reader.read(okx("books",
                            part(R"(["10","1","0","1"])", R"(["11","1","0","1"])",
                                 R"("seqId":5,"prevSeqId":-1)"),
                            R"("action":"snapshot",)")),
            Texts{"book 0 10 11 @1597026383085000000"});
  EXPECT_EQ(reader.read(okx(
                "books",
                part(R"(["10","0","0","0"],["9","1","0","1"])", "", R"("seqId":8,"prevSeqId":5)"),
                update)),
            Texts{"book 0 9 11 @1597026383085000000"});
  // Nothing changed, and then numbers that begin again.
  EXPECT_EQ(reader.read(okx("books", part("", "", R"("seqId":8,"prevSeqId":8)"), update)),
            Texts{"book 0 9 11 @1597026383085000000"});
  EXPECT_EQ(reader.read(okx("books", part("", "", R"("seqId":3,"prevSeqId":8)"), update)),
            Texts{"book 0 9 11 @1597026383085000000"});
  EXPECT_EQ(reader.read(okx("books", part("", "", R"("seqId":4,"prevSeqId":3)"), update)),
            Texts{"book 0 9 11 @1597026383085000000"});
  EXPECT_EQ(reader.read(okx("books", part("", "", R"("seqId":7,"prevSeqId":6)"), update)),
            Texts{"gap market 0"});
  EXPECT_EQ(reader.read(okx("bbo-tbt", part(R"(["8476.97","256","0","12"])",
                                            R"(["8476.98","415","0","13"])", R"("seqId":9)"))),
            Texts{"book 0 8476.97 8476.98 @1597026383085000000"});
}

TEST(Okx, WhatIsNoTickIsNamed) {
  VenueReader reader{Venue::okx, {"BTC-USDT"}};
  EXPECT_EQ(reader.read(okx("opt-summary", R"({"instId":"BTC-USD-250328-92000-C"})")),
            Texts{"rejected: options_later"});
  EXPECT_EQ(reader.read(okx("funding-rate", "{}")), Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader.kind(), "funding-rate");
  EXPECT_EQ(reader.read(R"({"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"}})"),
            Texts{"rejected: control_message"});
  EXPECT_EQ(reader.read(okx("tickers", "")), Texts{"rejected: no_price"});
  EXPECT_EQ(reader.read(okx("trades", R"({"instId":"BTC-USDT","px":"1","ts":"x"})")),
            Texts{"rejected: bad_time"});
}

TEST(Coinbase, ATickerOfTheExchangeIsAQuoteAndATrade) {
  const std::string ticker =
      R"({"type":"ticker","sequence":333938798,"product_id":"BTC-USD","price":"14.7775",)"
      R"("best_bid":"14.7550","best_ask":"14.8060","side":"buy",)"
      R"("time":"2021-04-17T16:43:30.244075Z","trade_id":881613,"last_size":"0.04"})";
  VenueReader reader{Venue::coinbase, {"BTC-USD"}};
  EXPECT_EQ(reader.read(ticker), (Texts{"book 0 14.755 14.806 @1618677810244075000",
                                        "trade 0 14.7775 @1618677810244075000"}));
  VenueReader source{Venue::coinbase, source_of("coinbase", "BTC-USD", SourceField::quote)};
  EXPECT_EQ(source.read(ticker), Texts{"quoted 0 14.755 14.806 @1618677810244075000 #333938798"});
  EXPECT_EQ(reader.read(R"({"type":"match","trade_id":1,"side":"sell","size":"985",)"
                        R"("price":"1.305e-5","product_id":"BTC-USD","sequence":177100030,)"
                        R"("time":"2021-04-17T16:43:37.089723Z"})"),
            Texts{"trade 0 0.00001305 @1618677817089723000"});
  EXPECT_EQ(reader.read(R"({"type":"last_match","price":"1","product_id":"BTC-USD"})"),
            Texts{"rejected: past_trades"});
  EXPECT_EQ(reader.read(R"({"type":"subscriptions","channels":[]})"),
            Texts{"rejected: control_message"});
  EXPECT_EQ(reader.read(R"({"type":"l2update","product_id":"BTC-USD","changes":[]})"),
            Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader.kind(), "l2update");
  EXPECT_EQ(reader.read(R"({"type":"match","price":"1","product_id":"BTC-USD","time":"noon"})"),
            Texts{"rejected: bad_time"});
  EXPECT_EQ(reader.read(R"({"type":"match","product_id":"BTC-USD"})"),
            Texts{"rejected: missing_field"});
}

std::string advanced(int number, const std::string& channel, const std::string& events) {
  return R"({"channel":")" + channel +
         R"(","client_id":"","timestamp":"2026-04-07T14:30:03.000000Z","sequence_num":)" +
         std::to_string(number) + R"(,"events":[)" + events + "]}";
}

TEST(Coinbase, AdvancedMessagesAreNumberedOneByOne) {
  VenueReader reader{Venue::coinbase, {"BTC-USD", "ETH-USD"}};
  const std::string tickers =
      R"({"type":"snapshot","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"68900.50",)"
      R"("best_bid":"68900.00","best_ask":"68901.00"}]})";
  const Texts expected{"book 0 68900 68901 @1775572203000000000",
                       "trade 0 68900.5 @1775572203000000000"};
  EXPECT_EQ(reader.read(advanced(7, "ticker", tickers)), expected);
  EXPECT_EQ(reader.read(advanced(8, "heartbeats", R"({"heartbeat_counter":42})")),
            Texts{"rejected: control_message"});
  EXPECT_EQ(reader.read(advanced(9, "ticker", tickers)), expected);
  EXPECT_EQ(reader.read(advanced(11, "ticker", tickers)),
            (Texts{"gap market 0", expected[0], expected[1]}));
  EXPECT_EQ(reader.read(advanced(13, "l2_data", "{}")), Texts{"gap market 0"});
  EXPECT_EQ(reader.read(advanced(15, "l2_data", "{}")), Texts{"rejected: unknown_message"});
  (void)reader.disconnect();
  EXPECT_EQ(reader.read(advanced(0, "ticker", tickers)), expected);
  EXPECT_EQ(reader.read(advanced(1, "market_trades",
                                 R"({"type":"update","trades":[{"product_id":"ETH-USD",)"
                                 R"("price":"5","time":"2026-04-07T14:30:02.789012Z"}]})")),
            Texts{"trade 1 5 @1775572202789012000"});
  EXPECT_EQ(reader.read(advanced(2, "market_trades",
                                 R"({"type":"snapshot","trades":[{"product_id":"ETH-USD",)"
                                 R"("price":"5","time":"2026-04-07T14:30:02.789012Z"}]})")),
            Texts{"rejected: past_trades"});
}

TEST(KrakenFutures, TickersHaveNumbersInExponentForm) {
  VenueReader reader{Venue::kraken_futures, {"PI_XBTUSD"}};
  EXPECT_EQ(reader.read(R"({"time":1676393235406,"product_id":"PI_XBTUSD","funding_rate":-6.2e-11,)"
                        R"("feed":"ticker","bid":2.19785e4,"ask":21987.0,"index":21984.54,)"
                        R"("last":21983.5,"markPrice":21979.68646534714,"suspended":false})"),
            (Texts{"book 0 21978.5 21987 @1676393235406000000",
                   "mark 0 21979.686465347 21984.54 @1676393235406000000"}));
  EXPECT_EQ(reader.read(R"({"feed":"ticker_lite","product_id":"PI_XBTUSD","bid":10,"ask":11.5})"),
            Texts{"book 0 10 11.5 @0"});
  EXPECT_EQ(reader.read(R"({"feed":"trade","product_id":"PI_XBTUSD","side":"sell","seq":653355,)"
                        R"("time":1612266317519,"qty":15000,"price":34969.5})"),
            Texts{"trade 0 34969.5 @1612266317519000000"});
  EXPECT_EQ(reader.read(R"({"feed":"trade_snapshot","product_id":"PI_XBTUSD","trades":[]})"),
            Texts{"rejected: past_trades"});
  EXPECT_EQ(reader.read(R"({"event":"subscribed","feed":"ticker","product_ids":["PI_XBTUSD"]})"),
            Texts{"rejected: control_message"});
  EXPECT_EQ(reader.read(R"({"feed":"book","product_id":"PI_XBTUSD","price":1,"qty":0})"),
            Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader.read(R"({"feed":"ticker","product_id":"PI_XBTUSD","bid":1})"),
            Texts{"rejected: one_sided_book"});
  EXPECT_EQ(reader.read(R"({"feed":"trade","product_id":"PI_XBTUSD"})"),
            Texts{"rejected: missing_field"});
}

std::string bitmex(const char* table, const char* action, const std::string& rows) {
  return std::string{R"({"table":")"} + table + R"(","action":")" + action + R"(","data":[)" +
         rows + "]}";
}

TEST(Bitmex, QuotesAndTrades) {
  VenueReader reader{Venue::bitmex, {"XBTUSD"}};
  EXPECT_EQ(reader.read(bitmex("quote", "insert",
                               R"({"timestamp":"2021-07-22T22:36:10.014Z","symbol":"XBTUSD",)"
                               R"("bidSize":750,"bidPrice":17.277,"askPrice":17.297},)"
                               R"({"timestamp":"2021-07-22T22:36:10.140Z","symbol":"XBTUSD",)"
                               R"("bidPrice":17.277,"askPrice":17.301})")),
            (Texts{"book 0 17.277 17.297 @1626993370014000000",
                   "book 0 17.277 17.301 @1626993370140000000"}));
  const std::string trade =
      R"({"timestamp":"2021-07-22T22:36:10.014Z","symbol":"XBTUSD","price":1.8e-5})";
  EXPECT_EQ(reader.read(bitmex("trade", "insert", trade)),
            Texts{"trade 0 0.000018 @1626993370014000000"});
  EXPECT_EQ(reader.read(bitmex("trade", "partial", trade)), Texts{"rejected: past_trades"});
  EXPECT_EQ(reader.read(bitmex("liquidation", "insert", "")), Texts{"rejected: liquidations"});
  EXPECT_EQ(reader.read(bitmex("orderBookL2", "update", "")), Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader.read(R"({"info":"Welcome","version":"1"})"), Texts{"rejected: control_message"});
  EXPECT_EQ(reader.read(bitmex("trade", "insert", R"({"symbol":"ETHUSD","price":1})")),
            Texts{"rejected: unknown_instrument"});
}

TEST(Bitmex, AnInstrumentLeavesAbsentFieldsAsTheyAre) {
  VenueReader reader{Venue::bitmex, {"XBTUSD"}};
  const auto row = [](const char* fields) {
    return std::string{R"({"symbol":"XBTUSD",)"} + fields +
           R"(,"timestamp":"2024-11-25T12:00:00.000Z"})";
  };
  EXPECT_EQ(reader.read(bitmex("instrument", "partial",
                               row(R"("lastPrice":95123.5,"markPrice":95125.7,"bidPrice":95120,)"
                                   R"("askPrice":95121,"indicativeSettlePrice":95126.0)"))),
            (Texts{"book 0 95120 95121 @1732536000000000000",
                   "mark 0 95125.7 95126 @1732536000000000000"}));
  EXPECT_EQ(reader.read(bitmex("instrument", "update", row(R"("markPrice":95000)"))),
            Texts{"mark 0 95000 95126 @1732536000000000000"});
  EXPECT_EQ(reader.read(bitmex("instrument", "update", row(R"("bidPrice":95120.5)"))),
            Texts{"book 0 95120.5 95121 @1732536000000000000"});
  EXPECT_EQ(reader.read(bitmex("instrument", "update", row(R"("openValue":5)"))),
            Texts{"rejected: no_price"});
}

TEST(Dydx, TradesAndMarketsOfBothVersions) {
  VenueReader reader{Venue::dydx, {"BTC-USD", "ETH-USD"}};
  const std::string trades =
      R"("id":"ETH-USD","channel":"v3_trades","contents":{"trades":[{"size":"0.1","side":"BUY",)"
      R"("price":"4215.6","createdAt":"2021-10-28T18:03:51.833Z"}]}})";
  EXPECT_EQ(reader.read(R"({"type":"channel_data","message_id":291,)" + trades),
            Texts{"trade 1 4215.6 @1635444231833000000"});
  EXPECT_EQ(reader.read(R"({"type":"subscribed","message_id":1,)" + trades),
            Texts{"rejected: past_trades"});
  EXPECT_EQ(reader.read(R"({"type":"channel_data","channel":"v3_markets","contents":{"BTC-USD":{)"
                        R"("indexPrice":"60000.5","oraclePrice":"60001"}}})"),
            Texts{"mark 0 60001 60000.5 @0"});
  EXPECT_EQ(reader.read(R"({"type":"subscribed","channel":"v4_markets","contents":{"markets":{)"
                        R"("BTC-USD":{"ticker":"BTC-USD","oraclePrice":"43250.00"},"ETH-USD":{)"
                        R"("oraclePrice":"2255"}}}})"),
            (Texts{"mark 0 43250 0 @0", "mark 1 2255 0 @0"}));
  EXPECT_EQ(reader.read(R"({"contents":{"oraclePrices":{"BTC-USD":{"oraclePrice":"43300.00",)"
                        R"("effectiveAt":"2024-01-01T00:01:00.000Z"}}},"channel":"v4_markets",)"
                        R"("type":"channel_data"})"),
            Texts{"mark 0 43300 0 @1704067260000000000"});
  EXPECT_EQ(reader.read(R"({"type":"channel_data","channel":"v4_markets","contents":{"trading":{)"
                        R"("BTC-USD":{"status":"PAUSED"}}}})"),
            Texts{"rejected: no_price"});
  EXPECT_EQ(reader.read(R"({"type":"connected","connection_id":"x","message_id":0})"),
            Texts{"rejected: control_message"});
  EXPECT_EQ(reader.read(R"({"type":"channel_data","channel":"v3_orderbook","id":"ETH-USD",)"
                        R"("contents":{"bids":[]}})"),
            Texts{"rejected: unknown_message"});
}

TEST(Bitcom, AnEmptyTextIsNoPrice) {
  VenueReader reader{Venue::bitcom, {"BTC-PERPETUAL"}};
  const auto ticker = [](const char* bid, const char* mark) {
    return std::string{R"({"channel":"ticker","timestamp":1639095388777,"data":{)"} +
           R"("time":1639095388778,"instrument_id":"BTC-PERPETUAL","best_bid":")" + bid +
           R"(","best_ask":"0.00250000","mark_price":")" + mark + R"("}})";
  };
  EXPECT_EQ(reader.read(ticker("0.002", "0.00231536")),
            (Texts{"book 0 0.002 0.0025 @1639095388778000000",
                   "mark 0 0.00231536 0 @1639095388778000000"}));
  EXPECT_EQ(reader.read(ticker("", "0.00231536")),
            Texts{"mark 0 0.00231536 0 @1639095388778000000"});
  EXPECT_EQ(reader.read(ticker("", "")), Texts{"rejected: one_sided_book"});
  EXPECT_EQ(reader.read(R"({"channel":"subscription","data":{"code":0}})"),
            Texts{"rejected: control_message"});
  EXPECT_EQ(reader.read(R"({"channel":"depth","data":{}})"), Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader.read(R"({"data":{}})"), Texts{"rejected: no_event_type"});
}

}  // namespace
}  // namespace plimsoll::feeds::testing
