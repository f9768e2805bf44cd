#include "bench/feeds_messages.hpp"

#include "engine/generate/random.hpp"
#include "feeds/venue/translator.hpp"

namespace plimsoll::bench {
namespace {

using feeds::Venue;

/// A kind of message: its text has marks that are replaced, @S by a symbol, @B, @A and @M by prices
/// (bid, ask, between), @T by a time in ms, @U by one in us, @I by one in ISO, @N by a number.
struct Template {
  const char* name;
  Venue venue;
  const char* symbol;  // @ is replaced by a letter
  const char* text;
};

constexpr Template kTemplates[] = {
    {"binance-usdm bookTicker", Venue::binance_usdm, "B@CUSDT",
     R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":@N,"s":"@S","b":"@B","B":"2.507","a":"@A","A":"2.510","T":@T,"E":@T}})"},
    {"binance-usdm markPrice", Venue::binance_usdm, "B@CUSDT",
     R"({"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":@T,"s":"@S","p":"@M","i":"@B","P":"@A","r":"0.00038167","T":@T}})"},
    {"binance-coinm bookTicker", Venue::binance_coinm, "B@CUSD_PERP",
     R"({"stream":"btcusd_perp@bookTicker","data":{"u":@N,"e":"bookTicker","s":"@S","ps":"BTCUSD","b":"@B","B":"35","a":"@A","A":"1645","T":@T,"E":@T}})"},
    {"binance-spot bookTicker", Venue::binance_spot, "B@CUSDT",
     R"({"stream":"btcusdt@bookTicker","data":{"u":@N,"s":"@S","b":"@B000000","B":"3.78826000","a":"@A000000","A":"1.54698000"}})"},
    {"deribit ticker", Venue::deribit, "B@C-PERPETUAL",
     R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","data":{"timestamp":@T,"state":"open","stats":{"high":93612.0,"low":89277.5,"price_change":2.3275,"volume":11897.27640428,"volume_usd":1092371540.0},"index_price":@B,"instrument_name":"@S","last_price":@M,"settlement_price":92464.66,"min_price":90897.5,"max_price":93666.5,"open_interest":1132329370.0,"mark_price":@M,"best_bid_price":@B,"best_ask_price":@A,"best_bid_amount":99470.0,"best_ask_amount":133440.0,"current_funding":0.0,"funding_8h":0.00001742,"estimated_delivery_price":92263.55}}})"},
    {"bybit tickers delta", Venue::bybit, "B@CUSDT",
     R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"@S","markPrice":"@M","indexPrice":"@B","turnover24h":"1570383121.943499","volume24h":"91705.276","bid1Price":"@B","bid1Size":"84.489","ask1Price":"@A","ask1Size":"83.020"},"cs":@N,"ts":@T})"},
    {"bybit orderbook.1", Venue::bybit, "B@CUSDT",
     R"({"topic":"orderbook.1.BTCUSDT","type":"snapshot","ts":@T,"data":{"s":"@S","b":[["@B","17.9"]],"a":[["@A","35.4"]],"u":@N,"seq":@N},"cts":@T})"},
    {"okx tickers", Venue::okx, "B@C-USDT-SWAP",
     R"({"arg":{"channel":"tickers","instId":"BTC-USDT-SWAP"},"data":[{"instType":"SWAP","instId":"@S","last":"@M","lastSz":"0.1","askPx":"@A","askSz":"11","bidPx":"@B","bidSz":"5","open24h":"9000","high24h":"10000","low24h":"8888.88","volCcy24h":"2222","vol24h":"2222","sodUtc0":"2222","sodUtc8":"2222","ts":"@T"}]})"},
    {"okx mark-price", Venue::okx, "B@C-USDT-SWAP",
     R"({"arg":{"channel":"mark-price","instId":"BTC-USDT-SWAP"},"data":[{"instType":"SWAP","instId":"@S","markPx":"@M","ts":"@T"}]})"},
    {"coinbase ticker", Venue::coinbase, "B@C-USD",
     R"({"type":"ticker","sequence":@N,"product_id":"@S","price":"@M","open_24h":"14.6647","volume_24h":"94381.28000000","low_24h":"14.3691","high_24h":"16.55","volume_30d":"2295579.57000000","best_bid":"@B","best_ask":"@A","side":"buy","time":"@I","trade_id":881613,"last_size":"0.04"})"},
    {"kraken-futures ticker", Venue::kraken_futures, "PI_X@TUSD",
     R"({"time":@T,"product_id":"@S","funding_rate":-6.2604214e-11,"funding_rate_prediction":-3.65989977e-10,"relative_funding_rate":-1.380384722222e-6,"next_funding_rate_time":1676394000000,"feed":"ticker","bid":@B,"ask":@A,"bid_size":2536.0,"ask_size":13948.0,"volume":31403908.0,"dtm":0,"leverage":"50x","index":@B,"premium":-0.0,"last":21983.5,"change":1.9974017538161748,"suspended":false,"tag":"perpetual","pair":"XBT:USD","openInterest":30072580.0,"markPrice":@M,"maturityTime":0,"post_only":false})"},
    {"bitmex quote", Venue::bitmex, "X@TUSD",
     R"({"table":"quote","action":"insert","data":[{"timestamp":"@I","symbol":"@S","bidSize":750,"bidPrice":@B,"askPrice":@A,"askSize":123}]})"},
    {"dydx v3_trades", Venue::dydx, "B@C-USD",
     R"({"type":"channel_data","connection_id":"60a4fc71-1312-4830-86f4-9eb98be106ac","message_id":291,"id":"@S","channel":"v3_trades","contents":{"trades":[{"size":"0.1","side":"BUY","price":"@M","createdAt":"@I"}]}})"},
    {"bitcom ticker", Venue::bitcom, "B@C-PERPETUAL",
     R"({"channel":"ticker","timestamp":@T,"data":{"time":@T,"instrument_id":"@S","best_bid":"@B","best_ask":"@A","best_bid_qty":"12.0","best_ask_qty":"300.00000000","ask_sigma":"","bid_sigma":"","last_price":"@M","last_qty":"2.00000000","open24h":"0.01450000","high24h":"0.01450000","low24h":"0.01450000","price_change24h":"0.00000000","volume24h":"0.00000000","open_interest":"2.00000000","underlying_name":"ETH-17DEC21","underlying_price":"4138.06000000","mark_price":"@M","sigma":"0.95198029"}})"},
};

void replace_all(std::string& text, const std::string& mark, const std::string& value) {
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
}

std::string price_text(std::uint64_t tenths) {
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "0";
}

std::string message_of(const Template& kind, const std::string& symbol, std::uint64_t number,
                       generate::Random& random) {
  const std::uint64_t bid = 600'000 + random.next() % 40'000;
  const std::uint64_t time_ms = 1'723'161'256'313 + number;
  std::string text = kind.text;
  replace_all(text, "@S", symbol);
  replace_all(text, "@B", price_text(bid));
  replace_all(text, "@A", price_text(bid + 2));
  replace_all(text, "@M", price_text(bid + 1));
  replace_all(text, "@T", std::to_string(time_ms));
  replace_all(text, "@N", std::to_string(5'123'107'839'020 + number));
  const std::string ms = std::to_string(1'000 + number % 1'000).substr(1);
  replace_all(text, "@I", "2021-07-22T22:36:10." + ms + "000Z");
  return text;
}

}  // namespace

std::vector<VenueMessages> make_messages(std::size_t count) {
  constexpr std::size_t kSymbols = 8;
  generate::Random random{11};
  std::vector<VenueMessages> all;
  for (const Template& kind : kTemplates) {
    VenueMessages messages{kind.name, kind.venue, {}, {}, feeds::Translator::kPadding};
    for (std::size_t i = 0; i < kSymbols; ++i) {
      std::string symbol = kind.symbol;
      replace_all(symbol, "@", std::string(1, static_cast<char>('A' + i)));
      messages.symbols.push_back(std::move(symbol));
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::string text = message_of(kind, messages.symbols[random.next() % kSymbols], i, random);
      text.append(messages.padding, ' ');
      messages.texts.push_back(std::move(text));
    }
    all.push_back(std::move(messages));
  }
  return all;
}

}  // namespace plimsoll::bench
