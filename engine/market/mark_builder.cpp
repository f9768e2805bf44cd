#include "engine/market/mark_builder.hpp"

namespace plimsoll::market {

bool MarkBuilder::usable(InstrumentId instrument, Price price) const noexcept {
  const reference::Instrument& rules = reference_.instruments[instrument.raw()];
  return price >= rules.price_min && price <= rules.price_max;
}

TickEffect MarkBuilder::move(InstrumentId instrument, Price mark) {
  if (marks_.of(instrument) == mark) return {};
  marks_.set(instrument, mark);
  return {.refused = {}, .mark = mark};
}

TickEffect MarkBuilder::apply(const BookQuoted& tick) {
  if (tick.instrument.raw() >= published_.size()) return {Refusal::reference_unknown, {}};
  if (!usable(tick.instrument, tick.bid) || !usable(tick.instrument, tick.ask) ||
      tick.bid >= tick.ask) {
    return {Refusal::price_out_of_range, {}};
  }
  if (published_[tick.instrument.raw()]) return {};
  const Int128 sum = Int128{tick.bid.raw()} + tick.ask.raw();
  return move(tick.instrument, Price::from_raw(narrow(divide_floor<Int128>(sum, 2))));
}

TickEffect MarkBuilder::apply(const MarkPublished& tick) {
  if (tick.instrument.raw() >= published_.size()) return {Refusal::reference_unknown, {}};
  if (!usable(tick.instrument, tick.mark)) return {Refusal::price_out_of_range, {}};
  published_[tick.instrument.raw()] = true;
  return move(tick.instrument, tick.mark);
}

TickEffect MarkBuilder::apply(const TradePrinted& tick) const {
  if (tick.instrument.raw() >= published_.size()) return {Refusal::reference_unknown, {}};
  if (!usable(tick.instrument, tick.price)) return {Refusal::price_out_of_range, {}};
  return {};
}

}  // namespace plimsoll::market
