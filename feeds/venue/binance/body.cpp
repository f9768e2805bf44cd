#include "feeds/venue/binance/body.hpp"

#include "engine/value/decimal.hpp"

namespace plimsoll::feeds::binance {
namespace {

constexpr int kMillisecondDecimals = 6;  // a millisecond is 10^6 nanoseconds

Parsed refused(Reject reject) noexcept {
  return {reject, {}};
}

/// The venue's time in ns; 0 when it gives none.
Reject read_time(std::string_view text, EventTime& time) noexcept {
  if (text.data() == nullptr) return Reject::none;
  const DecimalResult result = parse_decimal(text, kMillisecondDecimals);
  if (!result.ok() || result.raw < 0) return Reject::bad_time;
  time = EventTime::from_raw(result.raw);
  return Reject::none;
}

/// A price in (0, max].
Reject read_price(std::string_view text, Price max, Price& price) noexcept {
  const DecimalResult result = parse_decimal(text, kPriceDecimals);
  if (!result.ok()) return Reject::bad_price;
  price = Price::from_raw(result.raw);
  return result.raw > 0 && price <= max ? Reject::none : Reject::price_out_of_range;
}

/// An index price: 0 when the venue gives none; it has no upper bound, since nothing is judged at
/// it.
Reject read_index(std::string_view text, Price& index) noexcept {
  if (text.data() == nullptr || text.empty()) return Reject::none;
  const DecimalResult result = parse_decimal(text, kPriceDecimals);
  if (!result.ok()) return Reject::bad_price;
  index = Price::from_raw(result.raw);
  return result.raw >= 0 ? Reject::none : Reject::price_out_of_range;
}

bool has_what_it_needs(const Fields& fields) noexcept {
  if (fields.symbol.data() == nullptr) return false;
  if (fields.kind != Kind::book) return fields.price.data() != nullptr;
  return fields.bid.data() != nullptr && fields.ask.data() != nullptr;
}

Parsed make_mark(const Fields& fields, const Listing& listing, EventTime time) noexcept {
  MarkPublished body{listing.instrument, {}, {}, time};
  Reject reject = read_price(fields.price, listing.price_max, body.mark);
  if (reject == Reject::none) reject = read_index(fields.index, body.index);
  return {reject, body};
}

Parsed make_book(const Fields& fields, const Listing& listing, EventTime time) noexcept {
  BookQuoted body{listing.instrument, {}, {}, time};
  Reject reject = read_price(fields.bid, listing.price_max, body.bid);
  if (reject == Reject::none) reject = read_price(fields.ask, listing.price_max, body.ask);
  if (reject == Reject::none && body.bid >= body.ask) reject = Reject::crossed_book;
  return {reject, body};
}

Parsed make_trade(const Fields& fields, const Listing& listing, EventTime time) noexcept {
  TradePrinted body{listing.instrument, {}, time};
  return {read_price(fields.price, listing.price_max, body.price), body};
}

}  // namespace

Parsed make_body(const Fields& fields, const SymbolTable& symbols) noexcept {
  if (!has_what_it_needs(fields)) return refused(Reject::missing_field);
  const Listing* listing = symbols.find(fields.symbol);
  if (listing == nullptr) return refused(Reject::unknown_instrument);

  // T of a mark is the time of the next funding, so only E tells when it was published.
  const bool has_event_time = fields.event_time.data() != nullptr || fields.kind == Kind::mark;
  EventTime time;
  const Reject reject = read_time(has_event_time ? fields.event_time : fields.second_time, time);
  if (reject != Reject::none) return refused(reject);

  if (fields.kind == Kind::mark) return make_mark(fields, *listing, time);
  if (fields.kind == Kind::book) return make_book(fields, *listing, time);
  return make_trade(fields, *listing, time);
}

}  // namespace plimsoll::feeds::binance
