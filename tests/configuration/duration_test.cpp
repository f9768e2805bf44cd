#include "engine/configuration/duration.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace plimsoll::configuration {
namespace {

TEST(Duration, ReadsEveryUnitExactly) {
  const auto raw = [](std::string_view text) { return parse_duration(text).value().raw(); };
  EXPECT_EQ(raw("1ns"), 1);
  EXPECT_EQ(raw("250us"), 250'000);
  EXPECT_EQ(raw("20ms"), 20'000'000);
  EXPECT_EQ(raw("1.5s"), 1'500'000'000);
  EXPECT_EQ(raw("5m"), 300'000'000'000);
  EXPECT_EQ(raw("24h"), 86'400'000'000'000);
  EXPECT_EQ(raw("0s"), 0);
  EXPECT_EQ(raw("8760h"), kDurationMax.raw());
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text : {"", "s", "20", "20 ms", " 20ms", "20ms ", "20sec", "-1s", "+1s", "1e3s",
                           "1.5ns", "0.0001us", ".s", "1..2s", "8761h", "99999999999999999999h",
                           "9223372036854775807h", "0x10s"}) {
    EXPECT_FALSE(parse_duration(text).has_value()) << text;
  }
}

TEST(Duration, ComesBackFromItsText) {
  EXPECT_EQ(format_duration(Duration::from_raw(30'000'000'000)), "30s");
  EXPECT_EQ(format_duration(Duration::from_raw(1'500'000)), "1500us");
  EXPECT_TRUE(rc::check([] {
    const auto duration =
        Duration::from_raw(*rc::gen::inRange<std::int64_t>(0, kDurationMax.raw()));
    RC_ASSERT(parse_duration(format_duration(duration)) == duration);
  }));
}

}  // namespace
}  // namespace plimsoll::configuration
