#pragma once

#include <optional>

#include "engine/message/event.hpp"
#include "engine/reference/price_rules.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::market {

/// Bid and ask of some market, and between which prices they may lie.
struct BookQuote {
  Price bid;
  Price ask;
  Price least;
  Price most;

  /// Why the middle of such a book is no price, or nothing.
  [[nodiscard]] std::optional<Refusal> check(const reference::Guard& guard) const noexcept {
    if (bid < least || ask > most || bid >= ask) return Refusal::price_out_of_range;
    const Int128 spread = Int128{ask.raw()} - bid.raw();
    const Int128 allowed = Int128{bid.raw()} * guard.spread_max.raw();
    const bool limited = guard.spread_max.raw() != 0;
    if (limited && spread * kRateOne > allowed) return Refusal::spread_too_wide;
    return {};
  }
  /// Rounded down. REQUIRES: check() found nothing.
  [[nodiscard]] Price middle() const noexcept {
    return Price::from_raw(bid.raw() + (ask.raw() - bid.raw()) / 2);
  }
};

}  // namespace plimsoll::market
