// Goal: where a matching engine answers, nobody else does, and what it answers is checked. Method:
// an account is taken over by a gap, and its inventory is sold from outside.

#include <gtest/gtest.h>

#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::core {
namespace {

using support::kBtc;

constexpr std::int64_t kUsd = 1'000'000;          // an Amount of one
constexpr std::int64_t kUnit = 1'000'000'000;     // a Price of one
constexpr Quantity kLot = Quantity::from_raw(1);  // 0.001
constexpr AccountId kAccount = AccountId::from_raw(7);

class Matching : public ::testing::Test {
 protected:
  explicit Matching(bool simulated = false) : reference_{support::small_reference()} {
    reference_.exchange.simulated = simulated;
    submit(AccountOpened{kAccount, OwnerId::from_raw(7), {}, {}, {}, {}, {}});
    submit(Deposited{kAccount, Amount::from_raw(1'000 * kUsd), {}, {}});
    submit(TradeFilled{kAccount, kBtc, Quantity::from_raw(100), price(60'000), {}, {}, {}, {}});
    submit(MarkPublished{kBtc, price(60'000), {}, {}});
    submit(MarkPublished{kBtc, price(45'000), {}, {}});  // it is worth less than nothing
    pass_time();
  }

  static Price price(std::int64_t usd) { return Price::from_raw(usd * kUnit); }
  void submit(const InputBody& body) {
    time_ = time_ + Duration::from_raw(1'000'000);
    sequencer_.submit({.sequence = {}, .time = time_, .origin = {}, .body = body});
    sequencer_.publish_all();
    for (const Event& event : sequencer_.published()) events_.push_back(event);
    sequencer_.clear();
  }
  void pass_time() {
    for (int i = 0; i < 200; ++i) submit(TimeAdvanced{});
  }
  template <class Body>
  [[nodiscard]] std::vector<Body> all() const {
    std::vector<Body> found;
    for (const Event& event : events_) {
      if (const auto* body = std::get_if<Body>(&event.body)) found.push_back(*body);
    }
    return found;
  }
  [[nodiscard]] std::vector<Refusal> refusals() const {
    std::vector<Refusal> found;
    for (const InputRefused& refused : all<InputRefused>()) found.push_back(refused.reason);
    return found;
  }

  reference::Reference reference_;
  InlineFabric fabric_{reference_, 1, watch::Mode::bands};
  Sequencer<InlineFabric> sequencer_{reference_, fabric_};
  EventTime time_{EventTime::from_raw(1)};
  std::vector<Event> events_;
};

TEST_F(Matching, NobodyButTheMatchingEngineAnswers) {
  ASSERT_EQ(all<InventoryOrderIssued>().size(), 1U);
  EXPECT_TRUE(all<InventoryUnwound>().empty());
  EXPECT_EQ(sequencer_.house().inventory(kBtc), 100);
}

TEST_F(Matching, AnOrderIsAnsweredInPartsAndNeverBeyondIt) {
  const auto answer = [](std::int64_t quantity, std::int64_t usd) {
    return InventoryAnswered{kBtc, Quantity::from_raw(quantity), price(usd)};
  };
  submit(answer(-60, 45'000));
  EXPECT_EQ(sequencer_.house().inventory(kBtc), 40);
  submit(answer(-41, 45'000));  // more than is left
  submit(answer(+1, 45'000));   // nothing was bought
  submit(answer(0, 45'000));
  submit(answer(-1, 0));
  submit(InventoryAnswered{InstrumentId::from_raw(99), -kLot, price(1)});
  EXPECT_EQ(refusals(), (std::vector<Refusal>{Refusal::order_unknown, Refusal::order_unknown,
                                              Refusal::order_unknown, Refusal::price_out_of_range,
                                              Refusal::reference_unknown}));
  submit(answer(-40, 44'000));
  EXPECT_EQ(sequencer_.house().inventory(kBtc), 0);
  EXPECT_EQ(all<InventoryUnwound>().size(), 2U);
  submit(answer(-1, 45'000));
  EXPECT_EQ(refusals().back(), Refusal::order_unknown);
  EXPECT_EQ(sequencer_.house().conservation_gap(support::kUsdt), 0);
}

class Simulated : public Matching {
 protected:
  Simulated() : Matching{true} {}
};

TEST_F(Simulated, TheExchangeAnswersAndNobodyFromOutside) {
  EXPECT_EQ(all<InventoryUnwound>().size(), 1U);
  submit(InventoryAnswered{kBtc, -kLot, price(45'000)});
  EXPECT_EQ(refusals(), std::vector<Refusal>{Refusal::mode_unsupported});
}

}  // namespace
}  // namespace plimsoll::core
