#include "engine/value/integer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace plimsoll {
namespace {

TEST(Integer, DivisionRoundsInTheDirectionItNames) {
  EXPECT_EQ(divide_floor<std::int64_t>(7, 2), 3);
  EXPECT_EQ(divide_floor<std::int64_t>(-7, 2), -4);
  EXPECT_EQ(divide_ceil<std::int64_t>(7, 2), 4);
  EXPECT_EQ(divide_ceil<std::int64_t>(-7, 2), -3);
  EXPECT_EQ(divide_floor<std::int64_t>(-8, 2), -4);
  EXPECT_EQ(divide_ceil<std::int64_t>(8, 2), 4);
}

TEST(Integer, ProductsAreExactWhetherOrNotTheyFitIn64Bits) {
  EXPECT_TRUE(rc::check([](std::int64_t a, std::int64_t b) {
    const std::int64_t d = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000);
    const Int128 product = Int128{a} * b;
    const Int128 floor = multiply_divide_floor(a, b, d);
    const Int128 ceil = multiply_divide_ceil(a, b, d);
    RC_ASSERT(floor * d <= product && product < (floor + 1) * d);
    RC_ASSERT((ceil - 1) * d < product && product <= ceil * d);
  }));
}

TEST(IntegerDeathTest, NarrowingStopsRatherThanWraps) {
  EXPECT_DEATH((void)narrow(Int128{1} << 64), "assertion failed");
}

}  // namespace
}  // namespace plimsoll
