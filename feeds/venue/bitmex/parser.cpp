#include "feeds/venue/bitmex/parser.hpp"

#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::bitmex {
namespace {

enum Slot : std::uint8_t { kSymbol, kTime, kBid, kAsk, kMark, kIndex, kSettle, kPrice, kSlots };

int slot_of(json::Key key) noexcept {
  switch (key.size()) {
    case 5:
      return key == "price" ? kPrice : -1;
    case 6:
      return key == "symbol" ? kSymbol : -1;
    case 8:
      return key == "bidPrice" ? kBid : key == "askPrice" ? kAsk : -1;
    case 9:
      return key == "timestamp" ? kTime : key == "markPrice" ? kMark : -1;
    case 10:
      return key == "indexPrice" ? kIndex : -1;
    case 21:
      return key == "indicativeSettlePrice" ? kSettle : -1;
    default:
      return -1;
  }
}

}  // namespace

Outcome Parser::read(std::string_view text, Updates& updates) {
  std::string_view table_name;
  std::string_view action;
  bool has_data = false;
  bool data_waits = false;
  bool again = false;
  rows_ = Reject::none;
  const auto on_root = [&](json::Key key, json::Value& value) {
    if (key == "table") return json::text_of(value, table_name);
    if (key == "action") return json::text_of(value, action);
    if (key != "data") return Reject::none;
    has_data = true;
    data_waits = !again && (table_name.empty() || action.empty());
    if (data_waits) return Reject::none;
    Table table = Table::quote;
    if (table_name == "trade") {
      // A partial is the state before the subscription.
      if (action == "partial") return Reject::past_trades;
      table = Table::trade;
    } else if (table_name == "instrument") {
      table = Table::instrument;
    } else if (table_name == "liquidation") {
      return Reject::liquidations;
    } else if (table_name != "quote") {
      return Reject::unknown_message;
    }
    return json::for_each_element_of(
        value, [&](json::Value& row) { return read_row(row, table, action == "update", updates); });
  };
  Reject reject = message_.read(text, on_root);
  if (reject == Reject::none && data_waits && !table_name.empty()) {
    again = true;
    reject = message_.read_again(on_root);
  }
  if (reject == Reject::none && (table_name.empty() || !has_data)) {
    reject = Reject::control_message;
  }
  return outcome_of(reject, rows_, updates, table_name);
}

Reject Parser::read_row(json::Value& row, Table table, bool is_update, Updates& updates) {
  std::array<std::string_view, kSlots> texts;
  const Reject reject = json::read_row(row, texts, slot_of);
  if (reject != Reject::none) return reject;
  const Market* market = texts[kSymbol].empty() ? nullptr : markets_.find(texts[kSymbol]);
  if (market == nullptr) {
    keep_first(rows_, texts[kSymbol].empty() ? Reject::missing_field : Reject::unknown_instrument);
    return Reject::none;
  }
  TickTexts tick;
  if (table == Table::trade) {
    tick.trade = texts[kPrice];
  } else {
    tick.bid = texts[kBid];
    tick.ask = texts[kAsk];
    if (table == Table::instrument) {
      tick.mark = texts[kMark];
      tick.index = texts[kIndex].empty() ? texts[kSettle] : texts[kIndex];
    }
  }
  MarketUpdate update;
  Reject bad = read_iso_time(texts[kTime], update.venue_time);
  if (bad == Reject::none) bad = read_prices(tick, *market, update);
  if (bad == Reject::none && table == Table::instrument) {
    bad = add_instrument(*market, is_update, tick.bid.data() != nullptr, tick.ask.data() != nullptr,
                         update, updates);
  } else if (bad == Reject::none) {
    bad = finish_update(update);
    if (bad == Reject::none) updates.list.push_back(update);
  }
  keep_first(rows_, bad);
  return Reject::none;
}

Reject Parser::add_instrument(const Market& market, bool is_update, bool names_bid, bool names_ask,
                              MarketUpdate& update, Updates& updates) {
  LastInstrument& last = instruments_.of(market);
  if (!is_update) last = {};
  if (names_bid) last.bid = update.bid;
  if (names_ask) last.ask = update.ask;
  if (update.index.raw() != 0) last.index = update.index;
  update.bid = names_bid || names_ask ? last.bid : Price{};
  update.ask = names_bid || names_ask ? last.ask : Price{};
  update.known_index = last.index;
  const Reject reject = finish_update(update);
  if (reject == Reject::none) updates.list.push_back(update);
  return reject;
}

}  // namespace plimsoll::feeds::bitmex
