#include "feeds/venue/order_book.hpp"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace plimsoll::feeds::testing {
namespace {

TEST(OrderBook, HasTheBestOfTheLevelsThatAreThere) {
  EXPECT_TRUE(rc::check([] {
    OrderBook book;
    std::set<std::int64_t> bids;
    std::set<std::int64_t> asks;
    const auto changes =
        *rc::gen::container<std::vector<std::tuple<bool, int, bool>>>(rc::gen::tuple(
            rc::gen::arbitrary<bool>(), rc::gen::inRange(1, 12), rc::gen::arbitrary<bool>()));
    for (const auto& [bid, price, there] : changes) {
      book.set(bid ? BookSide::bid : BookSide::ask, Price::from_raw(price), there);
      auto& side = bid ? bids : asks;
      if (there) side.insert(price);
      if (!there) side.erase(price);
      RC_ASSERT(book.best_bid().raw() == (bids.empty() ? 0 : *bids.rbegin()));
      RC_ASSERT(book.best_ask().raw() == (asks.empty() ? 0 : *asks.begin()));
    }
  }));
}

TEST(OrderBook, ForgetsTheFarthestLevelsWhenItIsFull) {
  OrderBook book;
  const auto count = static_cast<std::int64_t>(OrderBook::kLevelsMax);
  for (std::int64_t i = 1; i <= 2 * count; ++i) book.set(BookSide::ask, Price::from_raw(i), true);
  for (std::int64_t i = 1; i < count; ++i) book.set(BookSide::ask, Price::from_raw(i), false);
  EXPECT_EQ(book.best_ask().raw(), count);
  book.set(BookSide::ask, Price::from_raw(count), false);
  EXPECT_EQ(book.best_ask().raw(), 0);
}

}  // namespace
}  // namespace plimsoll::feeds::testing
