#include "engine/value/decimal.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace plimsoll {
namespace {

void expect_decimal(std::string_view text, int decimals, std::int64_t raw) {
  const DecimalResult result = parse_decimal(text, decimals);
  EXPECT_EQ(result.error, DecimalError::none) << text;
  EXPECT_EQ(result.raw, raw) << text;
}

void expect_error(std::string_view text, int decimals, DecimalError error) {
  EXPECT_EQ(parse_decimal(text, decimals).error, error) << text;
}

TEST(Decimal, ReadsWhatVenuesSend) {
  expect_decimal("61800.20", 9, 61'800'200'000'000);
  expect_decimal("11794.15000000", 9, 11'794'150'000'000);
  expect_decimal("0.00038167", 9, 381'670);
  expect_decimal("0.0000071", 9, 7'100);
  expect_decimal("-0.5", 3, -500);
  expect_decimal("+7", 0, 7);
  expect_decimal("007.00", 0, 7);
  expect_decimal(".5", 1, 5);
  expect_decimal("5.", 1, 50);
  expect_decimal("0", 9, 0);
  expect_decimal("0e-400", 0, 0);
  expect_decimal("1e3", 2, 100'000);
  expect_decimal("-1.380384722222e-6", 18, -1'380'384'722'222);
  expect_decimal("1200000000e-8", 0, 12);
  expect_decimal("9223372036854775807", 0, 9'223'372'036'854'775'807);
}

TEST(Decimal, RefusesWhatIsNoExactNumber) {
  expect_error("", 9, DecimalError::empty);
  for (const char* text :
       {"-", ".", "1..2", "1.2.3", "NaN", "inf", "0x10", "1 ", " 1", "1e", "1e+", "1e5x", "--1"}) {
    expect_error(text, 9, DecimalError::malformed);
  }
  expect_error("0.0000000001", 9, DecimalError::inexact);
  expect_error("1.5", 0, DecimalError::inexact);
  expect_error("9223372036854775808", 0, DecimalError::out_of_range);
  expect_error("1e300", 0, DecimalError::out_of_range);
  expect_error("99999999999999999999999", 0, DecimalError::out_of_range);
  expect_error("10000000000", 9, DecimalError::out_of_range);
}

TEST(Decimal, FormattedTextReadsBackToTheSameNumber) {
  EXPECT_TRUE(rc::check([] {
    const auto raw = *rc::gen::arbitrary<std::int64_t>();
    RC_PRE(raw != std::numeric_limits<std::int64_t>::min());
    const int decimals = *rc::gen::inRange(0, 19);
    const DecimalResult result = parse_decimal(format_decimal(raw, decimals), decimals);
    RC_ASSERT(result.ok());
    RC_ASSERT(result.raw == raw);
  }));
}

TEST(Decimal, FormatsWhatNeedsMoreThan64Bits) {
  const Int128 large = Int128{1'000'000'000'000'000} * 1'000'000'000'000'000 + 5;
  EXPECT_EQ(format_wide_decimal(large, 15), "1000000000000000.000000000000005");
  EXPECT_EQ(format_wide_decimal(-large, 0), "-1000000000000000000000000000005");
  EXPECT_EQ(format_wide_decimal(-5, 21), "-0.000000000000000000005");
  EXPECT_EQ(format_wide_decimal(0, 21), "0");
  EXPECT_EQ(format_wide_decimal(std::numeric_limits<std::int64_t>::min(), 9),
            format_decimal(std::numeric_limits<std::int64_t>::min(), 9));
}

}  // namespace
}  // namespace plimsoll
