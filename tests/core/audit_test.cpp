// The checker of conservation must be able to fail: each test plants one wrong booking.

#include "engine/core/audit.hpp"

#include <array>

#include <gtest/gtest.h>

#include "engine/core/inline_fabric.hpp"
#include "engine/ledger/ledger.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::core {
namespace {

/// A ledger with one account that holds 10,000 units and one position.
class AuditTest : public ::testing::Test {
 protected:
  AuditTest() {
    ledger_.open({.account = AccountId::from_raw(7),
                  .owner = OwnerId::from_raw(1),
                  .parent = {},
                  .profile = {},
                  .asset = {}});
    EXPECT_FALSE(ledger_.deposit(0, {}, Amount::from_raw(10'000'000'000)));
    const reference::Instrument& instrument = reference_.instruments[0];
    EXPECT_FALSE(ledger_.apply_fill(0, {.account = AccountId::from_raw(7),
                                        .instrument = {},
                                        .quantity = instrument.lot,
                                        .price = instrument.tick,
                                        .fee = Amount::from_raw(3),
                                        .fill = {}}));
  }

  reference::Reference reference_ = support::small_reference();
  ledger::Ledger ledger_{reference_, 10};
};

TEST_F(AuditTest, HonestBooksHaveNoGap) {
  EXPECT_TRUE(ledger_.conservation_gap({}) == 0);
  EXPECT_TRUE(ledger_.position_gap({}) == 0);
}

TEST_F(AuditTest, AHandOverAtTheWrongValueShows) {
  ledger_.hand_over(0, std::array{AssetId{}});
  ledger_.hand_over_value({}, 4);  // not what the account was worth
  EXPECT_FALSE(ledger_.conservation_gap({}) == 0);
}

TEST_F(AuditTest, ATakeoverThatTheHouseBooksTwiceShows) {
  house::House house{reference_};
  std::vector<Event> events;
  const TakeoverSettled settled{
      .account = AccountId::from_raw(7), .asset = {}, .equity = Amount::from_raw(-5)};
  house.apply(settled, {}, events);
  EXPECT_TRUE(house.conservation_gap({}) == 0);
  EXPECT_TRUE(house.received({}) == -5);
  house.apply(settled, {}, events);
  // Its own books still balance; what shows is that it received more than was handed over.
  EXPECT_FALSE(house.received({}) == ledger_.totals({}).to_house - 5);
}

}  // namespace
}  // namespace plimsoll::core
