// Which orders are taken, when they are answered, and that a fill within its limit is maximal.

#include "engine/exchange/exchange.hpp"

#include <gtest/gtest.h>

#include "engine/message/cause.hpp"
#include "tests/support/random.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::exchange {
namespace {

using support::kBtc;

constexpr std::int64_t kOne = 1'000'000'000;  // a price of 1
constexpr std::int64_t kLatency = 20'000'000;

Event at(std::int64_t time, const LiquidationOrderIssued& order, std::uint64_t account = 7) {
  return make_event({.sequence = {}, .time = EventTime::from_raw(time)},
                    AccountId::from_raw(account), order);
}

/// An order of the house carries the account that was taken over.
Event at(std::int64_t time, const InventoryOrderIssued& order) {
  return make_event({.sequence = {}, .time = EventTime::from_raw(time)}, AccountId::from_raw(7),
                    order);
}

LiquidationOrderIssued order_of(std::int64_t quantity, std::int64_t limit,
                                InstrumentId instrument = kBtc) {
  return {.equity = {},
          .maintenance_margin = {},
          .quantity = Quantity::from_raw(quantity),
          .limit = Price::from_raw(limit),
          .epoch = LiquidationEpoch::from_raw(3),
          .instrument = instrument,
          .step = 1};
}

class ExchangeTest : public ::testing::Test {
 protected:
  ExchangeTest() { marks_.set(kBtc, Price::from_raw(60'000 * kOne)); }

  LiquidationAnswered answer() {
    const InputBody body = exchange_.answer_next(marks_);
    EXPECT_TRUE(std::holds_alternative<LiquidationAnswered>(body));
    return std::get<LiquidationAnswered>(body);
  }
  InventoryAnswered house_answer() {
    const InputBody body = exchange_.answer_next(marks_);
    EXPECT_TRUE(std::holds_alternative<InventoryAnswered>(body));
    return std::get<InventoryAnswered>(body);
  }

  reference::Reference reference_ = support::small_reference();
  marks::Marks marks_{reference_};
  Exchange exchange_{reference_};
};

TEST_F(ExchangeTest, AnswersInTheOrderOfIssueEachAfterTheLatency) {
  EXPECT_FALSE(exchange_.next_due());
  exchange_.observe(at(5, order_of(-1, 1), 11));
  exchange_.observe(at(5, order_of(-1, 1), 12));
  exchange_.observe(at(9, order_of(-1, 1), 13));
  for (const auto& [account, due] : {std::pair{11, 5}, std::pair{12, 5}, std::pair{13, 9}}) {
    ASSERT_TRUE(exchange_.next_due());
    EXPECT_EQ(exchange_.next_due()->raw(), due + kLatency);
    EXPECT_EQ(answer().account.raw(), static_cast<std::uint64_t>(account));
  }
  EXPECT_FALSE(exchange_.next_due());
}

TEST_F(ExchangeTest, OtherEventsAreNoOrders) {
  const Cause cause;
  exchange_.observe(make_event(cause, AccountId::from_raw(7), LiquidationStarted{}));
  exchange_.observe(make_event(cause, AccountId::from_raw(7), LiquidationFillApplied{}));
  exchange_.observe(make_event(cause, AccountId::from_raw(7), PositionTakenOver{}));
  exchange_.observe(make_event(cause, {}, InventoryUnwound{}));
  EXPECT_FALSE(exchange_.next_due());
}

TEST_F(ExchangeTest, AFillSaysWhichOrderItAnswers) {
  exchange_.observe(at(0, order_of(-2, 59'000 * kOne)));
  const LiquidationAnswered fill = answer();
  EXPECT_EQ(fill.account.raw(), 7U);
  EXPECT_EQ(fill.epoch.raw(), 3U);
  EXPECT_EQ(fill.instrument, kBtc);
  EXPECT_EQ(fill.quantity.raw(), -2);
  EXPECT_EQ(fill.price.raw(), 59'993'900'000'000);
}

TEST_F(ExchangeTest, TheMarkIsThatOfTheAnswer) {
  exchange_.observe(at(0, order_of(-2, 30'000 * kOne)));
  marks_.set(kBtc, Price::from_raw(40'000 * kOne));
  EXPECT_LT(answer().price.raw(), 40'000 * kOne);
}

TEST_F(ExchangeTest, AnOrderThatCannotFillExpiresWithoutAPrice) {
  exchange_.observe(at(0, order_of(-2, 59'994 * kOne)));  // the best price is 59,993.9
  exchange_.observe(at(0, order_of(2, 60'006 * kOne)));   // 60,006.1
  for (int i = 0; i < 2; ++i) {
    const LiquidationAnswered expiry = answer();
    EXPECT_EQ(expiry.quantity.raw(), 0);
    EXPECT_EQ(expiry.price.raw(), 0);
    EXPECT_EQ(expiry.account.raw(), 7U);
  }
}

TEST_F(ExchangeTest, ALimitThatIsExactlyReachedFills) {
  exchange_.observe(at(0, order_of(2, 60'006'100'000'000)));
  EXPECT_EQ(answer().quantity.raw(), 2);
}

TEST_F(ExchangeTest, OrdersOfTheHouseFillWholeAtAnyPrice) {
  exchange_.observe(
      at(0, InventoryOrderIssued{.quantity = Quantity::from_raw(-10'000'000), .instrument = kBtc}));
  exchange_.observe(
      at(0, InventoryOrderIssued{.quantity = Quantity::from_raw(10'000'000), .instrument = kBtc}));
  EXPECT_EQ(exchange_.next_due()->raw(), kLatency);
  const InventoryAnswered sale = house_answer();
  EXPECT_EQ(sale.quantity.raw(), -10'000'000);
  EXPECT_EQ(sale.price.raw(), 57'000 * kOne);
  EXPECT_EQ(house_answer().price.raw(), 63'000 * kOne);
}

/// An order at a random mark, its limit at a random distance up to 3 % from it.
struct RandomOrder {
  reference::Instrument instrument;
  LiquidationOrderIssued order;
  Price mark;
};

RandomOrder random_order(const reference::Reference& reference, support::Random& random) {
  auto index = static_cast<std::uint32_t>(random.below(reference.instruments.size()));
  if (reference.instruments[index].kind == reference::Kind::spot) index = kBtc.raw();
  const reference::Instrument& instrument = reference.instruments[index];
  const std::int64_t mark = support::starting_price(instrument).raw();
  const std::int64_t lots = random.between(1, std::int64_t{1} << random.between(1, 24));
  const std::int64_t sign = random.chance(500) ? 1 : -1;
  const std::int64_t distance = mark / 10'000 * random.between(0, 300);
  return {instrument,
          order_of(sign * lots * instrument.lot.raw(), mark + sign * distance,
                   InstrumentId::from_raw(index)),
          Price::from_raw(mark)};
}

/// Empty, or what is wrong with this fill of the order.
std::string fault(const reference::Reference& reference, const RandomOrder& random,
                  const LiquidationAnswered& fill) {
  const std::int64_t sign = random.order.quantity.raw() > 0 ? 1 : -1;
  const std::int64_t wanted = sign * random.order.quantity.raw();
  const std::int64_t filled = sign * fill.quantity.raw();
  const std::int64_t lot = random.instrument.lot.raw();
  const auto within = [&](std::int64_t price) {
    return sign * price <= sign * random.order.limit.raw();
  };
  const auto price_of = [&](std::int64_t size) {
    return slipped_price(random.instrument, reference.exchange, sign > 0, size, random.mark).raw();
  };
  if (filled < 0 || filled > wanted || filled % lot != 0) return "not a part of the order";
  if (filled < wanted && within(price_of(filled + lot))) return "one lot more was within the limit";
  if (filled == 0) return fill.price.raw() == 0 ? "" : "an expiry with a price";
  if (fill.price.raw() != price_of(filled)) return "not the price of its size";
  return within(fill.price.raw()) ? "" : "beyond the limit";
}

TEST(ExchangeFill, IsTheLargestThatItsLimitAllows) {
  int partial = 0;
  int expired = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    support::Random random{seed};
    marks::Marks marks{reference};
    for (int i = 0; i < 100; ++i) {
      Exchange exchange{reference};
      const RandomOrder order = random_order(reference, random);
      marks.set(order.order.instrument, order.mark);
      exchange.observe(at(0, order.order));
      const auto fill = std::get<LiquidationAnswered>(exchange.answer_next(marks));
      ASSERT_EQ(fault(reference, order, fill), "") << "seed " << seed << ", order " << i;
      expired += static_cast<int>(fill.quantity.raw() == 0);
      partial +=
          static_cast<int>(fill.quantity.raw() != 0 && fill.quantity != order.order.quantity);
    }
  }
  EXPECT_GT(partial, 100);
  EXPECT_GT(expired, 30);
}

}  // namespace
}  // namespace plimsoll::exchange
