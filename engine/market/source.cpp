#include "engine/market/source.hpp"

#include "engine/market/book_quote.hpp"
#include "engine/market/earliest.hpp"

namespace plimsoll::market {
std::optional<Refusal> SourceBook::apply(const SourceQuoted& tick, EventTime now) noexcept {
  const BookQuote quote{
      .bid = tick.bid, .ask = tick.ask, .least = Price::from_raw(1), .most = index_.price_max};
  if (const auto refused = quote.check(guard_)) return refused;
  return accept(quote.middle(), tick.number, tick.venue_time, now);
}

std::optional<Refusal> SourceBook::apply(const SourcePriced& tick, EventTime now) noexcept {
  if (tick.price.raw() <= 0 || tick.price > index_.price_max) return Refusal::price_out_of_range;
  return accept(tick.price, tick.number, tick.venue_time, now);
}

std::optional<Refusal> SourceBook::accept(Price price, ExternalId number, EventTime venue_time,
                                          EventTime now) noexcept {
  if (number.raw() != 0 && number <= number_) return Refusal::number_repeated;
  if (const auto refused = clock_.check(guard_, now, venue_time)) return refused;
  if (number.raw() != 0) number_ = number;
  price_ = price;
  last_ = now;
  interrupted_ = false;
  return {};
}

void SourceBook::interrupt() noexcept {
  interrupted_ = true;
  number_ = {};  // A venue may count anew after a disconnect, by another clock.
  clock_ = {};
}

void SourceBook::end_quarantine() noexcept {
  quarantined_ = false;
  clamped_ = 0;
}

void SourceBook::release() noexcept {
  end_quarantine();
  number_ = {};  // Whatever they were, they may have been lies.
  clock_ = {};
}

void SourceBook::judge(bool within, EventTime now) noexcept {
  if (quarantined_) end_quarantine();  // It is over, or nobody would ask.
  clamped_ = within ? 0 : clamped_ + 1;
  if (index_.quarantine_after == 0 || clamped_ < index_.quarantine_after) return;
  quarantined_ = true;
  const bool timed = index_.quarantine_time.raw() != 0;
  quarantined_until_ = timed ? now + index_.quarantine_time : EventTime{};
}

SourceState SourceBook::state(EventTime now) const noexcept {
  if (price_.raw() == 0) return SourceState::waiting;
  if (quarantined_ && (quarantined_until_.raw() == 0 || now < quarantined_until_)) {
    return SourceState::quarantined;
  }
  if (interrupted_) return SourceState::interrupted;
  const bool stale = guard_.age_max.raw() != 0 && now >= last_ + guard_.age_max;
  return stale ? SourceState::stale : SourceState::live;
}

EventTime SourceBook::due(EventTime now) const noexcept {
  Earliest first{now};
  if (price_.raw() == 0) return {};
  if (quarantined_ && quarantined_until_.raw() != 0) first.consider(quarantined_until_);
  if (!interrupted_ && guard_.age_max.raw() != 0) first.consider(last_ + guard_.age_max);
  return first.time();
}

}  // namespace plimsoll::market
