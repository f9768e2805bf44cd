#pragma once

#include <string_view>

#include "feeds/venue/number_text.hpp"
#include "feeds/venue/venue_parser.hpp"

// From the texts of a row to what it says of a market, by the same rules at every venue but
// Binance: an empty text is none, and so is a bid or an ask of 0; digits finer than 1e-9 are cut
// off.

namespace plimsoll::feeds {

/// The texts of a row; one without a data pointer is absent.
struct TickTexts {
  std::string_view symbol;
  std::string_view bid;
  std::string_view ask;
  std::string_view trade;
  std::string_view mark;
  std::string_view index;
  std::string_view number;
};

/// A price above 0 that may not be there: 0 then.
[[nodiscard]] inline Reject read_optional_price(std::string_view text, Price max, Price& price) {
  if (text.empty()) return Reject::none;
  const Reject reject = read_price(text, Finer::cut_off, price);
  if (reject != Reject::none) return reject;
  return price.raw() >= 0 && price <= max ? Reject::none : Reject::price_out_of_range;
}

/// Reads the prices of a row into an update of its market, in the order of the reasons.
[[nodiscard]] inline Reject read_prices(const TickTexts& texts, const Market& market,
                                        MarketUpdate& update) {
  update.market = market.index;
  Reject reject = read_optional_price(texts.bid, market.price_max, update.bid);
  if (reject == Reject::none) {
    reject = read_optional_price(texts.ask, market.price_max, update.ask);
  }
  if (reject == Reject::none) {
    reject = read_optional_price(texts.trade, market.price_max, update.trade);
  }
  if (reject == Reject::none) {
    reject = read_optional_price(texts.mark, market.price_max, update.mark);
  }
  if (reject == Reject::none) reject = read_optional_price(texts.index, kNoPriceMax, update.index);
  update.known_index = update.index;
  if (!texts.number.empty()) update.number = read_number(texts.number);
  return reject;
}

/// Does it say anything that an input can be made of? Half a quote is dropped.
[[nodiscard]] inline Reject finish_update(MarketUpdate& update) {
  const bool half = (update.bid.raw() == 0) != (update.ask.raw() == 0);
  if (half) update.bid = update.ask = Price{};
  const bool any = update.bid.raw() != 0 || update.trade.raw() != 0 || update.mark.raw() != 0 ||
                   update.index.raw() != 0;
  if (any) return Reject::none;
  return half ? Reject::one_sided_book : Reject::no_price;
}

/// Adds what a row says to `updates`; `time` is that of the row.
[[nodiscard]] inline Reject add_tick(const TickTexts& texts, EventTime time, MarketTable& markets,
                                     Updates& updates) {
  if (texts.symbol.empty()) return Reject::missing_field;
  const Market* market = markets.find(texts.symbol);
  if (market == nullptr) return Reject::unknown_instrument;
  MarketUpdate update;
  update.venue_time = time;
  Reject reject = read_prices(texts, *market, update);
  if (reject == Reject::none) reject = finish_update(update);
  if (reject == Reject::none) updates.list.push_back(update);
  return reject;
}

/// The first reason of several rows counts, and only when no row said anything.
inline void keep_first(Reject& first, Reject next) noexcept {
  if (first == Reject::none) first = next;
}

/// Must reading stop here? What is wrong with one row says nothing of the next.
[[nodiscard]] inline bool is_fatal(Reject reject) noexcept {
  return reject == Reject::malformed_json || reject == Reject::message_too_long;
}

/// The outcome of a message whose rows were read.
[[nodiscard]] inline Outcome outcome_of(Reject message, Reject first, const Updates& updates,
                                        std::string_view kind = {}) noexcept {
  if (message != Reject::none) return {message, kind};
  if (!updates.list.empty()) return {};
  return {first != Reject::none ? first : Reject::no_price, kind};
}

}  // namespace plimsoll::feeds
