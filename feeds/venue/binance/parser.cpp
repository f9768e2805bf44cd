#include "feeds/venue/binance/parser.hpp"

#include <algorithm>
#include <array>

#include "feeds/venue/json_levels.hpp"

namespace plimsoll::feeds::binance {
namespace {

Kind kind_of(std::string_view event_type) noexcept {
  if (event_type == "bookTicker") return Kind::book;
  if (event_type == "trade" || event_type == "aggTrade") return Kind::trade;
  if (event_type == "markPriceUpdate") return Kind::mark;
  if (event_type == "depthUpdate") return Kind::depth;
  if (event_type == "indexPriceUpdate") return Kind::index;
  return Kind::other;
}

/// Where the text of a one-letter key belongs, or nullptr when it is not needed.
std::string_view* field_of(Fields& fields, char key) noexcept {
  switch (key) {
    case 's':
      return &fields.symbol;
    case 'E':
      return &fields.event_time;
    case 'T':
      return &fields.second_time;
    case 'p':
      return &fields.price;
    case 'i':
      return &fields.index;
    case 'b':
      return &fields.bid;
    case 'a':
      return &fields.ask;
    case 'u':
      return &fields.number;
    default:
      return nullptr;
  }
}

/// Takes over one field of a message; ends with unknown_message when it is read otherwise.
[[gnu::always_inline]] inline Reject read_field(json::Key key, json::Value& value,
                                                Fields& fields) noexcept {
  if (key.size() != 1) {
    fields.snapshot = fields.snapshot || key == "lastUpdateId";
    return Reject::none;
  }
  if (key.front() == 'e') {
    std::string_view text;
    if (json::text_of(value, text) != Reject::none) return Reject::malformed_json;
    if (text.data() != nullptr) {
      fields.kind = kind_of(text);
      fields.kind_text = text;
    }
    const bool otherwise = fields.kind == Kind::other || fields.kind == Kind::depth;
    return otherwise ? Reject::unknown_message : Reject::none;
  }
  std::string_view* target = field_of(fields, key.front());
  return target == nullptr ? Reject::none : json::text_of(value, *target);
}

/// Calls on_field for the fields of a bare message, or of the `data` of an envelope; clear() comes
/// before those of `data`, since outside it nothing counts.
template <class OnField, class Clear>
auto in_envelope(OnField on_field, Clear clear) {
  return [on_field, clear, enveloped = false](json::Key key, json::Value& value) mutable {
    if (key == "data") {
      if (!value.is_object()) return Reject::unknown_message;
      enveloped = true;
      clear();
      return json::for_each_field_of(value, on_field);
    }
    return enveloped ? Reject::none : on_field(key, value);
  };
}

/// A price above 0 and at most `max`.
Reject read_bounded(std::string_view text, Price max, Price& price) noexcept {
  const Reject reject = read_price(text, Finer::refused, price);
  if (reject != Reject::none) return reject;
  return price.raw() > 0 && price <= max ? Reject::none : Reject::price_out_of_range;
}

/// An index price: 0 when the venue gives none; it has no upper bound, since nothing is judged at
/// it.
Reject read_index(std::string_view text, Price& index) noexcept {
  if (text.empty()) return Reject::none;
  const Reject reject = read_price(text, Finer::refused, index);
  if (reject != Reject::none) return reject;
  return index.raw() >= 0 ? Reject::none : Reject::price_out_of_range;
}

bool has_what_it_needs(const Fields& fields) noexcept {
  const bool has_price = fields.price.data() != nullptr;
  if (fields.kind == Kind::index) return fields.index.data() != nullptr && has_price;
  if (fields.symbol.data() == nullptr) return false;
  if (fields.kind != Kind::book) return has_price;
  return fields.bid.data() != nullptr && fields.ask.data() != nullptr;
}

/// Reads the prices of a message into its update.
Reject read_prices(const Fields& fields, const Market& market, MarketUpdate& update) noexcept {
  Reject reject = Reject::none;
  switch (fields.kind) {
    case Kind::book:
      reject = read_bounded(fields.bid, market.price_max, update.bid);
      if (reject == Reject::none) reject = read_bounded(fields.ask, market.price_max, update.ask);
      update.number = read_number(fields.number);
      return reject;
    case Kind::trade:
      return read_bounded(fields.price, market.price_max, update.trade);
    case Kind::index:
      return read_bounded(fields.price, kNoPriceMax, update.index);
    default:
      reject = read_bounded(fields.price, market.price_max, update.mark);
      if (reject == Reject::none) reject = read_index(fields.index, update.index);
      update.known_index = update.index;
      return reject;
  }
}

}  // namespace

Outcome Parser::read(std::string_view text, Updates& updates) {
  Fields fields;
  const auto on_field = [&fields](json::Key key, json::Value& value) noexcept {
    return read_field(key, value, fields);
  };
  const Reject reject = message_.read(text, in_envelope(on_field, [&] { fields = {}; }));
  if (fields.kind == Kind::depth && reject == Reject::unknown_message) {
    return {read_depth(updates), fields.kind_text};
  }
  if (reject != Reject::none) return {reject, fields.kind_text};
  if (fields.kind == Kind::none && fields.snapshot) return {read_snapshot(nullptr, updates), {}};
  const bool nameless_quote = is_spot_ && fields.kind == Kind::none &&
                              fields.number.data() != nullptr && fields.bid.data() != nullptr;
  if (nameless_quote) fields.kind = Kind::book;
  if (fields.kind == Kind::none) return {Reject::no_event_type, {}};
  return {add(fields, updates), {}};
}

Reject Parser::add(const Fields& fields, Updates& updates) {
  if (!has_what_it_needs(fields)) return Reject::missing_field;
  const Market* market = markets_.find(fields.kind == Kind::index ? fields.index : fields.symbol);
  if (market == nullptr) return Reject::unknown_instrument;
  if (fields.kind == Kind::book) depths_.of(*market).quoted();

  MarketUpdate& update = updates.list.emplace_back();
  update.market = market->index;
  // T of a mark is the time of the next funding, so only E tells when it was published.
  const bool has_event_time = fields.event_time.data() != nullptr || fields.kind == Kind::mark;
  const Reject reject = read_count(has_event_time ? fields.event_time : fields.second_time,
                                   TimeUnit::milliseconds, update.venue_time);
  return reject != Reject::none ? reject : read_prices(fields, *market, update);
}

Reject Parser::read_depth(Updates& updates) {
  std::string_view symbol;
  std::string_view time;
  std::string_view first;
  std::string_view last;
  std::string_view before;
  const Market* market = nullptr;
  levels_.clear();
  const auto on_field = [&](json::Key key, json::Value& value) {
    if (key == "s") return json::text_of(value, symbol);
    if (key == "E") return json::text_of(value, time);
    if (key == "U") return json::text_of(value, first);
    if (key == "u") return json::text_of(value, last);
    if (key == "pu") return json::text_of(value, before);
    if (key != "b" && key != "a") return Reject::none;
    if (market == nullptr) market = markets_.find(symbol);
    // Not read to its end when the book is not needed.
    if (market == nullptr && !symbol.empty()) return Reject::unknown_instrument;
    if (market == nullptr || depths_.of(*market).is_quoted()) return Reject::unknown_message;
    return json::read_levels(value, key == "b" ? BookSide::bid : BookSide::ask, levels_);
  };
  const Reject reject = message_.read_again(in_envelope(on_field, [] {}));
  if (reject != Reject::none) return reject;
  DepthPart part{read_number(first).raw(), read_number(last).raw(), read_number(before).raw(), {}};
  if (market == nullptr || part.first == 0 || part.last == 0) return Reject::unknown_message;
  const Reject bad_time = read_count(time, TimeUnit::milliseconds, part.time);
  if (bad_time != Reject::none) return bad_time;
  return depths_.of(*market).update(part, levels_, *market, updates);
}

const Market* Parser::only_one_that_waits() {
  const Market* found = nullptr;
  for (std::uint32_t i = 0; i < markets_.size(); ++i) {
    const Market& market = markets_[i];
    if (!depths_.of(market).waits()) continue;
    if (found != nullptr) return nullptr;
    found = &market;
  }
  return found;
}

Reject Parser::read_snapshot(const Market* market, Updates& updates) {
  std::string_view symbol;
  std::string_view number;
  std::string_view time;
  levels_.clear();
  const Reject reject = message_.read_again([&](json::Key key, json::Value& value) {
    if (key == "symbol") return json::text_of(value, symbol);
    if (key == "lastUpdateId") return json::text_of(value, number);
    if (key == "E") return json::text_of(value, time);
    if (key == "bids") return json::read_levels(value, BookSide::bid, levels_);
    if (key == "asks") return json::read_levels(value, BookSide::ask, levels_);
    return Reject::none;
  });
  if (reject != Reject::none) return reject;
  if (market == nullptr && !symbol.empty()) market = markets_.find(symbol);
  if (market == nullptr && symbol.empty()) market = only_one_that_waits();
  DepthPart part{0, read_number(number).raw(), 0, {}};
  if (market == nullptr || part.last == 0 || depths_.of(*market).is_quoted()) {
    return Reject::no_event_type;
  }
  const Reject bad_time = read_count(time, TimeUnit::milliseconds, part.time);
  if (bad_time != Reject::none) return bad_time;
  return depths_.of(*market).snapshot(part, levels_, *market, updates);
}

const Market* Parser::find_unpadded(std::string_view symbol) {
  std::array<char, MarketTable::kSymbolMax + MarketTable::kPadding> padded{};
  if (symbol.size() > MarketTable::kSymbolMax) return nullptr;
  std::copy(symbol.begin(), symbol.end(), padded.begin());
  return markets_.find({padded.data(), symbol.size()});
}

Outcome Parser::read_answer(std::string_view address, std::string_view text, bool wanted,
                            Updates& updates) {
  constexpr std::string_view kSymbol = "symbol=";
  const std::size_t at = address.find(kSymbol);
  if (address.find("/depth?") == std::string_view::npos || at == std::string_view::npos) {
    return {Reject::http_answer, {}};
  }
  address.remove_prefix(at + kSymbol.size());
  const Market* market = find_unpadded(address.substr(0, address.find_first_of("& ")));
  if (market == nullptr || (wanted && !depths_.of(*market).waits())) {
    return {Reject::http_answer, {}};
  }
  const Reject reject = message_.read(
      text, [](std::string_view /*key*/, json::Value& /*value*/) { return Reject::none; });
  if (reject != Reject::none) return {reject, {}};
  const Reject snapshot = read_snapshot(market, updates);
  return {snapshot == Reject::no_event_type ? Reject::http_answer : snapshot, {}};
}

}  // namespace plimsoll::feeds::binance
