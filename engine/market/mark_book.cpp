#include "engine/market/mark_book.hpp"

#include <algorithm>

#include "engine/market/book_quote.hpp"
#include "engine/market/earliest.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::market {
namespace {

using reference::MarkMethod;

const reference::Guard& guard_of(const reference::Reference& reference, InstrumentId id) {
  static const reference::Guard kNone{};
  const GuardId guard = reference.instruments[id.raw()].mark.guard;
  return guard == kNoGuard ? kNone : reference.guards[guard.raw()];
}

Price middle_of_three(Price a, Price b, Price c) noexcept {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

}  // namespace

MarkBook::MarkBook(const reference::Reference& reference, InstrumentId id)
    : instrument_{reference.instruments[id.raw()]},
      guard_{guard_of(reference, id)},
      basis_{instrument_.mark},
      trust_{guard_, instrument_.price_min, instrument_.price_max},
      settlement_{instrument_.mark, instrument_.expiry} {}

bool MarkBook::usable(Price price) const noexcept {
  return price >= instrument_.price_min && price <= instrument_.price_max;
}

std::optional<Refusal> MarkBook::accept(Last& last, Price price, EventTime venue_time,
                                        EventTime now) noexcept {
  if (const auto refused = last.clock.check(guard_, now, venue_time)) return refused;
  last.price = price;
  last.time = now;
  last.whole = true;
  return {};
}

std::optional<Refusal> MarkBook::apply(const BookQuoted& tick, EventTime now) noexcept {
  const BookQuote quote{.bid = tick.bid,
                        .ask = tick.ask,
                        .least = instrument_.price_min,
                        .most = instrument_.price_max};
  if (const auto refused = quote.check(guard_)) return refused;
  return accept(book_, quote.middle(), tick.venue_time, now);
}

std::optional<Refusal> MarkBook::apply(const MarkPublished& tick, EventTime now) noexcept {
  if (!usable(tick.mark)) return Refusal::price_out_of_range;
  return accept(mark_, tick.mark, tick.venue_time, now);
}

std::optional<Refusal> MarkBook::apply(const TradePrinted& tick, EventTime now) noexcept {
  if (!usable(tick.price)) return Refusal::price_out_of_range;
  return accept(trade_, tick.price, tick.venue_time, now);
}

void MarkBook::interrupt() noexcept {
  for (Last* last : {&book_, &mark_, &trade_}) {
    last->whole = false;
    last->clock = {};
  }
}

bool MarkBook::fresh(const Last& last, EventTime now) const noexcept {
  if (last.price.raw() == 0 || !last.whole) return false;
  return guard_.age_max.raw() == 0 || now < last.time + guard_.age_max;
}

Candidate MarkBook::candidate_of(const Last& last, EventTime now) const noexcept {
  if (fresh(last, now)) return {.price = last.price};
  const bool lost = last.price.raw() != 0 && !last.whole;
  return {.price = {}, .reason = lost ? TrustReason::interrupted : TrustReason::stale};
}

Price MarkBook::with_funding(Price index, Rate rate, EventTime now) const noexcept {
  const std::int64_t period = instrument_.mark.funding_period.raw();
  const std::int64_t left = period - (now.raw() % period);
  const Int128 due = Int128{rate.raw()} * left / period;
  const Int128 premium = Int128{index.raw()} * due / kRateOne;
  return Price::from_raw(narrow(std::max<Int128>(1, index.raw() + premium)));
}

Price MarkBook::mark_at(Price index, const IndexView& view, EventTime now) const noexcept {
  const Price basis = basis_.mark(index);
  Price mark = basis;
  if (instrument_.mark.method == MarkMethod::median) {
    const Price funding = with_funding(index, view.funding, now);
    Price market = funding;
    if (fresh(book_, now)) {
      market = book_.price;
    } else if (fresh(trade_, now)) {
      market = trade_.price;
    }
    mark = middle_of_three(funding, basis, market);
  }
  return std::clamp(mark, instrument_.price_min, instrument_.price_max);
}

Candidate MarkBook::candidate(const IndexView& index, EventTime now) noexcept {
  switch (instrument_.mark.method) {
    case MarkMethod::automatic:
      return candidate_of(mark_.price.raw() != 0 ? mark_ : book_, now);
    case MarkMethod::venue:
      return candidate_of(mark_, now);
    case MarkMethod::middle:
      return candidate_of(book_, now);
    case MarkMethod::last_trade:
      return candidate_of(trade_, now);
    case MarkMethod::index_basis:
    case MarkMethod::median:
      break;
  }
  const TrustedPrice::View& view = index.view;
  if (view.price.raw() == 0) return {.price = {}, .reason = TrustReason::index};
  if (!view.frozen()) {
    basis_.update(view.price, fresh(book_, now) ? book_.price : Price{}, now);
    return {.price = mark_at(view.price, index, now)};
  }
  return {.price = mark_at(view.price, index, now),
          .follows_frozen = true,
          .low = mark_at(view.low, index, now),
          .high = mark_at(view.high, index, now)};
}

void MarkBook::update(const IndexView& index, EventTime now) noexcept {
  trust_.update(candidate(index, now), now);
}

std::optional<SettlementAveraged> MarkBook::sample(InstrumentId id, const IndexView& index,
                                                   EventTime now) {
  bool sampled = false;
  while (settlement_.due().raw() != 0 && settlement_.due() <= now) {
    const bool good = settlement_.due() == now && !index.view.frozen();
    settlement_.sample(good ? index.view.price : Price{});
    sampled = true;
  }
  if (!sampled || !settlement_.complete()) return {};
  return settlement_.result(id);
}

EventTime MarkBook::due(EventTime now) const noexcept {
  Earliest first{now};
  if (guard_.age_max.raw() != 0) {
    for (const Last* last : {&book_, &mark_, &trade_}) {
      if (last->price.raw() != 0 && last->whole) first.consider(last->time + guard_.age_max);
    }
  }
  first.consider(trust_.due());
  first.consider(settlement_.due());
  return first.time();
}

}  // namespace plimsoll::market
