#include "engine/market/source.hpp"

namespace plimsoll::market {
namespace {

/// Is the book wider than the guard lets it be?
bool too_wide(const reference::Guard& guard, Price bid, Price ask) noexcept {
  if (guard.spread_max.raw() == 0) return false;
  return (Int128{ask.raw()} - bid.raw()) * kRateOne > Int128{bid.raw()} * guard.spread_max.raw();
}

}  // namespace

std::optional<Refusal> SourceBook::apply(const SourceQuoted& tick, EventTime now) noexcept {
  if (tick.bid.raw() <= 0 || tick.ask > index_.price_max || tick.bid >= tick.ask) {
    return Refusal::price_out_of_range;
  }
  if (too_wide(guard_, tick.bid, tick.ask)) return Refusal::spread_too_wide;
  const Int128 sum = Int128{tick.bid.raw()} + tick.ask.raw();
  return accept(Price::from_raw(narrow(sum / 2)), tick.number, tick.venue_time, now);
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
  number_ = {};  // A venue may count anew after a disconnect.
}

void SourceBook::end_quarantine() noexcept {
  quarantined_ = false;
  clamped_ = 0;
}

void SourceBook::release() noexcept {
  end_quarantine();
  number_ = {};  // Whatever it was, it may have been a lie.
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
  EventTime first;
  const auto consider = [&](EventTime time) {
    if (time > now && (first.raw() == 0 || time < first)) first = time;
  };
  if (price_.raw() == 0) return {};
  if (quarantined_ && quarantined_until_.raw() != 0) consider(quarantined_until_);
  if (!interrupted_ && guard_.age_max.raw() != 0) consider(last_ + guard_.age_max);
  return first;
}

}  // namespace plimsoll::market
