// Insurance fund, bad debt and inventory of the house: by hand, and conserved over random
// sequences.

#include "engine/house/house.hpp"

#include <gtest/gtest.h>

#include "tests/support/random.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::house {
namespace {

using support::kBtc;
using support::kBtcUsdc;
using support::kUsdc;
using support::kUsdt;

constexpr std::int64_t kOne = 1'000'000'000;  // a price of 1
constexpr AccountId kAnn = AccountId::from_raw(7);

class HouseTest : public ::testing::Test {
 protected:
  template <class Input>
  void apply(const Input& input) {
    events_.clear();
    house_.apply(input, {}, events_);
  }
  std::optional<Refusal> endow(std::int64_t amount, AssetId asset = kUsdt) {
    events_.clear();
    return house_.apply(FundEndowed{.asset = asset, .amount = Amount::from_raw(amount)}, {},
                        events_);
  }
  void settle(std::int64_t equity) {
    apply(TakeoverSettled{.account = kAnn, .asset = kUsdt, .equity = Amount::from_raw(equity)});
  }
  void absorb(std::int64_t quantity, std::int64_t value) {
    apply(InventoryAbsorbed{.account = kAnn,
                            .instrument = kBtc,
                            .quantity = Quantity::from_raw(quantity),
                            .value = Amount::from_raw(value)});
  }
  void unwind(std::int64_t quantity, std::int64_t price) {
    apply(InventoryAnswered{.instrument = kBtc,
                            .quantity = Quantity::from_raw(quantity),
                            .price = Price::from_raw(price)});
  }
  /// The body of the event at this place, which must be of this kind.
  template <class Body>
  Body event(std::size_t place) const {
    const Body* body = place < events_.size() ? std::get_if<Body>(&events_[place].body) : nullptr;
    EXPECT_NE(body, nullptr) << "event " << place << " of " << events_.size();
    return body == nullptr ? Body{} : *body;
  }
  void expect_fund_moved(std::size_t place, std::int64_t before, std::int64_t amount) const {
    const auto changed = event<InsuranceFundChanged>(place);
    EXPECT_EQ(changed.before.raw(), before);
    EXPECT_EQ(changed.amount.raw(), amount);
    EXPECT_EQ(changed.after.raw(), before + amount);
  }
  void expect_state(std::int64_t fund, std::int64_t bad_debt, std::int64_t inventory = 0) const {
    EXPECT_EQ(narrow(house_.fund(kUsdt).balance), fund);
    EXPECT_EQ(narrow(house_.fund(kUsdt).bad_debt), bad_debt);
    EXPECT_EQ(narrow(house_.inventory(kBtc)), inventory);
    EXPECT_TRUE(house_.conservation_gap(kUsdt) == 0);
    EXPECT_TRUE(house_.conservation_gap(kUsdc) == 0);
  }

  reference::Reference reference_ = support::small_reference();
  House house_{reference_};
  std::vector<Event> events_;
};

TEST_F(HouseTest, AnEndowmentGoesToTheFundOfItsAssetOnly) {
  EXPECT_FALSE(endow(100));
  ASSERT_EQ(events_.size(), 1U);
  expect_fund_moved(0, 0, 100);
  EXPECT_EQ(events_[0].header.account.raw(), 0U);
  EXPECT_FALSE(endow(7, kUsdc));
  EXPECT_EQ(event<InsuranceFundChanged>(0).asset, kUsdc);
  EXPECT_TRUE(house_.fund(kUsdc).balance == 7);
  expect_state(100, 0);
}

TEST_F(HouseTest, AnEndowmentIsRefusedWhenNotPositiveOfNoAssetOrBeyondTheLimit) {
  EXPECT_EQ(endow(5, AssetId::from_raw(2)), Refusal::reference_unknown);
  EXPECT_EQ(endow(0), Refusal::amount_not_positive);
  EXPECT_EQ(endow(-5), Refusal::amount_not_positive);
  EXPECT_EQ(endow(ledger::kExposureMax + 1), Refusal::exposure_out_of_range);
  EXPECT_TRUE(events_.empty());
  expect_state(0, 0);
  EXPECT_FALSE(endow(ledger::kExposureMax));
  EXPECT_EQ(endow(1), Refusal::exposure_out_of_range);
  expect_state(ledger::kExposureMax, 0);
}

TEST_F(HouseTest, ALossIsPaidByTheFundFirstAndThenIsBadDebt) {
  EXPECT_FALSE(endow(100));
  settle(-30);
  ASSERT_EQ(events_.size(), 1U);
  expect_fund_moved(0, 100, -30);
  EXPECT_EQ(events_[0].header.account, kAnn);
  expect_state(70, 0);

  settle(-90);
  ASSERT_EQ(events_.size(), 2U);
  expect_fund_moved(0, 70, -70);
  EXPECT_EQ(event<BadDebtBooked>(1).amount.raw(), 20);
  EXPECT_EQ(event<BadDebtBooked>(1).total.raw(), 20);
  EXPECT_EQ(events_[1].header.account, kAnn);
  expect_state(0, 20);

  settle(-5);
  ASSERT_EQ(events_.size(), 1U);  // the fund did not change
  EXPECT_EQ(event<BadDebtBooked>(0).amount.raw(), 5);
  EXPECT_EQ(event<BadDebtBooked>(0).total.raw(), 25);
  expect_state(0, 25);
}

TEST_F(HouseTest, AGainFillsTheFundAndLeavesBadDebtBooked) {
  settle(-25);
  settle(40);
  ASSERT_EQ(events_.size(), 1U);
  expect_fund_moved(0, 0, 40);
  expect_state(40, 25);
}

TEST_F(HouseTest, FeesGoToTheFundWithoutAnAccount) {
  apply(FeesCollected{.asset = kUsdt, .amount = Amount::from_raw(9)});
  ASSERT_EQ(events_.size(), 1U);
  expect_fund_moved(0, 0, 9);
  EXPECT_EQ(events_[0].header.account.raw(), 0U);
  EXPECT_TRUE(house_.received(kUsdt) == 9);
  expect_state(9, 0);
}

TEST_F(HouseTest, WhatIsAbsorbedIsOfferedAtOnce) {
  absorb(2, 120'000'000);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(event<InventoryOrderIssued>(0).quantity.raw(), -2);
  EXPECT_EQ(event<InventoryOrderIssued>(0).instrument, kBtc);
  EXPECT_EQ(events_[0].header.account, kAnn);
  EXPECT_TRUE(house_.received(kUsdt) == -120'000'000);
  expect_state(0, 0, 2);
}

TEST_F(HouseTest, UnwindingGainsAndLosesAgainstTheValueAtTheTakeOver) {
  absorb(3, 180'000'000);
  unwind(-1, 61'000 * kOne);  // gains 1
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(event<InventoryUnwound>(0).pnl.raw(), 1'000'000);
  EXPECT_EQ(event<InventoryUnwound>(0).quantity.raw(), -1);
  EXPECT_EQ(event<InventoryUnwound>(0).price.raw(), 61'000 * kOne);
  EXPECT_EQ(events_[0].header.account.raw(), 0U);
  expect_fund_moved(1, 0, 1'000'000);
  expect_state(1'000'000, 0, 2);

  unwind(-2, 59'000 * kOne);  // loses 2, of which the fund has 1
  ASSERT_EQ(events_.size(), 3U);
  EXPECT_EQ(event<InventoryUnwound>(0).pnl.raw(), -2'000'000);
  expect_fund_moved(1, 1'000'000, -1'000'000);
  EXPECT_EQ(event<BadDebtBooked>(2).amount.raw(), 1'000'000);
  expect_state(0, 1'000'000, 0);
}

TEST_F(HouseTest, UnwindingAtTheValueItTookMovesNoMoney) {
  absorb(-2, -120'000'000);
  unwind(2, 60'000 * kOne);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(event<InventoryUnwound>(0).pnl.raw(), 0);
  expect_state(0, 0, 0);
}

TEST_F(HouseTest, OppositePositionsNetAndTheirOrdersStillFill) {
  absorb(3, 180'000'000);
  absorb(-3, -183'000'000);  // a gain of 3 that no fill has realised yet
  EXPECT_EQ(event<InventoryOrderIssued>(0).quantity.raw(), 3);
  expect_state(0, 0, 0);
  unwind(-3, 60'000 * kOne);
  EXPECT_EQ(event<InventoryUnwound>(0).pnl.raw(), 0);  // opens the opposite
  expect_state(0, 0, -3);
  unwind(3, 60'000 * kOne);
  EXPECT_EQ(event<InventoryUnwound>(0).pnl.raw(), 3'000'000);
  expect_state(3'000'000, 0, 0);
}

TEST_F(HouseTest, DecidesInTheOrderOfEventsAndCollectsFeesLast) {
  const Cause cause;
  const auto fee = [](InstrumentId instrument, std::int64_t amount) {
    LiquidationFillApplied fill{};
    fill.instrument = instrument;
    fill.fee = Amount::from_raw(amount);
    return fill;
  };
  house_.observe(make_event(cause, kAnn, fee(kBtcUsdc, 5)));
  house_.observe(make_event(
      cause, kAnn, BalanceTakenOver{.amount = Amount::from_raw(-8), .epoch = {}, .asset = kUsdt}));
  house_.observe(make_event(cause, kAnn, AccountTakenOver{}));  // says nothing of money
  house_.observe(make_event(cause, kAnn,
                            PositionTakenOver{.quantity = Quantity::from_raw(2),
                                              .mark_value = Amount::from_raw(9),
                                              .transfer_value = {},
                                              .bankruptcy_price = {},
                                              .epoch = {},
                                              .instrument = kBtc}));
  house_.observe(make_event(cause, kAnn, fee(kBtc, 3)));
  house_.observe(make_event(cause, kAnn, fee(kBtc, 4)));
  expect_state(0, 0);  // nothing is booked before the decisions come back

  const std::span<const InputBody> decisions = house_.take_decisions({});
  ASSERT_EQ(decisions.size(), 4U);
  EXPECT_EQ(std::get<TakeoverSettled>(decisions[0]).equity.raw(), -8);
  EXPECT_EQ(std::get<InventoryAbsorbed>(decisions[1]).value.raw(), 9);
  EXPECT_EQ(std::get<FeesCollected>(decisions[2]).asset, kUsdt);
  EXPECT_EQ(std::get<FeesCollected>(decisions[2]).amount.raw(), 7);
  EXPECT_EQ(std::get<FeesCollected>(decisions[3]).asset, kUsdc);
  EXPECT_TRUE(house_.take_decisions({}).empty());
}

/// A house under random inputs, and what its own events say about funds and bad debt.
class RandomHouse {
 public:
  explicit RandomHouse(std::uint64_t seed)
      : reference_{support::random_reference(seed)}, random_{seed}, house_{reference_} {}

  void step() {
    events_.clear();
    const std::int64_t kind = random_.between(0, 9);
    if (kind == 0) return endow();
    if (kind < 3) {
      return house_.apply(
          TakeoverSettled{.account = kAnn, .asset = any_asset(), .equity = amount(-2'000, 1'000)},
          {}, events_);
    }
    if (kind < 4) {
      return house_.apply(FeesCollected{.asset = any_asset(), .amount = amount(1, 100)}, {},
                          events_);
    }
    if (kind < 7) return absorb();
    unwind();
  }

  /// Empty, or what is wrong with the events of the last step or with the books.
  std::string fault() {
    for (const Event& event : events_) {
      if (const auto* changed = std::get_if<InsuranceFundChanged>(&event.body)) follow(*changed);
      if (const auto* booked = std::get_if<BadDebtBooked>(&event.body)) follow(*booked);
    }
    for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
      const AssetId asset = AssetId::from_raw(i);
      if (house_.conservation_gap(asset) != 0) fault_ = "books do not balance";
      if (house_.fund(asset).balance < 0) fault_ = "a negative fund";
      if (house_.fund(asset).balance != funds_[i]) fault_ = "a fund moved without an event";
      if (house_.fund(asset).bad_debt != bad_debts_[i]) fault_ = "bad debt without an event";
    }
    for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
      if (house_.inventory(InstrumentId::from_raw(i)) != inventory_[i]) fault_ = "inventory";
    }
    return fault_;
  }

 private:
  Amount amount(std::int64_t low, std::int64_t high) {
    return Amount::from_raw(random_.between(low * 1'000'000, high * 1'000'000));
  }
  AssetId any_asset() {
    return AssetId::from_raw(static_cast<std::uint32_t>(random_.below(reference_.assets.size())));
  }
  InstrumentId any_instrument() {
    for (;;) {
      const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
      if (reference_.instruments[id].kind == reference::Kind::spot) continue;
      return InstrumentId::from_raw(id);
    }
  }
  std::int64_t any_quantity() { return random_.between(1, 50) * (random_.chance(500) ? 1 : -1); }

  void endow() {
    (void)house_.apply(FundEndowed{.asset = any_asset(), .amount = amount(1, 500)}, {}, events_);
  }
  void absorb() {
    const InstrumentId instrument = any_instrument();
    const std::int64_t quantity = any_quantity();
    inventory_[instrument.raw()] += quantity;
    house_.apply(InventoryAbsorbed{.account = kAnn,
                                   .instrument = instrument,
                                   .quantity = Quantity::from_raw(quantity),
                                   .value = amount(-1'000, 1'000)},
                 {}, events_);
  }
  void unwind() {
    const InstrumentId instrument = any_instrument();
    const std::int64_t quantity = any_quantity();
    const std::int64_t start =
        support::starting_price(reference_.instruments[instrument.raw()]).raw();
    inventory_[instrument.raw()] += quantity;
    house_.apply(InventoryAnswered{.instrument = instrument,
                                   .quantity = Quantity::from_raw(quantity),
                                   .price = Price::from_raw(random_.between(start / 2, start * 2))},
                 {}, events_);
  }

  void follow(const InsuranceFundChanged& changed) {
    Int128& fund = funds_[changed.asset.raw()];
    if (changed.before.raw() != fund) fault_ = "before is not the fund";
    if (changed.before + changed.amount != changed.after) fault_ = "before + amount is not after";
    if (changed.amount.raw() == 0) fault_ = "a change of nothing";
    fund = changed.after.raw();
  }
  void follow(const BadDebtBooked& booked) {
    Int128& total = bad_debts_[booked.asset.raw()];
    if (booked.amount.raw() <= 0) fault_ = "bad debt of nothing";
    if (funds_[booked.asset.raw()] != 0) fault_ = "bad debt while the fund has money";
    total += booked.amount.raw();
    if (booked.total.raw() != total) fault_ = "the total does not accumulate";
  }

  reference::Reference reference_;
  support::Random random_;
  House house_;
  std::vector<Event> events_;
  std::vector<Int128> funds_ = std::vector<Int128>(reference_.assets.size());
  std::vector<Int128> bad_debts_ = funds_;
  std::vector<Int128> inventory_ = std::vector<Int128>(reference_.instruments.size());
  std::string fault_;
};

TEST(HouseHistory, BooksBalanceAndEventsTellEveryChangeAfterEveryStep) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    RandomHouse house{seed};
    for (int i = 0; i < 300; ++i) {
      house.step();
      ASSERT_EQ(house.fault(), "") << "seed " << seed << ", step " << i;
    }
  }
}

}  // namespace
}  // namespace plimsoll::house
