#include "engine/market/mark_builder.hpp"

#include <gtest/gtest.h>

#include "tests/support/reference_fixture.hpp"

namespace plimsoll::market {
namespace {

using support::kBtc;
using support::kEth;

class MarkBuilderTest : public ::testing::Test {
 protected:
  TickEffect quote(std::int64_t bid, std::int64_t ask, InstrumentId instrument = kBtc) {
    return builder_.apply(BookQuoted{.instrument = instrument,
                                     .bid = Price::from_raw(bid),
                                     .ask = Price::from_raw(ask),
                                     .venue_time = {}});
  }
  TickEffect publish(std::int64_t mark, std::int64_t index = 0, InstrumentId instrument = kBtc) {
    return builder_.apply(MarkPublished{.instrument = instrument,
                                        .mark = Price::from_raw(mark),
                                        .index = Price::from_raw(index),
                                        .venue_time = {}});
  }
  TickEffect print(std::int64_t price, InstrumentId instrument = kBtc) {
    return builder_.apply(
        TradePrinted{.instrument = instrument, .price = Price::from_raw(price), .venue_time = {}});
  }
  [[nodiscard]] std::int64_t mark(InstrumentId instrument = kBtc) const {
    return builder_.marks().of(instrument).raw();
  }
  /// The tick moved the mark to this price, and said so.
  void expect_moved(const TickEffect& effect, std::int64_t price) const {
    EXPECT_FALSE(effect.refused);
    ASSERT_TRUE(effect.mark);
    EXPECT_EQ(effect.mark->raw(), price);
    EXPECT_EQ(mark(), price);
  }
  static void expect_still(const TickEffect& effect) {
    EXPECT_FALSE(effect.refused);
    EXPECT_FALSE(effect.mark);
  }
  /// The tick was refused for its price, and the mark is still this.
  void expect_refused(const TickEffect& effect, std::int64_t price) const {
    EXPECT_EQ(effect.refused, Refusal::price_out_of_range);
    EXPECT_FALSE(effect.mark);
    EXPECT_EQ(mark(), price);
  }

  reference::Reference reference_ = support::small_reference();
  MarkBuilder builder_{reference_};
  const std::int64_t price_max_ = reference_.instruments[kBtc.raw()].price_max.raw();
};

TEST_F(MarkBuilderTest, BeforeAnyTickThereIsNoMark) {
  EXPECT_FALSE(builder_.marks().known(kBtc));
  EXPECT_EQ(mark(), 0);
}

TEST_F(MarkBuilderTest, TheMarkIsTheMiddleOfTheBookRoundedDown) {
  expect_moved(quote(100, 102), 101);
  expect_moved(quote(100, 105), 102);
  expect_moved(quote(price_max_ - 1, price_max_), price_max_ - 1);
  EXPECT_FALSE(builder_.marks().known(kEth));
}

TEST_F(MarkBuilderTest, OnceAMarkWasPublishedTheBookMovesNothing) {
  expect_moved(quote(100, 102), 101);
  expect_moved(publish(90), 90);
  expect_still(quote(200, 202));
  EXPECT_EQ(mark(), 90);
  expect_moved(publish(95), 95);
  EXPECT_FALSE(quote(200, 202, kEth).refused);  // its own venue, its own mark
  EXPECT_EQ(mark(kEth), 201);
}

TEST_F(MarkBuilderTest, APublishedMarkEqualToTheMiddleEndsTheBookToo) {
  expect_moved(quote(100, 102), 101);
  expect_still(publish(101));
  expect_still(quote(200, 202));
  EXPECT_EQ(mark(), 101);
}

TEST_F(MarkBuilderTest, ARefusedMarkLeavesTheBookInCharge) {
  expect_moved(quote(100, 102), 101);
  expect_refused(publish(0), 101);
  expect_moved(quote(200, 202), 201);
}

TEST_F(MarkBuilderTest, AnUnchangedMarkIsNoMove) {
  expect_moved(quote(100, 102), 101);
  expect_still(quote(99, 103));
  expect_moved(publish(90), 90);
  expect_still(publish(90));
}

TEST_F(MarkBuilderTest, UnusablePricesAreRefusedAndLeaveTheMark) {
  expect_moved(quote(100, 102), 101);
  expect_refused(quote(102, 100), 101);  // crossed
  expect_refused(quote(100, 100), 101);  // locked
  expect_refused(quote(0, 100), 101);
  expect_refused(quote(-5, 100), 101);
  expect_refused(quote(-5, -1), 101);
  expect_refused(quote(100, price_max_ + 1), 101);
  expect_refused(publish(-1), 101);
  expect_refused(publish(price_max_ + 1), 101);
  expect_moved(publish(price_max_), price_max_);
  expect_refused(quote(102, 100), price_max_);  // also once the book moves nothing
}

TEST_F(MarkBuilderTest, TheIndexIsNotLookedAt) {
  expect_moved(publish(100, -7), 100);
}

TEST_F(MarkBuilderTest, ATradeIsCheckedAndMovesNothing) {
  expect_moved(quote(100, 102), 101);
  expect_still(print(150));
  expect_still(print(price_max_));
  expect_refused(print(0), 101);
  expect_refused(print(price_max_ + 1), 101);
}

TEST_F(MarkBuilderTest, AnUnknownInstrumentIsRefused) {
  const InstrumentId unknown = InstrumentId::from_raw(4);
  EXPECT_EQ(quote(1, 2, unknown).refused, Refusal::reference_unknown);
  EXPECT_EQ(publish(1, 0, kNoInstrument).refused, Refusal::reference_unknown);
  EXPECT_EQ(print(1, unknown).refused, Refusal::reference_unknown);
}

}  // namespace
}  // namespace plimsoll::market
