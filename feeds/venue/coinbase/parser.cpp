#include "feeds/venue/coinbase/parser.hpp"

#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::coinbase {
namespace {

enum Slot : std::uint8_t {
  kType,
  kSymbol,
  kPrice,
  kBid,
  kAsk,
  kTime,
  kSequence,
  kChannel,
  kTimestamp,
  kSequenceNumber,
  kSlots
};
using Texts = std::array<std::string_view, kSlots>;

int slot_of(json::Key key) noexcept {
  switch (key.size()) {
    case 4:
      return key == "type" ? kType : key == "time" ? kTime : -1;
    case 5:
      return key == "price" ? kPrice : -1;
    case 7:
      return key == "channel" ? kChannel : -1;
    case 8:
      if (key == "best_bid") return kBid;
      if (key == "best_ask") return kAsk;
      return key == "sequence" ? kSequence : -1;
    case 9:
      return key == "timestamp" ? kTimestamp : -1;
    case 10:
      return key == "product_id" ? kSymbol : -1;
    case 12:
      return key == "sequence_num" ? kSequenceNumber : -1;
    default:
      return -1;
  }
}

/// What a message of the Exchange feed is, by its type.
Reject understood(std::string_view type) noexcept {
  if (type == "ticker" || type == "match") return Reject::none;
  if (type == "last_match") return Reject::past_trades;
  if (type == "subscriptions" || type == "heartbeat" || type == "error" || type == "status") {
    return Reject::control_message;
  }
  return Reject::unknown_message;
}

Reject add(const Texts& texts, bool with_trade, MarketTable& markets, Updates& updates) {
  EventTime time;
  const Reject reject = read_iso_time(texts[kTime], time);
  if (reject != Reject::none) return reject;
  TickTexts tick;
  tick.symbol = texts[kSymbol];
  tick.bid = texts[kBid];
  tick.ask = texts[kAsk];
  if (with_trade) tick.trade = texts[kPrice];
  tick.number = texts[kSequence];
  return add_tick(tick, time, markets, updates);
}

}  // namespace

Outcome Parser::read(std::string_view text, Updates& updates) {
  Texts texts;
  bool has_events = false;
  bool events_wait = false;
  rows_ = Reject::none;
  const auto on_root = [&](json::Key key, json::Value& value) {
    if (key == "events") {
      has_events = true;
      events_wait = texts[kChannel].empty();
      if (events_wait) return Reject::none;
      return read_events(value, texts[kChannel], updates);
    }
    const int slot = slot_of(key);
    if (slot < 0) return Reject::none;
    const Reject bad = json::text_of(value, texts[static_cast<std::size_t>(slot)]);
    return bad == Reject::none && slot == kType ? understood(texts[kType]) : bad;
  };
  Reject reject = message_.read(text, on_root);
  if (reject != Reject::none) return {reject, texts[kType]};
  if (events_wait && !texts[kChannel].empty()) reject = message_.read_again(on_root);
  if (is_fatal(reject)) return {reject, {}};

  if (!has_events) {
    if (texts[kType].empty()) return {Reject::no_event_type, {}};
    if (texts[kPrice].data() == nullptr) return {Reject::missing_field, {}};
    rows_ = add(texts, true, markets_, updates);
    return outcome_of(reject, rows_, updates, texts[kType]);
  }
  check_sequence(texts[kSequenceNumber], updates);
  EventTime time;
  const Reject bad_time = read_iso_time(texts[kTimestamp], time);
  if (bad_time != Reject::none) return {bad_time, {}};
  for (MarketUpdate& update : updates.list) {
    if (update.venue_time.raw() == 0) update.venue_time = time;
  }
  return outcome_of(reject, rows_, updates, texts[kChannel]);
}

Reject Parser::read_events(json::Value& events, std::string_view channel, Updates& updates) {
  const bool tickers = channel == "ticker" || channel == "ticker_batch";
  const bool trades = channel == "market_trades";
  if (channel == "heartbeats" || channel == "subscriptions") rows_ = Reject::control_message;
  if (!tickers && !trades) {
    keep_first(rows_, Reject::unknown_message);
    return Reject::none;
  }
  return json::for_each_element_of(events, [&](json::Value& event) {
    bool past = false;
    return json::for_each_field_of(event, [&](json::Key key, json::Value& value) {
      if (key == "type" && trades) {
        std::string_view type;
        const Reject reject = json::text_of(value, type);
        past = type == "snapshot";
        return reject;
      }
      if (key != (tickers ? "tickers" : "trades")) return Reject::none;
      return json::for_each_element_of(value, [&](json::Value& row) {
        Texts texts;
        const Reject reject = json::read_row(row, texts, slot_of);
        if (reject != Reject::none) return reject;
        keep_first(rows_, past ? Reject::past_trades : add(texts, true, markets_, updates));
        return Reject::none;
      });
    });
  });
}

void Parser::check_sequence(std::string_view number, Updates& updates) {
  if (number.empty()) return;
  const std::uint64_t sequence = read_number(number).raw();
  updates.connection_gap = next_sequence_ != 0 && sequence > next_sequence_;
  next_sequence_ = sequence + 1;
}

}  // namespace plimsoll::feeds::coinbase
