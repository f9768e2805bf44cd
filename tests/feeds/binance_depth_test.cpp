#include <gtest/gtest.h>

#include "tests/feeds/venue_reader.hpp"

// A book from depth updates and a snapshot, where a symbol has no quotes of its own.

namespace plimsoll::feeds::testing {
namespace {

using Texts = VenueReader::Texts;

/// A depth update of futures: its first and last number, and that of the message before it.
std::string depth(int first, int last, int before, const std::string& bids,
                  const std::string& asks) {
  const std::string place = before == 0 ? "" : R"("pu":)" + std::to_string(before) + ",";
  return R"({"stream":"x@depth","data":{"e":"depthUpdate","E":1700000000001,"T":1700000000000,)"
         R"("s":"BTCUSDT","U":)" +
         std::to_string(first) + R"(,"u":)" + std::to_string(last) + "," + place + R"("b":[)" +
         bids + R"(],"a":[)" + asks + "]}}";
}

constexpr const char* kSnapshot =
    R"({"lastUpdateId":100,"E":1700000000000,"bids":[["10","1"],["9","1"]],"asks":[["12","1"]]})";
constexpr const char* kBest = "book 0 10 12 @1700000000000000000";

TEST(BinanceDepth, GivesQuotesOnceASnapshotHasCome) {
  VenueReader reader{Venue::binance_usdm, {"BTCUSDT"}};
  EXPECT_EQ(reader.read(depth(90, 95, 89, R"(["8","1"])", "")), Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader.kind(), "depthUpdate");
  EXPECT_EQ(reader.read(kSnapshot), Texts{kBest});
  EXPECT_EQ(reader.read(depth(96, 99, 95, R"(["11","1"])", "")), Texts{"rejected: stale_update"});
  EXPECT_EQ(reader.read(depth(98, 101, 97, R"(["11","1"])", R"(["13","2"],["12","0.000"])")),
            Texts{"book 0 11 13 @1700000000001000000"});
  EXPECT_EQ(reader.read(depth(102, 105, 101, "", R"(["12.5","2"])")),
            Texts{"book 0 11 12.5 @1700000000001000000"});
}

TEST(BinanceDepth, UpdatesThatCameBeforeTheSnapshotAreNotLost) {
  VenueReader reader{Venue::binance_usdm, {"BTCUSDT"}};
  (void)reader.read(depth(90, 95, 89, R"(["11.5","1"])", ""));
  (void)reader.read(depth(96, 103, 95, R"(["11","1"])", ""));
  (void)reader.read(depth(104, 106, 103, "", R"(["11.7","1"])"));
  EXPECT_EQ(reader.read(kSnapshot), Texts{"book 0 11 11.7 @1700000000001000000"});
  EXPECT_EQ(reader.read(depth(107, 108, 106, "", R"(["11.7","0"])")),
            Texts{"book 0 11 12 @1700000000001000000"});
}

TEST(BinanceDepth, AGapInterruptsUntilTheNextSnapshot) {
  VenueReader reader{Venue::binance_usdm, {"BTCUSDT"}};
  (void)reader.answer("https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000",
                      kSnapshot);
  (void)reader.read(depth(98, 101, 97, R"(["11","1"])", ""));
  EXPECT_EQ(reader.read(depth(104, 105, 103, R"(["9","1"])", "")), Texts{"gap market 0"});
  EXPECT_EQ(reader.read(depth(106, 107, 105, R"(["9","1"])", "")),
            Texts{"rejected: book_incomplete"});
  EXPECT_EQ(reader.read(R"({"lastUpdateId":106,"bids":[["9","1"]],"asks":[["10","1"]],"E":5})"),
            Texts{"book 0 9 10 @1700000000001000000"});
}

TEST(BinanceDepth, ASnapshotThatIsTooOldIsAGap) {
  VenueReader reader{Venue::binance_usdm, {"BTCUSDT"}};
  (void)reader.read(depth(110, 112, 109, R"(["11","1"])", ""));
  EXPECT_EQ(reader.read(kSnapshot), Texts{"gap market 0"});
}

TEST(BinanceDepth, SpotCountsFromTheUpdateAfterTheSnapshot) {
  VenueReader reader{Venue::binance_spot, {"BTCUSDT"}};
  EXPECT_EQ(reader.answer("https://api.binance.com/api/v3/depth?symbol=BTCUSDT", kSnapshot),
            Texts{kBest});
  EXPECT_EQ(reader.read(depth(95, 100, 0, R"(["11","1"])", "")), Texts{"rejected: stale_update"});
  EXPECT_EQ(reader.read(depth(99, 101, 0, R"(["11","1"])", "")),
            Texts{"book 0 11 12 @1700000000001000000"});
  EXPECT_EQ(reader.read(depth(102, 103, 0, R"(["11","0"])", "")),
            Texts{"book 0 10 12 @1700000000001000000"});
  EXPECT_EQ(reader.read(depth(105, 106, 0, R"(["11","0"])", "")), Texts{"gap market 0"});
}

TEST(BinanceDepth, OfASymbolWithQuotesOfItsOwnIsNotNeeded) {
  VenueReader reader{Venue::binance_usdm, {"BTCUSDT"}};
  (void)reader.read(depth(96, 103, 95, R"(["11","1"])", ""));
  EXPECT_EQ(reader.read(R"({"e":"bookTicker","u":7,"s":"BTCUSDT","b":"10","a":"11"})"),
            Texts{"book 0 10 11 @0"});
  EXPECT_EQ(reader.read(depth(104, 106, 103, R"(["11","1"])", "")),
            Texts{"rejected: unknown_message"});
  EXPECT_EQ(reader.read(kSnapshot), Texts{"rejected: no_event_type"});
  EXPECT_EQ(reader.answer("https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT", kSnapshot),
            Texts{"rejected: http_answer"});
}

TEST(BinanceDepth, AnEmptySideAndAnotherSymbolGiveNoQuote) {
  VenueReader reader{Venue::binance_usdm, {"BTCUSDT"}};
  EXPECT_EQ(reader.answer("https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT",
                          R"({"lastUpdateId":100,"bids":[],"asks":[["12","1"]]})"),
            Texts{"rejected: one_sided_book"});
  EXPECT_EQ(reader.answer("https://fapi.binance.com/fapi/v1/depth?symbol=ETHUSDT", kSnapshot),
            Texts{"rejected: http_answer"});
  EXPECT_EQ(reader.answer("https://fapi.binance.com/fapi/v1/exchangeInfo", "{}"),
            Texts{"rejected: http_answer"});
  EXPECT_EQ(reader.read(R"({"e":"depthUpdate","s":"ETHUSDT","U":1,"u":2,"b":[],"a":[]})"),
            Texts{"rejected: unknown_instrument"});
  EXPECT_EQ(reader.read(depth(99, 101, 97, R"(["x","1"])", "")), Texts{"rejected: bad_price"});
  EXPECT_EQ(reader.read(depth(99, 101, 97, R"(["1"])", "")), Texts{"rejected: malformed_json"});
}

TEST(BinanceSpot, QuotesDoNotSayWhatTheyAre) {
  const std::string quote =
      R"({"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000",)"
      R"("B":"3.78826000","a":"61837.64000000","A":"1.54698000"}})";
  VenueReader spot{Venue::binance_spot, {"BTCUSDT"}};
  EXPECT_EQ(spot.read(quote), Texts{"book 0 61837.63 61837.64 @0"});
  VenueReader futures{Venue::binance_usdm, {"BTCUSDT"}};
  EXPECT_EQ(futures.read(quote), Texts{"rejected: no_event_type"});
}

TEST(BinanceCoinM, HasContractsAndPricesOfIndices) {
  VenueReader reader{Venue::binance_coinm, {"BTCUSD_PERP"}};
  EXPECT_EQ(reader.read(R"({"u":17,"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD","b":"427.84",)"
                        R"("B":"24","a":"427.90","A":"669","T":1626916403864,"E":1626916403871})"),
            Texts{"book 0 427.84 427.9 @1626916403871000000"});
  reference::Reference reference;
  reference.sources.resize(1);
  reference.sources[0].venue = "binance-coinm";
  reference.sources[0].symbol = "BTCUSD";
  reference.sources[0].field = reference::SourceField::index;
  VenueReader index{Venue::binance_coinm, reference};
  EXPECT_EQ(index.read(R"({"e":"indexPriceUpdate","E":1591261236000,"i":"BTCUSD","p":"9636.57"})"),
            Texts{"priced 0 9636.57 @1591261236000000000 #0"});
}

}  // namespace
}  // namespace plimsoll::feeds::testing
