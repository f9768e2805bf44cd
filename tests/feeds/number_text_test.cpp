#include "feeds/venue/number_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/value/decimal.hpp"
#include "feeds/text/iso_time.hpp"
#include "tests/feeds/messages.hpp"

namespace plimsoll::feeds::testing {
namespace {

/// The raw price, or -1 when it is none.
std::int64_t price_of(std::string_view text, Finer finer = Finer::refused) {
  const Padded padded{text};
  Price price;
  return read_price(padded.text(), finer, price) == Reject::none ? price.raw() : -1;
}

std::int64_t count_of(std::string_view text, TimeUnit unit) {
  const Padded padded{text};
  EventTime time;
  return read_count(padded.text(), unit, time) == Reject::none ? time.raw() : -1;
}

// The fast way and the general one are the same function.
TEST(NumberText, EveryPriceIsWhatTheDecimalReaderSays) {
  EXPECT_TRUE(rc::check([] {
    const auto text = *rc::gen::container<std::string>(
        *rc::gen::inRange<std::size_t>(0, 22), rc::gen::weightedElement<char>({{30, '0'},
                                                                               {20, '1'},
                                                                               {20, '9'},
                                                                               {10, '5'},
                                                                               {12, '.'},
                                                                               {1, 'e'},
                                                                               {1, '-'},
                                                                               {1, '+'},
                                                                               {1, ' '},
                                                                               {1, ':'},
                                                                               {1, '/'},
                                                                               {1, '\x80'}}));
    const DecimalResult expected = parse_decimal(text, kPriceDecimals);
    const std::int64_t raw = price_of(text);
    if (expected.ok() && expected.raw >= 0) RC_ASSERT(raw == expected.raw);
    if (!expected.ok()) RC_ASSERT(raw == -1);
  }));
}

TEST(NumberText, PricesOfEveryLengthAreExact) {
  for (const char* text : {"1", "12", "1234567", "12345678", "123456789", "0.1", "0.12345678",
                           "0.123456789", "1234567.12345678", "1234567.123456789", "00012.50",
                           "9223372036.854775807", "1.5e3", "1.5E-7", "61800.20", "5."}) {
    EXPECT_EQ(price_of(text), parse_decimal(text, kPriceDecimals).raw) << text;
  }
  EXPECT_EQ(price_of("1.5e-7"), 150);
  for (const char* text : {"", ".", "1,5", "1.2.3", "0x10", "1 ", "--1", "99999999999", "1e400"}) {
    EXPECT_EQ(price_of(text), -1) << text;
  }
}

TEST(NumberText, DigitsFinerThanTheScaleAreCutOffWhereThatIsAllowed) {
  EXPECT_EQ(price_of("21979.68646534714"), -1);
  EXPECT_EQ(price_of("21979.68646534714", Finer::cut_off), 21'979'686'465'347);
  EXPECT_EQ(price_of("0.0002344295447954", Finer::cut_off), 234'429);
  EXPECT_EQ(price_of("1.23456789012345e-3", Finer::cut_off), 1'234'567);
  EXPECT_EQ(price_of("1.9999999999e2", Finer::cut_off), 199'999'999'990);
  EXPECT_EQ(price_of("0.1234567890123456789012345", Finer::cut_off), 123'456'789);
  EXPECT_EQ(price_of("6.2604214e-11", Finer::cut_off), 0);
  EXPECT_EQ(price_of("99999999999.5", Finer::cut_off), -1);
  EXPECT_EQ(price_of("12345678901234e-12", Finer::cut_off), -1);
  EXPECT_EQ(price_of("1.5x", Finer::cut_off), -1);
}

TEST(NumberText, CountsAreTimes) {
  EXPECT_EQ(count_of("1723161256313", TimeUnit::milliseconds), 1'723'161'256'313'000'000);
  EXPECT_EQ(count_of("1618677785890123", TimeUnit::microseconds), 1'618'677'785'890'123'000);
  EXPECT_EQ(count_of("5", TimeUnit::milliseconds), 5'000'000);
  EXPECT_EQ(count_of("0", TimeUnit::microseconds), 0);
  EXPECT_EQ(count_of("9223372036854", TimeUnit::milliseconds), 9'223'372'036'854'000'000);
  for (const char* text :
       {"", "soon", "-5", "9999999999999", "99999999999999999", "172316125631x"}) {
    EXPECT_EQ(count_of(text, TimeUnit::milliseconds), -1) << text;
  }
  EXPECT_EQ(count_of("9999999999999999", TimeUnit::microseconds), -1);
}

TEST(NumberText, NumbersOfUpdatesAreZeroWhereTheyAreNone) {
  const auto number = [](std::string_view text) {
    const Padded padded{text};
    return read_number(padded.text()).raw();
  };
  EXPECT_EQ(number("5123107839020"), 5'123'107'839'020U);
  EXPECT_EQ(number("1639042615121909472"), 1'639'042'615'121'909'472U);
  EXPECT_EQ(number("12345678"), 12'345'678U);
  for (const char* text : {"", "-1", "x", "1.5", "12345678901234567890"})
    EXPECT_EQ(number(text), 0U);
}

TEST(IsoTime, IsReadToTheNanosecond) {
  const auto time = [](std::string_view text) {
    const std::optional<EventTime> parsed = parse_iso_time(text);
    return parsed ? parsed->raw() : -1;
  };
  EXPECT_EQ(time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(time("2021-07-22T22:36:10.014Z"), 1'626'993'370'014'000'000);
  EXPECT_EQ(time("2021-07-22T22:36:10.0141234Z"), 1'626'993'370'014'123'400);
  EXPECT_EQ(time("2021-07-22T22:36:10.123456789Z"), 1'626'993'370'123'456'789);
  EXPECT_EQ(time("2024-02-29 12:00:00+00:00"), 1'709'208'000'000'000'000);
  for (const char* text :
       {"", "Z", "2021-07-22", "2021-07-22T22:36:10", "2021-13-22T22:36:10Z",
        "2021-02-29T00:00:00Z", "2021-07-22T24:00:00Z", "2021-07-22T22:36:10.Z",
        "2021-07-22T22:36:10.1234567890Z", "2021-07-22T22:36:10.1x4Z", "2021/07/22T22:36:10Z",
        "1969-12-31T23:59:59Z", "2021-07-22T22:36:10+02:00", "x021-07-22T22:36:10Z",
        "2021-07-22T22:36:10.014ZZ"}) {
    EXPECT_EQ(time(text), -1) << text;
  }
}

TEST(IsoTime, AnyBytesGiveATimeOrNone) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const std::optional<EventTime> parsed = parse_iso_time(bytes + "Z");
    RC_ASSERT(!parsed || parsed->raw() >= 0);
  }));
}

}  // namespace
}  // namespace plimsoll::feeds::testing
