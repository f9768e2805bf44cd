#include <gtest/gtest.h>

#include "tests/feeds/venue_reader.hpp"

namespace plimsoll::feeds::testing {
namespace {

using Texts = VenueReader::Texts;

std::string ticker(const std::string& type, const std::string& data) {
  return R"({"topic":"tickers.BTCUSDT","type":")" + type + R"(","data":{"symbol":"BTCUSDT")" +
         data + R"(},"cs":24987956059,"ts":1673272861686})";
}

class Bybit : public ::testing::Test {
 protected:
  Texts book(const std::string& type, int number, const std::string& bids,
             const std::string& asks) {
    return reader_.read(R"({"topic":"orderbook.1.BTCUSDT","type":")" + type +
                        R"(","ts":1709891679000,"data":{"s":"BTCUSDT","b":[)" + bids +
                        R"(],"a":[)" + asks + R"(],"u":)" + std::to_string(number) +
                        R"(,"seq":987},"cts":1709891678990})");
  }
  VenueReader reader_{Venue::bybit, {"BTCUSDT", "BTCUSD"}};
};

TEST_F(Bybit, ADeltaLeavesAbsentFieldsAsTheyAre) {
  EXPECT_EQ(reader_.read(ticker("snapshot", R"(,"tickDirection":"PlusTick","lastPrice":"17216.00",)"
                                            R"("markPrice":"17217.33","indexPrice":"17227.36",)"
                                            R"("bid1Price":"17215.50","ask1Price":"17216.00")")),
            (Texts{"book 0 17215.5 17216 @1673272861686000000",
                   "mark 0 17217.33 17227.36 @1673272861686000000"}));
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"ask1Price":"17215.80")")),
            Texts{"book 0 17215.5 17215.8 @1673272861686000000"});
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"markPrice":"17218")")),
            Texts{"mark 0 17218 17227.36 @1673272861686000000"});
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"indexPrice":"17300")")),
            Texts{"rejected: not_wanted"});
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"markPrice":"17219")")),
            Texts{"mark 0 17219 17300 @1673272861686000000"});
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"turnover24h":"1")")), Texts{"rejected: no_price"});
}

TEST_F(Bybit, ASideThatADeltaEmptiesIsNone) {
  (void)reader_.read(ticker("snapshot", R"(,"bid1Price":"10","ask1Price":"11")"));
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"bid1Price":"")")), Texts{"rejected: one_sided_book"});
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"ask1Price":"12")")),
            Texts{"rejected: one_sided_book"});
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"bid1Price":"10.5")")),
            Texts{"book 0 10.5 12 @1673272861686000000"});
}

TEST_F(Bybit, ASnapshotAndADisconnectForgetWhatWasBefore) {
  (void)reader_.read(ticker("snapshot", R"(,"bid1Price":"10","ask1Price":"11")"));
  EXPECT_EQ(reader_.read(ticker("snapshot", R"(,"bid1Price":"10.5")")),
            Texts{"rejected: one_sided_book"});
  (void)reader_.read(ticker("snapshot", R"(,"bid1Price":"10","ask1Price":"11")"));
  EXPECT_EQ(reader_.disconnect(), Texts{"disconnected market 0"});
  EXPECT_EQ(reader_.read(ticker("delta", R"(,"bid1Price":"10.5")")),
            Texts{"rejected: one_sided_book"});
}

TEST_F(Bybit, HeaderAndDataMayComeInAnyOrder) {
  EXPECT_EQ(reader_.read(R"({"data":{"symbol":"BTCUSDT","markPrice":"5"},"ts":1673272861686,)"
                         R"("type":"snapshot","topic":"tickers.BTCUSDT"})"),
            Texts{"mark 0 5 0 @1673272861686000000"});
}

TEST_F(Bybit, ABookIsKeptFromItsDeltas) {
  EXPECT_EQ(book("delta", 5, "", ""), Texts{"rejected: book_incomplete"});
  EXPECT_EQ(book("snapshot", 5, R"(["27450.00","0.5"])", R"(["27451.00","0.7"])"),
            Texts{"book 0 27450 27451 @1709891679000000000"});
  EXPECT_EQ(book("delta", 6, "", R"(["27451.00","0"],["27450.50","1"])"),
            Texts{"book 0 27450 27450.5 @1709891679000000000"});
  EXPECT_EQ(book("delta", 6, "", ""), Texts{"rejected: stale_update"});
  EXPECT_EQ(book("delta", 8, "", ""), Texts{"gap market 0"});
  EXPECT_EQ(book("delta", 9, "", ""), Texts{"rejected: book_incomplete"});
  // Number 1 is a service that has started again.
  EXPECT_EQ(book("delta", 1, R"(["9","1"])", R"(["10","1"])"),
            Texts{"book 0 9 10 @1709891679000000000"});
  EXPECT_EQ(book("snapshot", 9, R"(["9","1"])", ""), Texts{"rejected: one_sided_book"});
}

TEST_F(Bybit, QuotesOfSourcesCarryTheCrossSequence) {
  reference::Reference reference;
  reference.sources.resize(1);
  reference.sources[0].venue = "bybit";
  reference.sources[0].symbol = "BTCUSDT";
  VenueReader reader{Venue::bybit, reference};
  EXPECT_EQ(reader.read(ticker("snapshot", R"(,"bid1Price":"10","ask1Price":"11")")),
            Texts{"quoted 0 10 11 @1673272861686000000 #24987956059"});
}

TEST_F(Bybit, TradesOfBothTimes) {
  EXPECT_EQ(
      reader_.read(R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1709891679005,)"
                   R"("data":[{"T":1709891679000,"s":"BTCUSDT","S":"Buy","v":"0.010",)"
                   R"("p":"27451.00","BT":false},{"T":1709891679001,"s":"BTCUSDT","S":"Sell",)"
                   R"("v":"1","p":"27450.00"}]})"),
      (Texts{"trade 0 27451 @1709891679000000000", "trade 0 27450 @1709891679001000000"}));
  EXPECT_EQ(
      reader_.read(R"({"topic":"trade.BTCUSD","data":[{"trade_time_ms":1618677786614,)"
                   R"("timestamp":"2021-04-17T16:43:06.000Z","symbol":"BTCUSD","side":"Sell",)"
                   R"("size":4,"price":60621.5,"cross_seq":5938955347}]})"),
      Texts{"trade 1 60621.5 @1618677786614000000"});
}

TEST_F(Bybit, BooksFromBeforeV5) {
  EXPECT_EQ(reader_.read(R"({"topic":"orderBookL2_25.BTCUSDT","type":"snapshot","data":{)"
                         R"("order_book":[{"price":"10","symbol":"BTCUSDT","id":"1","side":"Buy",)"
                         R"("size":1},{"price":"11","symbol":"BTCUSDT","id":"2","side":"Sell",)"
                         R"("size":1}]},"cross_seq":"7","timestamp_e6":"1618677785555890"})"),
            Texts{"book 0 10 11 @1618677785555890000"});
  EXPECT_EQ(reader_.read(R"({"topic":"orderBookL2_25.BTCUSDT","type":"delta","data":{"delete":[{)"
                         R"("price":"11","symbol":"BTCUSDT","id":"2","side":"Sell"}],"update":[],)"
                         R"("insert":[{"price":"12","symbol":"BTCUSDT","id":"3","side":"Sell",)"
                         R"("size":2}]},"cross_seq":"8","timestamp_e6":"1618677785555891"})"),
            Texts{"book 0 10 12 @1618677785555891000"});
  EXPECT_EQ(reader_.read(R"({"topic":"orderBookL2_25.BTCUSD","type":"snapshot","data":[{)"
                         R"("price":"7.943","symbol":"BTCUSD","id":1,"side":"Buy","size":1},{)"
                         R"("price":"7.944","symbol":"BTCUSD","id":2,"side":"Sell","size":1}],)"
                         R"("cross_seq":9,"timestamp_e6":1618677786598877})"),
            Texts{"book 1 7.943 7.944 @1618677786598877000"});
}

TEST_F(Bybit, WhatIsNoTickIsNamed) {
  EXPECT_EQ(reader_.read(R"({"success":true,"ret_msg":"","conn_id":"x","op":"subscribe"})"),
            Texts{"rejected: control_message"});
  EXPECT_EQ(reader_.read(R"({"topic":"kline.1.BTCUSDT","type":"snapshot","data":[]})"),
            Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader_.kind(), "kline");
  EXPECT_EQ(reader_.read(R"({"topic":"liquidation.BTCUSDT","type":"snapshot","data":{}})"),
            Texts{"rejected: liquidations"});
  EXPECT_EQ(reader_.read(ticker("snapshot", R"(,"markPrice":"abc")")),
            Texts{"rejected: bad_price"});
  EXPECT_EQ(reader_.read(R"({"topic":"tickers.X","type":"snapshot","data":{"symbol":"X"}})"),
            Texts{"rejected: unknown_instrument"});
}

}  // namespace
}  // namespace plimsoll::feeds::testing
