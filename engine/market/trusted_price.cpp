#include "engine/market/trusted_price.hpp"

#include <algorithm>

#include "engine/value/integer.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::market {

using reference::AfterFreeze;

bool TrustedPrice::is_limited() const noexcept {
  return view_.trust == Trust::frozen && view_.reason != TrustReason::index &&
         guard_.freeze_max.raw() != 0 && guard_.after == AfterFreeze::accept;
}

EventTime TrustedPrice::due() const noexcept {
  if (view_.trust == Trust::overridden) return expires_;
  return is_limited() ? frozen_since_ + guard_.freeze_max : kNever;
}

void TrustedPrice::believe(Price price, EventTime now, Trust trust, TrustReason reason) noexcept {
  view_ = {.price = price, .low = price, .high = price, .trust = trust, .reason = reason};
  far_since_ = kNever;
  if (trust == Trust::trusted && reason == TrustReason::good && anchor_.raw() != 0) return;
  anchor_ = price;
  anchored_ = now;
}

void TrustedPrice::override_with(Price price, EventTime expires, EventTime now) noexcept {
  believe(price, now, Trust::overridden, TrustReason::override_set);
  expires_ = expires;
}

void TrustedPrice::cover(const Candidate& candidate) noexcept {
  if (candidate.price.raw() == 0) return;
  view_.low = std::min(view_.low, candidate.price);
  view_.high = std::max(view_.high, candidate.price);
}

void TrustedPrice::freeze(const Candidate& candidate, TrustReason reason, EventTime now) noexcept {
  if (view_.trust != Trust::frozen) {
    const Int128 price = view_.price.raw();
    const Int128 off = divide_ceil<Int128>(price * guard_.freeze_width.raw(), kRateOne);
    view_.low = Price::from_raw(narrow(std::max<Int128>(1, price - off)));
    view_.high = Price::from_raw(narrow(std::min<Int128>(price_max_.raw(), price + off)));
    view_.high = std::max(view_.high, view_.price);
    frozen_since_ = now;
  }
  view_.trust = Trust::frozen;
  view_.reason = reason;
  cover(candidate);
}

bool TrustedPrice::is_far(Price price, Price from) const noexcept {
  if (guard_.velocity_max.raw() == 0) return false;
  const Int128 moved = magnitude(Int128{price.raw()} - from.raw());
  return moved * kRateOne > Int128{from.raw()} * guard_.velocity_max.raw();
}

void TrustedPrice::follow(const Candidate& candidate) noexcept {
  view_ = {.price = candidate.price,
           .low = candidate.low,
           .high = candidate.high,
           .trust = Trust::frozen,
           .reason = TrustReason::index};
  far_since_ = kNever;
}

void TrustedPrice::update(const Candidate& candidate, EventTime now) noexcept {
  TrustReason good = TrustReason::good;
  if (view_.trust == Trust::overridden) {
    if (now < expires_) return;
    good = TrustReason::override_over;
    believe(view_.price, now, Trust::trusted, good);
  }
  if (candidate.follows_frozen) return follow(candidate);
  if (view_.trust == Trust::frozen && view_.reason == TrustReason::index) {
    // What it follows is believed again, and so is it.
    const Price price = candidate.price.raw() != 0 ? candidate.price : view_.price;
    believe(price, now, Trust::trusted, TrustReason::index);
    view_.reason = TrustReason::good;
    if (candidate.price.raw() != 0) return;
  }
  if (is_limited() && now >= frozen_since_ + guard_.freeze_max) {
    const Price price = candidate.price.raw() != 0 ? candidate.price : view_.price;
    return believe(price, now, Trust::degraded, TrustReason::time_limit);
  }
  take(candidate, now, good);
}

void TrustedPrice::take(const Candidate& candidate, EventTime now, TrustReason good) noexcept {
  if (candidate.price.raw() == 0) {
    far_since_ = kNever;
    // A degraded price is all there is, until there is a better one.
    if (view_.price.raw() == 0 || view_.trust == Trust::degraded) return;
    return freeze(candidate, candidate.reason, now);
  }
  if (view_.price.raw() == 0) return believe(candidate.price, now, Trust::trusted, good);
  if (far_since_ == kNever && (now - anchored_).raw() >= guard_.velocity_window.raw()) {
    anchor_ = view_.price;
    anchored_ = now;
  }
  if (!is_far(candidate.price, anchor_)) {
    return believe(candidate.price, now, Trust::trusted, good);
  }
  const bool agrees = far_since_ != kNever && !is_far(candidate.price, far_);
  far_ = candidate.price;
  if (!agrees) {
    far_since_ = now;
  } else if ((now - far_since_).raw() >= guard_.velocity_hold.raw() &&
             candidate.sources >= guard_.velocity_sources) {
    return believe(candidate.price, now, Trust::trusted, TrustReason::confirmed);
  }
  freeze(candidate, TrustReason::velocity, now);
}

}  // namespace plimsoll::market
