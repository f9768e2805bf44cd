#include "feeds/venue/dydx/parser.hpp"

#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::dydx {
namespace {

enum Slot : std::uint8_t { kTime, kMark, kIndex, kPrice, kSlots };

int slot_of(json::Key key) noexcept {
  switch (key.size()) {
    case 5:
      return key == "price" ? kPrice : -1;
    case 9:
      return key == "createdAt" ? kTime : -1;
    case 10:
      return key == "indexPrice" ? kIndex : -1;
    case 11:
      if (key == "oraclePrice") return kMark;
      return key == "effectiveAt" ? kTime : -1;
    default:
      return -1;
  }
}

}  // namespace

struct Parser::Header {
  std::string_view type;
  std::string_view channel;
  std::string_view symbol;
  [[nodiscard]] bool trades() const noexcept {
    return channel == "v3_trades" || channel == "v4_trades";
  }
  [[nodiscard]] bool markets() const noexcept {
    return channel == "v3_markets" || channel == "v4_markets";
  }
  /// Is everything known that its contents need?
  [[nodiscard]] bool complete() const noexcept {
    return !type.empty() && !channel.empty() && (!trades() || !symbol.empty());
  }
};

Outcome Parser::read(std::string_view text, Updates& updates) {
  Header header;
  bool has_contents = false;
  bool contents_wait = false;
  rows_ = Reject::none;
  const auto on_root = [&](json::Key key, json::Value& value) {
    if (key == "type") return json::text_of(value, header.type);
    if (key == "channel") return json::text_of(value, header.channel);
    if (key == "id") return json::text_of(value, header.symbol);
    if (key != "contents") return Reject::none;
    has_contents = true;
    contents_wait = !header.complete();
    return contents_wait ? Reject::none : read_contents(value, header, updates);
  };
  Reject reject = message_.read(text, on_root);
  if (reject == Reject::none && contents_wait && header.complete()) {
    reject = message_.read_again(on_root);
  }
  if (reject == Reject::none && !has_contents) {
    reject = header.type.empty() ? Reject::no_event_type : Reject::control_message;
  }
  if (reject == Reject::none && contents_wait) reject = Reject::missing_field;
  return outcome_of(reject, rows_, updates, header.channel);
}

Reject Parser::read_contents(json::Value& contents, const Header& header, Updates& updates) {
  if (header.markets()) return read_markets(contents, updates);
  if (!header.trades()) return Reject::unknown_message;
  if (header.type == "subscribed") return Reject::past_trades;
  return read_trades(contents, header.symbol, updates);
}

Reject Parser::read_trades(json::Value& contents, std::string_view symbol, Updates& updates) {
  return json::for_each_field_of(contents, [&](json::Key key, json::Value& value) {
    if (key != "trades") return Reject::none;
    return json::for_each_element_of(value, [&](json::Value& row) {
      std::array<std::string_view, kSlots> texts;
      const Reject reject = json::read_row(row, texts, slot_of);
      if (reject != Reject::none) return reject;
      EventTime time;
      Reject bad = read_iso_time(texts[kTime], time);
      TickTexts tick;
      tick.symbol = symbol;
      tick.trade = texts[kPrice];
      if (bad == Reject::none) bad = add_tick(tick, time, markets_, updates);
      keep_first(rows_, bad);
      return Reject::none;
    });
  });
}

Reject Parser::read_markets(json::Value& contents, Updates& updates) {
  return json::for_each_field_of(contents, [&](json::Key key, json::Value& value) {
    // v4 says what kind of change it is; v3 names the markets at once when something changes.
    if (key == "trading") return Reject::none;
    if (key != "markets" && key != "oraclePrices") return read_market(key, value, updates);
    return json::for_each_field_of(value, [&](std::string_view symbol, json::Value& row) {
      return read_market(symbol, row, updates);
    });
  });
}

Reject Parser::read_market(std::string_view symbol, json::Value& row, Updates& updates) {
  std::array<std::string_view, kSlots> texts;
  const Reject reject = json::read_row(row, texts, slot_of);
  if (reject != Reject::none) return reject;
  EventTime time;
  Reject bad = read_iso_time(texts[kTime], time);
  TickTexts tick;
  tick.symbol = symbol;
  tick.mark = texts[kMark];
  tick.index = texts[kIndex];
  if (bad == Reject::none) bad = add_tick(tick, time, markets_, updates);
  keep_first(rows_, bad);
  return Reject::none;
}

}  // namespace plimsoll::feeds::dydx
