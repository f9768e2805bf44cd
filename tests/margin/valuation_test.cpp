// What an account is worth and must hold, by hand; every rounding is against the account.

#include "engine/margin/valuation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/reference/turnover.hpp"
#include "tests/ledger/any_integer.hpp"
#include "tests/ledger/books.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::margin {
namespace {

using ledger::testing::any_magnitude;
using ledger::testing::trade;
using support::kBtc;
using support::kEth;

constexpr std::int64_t kUsdt = 1'000'000;     // one, as an Amount
constexpr std::int64_t kOne = 1'000'000'000;  // one, as a Price

class ValuationTest : public ::testing::Test {
 protected:
  ValuationTest() { ledger::testing::open_account(ledger_, 7, support::kUsdt, support::kRetail); }

  void deposit(std::int64_t amount) {
    EXPECT_FALSE(ledger_.deposit(0, support::kUsdt, Amount::from_raw(amount)));
  }
  void fill(InstrumentId instrument, std::int64_t quantity, std::int64_t price) {
    EXPECT_FALSE(ledger_.apply_fill(0, trade(instrument, quantity, price)));
  }
  void mark(InstrumentId instrument, std::int64_t price) {
    marks_.set(instrument, Price::from_raw(price));
  }
  [[nodiscard]] Valuation revalued() const { return valuer_.revalue(0); }
  [[nodiscard]] std::int64_t initial() const {
    const Worth worth =
        evaluate(valuer_.copy(0), reference_, Market{marks_}, {.kind = Kind::initial});
    return narrow(worth.requirement);
  }
  [[nodiscard]] std::int64_t most() const { return valuer_.available(0, support::kUsdt).raw(); }

  reference::Reference reference_ = support::small_reference();
  ledger::Ledger ledger_{reference_, 10};
  marks::Marks marks_{reference_};
  Valuer valuer_{reference_, ledger_, marks_};
};

TEST_F(ValuationTest, ALongIsWorthItsValueRoundedDown) {
  deposit(1'000 * kUsdt);
  fill(kBtc, 1'000, 40'000 * kOne);
  mark(kBtc, 39'949 * kOne + 1);  // the value is 39,949 and a thousandth of a unit
  const Valuation valuation = revalued();
  EXPECT_EQ(valuation.equity.raw(), 949 * kUsdt);
  EXPECT_EQ(valuation.maintenance_margin.raw(), 199'745'001);  // of the notional, rounded up
  EXPECT_EQ(initial(), 399'490'001);
  EXPECT_TRUE(valuation.complete);
}

TEST_F(ValuationTest, AShortOwesItsValueRoundedUp) {
  deposit(1'000 * kUsdt);
  fill(kBtc, -1'000, 40'000 * kOne);
  mark(kBtc, 39'949 * kOne + 1);
  const Valuation valuation = revalued();
  EXPECT_EQ(valuation.equity.raw(), 1'051 * kUsdt - 1);
  EXPECT_EQ(valuation.maintenance_margin.raw(), 199'745'001);
}

TEST_F(ValuationTest, PositionsDoNotNet) {
  fill(kBtc, 1'000, 40'000 * kOne);
  fill(kEth, -1'000, 3'000 * kOne);  // 30,000 of notional: 25,000 at 1 %, 5,000 at 2 %
  mark(kBtc, 40'000 * kOne);
  mark(kEth, 3'000 * kOne);
  EXPECT_EQ(revalued().equity.raw(), 0);
  EXPECT_EQ(revalued().maintenance_margin.raw(), (200 + 350) * kUsdt);
  EXPECT_EQ(initial(), (400 + 700) * kUsdt);
}

TEST_F(ValuationTest, APositionWithoutAMarkIsLeftOutAndTheValuationSaysSo) {
  deposit(1'000 * kUsdt);
  fill(kBtc, 1'000, 40'000 * kOne);
  fill(kEth, 100, 3'000 * kOne);
  EXPECT_FALSE(revalued().complete);
  EXPECT_EQ(revalued().equity.raw(), 1'000 * kUsdt);
  mark(kBtc, 40'001 * kOne);
  EXPECT_FALSE(revalued().complete);
  EXPECT_EQ(revalued().equity.raw(), 1'001 * kUsdt);
  EXPECT_EQ(revalued().maintenance_margin.raw(), 200'005'000);
  mark(kEth, 3'001 * kOne);
  EXPECT_TRUE(revalued().complete);
  EXPECT_EQ(revalued().equity.raw(), 1'002 * kUsdt);
}

TEST_F(ValuationTest, AProfitThatIsNotRealisedCannotLeave) {
  deposit(1'000 * kUsdt);
  EXPECT_EQ(most(), 1'000 * kUsdt);
  fill(kBtc, 1'000, 40'000 * kOne);
  mark(kBtc, 45'000 * kOne);  // equity 6,000, initial 450
  EXPECT_EQ(most(), 1'000 * kUsdt);
}

TEST_F(ValuationTest, InitialMarginAndLossesStay) {
  deposit(1'000 * kUsdt);
  fill(kBtc, 1'000, 40'000 * kOne);
  mark(kBtc, 39'900 * kOne);  // equity 900, initial 399
  EXPECT_EQ(most(), 501 * kUsdt);
  mark(kBtc, 39'399 * kOne);  // equity 399, initial 393.99
  EXPECT_EQ(most(), 5'010'000);
  mark(kBtc, 39'300 * kOne);  // equity 300, initial 393
  EXPECT_EQ(most(), 0);
}

TEST_F(ValuationTest, NothingMayLeaveWhenTheBalanceIsNegative) {
  fill(kBtc, 1'000, 40'000 * kOne);
  fill(kBtc, -500, 39'000 * kOne);  // realises -500
  mark(kBtc, 50'000 * kOne);        // equity 4,500, initial 250
  EXPECT_EQ(revalued().equity.raw(), 4'500 * kUsdt);
  EXPECT_EQ(most(), 0);
}

TEST_F(ValuationTest, EqualityBreachesOnlyWhereTheProfileSaysSo) {
  const reference::Profile& breaches = reference_.profiles[support::kRetail.raw()];
  const reference::Profile& safe = reference_.profiles[support::kDesk.raw()];
  const Rate factor = Rate::from_raw(1'200'000'000);
  for (const reference::Profile* profile : {&breaches, &safe}) {
    EXPECT_TRUE(below(119, 100, factor, *profile));
    EXPECT_FALSE(below(121, 100, factor, *profile));
    EXPECT_FALSE(below(0, 0, factor, *profile));  // Nothing is owed and nothing is there.
    EXPECT_TRUE(below(-1, 0, factor, *profile));
  }
  EXPECT_TRUE(below(120, 100, factor, breaches));
  EXPECT_FALSE(below(120, 100, factor, safe));
}

TEST_F(ValuationTest, ThresholdsRoundAsTheProfileSays) {
  reference::Profile profile = reference_.profiles[support::kRetail.raw()];
  const Rate factor = Rate::from_raw(1'200'000'000);
  EXPECT_TRUE(threshold(101, factor, profile) == 122);
  EXPECT_TRUE(threshold(100, factor, profile) == 120);
  EXPECT_TRUE(threshold(0, factor, profile) == 0);
  EXPECT_TRUE(threshold(1, Rate::from_raw(kRateOne), profile) == 1);
  profile.threshold_rounding = reference::Rounding::down;
  EXPECT_TRUE(threshold(101, factor, profile) == 121);
  EXPECT_TRUE(threshold(100, factor, profile) == 120);
}

TEST(Turnover, IsExactToTheUnitWhetherOrNotTheProductFitsIn64Bits) {
  EXPECT_TRUE(rc::check([] {
    const bool is_long = ledger::testing::any_bool();
    const Quantity quantity = Quantity::from_raw(any_magnitude(60) * (is_long ? 1 : -1));
    const Price price = Price::from_raw(any_magnitude(60));
    const std::int64_t divisor = power_of_ten(static_cast<int>(ledger::testing::any_in(0, 12)));
    const Int128 product = Int128{quantity.raw()} * price.raw();
    const Int128 size = is_long ? product : -product;
    reference::Instrument instrument;
    instrument.denominator = divisor;
    const auto worth = reference::turnover(instrument, quantity.raw(), price);
    const Int128 value = worth.floor();
    RC_ASSERT(value * divisor <= product && product < (value + 1) * divisor);
    RC_ASSERT((worth.notional() - 1) * divisor < size && size <= worth.notional() * divisor);
  }));
}

// 3 contracts of 100 at 50,000 are 0.006 coin; the dearer the coin, the fewer of it.
TEST(Turnover, OfAnInverseContractIsInCoinWithTheOtherSign) {
  reference::Instrument instrument;
  instrument.kind = reference::Kind::inverse;
  instrument.numerator = Int128{100} * kOne * 100'000'000;
  const auto bought = reference::turnover(instrument, 3, Price::from_raw(50'000 * kOne));
  EXPECT_TRUE(bought.floor() == -600'000);
  EXPECT_TRUE(bought.notional() == 600'000);
  const auto sold = reference::turnover(instrument, -3, Price::from_raw(70'000 * kOne));
  EXPECT_TRUE(sold.floor() == 428'571);
  EXPECT_TRUE(sold.ceil() == 428'572);
}

}  // namespace
}  // namespace plimsoll::margin
