#include <random>

#include <gtest/gtest.h>

#include "feeds/venue/tardis/csv_parser.hpp"
#include "tests/feeds/messages.hpp"
#include "tests/feeds/venue_reader.hpp"

// What holds for any bytes at any venue: a reason or sane inputs, found by mutating good messages.
// PLIMSOLL_SEED repeats a run; PLIMSOLL_SEEDS_FACTOR makes it longer.

namespace plimsoll::feeds::testing {
namespace {

struct Sample {
  Venue venue;
  const char* text;
};

constexpr Sample kSamples[] = {
    {Venue::binance_usdm,
     R"({"data":{"e":"bookTicker","u":5,"s":"X","b":"10.5","a":"11","E":1723161256313}})"},
    {Venue::binance_usdm,
     R"({"e":"depthUpdate","E":1700000000001,"s":"X","U":99,"u":101,"pu":98,"b":[["10","1"]],"a":[["12","0"]]})"},
    {Venue::binance_usdm,
     R"({"lastUpdateId":100,"E":1,"symbol":"X","bids":[["10","1"]],"asks":[["12","1"]]})"},
    {Venue::binance_coinm,
     R"({"e":"markPriceUpdate","E":1562305380000,"s":"X","p":"11.5","i":"11"})"},
    {Venue::binance_spot, R"({"stream":"x","data":{"u":5,"s":"X","b":"10.5","a":"11"}})"},
    {Venue::deribit,
     R"({"params":{"channel":"ticker.X.raw","data":{"timestamp":1765541474086,"instrument_name":"X","best_bid_price":1.5,"best_ask_price":2e0,"mark_price":1.7,"index_price":1.6}}})"},
    {Venue::deribit,
     R"({"params":{"channel":"book.X.raw","data":{"type":"snapshot","timestamp":1,"instrument_name":"X","change_id":7,"bids":[["new",1.5,1]],"asks":[["new",2.5,1]]}}})"},
    {Venue::deribit,
     R"({"params":{"channel":"book.X.raw","data":{"type":"change","timestamp":1,"instrument_name":"X","change_id":8,"prev_change_id":7,"bids":[["delete",1.5,0],["new",1,1]],"asks":[]}}})"},
    {Venue::bybit,
     R"({"topic":"tickers.X","type":"delta","data":{"symbol":"X","bid1Price":"1.5","ask1Price":"2","markPrice":"1.7"},"cs":1,"ts":1673272861686})"},
    {Venue::bybit,
     R"({"topic":"orderbook.1.X","type":"snapshot","ts":1,"data":{"s":"X","b":[["1","1"]],"a":[["2","1"]],"u":5,"seq":6}})"},
    {Venue::bybit,
     R"({"topic":"orderBookL2_25.X","type":"delta","data":{"delete":[],"update":[],"insert":[{"price":"1","side":"Buy"},{"price":"2","side":"Sell"}]},"timestamp_e6":"1618677785555890"})"},
    {Venue::okx,
     R"({"arg":{"channel":"tickers","instId":"X"},"data":[{"instId":"X","bidPx":"1","askPx":"2","ts":"1597026383085"}]})"},
    {Venue::okx,
     R"({"arg":{"channel":"books","instId":"X"},"action":"snapshot","data":[{"asks":[["2","1","0","1"]],"bids":[["1","1","0","1"]],"ts":"1","seqId":5,"prevSeqId":-1}]})"},
    {Venue::okx,
     R"({"arg":{"channel":"books","instId":"X"},"action":"update","data":[{"asks":[["3","1","0","1"]],"bids":[["1","1","0","1"]],"ts":"1","seqId":6,"prevSeqId":5}]})"},
    {Venue::coinbase,
     R"({"type":"ticker","sequence":1,"product_id":"X","price":"1.7","best_bid":"1","best_ask":"2","time":"2021-04-17T16:43:30.244075Z"})"},
    {Venue::coinbase,
     R"({"channel":"ticker","timestamp":"2026-04-07T14:30:03Z","sequence_num":12,"events":[{"type":"update","tickers":[{"product_id":"X","price":"1.7","best_bid":"1","best_ask":"2"}]}]})"},
    {Venue::kraken_futures,
     R"({"time":1676393235406,"product_id":"X","feed":"ticker","bid":1.5,"ask":2e0,"index":1.6,"markPrice":1.68646534714})"},
    {Venue::bitmex,
     R"({"table":"instrument","action":"update","data":[{"symbol":"X","markPrice":1.7,"bidPrice":1,"askPrice":2,"timestamp":"2024-11-25T12:00:00.000Z"}]})"},
    {Venue::bitmex,
     R"({"table":"trade","action":"insert","data":[{"symbol":"X","price":1.7,"timestamp":"2024-11-25T12:00:00.000Z"}]})"},
    {Venue::dydx,
     R"({"type":"channel_data","id":"X","channel":"v3_trades","contents":{"trades":[{"price":"1.7","createdAt":"2021-10-28T18:03:51.833Z"}]}})"},
    {Venue::dydx,
     R"({"type":"channel_data","channel":"v4_markets","contents":{"oraclePrices":{"X":{"oraclePrice":"1.7"}}}})"},
    {Venue::bitcom,
     R"({"channel":"ticker","data":{"time":1639095388778,"instrument_id":"X","best_bid":"1","best_ask":"2","mark_price":"1.7"}})"},
};

constexpr const char* kCsvHeader =
    "exchange,symbol,timestamp,local_timestamp,funding_rate,last_price,index_price,mark_price";
constexpr const char* kCsvRow =
    "bitmex,X,1583020803145000,1583020803307160,0.0001,9500.5,9500.0,9500.25";

class Mutations : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* seed = std::getenv("PLIMSOLL_SEED");
    const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
    seed_ = seed != nullptr ? std::strtoull(seed, nullptr, 10) : std::random_device{}();
    rounds_ = 400 * (factor != nullptr ? std::strtoull(factor, nullptr, 10) : 1);
    random_.seed(seed_);
    std::cout << "PLIMSOLL_SEED=" << seed_ << "\n";
  }
  std::size_t below(std::size_t bound) { return random_() % bound; }

  /// The text with a few bytes changed, pieces cut out, doubled or swapped in from other texts.
  std::string mutated(std::string text, std::string_view other) {
    constexpr std::string_view kTelling = "{}[]:,\"\\0123456789.-+eEnull XY\n\x80";
    for (std::size_t i = below(4) + 1; i > 0 && !text.empty(); --i) {
      const std::size_t at = below(text.size());
      const std::size_t length = std::min(below(12), text.size() - at);
      switch (below(6)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text[at] = kTelling[below(kTelling.size())];
          break;
        case 2:
          text.erase(at, length);
          break;
        case 3:
          text.insert(at, text.substr(at, length));
          break;
        case 4:
          text.insert(at, other.substr(below(other.size()), 12));
          break;
        default:
          text.resize(at);
      }
    }
    return text;
  }

  static void expect_sane(const Translation& translation, std::string_view text) {
    EXPECT_EQ(translation.ok(), !translation.inputs.empty()) << text;
    const auto positive = [&](Price price) {
      EXPECT_GT(price.raw(), 0) << text;
      EXPECT_LE(price.raw(), 1'000'000 * kUnit) << text;
    };
    for (const InputBody& body : translation.inputs) {
      if (const auto* book = std::get_if<BookQuoted>(&body)) {
        positive(book->bid);
        positive(book->ask);
        EXPECT_LT(book->bid, book->ask) << text;
        EXPECT_GE(book->venue_time.raw(), 0) << text;
      } else if (const auto* mark = std::get_if<MarkPublished>(&body)) {
        positive(mark->mark);
        EXPECT_GE(mark->index.raw(), 0) << text;
      } else if (const auto* trade = std::get_if<TradePrinted>(&body)) {
        positive(trade->price);
      } else {
        EXPECT_TRUE(std::holds_alternative<MarketInterrupted>(body)) << text;
      }
    }
  }

  std::uint64_t seed_{0};
  std::uint64_t rounds_{0};
  std::mt19937_64 random_;
};

TEST_F(Mutations, OfGoodMessagesGiveAReasonOrSaneInputsAtEveryVenue) {
  constexpr std::size_t kCount = std::size(kSamples);
  for (std::size_t i = 0; i < kVenues; ++i) {
    VenueReader reader{static_cast<Venue>(i), {"X", "Y"}};
    for (std::uint64_t round = 0; round < rounds_; ++round) {
      // Any venue's message, mostly its own, so that books and tickers are there to be damaged.
      const Sample& sample = kSamples[below(kCount)];
      if (sample.venue != reader.translator().venue() && below(4) != 0) continue;
      const bool whole = below(3) == 0;
      const std::string text =
          whole ? sample.text : mutated(sample.text, kSamples[below(kCount)].text);
      const Padded padded{text};
      expect_sane(reader.translator().translate(padded.text()), text);
      expect_sane(reader.translator().translate_answer("x/depth?symbol=X", padded.text()), text);
      if (below(50) == 0) (void)reader.translator().disconnect();
      if (HasFailure()) return;
    }
  }
}

TEST_F(Mutations, EverySampleIsGood) {
  for (const Sample& sample : kSamples) {
    VenueReader reader{sample.venue, {"X"}};
    for (const Sample& before : kSamples) {
      if (&before == &sample) break;
      if (before.venue == sample.venue) (void)reader.read(before.text);
    }
    const auto texts = reader.read(sample.text);
    const bool depth =
        std::string_view{sample.text}.find("lastUpdateId") != std::string_view::npos ||
        std::string_view{sample.text}.find("depthUpdate") != std::string_view::npos;
    if (depth) continue;  // it alone gives no quote
    EXPECT_FALSE(texts.front().starts_with("rejected")) << sample.text << texts.front();
  }
}

// A message that a recorder was cut off in is never taken for a whole one.
TEST_F(Mutations, NoPrefixOfAMessageGivesAnInput) {
  for (const Sample& sample : kSamples) {
    const std::string_view text = sample.text;
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
      VenueReader reader{sample.venue, {"X"}};
      const Padded padded{text.substr(0, cut)};
      EXPECT_TRUE(reader.translator().translate(padded.text()).inputs.empty())
          << text.substr(0, cut);
    }
  }
}

TEST_F(Mutations, OfRowsAndHeadersOfTables) {
  for (std::uint64_t round = 0; round < rounds_; ++round) {
    VenueReader reader{Venue::bitmex, {"X"}};
    const std::string header = below(2) == 0 ? kCsvHeader : mutated(kCsvHeader, kCsvRow);
    const std::string row = mutated(kCsvRow, kCsvHeader);
    reader.translator().read_csv(header, "x.csv");
    const Padded padded{row};
    expect_sane(reader.translator().translate(padded.text()), header + "\n" + row);
  }
}

TEST_F(Mutations, OfNothingButRandomBytes) {
  for (std::size_t i = 0; i < kVenues; ++i) {
    VenueReader reader{static_cast<Venue>(i), {"X"}};
    for (std::uint64_t round = 0; round < rounds_; ++round) {
      std::string bytes(below(80), '\0');
      for (char& byte : bytes) byte = static_cast<char>(below(256));
      if (below(2) == 0) bytes = "{" + bytes + "}";
      const Padded padded{bytes};
      EXPECT_TRUE(reader.translator().translate(padded.text()).inputs.empty());
    }
  }
}

}  // namespace
}  // namespace plimsoll::feeds::testing
