#include "feeds/venue/kraken/parser.hpp"

#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::kraken {
namespace {

enum Slot : std::uint8_t {
  kFeed,
  kSymbol,
  kTime,
  kBid,
  kAsk,
  kMark,
  kIndex,
  kPrice,
  kEvent,
  kSlots
};

int slot_of(json::Key key) noexcept {
  switch (key.size()) {
    case 3:
      return key == "bid" ? kBid : key == "ask" ? kAsk : -1;
    case 4:
      return key == "feed" ? kFeed : key == "time" ? kTime : -1;
    case 5:
      if (key == "index") return kIndex;
      if (key == "price") return kPrice;
      return key == "event" ? kEvent : -1;
    case 9:
      return key == "markPrice" ? kMark : -1;
    case 10:
      return key == "product_id" ? kSymbol : -1;
    default:
      return -1;
  }
}

}  // namespace

Outcome Parser::read(std::string_view text, Updates& updates) {
  std::array<std::string_view, kSlots> texts;
  Reject reject = message_.read(text, [&](json::Key key, json::Value& value) {
    const int slot = slot_of(key);
    return slot < 0 ? Reject::none : json::text_of(value, texts[static_cast<std::size_t>(slot)]);
  });
  const std::string_view feed = texts[kFeed];
  const bool ticker = feed == "ticker" || feed == "ticker_lite";
  if (reject != Reject::none) return {reject, feed};
  if (texts[kEvent].data() != nullptr || feed == "heartbeat") return {Reject::control_message, {}};
  if (feed.empty()) return {Reject::no_event_type, {}};
  if (feed == "trade_snapshot") return {Reject::past_trades, {}};
  if (!ticker && feed != "trade") return {Reject::unknown_message, feed};
  TickTexts tick;
  tick.symbol = texts[kSymbol];
  if (ticker) {
    tick.bid = texts[kBid];
    tick.ask = texts[kAsk];
    tick.mark = texts[kMark];
    tick.index = texts[kIndex];
  } else {
    if (texts[kPrice].data() == nullptr) return {Reject::missing_field, {}};
    tick.trade = texts[kPrice];
  }
  EventTime time;
  reject = read_count(texts[kTime], TimeUnit::milliseconds, time);
  if (reject == Reject::none) reject = add_tick(tick, time, markets_, updates);
  return {reject, {}};
}

}  // namespace plimsoll::feeds::kraken
