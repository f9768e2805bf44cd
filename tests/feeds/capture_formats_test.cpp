#include <gtest/gtest.h>

#include "feeds/capture/capture_format.hpp"
#include "feeds/replay/feed_options.hpp"
#include "tests/feeds/temporary_file.hpp"

namespace plimsoll::feeds::testing {
namespace {

const std::string kCryptofeed =
    "configuration: {\"trades\": [\"X\"]}\n"
    "https://fapi.binance.com/fapi/v1/depth?symbol=X -> 1626992740.25: {\"a\":1}\n"
    "wss://fstream.binance.com/stream <-> 1626992740.179554\n"
    "wss://fstream.binance.com/stream <- 1626992740.2: {\"op\":\"subscribe\"}\n"
    "1626992741.06217: {\"b\":2}\n"
    "wss://other.binance.com/stream <-> 1626992741.5\n"
    "wss://fstream.binance.com/stream <-> 1626992742.5\n"
    "1626992743: {\"c\":3}\n";
const std::string kTardisRaw =
    "2021-07-22T22:36:10.0141234Z {\"a\":1}\n"
    "\n"
    "2021-07-22T22:36:11.0000000Z {\"b\":2}\n";
const std::string kTardisCsv =
    "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
    "bitmex,XBTUSD,1583020803145000,1583020803307160,a,sell,8531.5,2152\n"
    "bitmex,XBTUSD,1583020803145000000,1583020803307161000,b,buy,8531.0,1000\n";

ReadCapture read_text(std::string_view text) {
  const TemporaryFile file{text};
  return read_all(file.path());
}

std::uint64_t count_of(const ReadCapture& capture, LineReject reject) {
  return capture.rejected.at(static_cast<std::size_t>(reject));
}

TEST(CaptureFormats, AreToldFromTheFirstTellingLine) {
  const auto format = [](std::string_view text) { return to_string(detect_format(text).format); };
  EXPECT_EQ(format("1723161255088169167 {\"a\":1}\n"), "stamped_json");
  EXPECT_EQ(format("\n\nrubbish\n17 []"), "stamped_json");
  EXPECT_EQ(format(kCryptofeed), "cryptofeed");
  EXPECT_EQ(format("1626992741.06217: {\"b\":2}"), "cryptofeed");
  EXPECT_EQ(format("wss://x <-> 1626992740.1"), "cryptofeed");
  EXPECT_EQ(format("\r\n" + kTardisRaw), "tardis_raw");
  EXPECT_EQ(format(kTardisCsv), "tardis_csv");
}

TEST(CaptureFormats, WhatIsNoCaptureIsNamed) {
  const auto seems = [](std::string_view text) { return detect_format(text).not_a_capture; };
  EXPECT_EQ(seems(""), "empty");
  EXPECT_EQ(seems("\n\n"), "empty lines");
  EXPECT_EQ(seems(std::string_view{"DBN\x03\0\0", 6}), "databento dbn");
  EXPECT_EQ(seems("PK\x03\x04..."), "zip archive");
  EXPECT_EQ(seems(std::string_view{"x\0y", 3}), "binary");
  EXPECT_EQ(seems("{\n \"a\": 1}"), "json without receive times");
  EXPECT_EQ(seems("open_time,open,high,low,close\n1,2,3,4,5\n"), "csv table without receive times");
  EXPECT_EQ(seems("1.5e12 7934.52 3\n"), "text without receive times");
  for (const std::string_view text : {"1x {}", "x: {}", "exchange,symbol,price\n", "2021 x"}) {
    EXPECT_EQ(detect_format(text).format, CaptureFormat::none) << text;
  }
}

TEST(CaptureFormats, CryptofeedHasLinesThatAreNoMessages) {
  const ReadCapture capture = read_text(kCryptofeed);
  const std::vector<ReadLine> expected{{1'626'992'740'250'000'000, R"({"a":1})", 2},
                                       {1'626'992'741'062'170'000, R"({"b":2})", 5},
                                       {1'626'992'742'500'000'000, "", 7},
                                       {1'626'992'743'000'000'000, R"({"c":3})", 8}};
  EXPECT_EQ(capture.lines, expected);
  EXPECT_EQ(count_of(capture, LineReject::configuration_line), 1U);
  EXPECT_EQ(count_of(capture, LineReject::connection_line), 2U);
  EXPECT_EQ(count_of(capture, LineReject::sent_line), 1U);
}

TEST(CaptureFormats, KindsOfLinesAndAddresses) {
  const TemporaryFile file{kCryptofeed};
  CaptureReader reader{file.path()};
  CaptureLine line;
  ASSERT_EQ(reader.next(line), Step::ready);
  EXPECT_EQ(line.kind, LineKind::answer);
  EXPECT_EQ(line.address, "https://fapi.binance.com/fapi/v1/depth?symbol=X");
  ASSERT_EQ(reader.next(line), Step::ready);
  EXPECT_EQ(line.kind, LineKind::message);
  ASSERT_EQ(reader.next(line), Step::ready);
  EXPECT_EQ(line.kind, LineKind::disconnect);
}

TEST(CaptureFormats, InTardisRawAnEmptyLineIsADisconnect) {
  const ReadCapture capture = read_text(kTardisRaw);
  const std::vector<ReadLine> expected{{1'626'993'370'014'123'400, R"({"a":1})", 1},
                                       {1'626'993'370'014'123'400, "", 2},
                                       {1'626'993'371'000'000'000, R"({"b":2})", 3}};
  EXPECT_EQ(capture.lines, expected);
}

TEST(CaptureFormats, RowsOfTardisAreReceivedAtTheirLocalTimestamp) {
  const ReadCapture capture = read_text(kTardisCsv + kTardisCsv);
  ASSERT_EQ(capture.lines.size(), 4U);
  EXPECT_EQ(capture.lines[0].stamp, 1'583'020'803'307'160'000);
  EXPECT_EQ(capture.lines[1].stamp, 1'583'020'803'307'161'000);
  EXPECT_EQ(count_of(capture, LineReject::header_line), 2U);
}

TEST(CaptureFormats, MalformedLinesAreCounted) {
  for (const std::string& line :
       {std::string{"wss://x"}, std::string{"wss://x => 1"}, std::string{"wss://x <-> soon"},
        std::string{"wss://x -> soon: {}"}, std::string{"wss://x -> 1.5 {}"},
        std::string{"1626992741.06217 {}"}, std::string{"1626992741.0.6: {}"},
        std::string{"-5: {}"}, std::string{"1626992741.0123456789: {}"}, std::string{" {}"}}) {
    const ReadCapture capture = read_text(kCryptofeed + line + "\n");
    EXPECT_EQ(count_of(capture, LineReject::malformed_stamp), 1U) << line;
    EXPECT_EQ(capture.lines.size(), 4U) << line;
  }
  for (const std::string& line : {std::string{"2021-07-22T22:36:10 {}"}, std::string{"x {}"},
                                  std::string{"2021-07-22T22:36:10Z"}}) {
    EXPECT_EQ(count_of(read_text(kTardisRaw + line + "\n"), LineReject::malformed_stamp), 1U)
        << line;
  }
  for (const std::string& line :
       {std::string{"a,b"}, std::string{"bitmex,XBTUSD,1,soon,a,b,c,d"}}) {
    EXPECT_EQ(count_of(read_text(kTardisCsv + line + "\n"), LineReject::malformed_stamp), 1U)
        << line;
  }
}

TEST(CaptureFormats, HalfALineIsRejectedInEveryFormat) {
  EXPECT_EQ(count_of(read_text(kCryptofeed + "1626992744.5: {\"a\":"), LineReject::half_line), 1U);
  EXPECT_EQ(count_of(read_text(kTardisRaw + "2021-07-22T22:36:12.0Z {"), LineReject::half_line),
            1U);
  // Of a row nothing tells whether its last number is whole.
  EXPECT_EQ(
      count_of(read_text(kTardisCsv + "bitmex,XBTUSD,1,2,a,sell,8531.5,21"), LineReject::half_line),
      1U);
}

TEST(CaptureFormats, CompressionMakesNoDifference) {
  for (const std::string& text : {kCryptofeed, kTardisRaw, kTardisCsv}) {
    const ReadCapture plain = read_text(text);
    EXPECT_GT(plain.lines.size(), 1U);
    EXPECT_EQ(plain, read_text(gzip(text)));
    EXPECT_EQ(plain, read_text(zstd(text)));
  }
}

TEST(CaptureFormats, EveryFormatHasItsOwnName) {
  for (std::size_t i = 0; i < kCaptureFormats; ++i) {
    EXPECT_NE(to_string(static_cast<CaptureFormat>(i)), "unknown");
  }
  EXPECT_EQ(to_string(static_cast<CaptureFormat>(kCaptureFormats)), "unknown");
}

TEST(CaptureName, APrefixThatIsAVenueNamesIt) {
  EXPECT_EQ(parse_capture_name("deribit=x/y.gz").venue, Venue::deribit);
  EXPECT_EQ(parse_capture_name("deribit=x/y.gz").path, "x/y.gz");
  EXPECT_FALSE(parse_capture_name("x/a=b.gz").venue.has_value());
  EXPECT_EQ(parse_capture_name("x/a=b.gz").path, "x/a=b.gz");
  for (std::size_t i = 0; i < kVenues; ++i) {
    const auto venue = static_cast<Venue>(i);
    EXPECT_EQ(parse_venue(to_string(venue)), venue);
  }
  EXPECT_FALSE(parse_venue("binance").has_value());
  EXPECT_EQ(to_string(static_cast<Venue>(kVenues)), "unknown");
}

TEST(DetectVenue, FromAddressesExchangesAndShapes) {
  const auto stamped = [](std::string_view json) {
    return detect_venue(CaptureFormat::stamped_json, "1 {\"x\":1}\n2 " + std::string{json} + "\n");
  };
  EXPECT_EQ(stamped("{}"), Venue::binance_usdm);
  EXPECT_EQ(stamped(R"({"data":{"e":"bookTicker","s":"BTCUSDT"}})"), Venue::binance_usdm);
  EXPECT_EQ(stamped(R"({"data":{"e":"depthUpdate","s":"BTCUSDT","U":1,"u":2,"pu":0}})"),
            Venue::binance_usdm);
  EXPECT_EQ(stamped(R"({"data":{"e":"depthUpdate","s":"BTCUSDT","U":1,"u":2}})"),
            Venue::binance_spot);
  EXPECT_EQ(stamped(R"({"data":{"u":2,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}})"),
            Venue::binance_spot);
  EXPECT_EQ(stamped(R"({"data":{"e":"bookTicker","s":"BTCUSD_PERP"}})"), Venue::binance_coinm);
  EXPECT_EQ(stamped(R"({"jsonrpc":"2.0","method":"subscription","params":{}})"), Venue::deribit);
  EXPECT_EQ(stamped(R"({"topic":"tickers.BTCUSDT","data":{}})"), Venue::bybit);
  EXPECT_EQ(stamped(R"({"arg":{"channel":"tickers","instId":"BTC-USDT"}})"), Venue::okx);
  EXPECT_EQ(stamped(R"({"type":"ticker","product_id":"BTC-USD"})"), Venue::coinbase);
  EXPECT_EQ(stamped(R"({"feed":"ticker","product_id":"PI_XBTUSD"})"), Venue::kraken_futures);
  EXPECT_EQ(stamped(R"({"table":"quote","action":"insert","data":[]})"), Venue::bitmex);
  EXPECT_EQ(stamped(R"({"type":"channel_data","channel":"v3_trades","contents":{}})"), Venue::dydx);
  EXPECT_EQ(stamped(R"({"channel":"ticker","data":{"instrument_id":"X"}})"), Venue::bitcom);
  const auto exchange = [](std::string_view name) {
    return detect_venue(CaptureFormat::tardis_csv,
                        "exchange,symbol\n" + std::string{name} + ",X,1,2\n");
  };
  EXPECT_EQ(exchange("binance-futures"), Venue::binance_usdm);
  EXPECT_EQ(exchange("binance-delivery"), Venue::binance_coinm);
  EXPECT_EQ(exchange("binance"), Venue::binance_spot);
  EXPECT_EQ(exchange("okex-options"), Venue::okx);
  EXPECT_EQ(exchange("gemini"), Venue::gemini);
  EXPECT_EQ(exchange("cryptofacilities"), Venue::kraken_futures);
  const auto address = [](std::string_view text) {
    return detect_venue(CaptureFormat::cryptofeed, std::string{text} + " <-> 1.5\n");
  };
  EXPECT_EQ(address("wss://fstream.binance.com/stream?streams=x"), Venue::binance_usdm);
  EXPECT_EQ(address("wss://dstream.binance.com/stream"), Venue::binance_coinm);
  EXPECT_EQ(address("wss://stream.binance.com:9443/ws"), Venue::binance_spot);
  EXPECT_EQ(address("wss://ws.okx.com:8443/ws/v5/public"), Venue::okx);
  EXPECT_EQ(address("wss://futures.kraken.com/ws/v1"), Venue::kraken_futures);
  EXPECT_EQ(address("wss://ws.bit.com"), Venue::bitcom);
  EXPECT_EQ(address("wss://ws.orbit.com/okx.com"), Venue::binance_usdm);
}

}  // namespace
}  // namespace plimsoll::feeds::testing
