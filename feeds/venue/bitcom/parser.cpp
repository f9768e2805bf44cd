#include "feeds/venue/bitcom/parser.hpp"

#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::bitcom {
namespace {

enum Slot : std::uint8_t { kSymbol, kTime, kBid, kAsk, kMark, kSlots };

int slot_of(json::Key key) noexcept {
  switch (key.size()) {
    case 4:
      return key == "time" ? kTime : -1;
    case 8:
      return key == "best_bid" ? kBid : key == "best_ask" ? kAsk : -1;
    case 10:
      return key == "mark_price" ? kMark : -1;
    case 13:
      return key == "instrument_id" ? kSymbol : -1;
    default:
      return -1;
  }
}

}  // namespace

Outcome Parser::read(std::string_view text, Updates& updates) {
  std::array<std::string_view, kSlots> texts;
  std::string_view channel;
  bool data_waits = false;
  const auto on_root = [&](json::Key key, json::Value& value) {
    if (key == "channel") return json::text_of(value, channel);
    if (key != "data") return Reject::none;
    data_waits = channel.empty();
    if (channel == "subscription") return Reject::control_message;
    if (channel != "ticker") return data_waits ? Reject::none : Reject::unknown_message;
    return json::read_row(value, texts, slot_of);
  };
  Reject reject = message_.read(text, on_root);
  if (reject == Reject::none && data_waits && !channel.empty()) {
    reject = message_.read_again(on_root);
  }
  if (reject != Reject::none) return {reject, channel};
  if (channel.empty()) return {Reject::no_event_type, {}};
  EventTime time;
  reject = read_count(texts[kTime], TimeUnit::milliseconds, time);
  const TickTexts tick{texts[kSymbol], texts[kBid], texts[kAsk], {}, texts[kMark], {}, {}};
  if (reject == Reject::none) reject = add_tick(tick, time, markets_, updates);
  return {reject, {}};
}

}  // namespace plimsoll::feeds::bitcom
