#include "engine/ledger/booking.hpp"

namespace plimsoll::ledger {
namespace {

Int128 magnitude(Int128 x) noexcept {
  return x < 0 ? -x : x;
}

/// Adds a part of the fill that opens: the entry value grows by what is paid.
void open(Booking& booking, Int128 quantity, Price price, std::int64_t divisor) noexcept {
  const Exchanged cash = exchange_of(quantity * price.raw(), divisor);
  booking.after.quantity += quantity;
  booking.after.entry_value += cash.paid;
  booking.rest_of_world += cash.received;
  booking.rounding += cash.paid - cash.received;
}

/// Adds a part of the fill that closes at most the whole holding.
void reduce(Booking& booking, Int128 quantity, Price price, std::int64_t divisor) noexcept {
  const Exchanged cash = exchange_of(quantity * price.raw(), divisor);
  Holding& holding = booking.after;
  const Int128 closed = magnitude(quantity);
  const Int128 share =
      closed == magnitude(holding.quantity)
          ? holding.entry_value
          : divide_ceil<Int128>(holding.entry_value * closed, magnitude(holding.quantity));
  booking.realised += -cash.paid - share;
  booking.rest_of_world += cash.received;
  booking.rounding += cash.paid - cash.received;
  holding.entry_value -= share;
  holding.quantity += quantity;
}

}  // namespace

Exchanged exchange_of(Int128 product, Int128 divisor) noexcept {
  return {divide_ceil<Int128>(product, divisor), divide_floor<Int128>(product, divisor)};
}

Booking book_fill(const Holding& before, Quantity quantity, Price price,
                  std::int64_t value_divisor) noexcept {
  PLIMSOLL_ASSERT(quantity.raw() != 0);
  Booking booking{.after = before};
  const Int128 filled = quantity.raw();
  const bool opposite = before.quantity != 0 && (before.quantity < 0) != (filled < 0);
  if (!opposite) {
    open(booking, filled, price, value_divisor);
  } else if (magnitude(filled) <= magnitude(before.quantity)) {
    reduce(booking, filled, price, value_divisor);
  } else {
    reduce(booking, -before.quantity, price, value_divisor);
    open(booking, filled + before.quantity, price, value_divisor);
  }
  return booking;
}

}  // namespace plimsoll::ledger
