#pragma once

#include "engine/reference/turnover.hpp"

// The arithmetic of a fill, without any account around it. All rounding is against the holder.

namespace plimsoll::ledger {

/// Quantity and entry value of an open position, before or after a fill.
struct Holding {
  Int128 quantity{0};
  Int128 entry_value{0};
};

/// What a fill does to a holding and to money.
struct Booking {
  Holding after;
  Int128 realised{0};       // into the balance; 0 for a pure opening
  Int128 rest_of_world{0};  // into the account of the rest of the world
  Int128 rounding{0};       // into the account of rounding, never negative
};

/// Books a fill of signed `quantity` at `price` on `before`: opening, reducing or flipping.
/// (balance - entry value) of the holder, rest of world and rounding change by amounts that sum to
/// zero. REQUIRES: quantity != 0.
[[nodiscard]] Booking book_fill(const Holding& before, Quantity quantity, Price price,
                                const reference::Instrument& instrument) noexcept;

}  // namespace plimsoll::ledger
