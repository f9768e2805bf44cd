#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/exchange/exchange.hpp"
#include "tests/ledger/any_integer.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::exchange {
namespace {

using ledger::testing::any_in;
using ledger::testing::any_magnitude;

constexpr std::int64_t kOne = 1'000'000'000;  // a price of 1

std::int64_t btc_price(bool buys, std::int64_t size, std::int64_t mark) {
  static const reference::Reference kReference = support::small_reference();
  return slipped_price(kReference.instruments[0], kReference.exchange, buys, size,
                       Price::from_raw(mark))
      .raw();
}

// Half spread 0.01 %, impact 0.1 % a million of notional, tick 0.1.
TEST(SlippedPrice, IsRightByHand) {
  // 0.001 BTC at 60,000: 60 of notional, impact 60e-9; 60,000 x 1.00010006 = 60,006.0036.
  EXPECT_EQ(btc_price(true, 1, 60'000 * kOne), 60'006'100'000'000);
  EXPECT_EQ(btc_price(false, 1, 60'000 * kOne), 59'993'900'000'000);
  // 100 BTC: six million, impact 0.6 %; 60,000 x 0.0061 = 366, on the tick.
  EXPECT_EQ(btc_price(true, 100'000, 60'000 * kOne), 60'366 * kOne);
  EXPECT_EQ(btc_price(false, 100'000, 60'000 * kOne), 59'634 * kOne);
  // 10,000 BTC: 60 %, but never more than 5 %.
  EXPECT_EQ(btc_price(true, 10'000'000, 60'000 * kOne), 63'000 * kOne);
  EXPECT_EQ(btc_price(false, 10'000'000, 60'000 * kOne), 57'000 * kOne);
}

// 0.04 BTC at 50,000: impact 2,000e-9 gives 50,005.1 exactly; a little less depth, a little more.
TEST(SlippedPrice, RoundsTheImpactUp) {
  reference::Reference reference = support::small_reference();
  const auto price = [&] {
    return slipped_price(reference.instruments[0], reference.exchange, true, 40,
                         Price::from_raw(50'000 * kOne))
        .raw();
  };
  EXPECT_EQ(price(), 50'005'100'000'000);
  reference.exchange.depth = Amount::from_raw(999'800'000'000);
  EXPECT_EQ(price(), 50'005'200'000'000);
}

TEST(SlippedPrice, StaysWithinOneTickAndTheLargestPrice) {
  EXPECT_EQ(btc_price(true, 1, 1'000'000 * kOne), 1'000'000 * kOne);
  EXPECT_EQ(btc_price(false, 1, 100'000'000), 100'000'000);
  EXPECT_EQ(btc_price(false, 1, 1), 100'000'000);  // one tick, although the mark is below it
}

/// An order of any size at any mark of any reference.
struct Case {
  reference::Instrument instrument;
  reference::Exchange rules;
  bool buys;
  std::int64_t size;
  Price mark;

  [[nodiscard]] std::int64_t price_of(std::int64_t of_size) const {
    return slipped_price(instrument, rules, buys, of_size, mark).raw();
  }
};

Case any_case() {
  const reference::Reference reference =
      support::random_reference(static_cast<std::uint64_t>(any_in(0, 1'000'000)));
  const auto last = static_cast<std::int64_t>(reference.instruments.size()) - 1;
  const auto& instrument = reference.instruments[static_cast<std::size_t>(any_in(0, last))];
  const std::int64_t mark =
      std::clamp(any_magnitude(60), instrument.price_min.raw(), instrument.price_max.raw());
  return {instrument, reference.exchange, ledger::testing::any_bool(), any_magnitude(50),
          Price::from_raw(mark)};
}

TEST(SlippedPrice, IsOnTheTickGridAwayFromTheMarkUnlessALimitStopsIt) {
  EXPECT_TRUE(rc::check([] {
    const Case any = any_case();
    const std::int64_t price = any.price_of(any.size);
    const std::int64_t tick = any.instrument.tick.raw();
    const std::int64_t most = any.instrument.price_max.raw();
    const std::int64_t least = std::max(tick, any.instrument.price_min.raw());
    RC_ASSERT(price >= std::min(least, most) && price <= most);
    RC_ASSERT(price % tick == 0 || (any.buys && price == most));
    if (any.buys) RC_ASSERT(price >= any.mark.raw());
    if (!any.buys) RC_ASSERT(price <= any.mark.raw() || price == least);
  }));
}

TEST(SlippedPrice, NeverImprovesWithSize) {
  EXPECT_TRUE(rc::check([] {
    const Case any = any_case();
    const std::int64_t more = any.size + any_magnitude(30);
    const std::int64_t difference = any.price_of(more) - any.price_of(any.size);
    RC_ASSERT((any.buys ? difference : -difference) >= 0);
  }));
}

TEST(SlippedPrice, SlipsAtLeastHalfTheSpreadAndAtMostTheLargestSlippage) {
  EXPECT_TRUE(rc::check([] {
    Case any = any_case();
    const std::int64_t tick = any.instrument.tick.raw();
    // Where neither the least nor the largest price is in the way.
    const std::int64_t least = std::max(100 * tick, 2 * any.instrument.price_min.raw());
    any.mark = Price::from_raw(any_in(least, any.instrument.price_max.raw() / 2));
    const Int128 price = any.price_of(any.size);
    const Int128 mark = any.mark.raw();
    const Int128 slip = any.buys ? price - mark : mark - price;
    RC_ASSERT(slip * kRateOne >= mark * any.rules.half_spread.raw());
    RC_ASSERT((slip - tick - 1) * kRateOne < mark * any.rules.slippage_max.raw());
  }));
}

}  // namespace
}  // namespace plimsoll::exchange
