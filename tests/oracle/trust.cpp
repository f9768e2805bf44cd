#include "tests/oracle/trust.hpp"

#include <algorithm>

#include "tests/oracle/arithmetic.hpp"

namespace plimsoll::oracle {
namespace {

constexpr Int128 kCell = Int128{10} * 1'000'000'000;

void trust_at(Factor& factor, Int128 price, TrustReason reason, Trust trust = Trust::trusted) {
  factor.view = {price, price, price, trust, reason};
}

void anchor_at(Factor& factor, Int128 price, Int128 now) {
  factor.anchor = price;
  factor.anchored_at = now;
}

struct Freezing {
  const reference::Guard& guard;
  Int128 price_max;
  Int128 now;
  Mistake mistake;
};

void freeze(Factor& factor, TrustReason reason, const std::optional<Int128>& candidate,
            const Freezing& terms) {
  View& view = factor.view;
  if (!view.is_frozen()) {
    const Int128 width = terms.guard.freeze_width.raw();
    const Int128 off = terms.mistake == Mistake::freeze_width_rounded_down
                           ? floor_of_product(view.price, width, kOne)
                           : ceil_of_product(view.price, width, kOne);
    view.low = std::max(Int128{1}, view.price - off);
    view.high = std::max(view.price, std::min(terms.price_max, view.price + off));
    factor.frozen_since = terms.now;
  }
  view.trust = Trust::frozen;
  view.reason = reason;
  if (!candidate) return;
  view.low = std::min(view.low, *candidate);
  view.high = std::max(view.high, *candidate);
}

}  // namespace

ClockVerdict check_clock(const reference::Guard& guard, const Stream& stream,
                         const TickTime& tick) {
  if (guard.clock_error_max.raw() == 0 || tick.venue == 0) return ClockVerdict::good;
  const Int128 delay = tick.event - tick.venue;
  if (absolute(delay) > guard.clock_error_max.raw()) {
    return delay > 0 ? ClockVerdict::late : ClockVerdict::future;
  }
  std::optional<Int128> usual;
  const Int128 cell = floor_of(tick.event, kCell);
  for (const auto& [time, other] : stream.delays) {
    const Int128 own = floor_of(time, kCell);
    if (own != cell && own != cell - 1) continue;
    usual = usual ? std::min(*usual, other) : other;
  }
  if (usual && guard.age_max.raw() != 0 && delay - *usual > guard.age_max.raw()) {
    return ClockVerdict::late;
  }
  if (usual && guard.skew_max.raw() != 0 && *usual - delay > guard.skew_max.raw()) {
    return ClockVerdict::future;
  }
  const bool back = stream.venue_time && tick.venue < *stream.venue_time;
  return back ? ClockVerdict::back : ClockVerdict::good;
}

void note_tick(Stream& stream, const TickTime& tick) {
  if (tick.venue == 0) return;
  stream.venue_time = tick.venue;
  stream.delays.emplace_back(tick.event, tick.event - tick.venue);
}

void override_factor(Factor& factor, Int128 price, Int128 expires, Int128 now) {
  trust_at(factor, price, TrustReason::override_set, Trust::overridden);
  factor.override_expires = expires;
  factor.far_since.reset();
  anchor_at(factor, price, now);
}

void believe(Factor& factor, const reference::Guard& guard, Int128 price_max, const Wanted& wanted,
             Int128 now, Mistake mistake) {
  View& view = factor.view;
  const std::optional<Int128>& candidate = wanted.candidate;
  const Freezing terms{guard, price_max, now, mistake};
  TrustReason good = TrustReason::good;
  if (view.trust == Trust::overridden) {  // 1
    if (now < factor.override_expires) return;
    good = TrustReason::override_over;
    trust_at(factor, view.price, good);
    anchor_at(factor, view.price, now);
  }
  if (wanted.followed) {  // 2
    view = {wanted.followed->price, wanted.followed->low, wanted.followed->high, Trust::frozen,
            TrustReason::index};
    factor.far_since.reset();
    return;
  }
  if (view.is_frozen() && view.reason == TrustReason::index) {
    trust_at(factor, candidate.value_or(view.price), TrustReason::good);
    anchor_at(factor, view.price, now);
    factor.far_since.reset();
    if (candidate) return;
  }
  const bool ends = guard.freeze_max.raw() != 0 && guard.after == reference::AfterFreeze::accept;
  if (view.is_frozen() && ends && now >= factor.frozen_since + guard.freeze_max.raw()) {  // 3
    trust_at(factor, candidate.value_or(view.price), TrustReason::time_limit, Trust::degraded);
    anchor_at(factor, view.price, now);
    factor.far_since.reset();
    return;
  }
  if (!candidate) {  // 4
    factor.far_since.reset();
    if (view.price == 0 || view.trust == Trust::degraded) return;
    freeze(factor, wanted.missing, candidate, terms);
    return;
  }
  if (view.price == 0) {  // 5
    trust_at(factor, *candidate, TrustReason::good);
    anchor_at(factor, *candidate, now);
    return;
  }
  // 6
  const bool moves = mistake != Mistake::anchor_never_moves;
  if (moves && !factor.far_since && now - factor.anchored_at >= guard.velocity_window.raw()) {
    anchor_at(factor, view.price, now);
  }
  const bool far = guard.velocity_max.raw() != 0 && absolute(*candidate - factor.anchor) * kOne >
                                                        factor.anchor * guard.velocity_max.raw();
  if (!far) {
    trust_at(factor, *candidate, good);
    factor.far_since.reset();
    if (good == TrustReason::override_over) anchor_at(factor, *candidate, now);
    return;
  }
  // 7
  const bool apart =
      absolute(*candidate - factor.far) * kOne > factor.far * guard.velocity_max.raw();
  factor.far = *candidate;
  if (!factor.far_since || apart) {
    factor.far_since = now;
  } else if (now - *factor.far_since >= guard.velocity_hold.raw() && wanted.enough_sources) {
    trust_at(factor, *candidate, TrustReason::confirmed);
    anchor_at(factor, *candidate, now);
    factor.far_since.reset();
    return;
  }
  freeze(factor, TrustReason::velocity, candidate, terms);
}

}  // namespace plimsoll::oracle
