#include "feeds/venue/okx/parser.hpp"

#include "feeds/venue/json_levels.hpp"
#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::okx {
namespace {

enum Slot : std::uint8_t { kSymbol, kTime, kBid, kAsk, kMark, kIndex, kPrice, kSlots };

int slot_of(json::Key key) noexcept {
  switch (key.size()) {
    case 2:
      return key == "ts" ? kTime : key == "px" ? kPrice : -1;
    case 5:
      if (key == "bidPx") return kBid;
      if (key == "askPx") return kAsk;
      return key == "idxPx" ? kIndex : -1;
    case 6:
      return key == "instId" ? kSymbol : key == "markPx" ? kMark : -1;
    default:
      return -1;
  }
}

bool is_book(std::string_view channel) noexcept {
  return channel.starts_with("books") || channel == "bbo-tbt";
}

/// Are the rows of this channel understood, and if not, why?
Reject understood(std::string_view channel) noexcept {
  if (channel == "tickers" || channel == "trades" || channel == "trades-all" ||
      channel == "mark-price" || channel == "index-tickers" || is_book(channel)) {
    return Reject::none;
  }
  if (channel == "opt-summary") return Reject::options_later;
  return channel == "liquidation-orders" ? Reject::liquidations : Reject::unknown_message;
}

}  // namespace

Outcome Parser::read(std::string_view text, Updates& updates) {
  Header header;
  bool is_event = false;
  bool has_data = false;
  bool data_waits = false;
  rows_ = Reject::none;
  const auto on_root = [&](json::Key key, json::Value& value) {
    if (key == "arg") {
      return json::for_each_field_of(value, [&](json::Key name, json::Value& item) {
        if (name == "channel") return json::text_of(item, header.channel);
        return name == "instId" ? json::text_of(item, header.symbol) : Reject::none;
      });
    }
    if (key == "action") return json::text_of(value, header.action);
    is_event = is_event || key == "event";
    if (key != "data") return Reject::none;
    has_data = true;
    data_waits = header.channel.empty();
    if (data_waits) return Reject::none;
    const Reject reject = understood(header.channel);
    if (reject != Reject::none) return reject;
    return json::for_each_element_of(
        value, [&](json::Value& row) { return read_row(row, header, updates); });
  };
  Reject reject = message_.read(text, on_root);
  if (reject == Reject::none && data_waits && !header.channel.empty()) {
    reject = message_.read_again(on_root);
  }
  if (reject == Reject::none && (is_event || !has_data)) reject = Reject::control_message;
  return outcome_of(reject, rows_, updates, header.channel);
}

Reject Parser::read_row(json::Value& row, const Header& header, Updates& updates) {
  if (is_book(header.channel)) return read_book(row, header, updates);
  std::array<std::string_view, kSlots> texts;
  const Reject reject = json::read_row(row, texts, slot_of);
  if (reject != Reject::none) return reject;
  EventTime time;
  Reject bad = read_count(texts[kTime], TimeUnit::milliseconds, time);
  const TickTexts tick{texts[kSymbol], texts[kBid],   texts[kAsk], texts[kPrice],
                       texts[kMark],   texts[kIndex], {}};
  if (bad == Reject::none) bad = add_tick(tick, time, markets_, updates);
  keep_first(rows_, bad);
  return Reject::none;
}

Reject Parser::read_book(json::Value& row, const Header& header, Updates& updates) {
  std::string_view time_text;
  std::string_view number;
  std::string_view before;
  levels_.clear();
  const Reject reject = json::for_each_field_of(row, [&](json::Key key, json::Value& value) {
    if (key == "bids") return json::read_levels(value, BookSide::bid, levels_);
    if (key == "asks") return json::read_levels(value, BookSide::ask, levels_);
    if (key == "ts") return json::text_of(value, time_text);
    if (key == "seqId") return json::text_of(value, number);
    if (key == "prevSeqId") return json::text_of(value, before);
    return Reject::none;
  });
  if (reject != Reject::none) return reject;
  EventTime time;
  const Reject bad_time = read_count(time_text, TimeUnit::milliseconds, time);
  const Market* market = markets_.find(header.symbol);
  if (header.symbol.empty()) {
    keep_first(rows_, Reject::missing_field);
  } else if (market == nullptr) {
    keep_first(rows_, Reject::unknown_instrument);
  } else if (bad_time != Reject::none) {
    keep_first(rows_, bad_time);
  } else {
    // Channels that always send the whole book have no action.
    const bool whole = header.action != "update";
    BookPart part{whole, read_number(number).raw(), whole ? 0 : read_number(before).raw()};
    // An update without a change repeats the number, and a service that starts again goes back.
    if (!whole && part.number <= part.before && part.before != 0) {
      BookKeeper& book = books_.of(*market);
      if (part.before == book.number()) book.renumber(part.number);
      part = {false, 0, 0};
    }
    keep_first(rows_, books_.of(*market).apply(part, levels_, *market, time, updates));
  }
  return Reject::none;
}

}  // namespace plimsoll::feeds::okx
