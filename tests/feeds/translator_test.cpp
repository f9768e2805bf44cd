#include "feeds/venue/translator.hpp"

#include <gtest/gtest.h>

#include "tests/feeds/messages.hpp"
#include "tests/feeds/venue_reader.hpp"

// Who gets what a venue says of a symbol.

namespace plimsoll::feeds::testing {
namespace {

using Texts = VenueReader::Texts;
using reference::SourceField;

reference::Source source(std::string venue, std::string symbol, SourceField field) {
  reference::Source source;
  source.name = symbol;
  source.venue = std::move(venue);
  source.symbol = std::move(symbol);
  source.field = field;
  source.index = IndexId::from_raw(0);
  return source;
}

/// BTCUSDT as an instrument, and as a source of each kind; also at another venue.
reference::Reference everything() {
  reference::Reference reference = instruments_of({"BTCUSDT"});
  reference.indices.resize(1);
  for (const SourceField field :
       {SourceField::quote, SourceField::trade, SourceField::mark, SourceField::index}) {
    reference.sources.push_back(source("binance-usdm", "BTCUSDT", field));
  }
  reference.sources.push_back(source("binance-spot", "BTCUSDT", SourceField::quote));
  return reference;
}

std::string quote(const std::string& bid, const std::string& ask) {
  return R"({"e":"bookTicker","u":7,"s":"BTCUSDT","b":")" + bid + R"(","a":")" + ask +
         R"(","T":1723161256312,"E":1723161256313})";
}

TEST(Translator, AMessageReachesTheInstrumentAndEverySourceThatTakesIt) {
  VenueReader reader{Venue::binance_usdm, everything()};
  EXPECT_EQ(reader.read(quote("10", "11")),
            (Texts{"book 0 10 11 @1723161256313000000", "quoted 0 10 11 @1723161256313000000 #7"}));
  EXPECT_EQ(reader.read(join(mark_fields())),
            (Texts{"mark 0 11794.15 11784.62659091 @1562305380000000000",
                   "priced 2 11794.15 @1562305380000000000 #0",
                   "priced 3 11784.62659091 @1562305380000000000 #0"}));
  EXPECT_EQ(
      reader.read(join(aggregate_trade_fields())),
      (Texts{"trade 0 0.001 @1723161256322000000", "priced 1 0.001 @1723161256322000000 #0"}));
}

TEST(Translator, AnotherVenueReachesOnlyItsOwnSources) {
  reference::Reference reference = everything();
  reference.instruments[0].venue = "binance-usdm";
  VenueReader reader{Venue::binance_spot, reference};
  EXPECT_EQ(reader.read(quote("10", "11")), Texts{"quoted 4 10 11 @1723161256313000000 #7"});
  EXPECT_EQ(reader.read(join(aggregate_trade_fields())), Texts{"rejected: not_wanted"});
  VenueReader deribit{Venue::deribit, reference};
  EXPECT_EQ(
      deribit.read(R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"quote.x",)"
                   R"("data":{"instrument_name":"BTCUSDT","best_bid_price":1,)"
                   R"("best_ask_price":2}}})"),
      Texts{"rejected: unknown_instrument"});
}

TEST(Translator, APriceBeyondOneLimitStillReachesWhoHasAnother) {
  reference::Reference reference = everything();
  reference.indices[0].price_max = Price::from_raw(5 * kUnit);
  VenueReader reader{Venue::binance_usdm, reference};
  EXPECT_EQ(reader.read(quote("4", "6")), Texts{"book 0 4 6 @1723161256313000000"});
  reference.instruments[0].price_max = Price::from_raw(3 * kUnit);
  VenueReader narrow{Venue::binance_usdm, reference};
  EXPECT_EQ(narrow.read(quote("2", "4")), Texts{"quoted 0 2 4 @1723161256313000000 #7"});
  EXPECT_EQ(narrow.read(quote("4", "6")), Texts{"rejected: price_out_of_range"});
}

TEST(Translator, ACrossedQuoteIsLeftOutAndNoted) {
  VenueReader reader{Venue::binance_usdm, everything()};
  const Padded message{quote("11", "11")};
  const Translation translation = reader.translator().translate(message.text());
  EXPECT_EQ(translation.reject, Reject::crossed_book);
  EXPECT_EQ(translation.crossed, 1U);
}

TEST(Translator, ADisconnectInterruptsWhatWasSpokenOfOnce) {
  reference::Reference reference = everything();
  reference.instruments.push_back(reference.instruments[0]);
  reference.instruments[1].symbol = "ETHUSDT";
  VenueReader reader{Venue::binance_usdm, reference};
  EXPECT_EQ(reader.disconnect(), Texts{"rejected: nothing_lost"});
  (void)reader.read(quote("10", "11"));
  EXPECT_EQ(reader.disconnect(),
            (Texts{"disconnected market 0", "disconnected source 0", "disconnected source 1",
                   "disconnected source 2", "disconnected source 3"}));
  EXPECT_EQ(reader.disconnect(), Texts{"rejected: nothing_lost"});
}

TEST(Translator, ListsEverySymbolWhenItHasNoReference) {
  Translator translator{Venue::binance_usdm};
  for (int i = 0; i < 100; ++i) {
    const std::string symbol = "SYMBOL" + std::to_string(i % 50) + "_WITH_A_LONG_NAME";
    const Padded message{R"({"e":"trade","s":")" + symbol + R"(","p":"1"})"};
    const Translation translation = translator.translate(message.text());
    ASSERT_EQ(translation.inputs.size(), 1U);
    EXPECT_EQ(std::get<TradePrinted>(translation.inputs[0]).instrument.raw(),
              static_cast<std::uint32_t>(i % 50));
  }
}

TEST(MarketTable, FindsEverySymbolAndNoOther) {
  reference::Reference reference;
  reference.instruments.resize(500);
  const auto name = [](std::size_t i) { return "SYMBOL_" + std::to_string(i * i) + "USDT"; };
  for (std::size_t i = 0; i < 500; ++i) reference.instruments[i].symbol = name(i);
  MarketTable table{reference, Venue::okx};
  const auto find = [&](const std::string& symbol) {
    const Padded padded{symbol};
    return table.find(padded.text());
  };
  for (std::size_t i = 0; i < 500; ++i) {
    const Market* market = find(name(i));
    ASSERT_NE(market, nullptr) << name(i);
    EXPECT_EQ(market->instrument.raw(), i);
    EXPECT_EQ(find(name(i) + "X"), nullptr);
    EXPECT_EQ(find(name(i).substr(1)), nullptr);
  }
  EXPECT_EQ(find(""), nullptr);
  EXPECT_EQ(find("SYMBOL_"), nullptr);
}

TEST(Reject, EveryReasonHasItsOwnName) {
  for (std::size_t i = 0; i < kRejectKinds; ++i) {
    EXPECT_NE(to_string(static_cast<Reject>(i)), "unknown") << i;
    EXPECT_FALSE(to_string(static_cast<Reject>(i)).empty()) << i;
  }
}

}  // namespace
}  // namespace plimsoll::feeds::testing
