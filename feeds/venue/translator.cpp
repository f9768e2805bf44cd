#include "feeds/venue/translator.hpp"

#include "feeds/venue/tardis/csv_parser.hpp"

namespace plimsoll::feeds {

using reference::SourceField;

Translator::Translator(Venue venue, MarketTable markets, TranslatorOptions options)
    : venue_{venue},
      options_{options},
      markets_{std::make_unique<MarketTable>(std::move(markets))},
      parser_{make_parser(venue, *markets_)} {}

Translator::Translator(Venue venue, const reference::Reference& reference,
                       TranslatorOptions options)
    : Translator{venue, MarketTable{reference, venue}, options} {}

Translator::Translator(Venue venue, TranslatorOptions options)
    : Translator{venue, MarketTable{}, options} {}

Translator::~Translator() = default;

void Translator::read_csv(std::string_view header, std::string_view path) {
  parser_ = std::make_unique<tardis::CsvParser>(*markets_, header, path);
}

Translation Translator::translate(std::string_view message) {
  updates_.clear();
  return make(parser_->read(message, updates_));
}

Translation Translator::translate_answer(std::string_view address, std::string_view answer,
                                         bool wanted) {
  updates_.clear();
  return make(parser_->read_answer(address, answer, wanted, updates_));
}

Translation Translator::disconnect() {
  inputs_.clear();
  parser_->reset();
  interrupt_all(Interruption::disconnected);
  Translation translation;
  translation.inputs = inputs_;
  if (inputs_.empty()) translation.reject = Reject::nothing_lost;
  return translation;
}

Translation Translator::make(const Outcome& outcome) {
  inputs_.clear();
  Translation translation{outcome.reject, outcome.kind, {}, {}, 0, 0};
  if (updates_.connection_gap) {
    ++translation.gaps;
    interrupt_all(Interruption::gap);
  }
  if (outcome.reject == Reject::none) {
    out_of_range_ = false;
    for (const MarketUpdate& update : updates_.list) add(update, translation);
  }
  translation.inputs = inputs_;
  if (!inputs_.empty()) {
    translation.reject = Reject::none;
  } else if (translation.ok()) {
    translation.reject = translation.crossed > 0 ? Reject::crossed_book
                         : out_of_range_         ? Reject::price_out_of_range
                                                 : Reject::not_wanted;
  }
  return translation;
}

void Translator::add(const MarketUpdate& update, Translation& translation) {
  const Market& market = (*markets_)[update.market];
  seen_of(market).seen = true;
  translation.venue_time = update.venue_time;
  if (update.gap) {
    ++translation.gaps;
    interrupt(market, Interruption::gap);
  }
  if (update.bid.raw() != 0) add_quote(market, update, translation);
  if (update.mark.raw() != 0) {
    if (market.instrument != kNoInstrument) {
      if (update.mark <= market.instrument_price_max) {
        inputs_.emplace_back(
            MarkPublished{market.instrument, update.mark, update.known_index, update.venue_time});
      } else {
        out_of_range_ = true;
      }
    }
    add_price(market, SourceField::mark, update.mark, update);
  }
  if (update.trade.raw() != 0) {
    if (market.instrument != kNoInstrument) {
      if (update.trade <= market.instrument_price_max) {
        inputs_.emplace_back(TradePrinted{market.instrument, update.trade, update.venue_time});
      } else {
        out_of_range_ = true;
      }
    }
    add_price(market, SourceField::trade, update.trade, update);
    if (options_.quotes_from_trades) add_quote_from_trades(market, update, translation);
  }
  if (update.index.raw() != 0) add_price(market, SourceField::index, update.index, update);
}

void Translator::add_quote(const Market& market, const MarketUpdate& update,
                           Translation& translation) {
  if (update.bid >= update.ask) {
    ++translation.crossed;
    return;
  }
  if (market.instrument != kNoInstrument) {
    if (update.ask <= market.instrument_price_max) {
      inputs_.emplace_back(
          BookQuoted{market.instrument, update.bid, update.ask, update.venue_time});
    } else {
      out_of_range_ = true;
    }
  }
  if (market.sources == 0) return;
  for (const MarketSource& source : markets_->sources_of(market)) {
    if (source.field != SourceField::quote) continue;
    if (update.ask <= source.price_max) {
      inputs_.emplace_back(
          SourceQuoted{source.source, update.bid, update.ask, update.venue_time, update.number});
    } else {
      out_of_range_ = true;
    }
  }
}

void Translator::add_price(const Market& market, SourceField field, Price price,
                           const MarketUpdate& update) {
  if (market.sources == 0) return;
  for (const MarketSource& source : markets_->sources_of(market)) {
    if (source.field != field) continue;
    if (price <= source.price_max) {
      inputs_.emplace_back(SourcePriced{source.source, price, update.venue_time, {}});
    } else {
      out_of_range_ = true;
    }
  }
}

void Translator::add_quote_from_trades(const Market& market, const MarketUpdate& update,
                                       Translation& translation) {
  SeenMarket& seen = seen_of(market);
  if (update.initiator == Initiator::buyer) seen.last_bought = update.trade;
  if (update.initiator == Initiator::seller) seen.last_sold = update.trade;
  if (update.initiator == Initiator::unknown) return;
  if (seen.last_sold.raw() == 0 || seen.last_bought <= seen.last_sold) return;
  MarketUpdate quote = update;
  quote.bid = seen.last_sold;
  quote.ask = seen.last_bought;
  add_quote(market, quote, translation);
}

void Translator::interrupt(const Market& market, Interruption reason) {
  if (market.instrument != kNoInstrument) {
    inputs_.emplace_back(MarketInterrupted{market.instrument, reason});
  }
  for (const MarketSource& source : markets_->sources_of(market)) {
    inputs_.emplace_back(SourceInterrupted{source.source, reason});
  }
}

void Translator::interrupt_all(Interruption reason) {
  for (std::uint32_t i = 0; i < seen_.size(); ++i) {
    if (!seen_[i].seen) continue;
    interrupt((*markets_)[i], reason);
    seen_[i] = {};
  }
}

Translator::SeenMarket& Translator::seen_of(const Market& market) {
  if (market.index >= seen_.size()) seen_.resize(market.index + 1);
  return seen_[market.index];
}

}  // namespace plimsoll::feeds
