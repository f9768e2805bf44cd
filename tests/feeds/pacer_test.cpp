#include "feeds/replay/pacer.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace plimsoll::feeds {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kStart = 1'723'161'255'000'000'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kHour = 3'600'000 * kMillisecond;

EventTime after(std::int64_t wait_ns) {
  return EventTime::from_raw(kStart + wait_ns);
}

TEST(Pacer, ReadsSpeedsAndNothingElse) {
  EXPECT_TRUE(parse_speed("max")->is_max());
  EXPECT_EQ(parse_speed("1")->factor(), 1);
  EXPECT_EQ(parse_speed("10")->factor(), 10);
  EXPECT_EQ(parse_speed("0.5")->factor(), 0.5);
  for (const char* text :
       {"", "0", "-1", "inf", "nan", "1x", "x", " 1", "1 ", "+1", "MAX", "1e999"}) {
    EXPECT_FALSE(parse_speed(text).has_value()) << text;
  }
}

TEST(Pacer, IsNeverEarly) {
  const std::atomic<bool> stop{false};
  for (const double factor : {1.0, 10.0, 0.5}) {
    Pacer pacer{Speed::times(factor), stop};
    const auto start = Clock::now();
    EXPECT_TRUE(pacer.wait_until(after(0)));
    for (const std::int64_t step : {1, 2, 3}) {
      const auto captured = static_cast<double>(step * 20) * factor;
      EXPECT_TRUE(pacer.wait_until(
          after(static_cast<std::int64_t>(captured * static_cast<double>(kMillisecond)))));
      EXPECT_GE(Clock::now() - start, milliseconds{step * 20});
    }
    EXPECT_LT(Clock::now() - start, seconds{5});
  }
}

TEST(Pacer, AFastReplayPassesAnHourInMilliseconds) {
  const std::atomic<bool> stop{false};
  Pacer pacer{Speed::times(1e6), stop};
  const auto start = Clock::now();
  EXPECT_TRUE(pacer.wait_until(after(0)));
  EXPECT_TRUE(pacer.wait_until(after(kHour)));
  EXPECT_GE(Clock::now() - start, milliseconds{3});
  EXPECT_LT(Clock::now() - start, seconds{5});
}

TEST(Pacer, AtMaxNothingWaits) {
  const std::atomic<bool> stop{false};
  Pacer pacer{Speed::max(), stop};
  const auto start = Clock::now();
  EXPECT_TRUE(pacer.wait_until(after(0)));
  EXPECT_TRUE(pacer.wait_until(after(1'000 * kHour)));
  EXPECT_LT(Clock::now() - start, seconds{5});
}

TEST(Pacer, ATimeThatWentBackIsDueAtOnce) {
  const std::atomic<bool> stop{false};
  Pacer pacer{Speed::times(1), stop};
  EXPECT_TRUE(pacer.wait_until(after(0)));
  EXPECT_TRUE(pacer.wait_until(after(-kHour)));
}

TEST(Pacer, StopEndsAWaitOfHours) {
  std::atomic<bool> stop{false};
  Pacer pacer{Speed::times(1), stop};
  EXPECT_TRUE(pacer.wait_until(after(0)));
  std::thread stopper{[&stop] {
    std::this_thread::sleep_for(milliseconds{30});
    stop = true;
  }};
  const auto start = Clock::now();
  EXPECT_FALSE(pacer.wait_until(after(kHour)));
  EXPECT_LT(Clock::now() - start, seconds{5});
  stopper.join();
  EXPECT_FALSE(pacer.wait_until(after(0)));
}

TEST(Pacer, TheSlowestSpeedAndTheLongestCaptureOverflowNothing) {
  std::atomic<bool> stop{false};
  Pacer pacer{Speed::times(1e-300), stop};
  EXPECT_TRUE(pacer.wait_until(EventTime::from_raw(0)));
  std::thread stopper{[&stop] {
    std::this_thread::sleep_for(milliseconds{5});
    stop = true;
  }};
  EXPECT_FALSE(pacer.wait_until(EventTime::from_raw(INT64_MAX)));
  stopper.join();
}

}  // namespace
}  // namespace plimsoll::feeds
