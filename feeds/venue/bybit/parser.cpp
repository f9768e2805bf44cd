#include "feeds/venue/bybit/parser.hpp"

#include "feeds/venue/json_levels.hpp"
#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::bybit {
namespace {

enum TickerSlot : std::uint8_t { kSymbol, kBid, kAsk, kMark, kIndex, kTickerSlots };

int ticker_slot(json::Key key) noexcept {
  switch (key.size()) {
    case 6:
      return key == "symbol" ? kSymbol : -1;
    case 8:
      return key == "bidPrice" ? kBid : key == "askPrice" ? kAsk : -1;
    case 9:
      if (key == "bid1Price") return kBid;
      if (key == "ask1Price") return kAsk;
      return key == "markPrice" ? kMark : -1;
    case 10:
      return key == "indexPrice" ? kIndex : -1;
    case 13:
      return key == "usdIndexPrice" ? kIndex : -1;
    default:
      return -1;
  }
}

enum TradeSlot : std::uint8_t { kTradeSymbol, kPrice, kTime, kTradeSlots };

int trade_slot(json::Key key) noexcept {
  if (key == "s" || key == "symbol") return kTradeSymbol;
  if (key == "p" || key == "price") return kPrice;
  if (key == "T" || key == "trade_time_ms") return kTime;
  return -1;
}

/// "tickers" of "tickers.BTCUSDT".
std::string_view channel_of(std::string_view topic) noexcept {
  return topic.substr(0, topic.find('.'));
}

}  // namespace

struct Parser::Header {
  std::string_view topic;
  bool delta{false};
};

Outcome Parser::read(std::string_view text, Updates& updates) {
  Header header;
  std::string_view type;
  std::string_view time_ms;
  std::string_view time_us;
  std::string_view sequence;
  bool has_data = false;
  bool data_waits = false;
  bool again = false;
  rows_ = Reject::none;
  const auto on_root = [&](json::Key key, json::Value& value) {
    if (key == "data") {
      has_data = true;
      // Trades before v5 have no type; whatever has one says so before its data.
      data_waits =
          !again && (header.topic.empty() || (type.empty() && channel_of(header.topic) != "trade"));
      header.delta = type == "delta";
      return data_waits ? Reject::none : read_data(value, header, updates);
    }
    if (key == "topic") return json::text_of(value, header.topic);
    if (key == "type") return json::text_of(value, type);
    if (key == "ts") return json::text_of(value, time_ms);
    if (key == "timestamp_e6") return json::text_of(value, time_us);
    if (key == "cross_seq" || key == "cs") return json::text_of(value, sequence);
    return Reject::none;
  };
  Reject reject = message_.read(text, on_root);
  if (reject == Reject::none && data_waits && !header.topic.empty()) {
    again = true;
    reject = message_.read_again(on_root);
  }
  if (reject == Reject::none && (header.topic.empty() || !has_data)) {
    reject = Reject::control_message;
  }
  EventTime time;
  Reject bad_time = read_count(time_ms, TimeUnit::milliseconds, time);
  if (bad_time == Reject::none) bad_time = read_count(time_us, TimeUnit::microseconds, time);
  if (reject == Reject::none) reject = bad_time;
  const ExternalId number = read_number(sequence);
  for (MarketUpdate& update : updates.list) {
    if (update.venue_time.raw() == 0) update.venue_time = time;
    if (update.number.raw() == 0 && update.bid.raw() != 0) update.number = number;
  }
  return outcome_of(reject, rows_, updates, channel_of(header.topic));
}

Reject Parser::read_data(json::Value& data, const Header& header, Updates& updates) {
  const std::string_view channel = channel_of(header.topic);
  if (channel == "tickers") return read_ticker(data, header, updates);
  if (channel == "orderbook") return read_book(data, header, updates);
  if (channel == "publicTrade" || channel == "trade") {
    return json::for_each_element_of(data,
                                     [&](json::Value& row) { return read_trade(row, updates); });
  }
  if (channel.starts_with("orderBookL2")) return read_old_book(data, header, updates);
  if (channel == "liquidation" || channel == "allLiquidation") return Reject::liquidations;
  return Reject::unknown_message;
}

Reject Parser::read_ticker(json::Value& data, const Header& header, Updates& updates) {
  std::array<std::string_view, kTickerSlots> texts;
  const Reject reject = json::read_row(data, texts, ticker_slot);
  if (reject != Reject::none) return reject;
  if (texts[kSymbol].empty()) {
    rows_ = Reject::missing_field;
    return Reject::none;
  }
  const Market* market = markets_.find(texts[kSymbol]);
  if (market == nullptr) {
    rows_ = Reject::unknown_instrument;
    return Reject::none;
  }
  MarketUpdate update;
  rows_ = read_prices({{}, texts[kBid], texts[kAsk], {}, texts[kMark], texts[kIndex], {}}, *market,
                      update);
  if (rows_ != Reject::none) return Reject::none;
  LastTicker& last = tickers_.of(*market);
  if (!header.delta) last = {};
  // A side that the message names counts, even when it names none.
  const bool names_quote = texts[kBid].data() != nullptr || texts[kAsk].data() != nullptr;
  if (texts[kBid].data() != nullptr) last.bid = update.bid;
  if (texts[kAsk].data() != nullptr) last.ask = update.ask;
  if (update.index.raw() != 0) last.index = update.index;
  update.bid = names_quote ? last.bid : Price{};
  update.ask = names_quote ? last.ask : Price{};
  update.known_index = last.index;
  rows_ = finish_update(update);
  if (rows_ == Reject::none) updates.list.push_back(update);
  return Reject::none;
}

Reject Parser::read_trade(json::Value& row, Updates& updates) {
  std::array<std::string_view, kTradeSlots> texts;
  const Reject reject = json::read_row(row, texts, trade_slot);
  if (reject != Reject::none) return reject;
  EventTime time;
  Reject bad = read_count(texts[kTime], TimeUnit::milliseconds, time);
  TickTexts tick;
  tick.symbol = texts[kTradeSymbol];
  tick.trade = texts[kPrice];
  if (bad == Reject::none) bad = add_tick(tick, time, markets_, updates);
  keep_first(rows_, bad);
  return Reject::none;
}

Reject Parser::read_book(json::Value& data, const Header& header, Updates& updates) {
  std::string_view symbol;
  std::string_view update_id;
  std::string_view sequence;
  levels_.clear();
  const Reject reject = json::for_each_field_of(data, [&](json::Key key, json::Value& value) {
    if (key == "s") return json::text_of(value, symbol);
    if (key == "b") return json::read_levels(value, BookSide::bid, levels_);
    if (key == "a") return json::read_levels(value, BookSide::ask, levels_);
    if (key == "u") return json::text_of(value, update_id);
    if (key == "seq") return json::text_of(value, sequence);
    return Reject::none;
  });
  if (reject != Reject::none) return reject;
  const Market* market = markets_.find(symbol);
  if (symbol.empty() || update_id.empty()) {
    rows_ = Reject::missing_field;
  } else if (market == nullptr) {
    rows_ = Reject::unknown_instrument;
  } else {
    const std::uint64_t number = read_number(update_id).raw();
    // Number 1 is the book of a service that has started again.
    const bool whole = !header.delta || number == 1;
    rows_ = books_.of(*market).apply({whole, number, whole ? 0 : number - 1}, levels_, *market, {},
                                     updates);
    if (!updates.list.empty()) updates.list.back().number = read_number(sequence);
  }
  return Reject::none;
}

Reject Parser::read_old_levels(json::Value& rows, bool there) {
  return json::for_each_element_of(rows, [&](json::Value& row) {
    std::string_view price;
    std::string_view side;
    const Reject reject = json::for_each_field_of(row, [&](json::Key key, json::Value& value) {
      if (key == "price") return json::text_of(value, price);
      if (key == "side") return json::text_of(value, side);
      return Reject::none;
    });
    if (reject != Reject::none) return reject;
    if (side != "Buy" && side != "Sell") return Reject::missing_field;
    return levels_.add(side == "Buy" ? BookSide::bid : BookSide::ask, price, there);
  });
}

Reject Parser::read_old_book(json::Value& data, const Header& header, Updates& updates) {
  levels_.clear();
  Reject reject = Reject::none;
  if (data.is_array()) {
    reject = read_old_levels(data, true);  // the snapshot of an inverse contract
  } else {
    reject = json::for_each_field_of(data, [&](json::Key key, json::Value& value) {
      if (key == "delete") return read_old_levels(value, false);
      const bool levels = key == "order_book" || key == "update" || key == "insert";
      return levels ? read_old_levels(value, true) : Reject::none;
    });
  }
  if (reject != Reject::none) return reject;
  const std::size_t dot = header.topic.find('.');
  const std::string_view symbol =
      dot == std::string_view::npos ? std::string_view{} : header.topic.substr(dot + 1);
  const Market* market = markets_.find(symbol);
  rows_ = market == nullptr
              ? Reject::unknown_instrument
              : books_.of(*market).apply({.whole = !header.delta, .number = 0, .before = 0},
                                         levels_, *market, {}, updates);
  return Reject::none;
}

}  // namespace plimsoll::feeds::bybit
