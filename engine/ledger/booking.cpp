#include "engine/ledger/booking.hpp"

namespace plimsoll::ledger {
namespace {

Int128 magnitude(Int128 x) noexcept {
  return x < 0 ? -x : x;
}

/// Adds a part of the fill that opens: the entry value grows by what is paid.
void open(Booking& booking, Int128 quantity, Price price,
          const reference::Instrument& instrument) noexcept {
  const reference::Turnover cash = reference::turnover(instrument, quantity, price);
  const Int128 paid = cash.ceil();
  const Int128 received = cash.floor();
  booking.after.quantity += quantity;
  booking.after.entry_value += paid;
  booking.rest_of_world += received;
  booking.rounding += paid - received;
}

/// Adds a part of the fill that closes at most the whole holding.
void reduce(Booking& booking, Int128 quantity, Price price,
            const reference::Instrument& instrument) noexcept {
  const reference::Turnover cash = reference::turnover(instrument, quantity, price);
  const Int128 paid = cash.ceil();
  const Int128 received = cash.floor();
  Holding& holding = booking.after;
  const Int128 closed = magnitude(quantity);
  const Int128 share =
      closed == magnitude(holding.quantity)
          ? holding.entry_value
          : divide_ceil<Int128>(holding.entry_value * closed, magnitude(holding.quantity));
  booking.realised += -paid - share;
  booking.rest_of_world += received;
  booking.rounding += paid - received;
  holding.entry_value -= share;
  holding.quantity += quantity;
}

}  // namespace

Booking book_fill(const Holding& before, Quantity quantity, Price price,
                  const reference::Instrument& instrument) noexcept {
  PLIMSOLL_ASSERT(quantity.raw() != 0);
  Booking booking{.after = before};
  const Int128 filled = quantity.raw();
  const bool opposite = before.quantity != 0 && (before.quantity < 0) != (filled < 0);
  if (!opposite) {
    open(booking, filled, price, instrument);
  } else if (magnitude(filled) <= magnitude(before.quantity)) {
    reduce(booking, filled, price, instrument);
  } else {
    reduce(booking, -before.quantity, price, instrument);
    open(booking, filled + before.quantity, price, instrument);
  }
  return booking;
}

}  // namespace plimsoll::ledger
