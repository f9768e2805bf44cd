// Limits of liquidation orders, and bankruptcy prices: rounding and edges.

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/lifecycle/plan.hpp"
#include "tests/ledger/any_integer.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::lifecycle {
namespace {

constexpr std::int64_t kOne = 1'000'000'000;     // a price of 1
constexpr std::int64_t kTick = kOne / 10;        // of BTC
constexpr std::int64_t kMax = 1'000'000 * kOne;  // of BTC

/// BTC and the retail profile: slippage min(1 %, (0.5 % - 0.1 %) x 0.9) = 0.36 %.
std::int64_t limit(bool sells, std::int64_t mark, std::int64_t price_max = kMax) {
  static const reference::Reference kReference = support::small_reference();
  reference::Instrument instrument = kReference.instruments[0];
  instrument.price_max = Price::from_raw(price_max);
  const Rate slippage =
      reference::liquidation_slippage(kReference.tiers[0], kReference.profiles[0]);
  return order_limit(instrument, slippage, sells, Price::from_raw(mark)).raw();
}

TEST(OrderLimit, IsTheSlippageAwayFromTheMarkRoundedTowardsIt) {
  EXPECT_EQ(limit(true, 40'000 * kOne), 39'856 * kOne);
  EXPECT_EQ(limit(false, 40'000 * kOne), 40'144 * kOne);
  EXPECT_EQ(limit(true, 40'001 * kOne), 39'857 * kOne);   // 39,856.9964 up
  EXPECT_EQ(limit(false, 40'001 * kOne), 40'145 * kOne);  // 40,145.0036 down
}

// A tick is wider than the slippage: a limit on the near side of the mark would never be filled.
TEST(OrderLimit, IsNeverPastTheMark) {
  EXPECT_EQ(limit(false, kTick), kTick);
  EXPECT_EQ(limit(false, kTick - 1), kTick);  // 0.36 % above it is still a tick
  EXPECT_EQ(limit(false, kTick * 99 / 100), kTick);
  EXPECT_EQ(limit(true, kTick * 5 + kTick * 4 / 100), kTick * 5);  // 5.04 ticks: not 6
  EXPECT_EQ(limit(false, kTick * 5 - kTick * 4 / 100), kTick * 5);
  EXPECT_EQ(limit(true, 1), 0);  // nothing is left below it
}

TEST(OrderLimit, IsNoneAboveTheLargestPrice) {
  EXPECT_EQ(limit(false, kMax), 0);
  EXPECT_EQ(limit(false, 996'400 * kOne), 999'987 * kOne);
  EXPECT_EQ(limit(true, kMax), 996'400 * kOne);
  // A purchase would need 2 ticks where the largest price is 1.5.
  EXPECT_EQ(limit(true, kTick * 3 / 2, kTick * 3 / 2), kTick);
  EXPECT_EQ(limit(false, kTick * 3 / 2, kTick * 3 / 2), 0);
}

TEST(OrderLimit, IsOnTheTickGridWithinTheLargestPriceOrNone) {
  EXPECT_TRUE(rc::check([] {
    const reference::Reference reference = support::random_reference(
        static_cast<std::uint64_t>(ledger::testing::any_in(0, 1'000'000)));
    for (const reference::Instrument& instrument : reference.instruments) {
      if (instrument.kind == reference::Kind::spot) continue;
      const std::int64_t most = instrument.price_max.raw();
      const Price mark = Price::from_raw(std::min(most, ledger::testing::any_magnitude(61)));
      for (const bool sells : {false, true}) {
        const reference::Tiers& tiers =
            reference.tiers[(sells ? instrument.tiers_long : instrument.tiers_short).raw()];
        const Rate slippage = reference::liquidation_slippage(tiers, reference.profiles[0]);
        const Price found = order_limit(instrument, slippage, sells, mark);
        RC_ASSERT(found.raw() == 0 || found >= instrument.price_min);
        RC_ASSERT(found.raw() >= 0 && found.raw() <= most);
        RC_ASSERT(found.raw() % instrument.tick.raw() == 0);
        if (found.raw() == 0) continue;
        const std::int64_t s = slippage.raw();
        const Int128 exact = Int128{mark.raw()} * (kRateOne + (sells ? -s : s));
        const Int128 better = (found.raw() * Int128{kRateOne} - exact) * (sells ? 1 : -1);
        const Int128 tick = Int128{instrument.tick.raw()} * kRateOne;
        RC_ASSERT((sells ? found <= mark : found >= mark));
        RC_ASSERT(better > -tick);
        RC_ASSERT(better < tick);
        // Away from the mark only where the tick towards it lies beyond.
        const Int128 nearer = Int128{found.raw()} + (sells ? 1 : -1) * instrument.tick.raw();
        RC_ASSERT((better >= 0 || (sells ? nearer > mark.raw() : nearer < mark.raw())));
      }
    }
  }));
}

/// Of a linear instrument: transfer value and quantity by its divisor.
Price bankruptcy_price(Int128 transfer_value, Quantity quantity, std::int64_t divisor) {
  reference::Instrument instrument;
  instrument.denominator = divisor;
  return lifecycle::bankruptcy_price(instrument, transfer_value, quantity);
}

TEST(BankruptcyPrice, IsTheSizeOfTheTransferValuePerUnitRoundedDown) {
  EXPECT_EQ(bankruptcy_price(118, Quantity::from_raw(4), 10).raw(), 295);
  EXPECT_EQ(bankruptcy_price(-118, Quantity::from_raw(-4), 10).raw(), 295);
  EXPECT_EQ(bankruptcy_price(-118, Quantity::from_raw(4), 10).raw(), 295);
  EXPECT_EQ(bankruptcy_price(10, Quantity::from_raw(3), 10).raw(), 33);
  EXPECT_EQ(bankruptcy_price(0, Quantity::from_raw(3), 10).raw(), 0);
}

TEST(BankruptcyPrice, IsZeroBeyond64Bits) {
  constexpr Int128 kLargest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(bankruptcy_price(kLargest, Quantity::from_raw(1), 1).raw(), narrow(kLargest));
  EXPECT_EQ(bankruptcy_price(kLargest + 1, Quantity::from_raw(1), 1).raw(), 0);
  EXPECT_EQ(bankruptcy_price(-kLargest - 1, Quantity::from_raw(-1), 1).raw(), 0);
  EXPECT_EQ(bankruptcy_price(kLargest + 1, Quantity::from_raw(2), 1).raw(), std::int64_t{1} << 62);
  EXPECT_EQ(bankruptcy_price(Int128{1} << 60, Quantity::from_raw(1), 1'000'000'000'000).raw(), 0);
}

// 3 contracts of 100 for 0.006 coin were sold at 50,000.
TEST(BankruptcyPrice, OfAnInverseContractIsContractsPerCoin) {
  reference::Instrument instrument;
  instrument.kind = reference::Kind::inverse;
  instrument.numerator = Int128{100} * kOne * 100'000'000;
  const auto price = [&](Int128 transfer_value) {
    return lifecycle::bankruptcy_price(instrument, transfer_value, Quantity::from_raw(3)).raw();
  };
  EXPECT_EQ(price(-600'000), 50'000 * kOne);
  EXPECT_EQ(price(700'001), 42'857'081'632'740);  // rounded down
  EXPECT_EQ(price(0), 0);
}

}  // namespace
}  // namespace plimsoll::lifecycle
