#include <gtest/gtest.h>

#include "tests/feeds/venue_reader.hpp"

namespace plimsoll::feeds::testing {
namespace {

using Texts = VenueReader::Texts;

std::string message(const std::string& channel, const std::string& data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")" + channel +
         R"(","data":)" + data + "}}";
}

class Deribit : public ::testing::Test {
 protected:
  Texts book(const std::string& fields) {
    return reader_.read(
        message("book.BTC-PERPETUAL.raw",
                R"({"timestamp":1700000000000,"instrument_name":"BTC-PERPETUAL",)" + fields + "}"));
  }
  VenueReader reader_{Venue::deribit, {"BTC-PERPETUAL", "BTC-24JUN22-15000-C"}};
};

TEST_F(Deribit, ATickerIsAQuoteAndAMarkWithItsIndex) {
  EXPECT_EQ(reader_.read(message("ticker.BTC-PERPETUAL.100ms",
                                 R"({"timestamp":1765541474086,"state":"open","stats":{"high":1,)"
                                 R"("low":2},"index_price":92263.55,"best_bid_price":92283.5,)"
                                 R"("instrument_name":"BTC-PERPETUAL","last_price":92283.5,)"
                                 R"("mark_price":92281.78,"best_ask_price":92284.0})")),
            (Texts{"book 0 92283.5 92284 @1765541474086000000",
                   "mark 0 92281.78 92263.55 @1765541474086000000"}));
}

TEST_F(Deribit, DataMayComeBeforeItsChannel) {
  EXPECT_EQ(reader_.read(R"({"params":{"data":{"instrument_name":"BTC-PERPETUAL","mark_price":2,)"
                         R"("timestamp":1765541474086},"channel":"ticker.BTC-PERPETUAL.raw"}})"),
            Texts{"mark 0 2 0 @1765541474086000000"});
}

TEST_F(Deribit, ExponentsNullsAndZerosAreReadAsTheyAreMeant) {
  const auto option = [](const std::string& bid, const std::string& mark) {
    return message("ticker.BTC-24JUN22-15000-C.raw",
                   R"({"timestamp":1626993725950,"instrument_name":"BTC-24JUN22-15000-C",)"
                   R"("best_bid_price":)" +
                       bid + R"(,"best_ask_price":6.1e-1,"mark_price":)" + mark + "}");
  };
  EXPECT_EQ(
      reader_.read(option("5.9e-1", "6.0445327e-1")),
      (Texts{"book 1 0.59 0.61 @1626993725950000000", "mark 1 0.60445327 0 @1626993725950000000"}));
  EXPECT_EQ(reader_.read(option("null", "0.5")), Texts{"mark 1 0.5 0 @1626993725950000000"});
  EXPECT_EQ(reader_.read(option("0.0", "0.5")), Texts{"mark 1 0.5 0 @1626993725950000000"});
  EXPECT_EQ(reader_.read(option("null", "null")), Texts{"rejected: one_sided_book"});
  EXPECT_EQ(reader_.read(option("-1", "0.5")), Texts{"rejected: price_out_of_range"});
  EXPECT_EQ(reader_.read(option("\"x\"", "0.5")), Texts{"rejected: bad_price"});
  // The ask below the bid: the quote is left out, the mark counts.
  EXPECT_EQ(reader_.read(option("0.7", "0.5")), Texts{"mark 1 0.5 0 @1626993725950000000"});
}

TEST_F(Deribit, TradesAndQuotes) {
  EXPECT_EQ(
      reader_.read(message("trades.BTC-PERPETUAL.raw",
                           R"([{"timestamp":1765531356452,"price":92294.5,"mark_price":92287.11,)"
                           R"("instrument_name":"BTC-PERPETUAL","trade_seq":271252854},)"
                           R"({"timestamp":1765531356453,"price":92288.5,"mark_price":92287.11,)"
                           R"("instrument_name":"BTC-PERPETUAL","trade_seq":271252855}])")),
      (Texts{"trade 0 92294.5 @1765531356452000000", "trade 0 92288.5 @1765531356453000000"}));
  EXPECT_EQ(reader_.read(message("quote.BTC-PERPETUAL",
                                 R"({"timestamp":1765541767174,"instrument_name":"BTC-PERPETUAL",)"
                                 R"("best_ask_price":92288.5,"best_bid_price":92288.0})")),
            Texts{"book 0 92288 92288.5 @1765541767174000000"});
}

TEST_F(Deribit, AnIndexIsASourceByItsName) {
  reference::Reference reference;
  reference.sources.resize(1);
  reference.sources[0].venue = "deribit";
  reference.sources[0].symbol = "btc_usd";
  reference.sources[0].field = reference::SourceField::index;
  VenueReader reader{Venue::deribit, reference};
  EXPECT_EQ(reader.read(message("deribit_price_index.btc_usd",
                                R"({"index_name":"btc_usd","price":3937.89,)"
                                R"("timestamp":1550588002899})")),
            Texts{"priced 0 3937.89 @1550588002899000000 #0"});
}

TEST_F(Deribit, WhatIsNoTickIsNamed) {
  EXPECT_EQ(reader_.read(message("markprice.options.btc_usd",
                                 R"([{"timestamp":1622470378005,"mark_price":0.0333,"iv":0.9}])")),
            Texts{"rejected: options_later"});
  EXPECT_EQ(reader_.read(R"({"jsonrpc":"2.0","id":1,"result":["a"],"testnet":true})"),
            Texts{"rejected: control_message"});
  EXPECT_EQ(
      reader_.read(R"({"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}})"),
      Texts{"rejected: control_message"});
  EXPECT_EQ(reader_.read(message("deribit_volatility_index.btc_usd", R"({"volatility":129.36})")),
            Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader_.kind(), "deribit_volatility_index");
  EXPECT_EQ(reader_.read(message("ticker.ETH-PERPETUAL.raw",
                                 R"({"instrument_name":"ETH-PERPETUAL","mark_price":1})")),
            Texts{"rejected: unknown_instrument"});
  EXPECT_EQ(reader_.read(message("ticker.x.raw", R"({"mark_price":1})")),
            Texts{"rejected: missing_field"});
  EXPECT_EQ(reader_.read(message("ticker.x.raw",
                                 R"({"instrument_name":"BTC-PERPETUAL","timestamp":"soon",)"
                                 R"("mark_price":1})")),
            Texts{"rejected: bad_time"});
  EXPECT_EQ(reader_.read("[]"), Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader_.read(message("ticker.x.raw", "{}") + "x"), Texts{"rejected: malformed_json"});
}

TEST_F(Deribit, ABookIsKeptFromItsChanges) {
  const std::string changes = R"("type":"change","change_id":12,"prev_change_id":11,)";
  EXPECT_EQ(book(changes + R"("bids":[],"asks":[])"), Texts{"rejected: book_incomplete"});
  EXPECT_EQ(book(R"("type":"snapshot","change_id":11,"prev_change_id":null,)"
                 R"("bids":[["new",10.5,1.0],["new",9.0,1.0]],"asks":[["new",11.0,4.0]])"),
            Texts{"book 0 10.5 11 @1700000000000000000"});
  EXPECT_EQ(book(changes + R"("bids":[["delete",10.5,0.0]],"asks":[["change",11.0,2.0]])"),
            Texts{"book 0 9 11 @1700000000000000000"});
  EXPECT_EQ(book(changes + R"("bids":[],"asks":[])"), Texts{"rejected: stale_update"});
  EXPECT_EQ(book(R"("type":"change","change_id":15,"prev_change_id":14,"bids":[],"asks":[])"),
            Texts{"gap market 0"});
  EXPECT_EQ(book(R"("type":"change","change_id":16,"prev_change_id":15,"bids":[],"asks":[])"),
            Texts{"rejected: book_incomplete"});
  EXPECT_EQ(book(R"("change_id":20,"bids":[[8.0,1.0]],"asks":[[8.5,1.0]])"),
            Texts{"book 0 8 8.5 @1700000000000000000"});
  EXPECT_EQ(book(R"("type":"snapshot","change_id":30,"bids":[],"asks":[[8.5,1.0]])"),
            Texts{"rejected: one_sided_book"});
}

}  // namespace
}  // namespace plimsoll::feeds::testing
