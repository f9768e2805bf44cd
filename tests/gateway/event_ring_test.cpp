#include "engine/gateway/event_ring.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "tests/gateway/numbered_event.hpp"

namespace plimsoll::gateway {
namespace {

TEST(EventRing, RefusesWhatItHasNoRoomFor) {
  EventRing ring{4};
  EXPECT_TRUE(ring.empty());
  for (std::uint64_t number = 1; number <= 4; ++number) {
    EXPECT_TRUE(ring.try_push(numbered_event(number)));
  }
  EXPECT_FALSE(ring.try_push(numbered_event(5)));
  std::uint64_t seen = 0;
  EXPECT_EQ(ring.pop(3, [&seen](const Event& event) { seen = event.header.number.raw(); }), 3U);
  EXPECT_EQ(seen, 3U);
  EXPECT_FALSE(ring.empty());
  EXPECT_TRUE(ring.try_push(numbered_event(5)));
}

TEST(EventRing, CarriesEveryEventOnceAndInOrderBetweenTwoThreads) {
  constexpr std::uint64_t kEvents = 100'000;
  EventRing ring{64};
  std::thread engine{[&ring] {
    for (std::uint64_t number = 1; number <= kEvents; ++number) {
      const Event event = numbered_event(number);
      while (!ring.try_push(event)) std::this_thread::yield();
    }
  }};
  std::uint64_t last = 0;
  while (last < kEvents) {
    const auto count = ring.pop(17, [&last](const Event& event) {
      ASSERT_EQ(event.header.number.raw(), last + 1);
      ++last;
    });
    if (count == 0) std::this_thread::yield();
  }
  engine.join();
  EXPECT_TRUE(ring.empty());
}

}  // namespace
}  // namespace plimsoll::gateway
