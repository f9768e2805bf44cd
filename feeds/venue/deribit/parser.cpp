#include "feeds/venue/deribit/parser.hpp"

#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::deribit {
namespace {

enum Slot : std::uint8_t {
  kName,
  kTime,
  kBid,
  kAsk,
  kMark,
  kIndex,
  kPrice,
  kChange,
  kChangeBefore,
  kType,
  kSlots
};
using Texts = std::array<std::string_view, kSlots>;

int ticker_slot(json::Key key) noexcept {
  if (key == "instrument_name") return kName;
  if (key == "timestamp") return kTime;
  if (key == "best_bid_price") return kBid;
  if (key == "best_ask_price") return kAsk;
  if (key == "mark_price") return kMark;
  if (key == "index_price") return kIndex;
  return -1;
}

int price_index_slot(json::Key key) noexcept {
  if (key == "index_name") return kName;
  if (key == "timestamp") return kTime;
  if (key == "price") return kIndex;
  return -1;
}

int trade_slot(json::Key key) noexcept {
  if (key == "instrument_name") return kName;
  if (key == "timestamp") return kTime;
  if (key == "price") return kPrice;
  return -1;
}

Reject add(const Texts& texts, MarketTable& markets, Updates& updates) {
  EventTime time;
  const Reject reject = read_count(texts[kTime], TimeUnit::milliseconds, time);
  const TickTexts tick{texts[kName], texts[kBid],   texts[kAsk], texts[kPrice],
                       texts[kMark], texts[kIndex], {}};
  return reject == Reject::none ? add_tick(tick, time, markets, updates) : reject;
}

}  // namespace

Outcome Parser::read(std::string_view text, Updates& updates) {
  channel_ = {};
  rows_ = Reject::none;
  bool data_waits = false;
  const auto on_params = [&](json::Key key, json::Value& value) {
    if (key == "channel") return json::text_of(value, channel_);
    if (key != "data") return Reject::none;
    data_waits = channel_.empty();
    return data_waits ? Reject::none : read_data(value, updates);
  };
  bool subscription = false;
  const auto on_root = [&](json::Key key, json::Value& value) {
    if (key != "params") return Reject::none;
    if (!value.is_object()) return Reject::control_message;
    subscription = true;
    return json::for_each_field_of(value, on_params);
  };
  Reject reject = message_.read(text, on_root);
  if (reject == Reject::none && data_waits && !channel_.empty()) {
    reject = message_.read_again(on_root);
  }
  if (reject == Reject::none && (!subscription || channel_.empty())) {
    reject = Reject::control_message;
  }
  return outcome_of(reject, rows_, updates, channel_.substr(0, channel_.find('.')));
}

Reject Parser::read_data(json::Value& data, Updates& updates) {
  Texts texts;
  Reject reject = Reject::none;
  if (channel_.starts_with("ticker.") || channel_.starts_with("quote.")) {
    reject = json::read_row(data, texts, ticker_slot);
  } else if (channel_.starts_with("deribit_price_index.")) {
    reject = json::read_row(data, texts, price_index_slot);
  } else if (channel_.starts_with("trades.")) {
    return json::for_each_element_of(data, [&](json::Value& row) {
      Texts trade;
      const Reject bad = json::read_row(row, trade, trade_slot);
      if (bad == Reject::none) keep_first(rows_, add(trade, markets_, updates));
      return bad;
    });
  } else if (channel_.starts_with("book.")) {
    return read_book(data, updates);
  } else if (channel_.starts_with("markprice.options.")) {
    return Reject::options_later;
  } else {
    return Reject::unknown_message;
  }
  if (reject == Reject::none) rows_ = add(texts, markets_, updates);
  return reject;
}

Reject Parser::read_book(json::Value& data, Updates& updates) {
  Texts texts;
  levels_.clear();
  const Reject reject = json::for_each_field_of(data, [&](json::Key key, json::Value& value) {
    if (key == "bids") return read_levels(value, BookSide::bid);
    if (key == "asks") return read_levels(value, BookSide::ask);
    if (key == "instrument_name") return json::text_of(value, texts[kName]);
    if (key == "timestamp") return json::text_of(value, texts[kTime]);
    if (key == "change_id") return json::text_of(value, texts[kChange]);
    if (key == "prev_change_id") return json::text_of(value, texts[kChangeBefore]);
    if (key == "type") return json::text_of(value, texts[kType]);
    return Reject::none;
  });
  if (reject != Reject::none) return reject;
  EventTime time;
  rows_ = read_count(texts[kTime], TimeUnit::milliseconds, time);
  if (texts[kName].empty() || texts[kChange].empty()) rows_ = Reject::missing_field;
  if (rows_ != Reject::none) return Reject::none;
  const Market* market = markets_.find(texts[kName]);
  if (market == nullptr) {
    rows_ = Reject::unknown_instrument;
    return Reject::none;
  }
  // A grouped book has no type and is whole each time.
  const bool whole = texts[kType] != "change";
  rows_ = books_.of(*market).apply({.whole = whole,
                                    .number = read_number(texts[kChange]).raw(),
                                    .before = whole ? 0 : read_number(texts[kChangeBefore]).raw()},
                                   levels_, *market, time, updates);
  return Reject::none;
}

Reject Parser::read_levels(json::Value& value, BookSide side) {
  return json::for_each_element_of(value, [&](json::Value& level) {
    std::array<std::string_view, 3> texts;
    std::size_t count = 0;
    const Reject reject = json::for_each_element_of(level, [&](json::Value& item) {
      if (count == texts.size()) return Reject::malformed_json;
      return json::text_of(item, texts[count++]);
    });
    if (reject != Reject::none) return reject;
    if (count < 2) return Reject::malformed_json;
    const bool with_action = count == 3;
    return levels_.add(side, texts[with_action ? 1 : 0], !with_action || texts[0] != "delete");
  });
}

}  // namespace plimsoll::feeds::deribit
