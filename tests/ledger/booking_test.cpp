// What one fill does to a holding: by hand, and what holds for any of them.

#include "engine/ledger/booking.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/ledger/any_integer.hpp"

namespace plimsoll::ledger {
namespace {

using testing::any_in;
using testing::any_magnitude;
using testing::any_signed;

constexpr std::int64_t kTen = 10;  // the divisor of the cases by hand

Booking fill(const Holding& before, std::int64_t quantity, std::int64_t price,
             std::int64_t divisor = kTen) {
  reference::Instrument instrument;
  instrument.denominator = divisor;
  return book_fill(before, Quantity::from_raw(quantity), Price::from_raw(price), instrument);
}

void expect_booking(const Booking& booking, const Booking& expected) {
  EXPECT_EQ(narrow(booking.after.quantity), narrow(expected.after.quantity));
  EXPECT_EQ(narrow(booking.after.entry_value), narrow(expected.after.entry_value));
  EXPECT_EQ(narrow(booking.realised), narrow(expected.realised));
  EXPECT_EQ(narrow(booking.rest_of_world), narrow(expected.rest_of_world));
  EXPECT_EQ(narrow(booking.rounding), narrow(expected.rounding));
}

TEST(Booking, OpeningRoundsAgainstTheHolderLongAndShort) {
  // 3 x 5 / 10 = 1.5: a buyer pays 2 of which 1 arrives; a seller gets 1 of the 2 that were paid.
  expect_booking(fill({}, 3, 5), {{3, 2}, 0, 1, 1});
  expect_booking(fill({}, -3, 5), {{-3, -1}, 0, -2, 1});
  expect_booking(fill({3, 2}, 2, 10), {{5, 4}, 0, 2, 0});
}

TEST(Booking, ReducingRealisesItsShareOfTheEntryValue) {
  // A third of 2 rounds up to 1; 0.7 received is nothing.
  expect_booking(fill({3, 2}, -1, 7), {{2, 1}, -1, -1, 1});
  // Short 4 with E = -5: a quarter is -1.25, rounded up to -1; buying back costs 1.2, so 2.
  expect_booking(fill({-4, -5}, 1, 12), {{-3, -4}, -1, 1, 1});
  // A negative entry value of a long (fills at other prices, rounding) goes the same way.
  expect_booking(fill({3, -5}, -2, 10), {{1, -2}, 5, -2, 0});
}

TEST(Booking, AFullCloseLeavesNothing) {
  expect_booking(fill({3, 7}, -3, 20), {{0, 0}, -1, -6, 0});
  expect_booking(fill({-3, -7}, 3, 20), {{0, 0}, 1, 6, 0});
}

TEST(Booking, AFlipRoundsEachPartOnItsOwn) {
  // Sells 3 to close (1.5: gets 1) and 4 more (2.0); 7 at once would have given 3.
  expect_booking(fill({3, 2}, -7, 5), {{-4, -2}, -1, -4, 1});
  // Both parts inexact: rounding of two units.
  expect_booking(fill({1, 1}, -4, 5), {{-3, -1}, -1, -3, 2});
}

/// Any holding that could be, and a fill of up to a few times its size.
struct Case {
  Holding before;
  std::int64_t quantity;
  std::int64_t price;
  std::int64_t divisor;
};

Case any_case() {
  Case any;
  any.before.quantity = any_signed(40);
  if (any.before.quantity != 0) any.before.entry_value = any_signed(56);
  any.quantity = any_signed(41);
  if (any.quantity == 0) any.quantity = 1;
  any.price = any_magnitude(50);
  any.divisor = power_of_ten(static_cast<int>(any_in(0, 12)));
  return any;
}

Booking book(const Case& any) {
  return fill(any.before, any.quantity, any.price, any.divisor);
}

/// What the holder is worth apart from the mark: it changes by what others get, with the sign
/// turned.
Int128 change_of_wealth(const Holding& before, const Booking& booking) {
  return booking.realised - (booking.after.entry_value - before.entry_value);
}

Int128 magnitude(Int128 x) {
  return x < 0 ? -x : x;
}

TEST(Booking, NothingIsCreatedOrLostByAnyFill) {
  EXPECT_TRUE(rc::check([] {
    const Case any = any_case();
    const Booking booking = book(any);
    RC_ASSERT(change_of_wealth(any.before, booking) + booking.rest_of_world + booking.rounding ==
              0);
    RC_ASSERT(booking.after.quantity == any.before.quantity + any.quantity);
    RC_ASSERT(booking.after.quantity != 0 || booking.after.entry_value == 0);
  }));
}

TEST(Booking, RoundingIsNeverNegativeAndAtMostAUnitAPart) {
  EXPECT_TRUE(rc::check([] {
    const Case any = any_case();
    const bool flips = any.before.quantity != 0 &&
                       (any.before.quantity < 0) != (any.quantity < 0) &&
                       magnitude(any.quantity) > magnitude(any.before.quantity);
    const Booking booking = book(any);
    RC_ASSERT(booking.rounding >= 0);
    RC_ASSERT(booking.rounding <= (flips ? 2 : 1));
  }));
}

TEST(Booking, ThereAndBackAtOnePriceCostsExactlyTheRounding) {
  EXPECT_TRUE(rc::check([] {
    Case any = any_case();
    const Booking there = book(any);
    const Booking back = fill(there.after, -any.quantity, any.price, any.divisor);
    const Int128 cost = -change_of_wealth(any.before, there) - change_of_wealth(there.after, back);
    RC_ASSERT(cost == there.rounding + back.rounding + there.rest_of_world + back.rest_of_world);
    RC_ASSERT(cost >= 0);
    RC_ASSERT(cost <= there.rounding + back.rounding);
    RC_ASSERT(back.after.quantity == any.before.quantity);
  }));
}

TEST(Booking, APartialCloseKeepsTheAverageEntryPriceToTheUnit) {
  EXPECT_TRUE(rc::check([] {
    Case any = any_case();
    RC_PRE(any.before.quantity > 1 || any.before.quantity < -1);
    const std::int64_t size = narrow(magnitude(any.before.quantity));
    const std::int64_t part = any_in(1, size - 1);
    const Booking booking =
        fill(any.before, any.before.quantity < 0 ? part : -part, any.price, any.divisor);
    const Int128 exact = any.before.entry_value * (size - part);  // the remainder, times size
    const Int128 missing = exact - booking.after.entry_value * size;
    RC_ASSERT(missing >= 0);
    RC_ASSERT(missing < size);
  }));
}

TEST(Booking, ClosingInPiecesRealisesTheWholeEntryValue) {
  EXPECT_TRUE(rc::check([] {
    const Case any = any_case();
    Holding holding = any.before;
    Int128 realised = 0;
    Int128 received = 0;  // by the holder
    for (int piece = 0; holding.quantity != 0; ++piece) {
      const std::int64_t left = narrow(magnitude(holding.quantity));
      const std::int64_t size = piece == 5 ? left : any_in(1, left);
      const Booking booking =
          fill(holding, holding.quantity < 0 ? size : -size, any.price, any.divisor);
      realised += booking.realised;
      received -= booking.rest_of_world + booking.rounding;
      holding = booking.after;
    }
    RC_ASSERT(holding.entry_value == 0);
    RC_ASSERT(realised == received - any.before.entry_value);
  }));
}

}  // namespace
}  // namespace plimsoll::ledger
