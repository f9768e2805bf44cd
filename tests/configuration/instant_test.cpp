#include "engine/configuration/instant.hpp"

#include <gtest/gtest.h>

namespace plimsoll::configuration {
namespace {

TEST(Instant, IsReadToTheSecond) {
  const auto raw = [](std::string_view text) { return parse_instant(text).value().raw(); };
  EXPECT_EQ(raw("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(raw("1970-01-02T00:00:01Z"), 86'401'000'000'000);
  EXPECT_EQ(raw("2024-02-29T23:59:59Z"), 1'709'251'199'000'000'000);
  EXPECT_EQ(raw("2200-12-31T00:00:00Z"), 7'289'568'000'000'000'000);
}

TEST(Instant, IsRefusedWhenItIsNone) {
  for (const char* text :
       {"", "2024-02-29", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z",
        "2024-01-32T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00",
        "2024-01-01T00:00:00+00:00", "1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z",
        "2024-01-01T0a:00:00Z"}) {
    EXPECT_FALSE(parse_instant(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace plimsoll::configuration
