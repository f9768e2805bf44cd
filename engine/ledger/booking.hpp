#pragma once

#include "engine/reference/reference.hpp"
#include "engine/value/integer.hpp"

// The arithmetic of a fill, without any account around it. All rounding is against the holder.

namespace plimsoll::ledger {

/// An amount that changed hands: the holder pays `paid`, the rest of the world gets `received`, and
/// what rounding leaves between the two is at least 0.
struct Exchanged {
  Int128 paid;
  Int128 received;
};

/// quantity * price / divisor, rounded up for the payer and down for the receiver. Signed: a
/// negative amount flows the other way.
[[nodiscard]] Exchanged exchange_of(Int128 product, Int128 divisor) noexcept;

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
                                std::int64_t value_divisor) noexcept;

}  // namespace plimsoll::ledger
