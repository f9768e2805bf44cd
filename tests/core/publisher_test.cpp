#include "engine/core/publisher.hpp"

#include <gtest/gtest.h>

#include "engine/message/cause.hpp"

namespace plimsoll::core {
namespace {

Cause cause(std::uint64_t sequence) {
  return {.sequence = Sequence::from_raw(sequence), .time = EventTime::from_raw(1)};
}

Event started(std::uint64_t sequence, std::uint64_t account, std::int64_t equity,
              std::int64_t maintenance) {
  return make_event(cause(sequence), AccountId::from_raw(account),
                    LiquidationStarted{.equity = Amount::from_raw(equity),
                                       .maintenance_margin = Amount::from_raw(maintenance),
                                       .target = Rate::from_raw(kRateOne),
                                       .epoch = LiquidationEpoch::from_raw(1)});
}

std::vector<std::uint64_t> accounts(const Publisher& publisher) {
  std::vector<std::uint64_t> ids;
  for (const Event& event : publisher.published()) ids.push_back(event.header.account.raw());
  return ids;
}

TEST(Publisher, WorstMarginLevelComesFirstWhateverTheShard) {
  Publisher publisher{2};
  publisher.inbox(0).push_back(started(1, 1, 90, 100));
  publisher.inbox(0).push_back(started(1, 2, -5, 100));
  publisher.inbox(1).push_back(started(1, 3, 10, 100));
  publisher.inbox(1).push_back(started(1, 4, -50, 1000));  // the same level, the larger deficit
  publisher.inbox(1).push_back(started(1, 5, 90, 100));    // the same as account 1
  publisher.release(Sequence::from_raw(1));
  EXPECT_EQ(accounts(publisher), (std::vector<std::uint64_t>{4, 2, 3, 1, 5}));
}

TEST(Publisher, NothingOfALaterCauseIsReleasedAndNumbersHaveNoGap) {
  Publisher publisher{2};
  publisher.inbox(0).push_back(started(2, 1, 1, 1));
  publisher.inbox(1).push_back(started(1, 2, 1, 1));
  publisher.inbox(1).push_back(started(3, 3, 1, 1));
  publisher.release(Sequence::from_raw(2));
  EXPECT_EQ(accounts(publisher), (std::vector<std::uint64_t>{2, 1}));
  publisher.clear_published();
  publisher.release(Sequence::from_raw(3));
  ASSERT_EQ(accounts(publisher), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(publisher.published()[0].header.number.raw(), 3U);
}

TEST(Publisher, DeadlinesComeBeforeTheInputThatLetThemPass) {
  Publisher publisher{1};
  publisher.inbox(0).push_back(started(1, 1, 1, 1));
  publisher.inbox(0).push_back(make_event(with_deadline(cause(1), EventTime::from_raw(1)),
                                          AccountId::from_raw(2), MarginCallFailed{}));
  publisher.release(Sequence::from_raw(1));
  EXPECT_EQ(accounts(publisher), (std::vector<std::uint64_t>{2, 1}));
}

}  // namespace
}  // namespace plimsoll::core
