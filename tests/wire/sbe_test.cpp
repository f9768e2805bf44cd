#include "engine/wire/sbe.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/wire/random_event.hpp"

namespace plimsoll::wire {
namespace {

using Bytes = std::vector<std::byte>;

Bytes encoded(const Event& event) {
  std::array<std::byte, kEncodedSizeMax> bytes{};
  const std::size_t size = encode(event, bytes);
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

Event margin_call() {
  Event event{};
  event.header.number = EventNumber::from_raw(0x0102030405060708U);
  event.header.cause = Sequence::from_raw(9U);
  event.header.time = EventTime::from_raw(1'000'000'000);
  event.header.account = AccountId::from_raw(7U);
  event.header.trigger_value = 7'934'500'000'000;
  event.header.trigger_instrument = InstrumentId::from_raw(2U);
  event.header.cause_kind = 8;
  event.body = MarginCallIssued{Amount::from_raw(-2), Amount::from_raw(500), Amount::from_raw(50),
                                EventTime::from_raw(2'000'000'000), CallId::from_raw(3U)};
  return event;
}

/// Bytes of pairs of hexadecimal digits.
Bytes from_hex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return bytes;
}

// Written by hand from the schema: if this changes, every client breaks.
const Bytes kGoldenMarginCall = from_hex(
    "51000d004c500300"  // block length 81, template 13, schema 20556, version 3
    "0807060504030201"  // number
    "0900000000000000"  // cause
    "00ca9a3b00000000"  // time
    "0700000000000000"  // account
    "00d10d6537070000"  // trigger_value
    "02000000"          // trigger_instrument
    "08"                // cause_kind: mark_published
    "feffffffffffffff"  // equity
    "f401000000000000"  // maintenance_margin
    "3200000000000000"  // amount
    "0094357700000000"  // deadline
    "03000000");        // call

TEST(Sbe, WritesTheBytesClientsWereBuiltFor) {
  EXPECT_EQ(encoded(margin_call()), kGoldenMarginCall);
}

TEST(Sbe, ReadsTheBytesClientsWereBuiltFor) {
  const Decoded decoded = decode(kGoldenMarginCall);
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(same_event(decoded.event, margin_call()));
}

TEST(Sbe, EveryEventReadsBackAsWritten) {
  for (std::size_t kind = 0; kind < kTemplates; ++kind) {
    EXPECT_TRUE(rc::check([kind] {
      const Event event = random_event(kind);
      const Bytes bytes = encoded(event);
      RC_ASSERT(bytes.size() >= kEncodedSizeMin);
      const Decoded decoded = decode(bytes);
      RC_ASSERT(decoded.ok());
      RC_ASSERT(decoded.version == kSchemaVersion);
      RC_ASSERT(same_event(decoded.event, event));
    })) << "kind "
        << kind;
  }
}

TEST(Sbe, AcceptsANewerWriterWithFieldsAppended) {
  Bytes bytes = encoded(margin_call());
  bytes[0] = static_cast<std::byte>(81 + 5);  // block length
  bytes[6] = std::byte{4};                    // version
  bytes.insert(bytes.end(), 5, std::byte{0xab});
  bytes.insert(bytes.end(), 7, std::byte{0xcd});  // a group of the future
  const Decoded decoded = decode(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.version, 4);
  EXPECT_TRUE(same_event(decoded.event, margin_call()));
}

TEST(Sbe, LeavesAtZeroWhatAnOlderWriterDidNotWrite) {
  Bytes bytes = encoded(margin_call());
  constexpr int kCut = 4 + 3;  // the call, and most of the deadline
  bytes[0] = static_cast<std::byte>(81 - kCut);
  bytes.erase(bytes.end() - kCut, bytes.end());
  const Decoded decoded = decode(bytes);
  ASSERT_TRUE(decoded.ok());
  const auto& body = std::get<MarginCallIssued>(decoded.event.body);
  EXPECT_EQ(body.amount, Amount::from_raw(50));
  EXPECT_EQ(body.deadline, EventTime::from_raw(0));
  EXPECT_EQ(body.call, CallId::from_raw(0U));
}

TEST(Sbe, ReadsWhatVersion0Wrote) {
  Event event{};
  event.header.trigger_instrument = InstrumentId::from_raw(2U);
  event.body = LiquidationFillApplied{LiquidationEpoch::from_raw(3U),
                                      InstrumentId::from_raw(2U),
                                      Quantity::from_raw(-5),
                                      Price::from_raw(7),
                                      Amount::from_raw(1),
                                      Amount::from_raw(-9)};
  Bytes bytes = encoded(event);
  bytes[0] = std::byte{85};  // as it was before there were position sides
  bytes[6] = std::byte{0};
  bytes.pop_back();
  const Decoded decoded = decode(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.version, 0);
  EXPECT_TRUE(same_event(decoded.event, event));
}

TEST(Sbe, AnswersWithTheReasonWhenBytesAreNoEvent) {
  const auto error_with = [](std::size_t at, int value) {
    Bytes bytes = encoded(margin_call());
    bytes[at] = static_cast<std::byte>(value);
    return decode(bytes).error;
  };
  EXPECT_EQ(error_with(0, 82), DecodeError::too_short);
  EXPECT_EQ(error_with(1, 0xff), DecodeError::too_short);
  EXPECT_EQ(error_with(0, 44), DecodeError::block_too_short);
  EXPECT_EQ(error_with(2, 0), DecodeError::unknown_template);
  EXPECT_EQ(error_with(2, static_cast<int>(kTemplates) + 1), DecodeError::unknown_template);
  EXPECT_EQ(error_with(3, 0xff), DecodeError::unknown_template);
  EXPECT_EQ(error_with(4, 0), DecodeError::wrong_schema);
}

TEST(Sbe, NamesEveryError) {
  for (int error = 0; error <= static_cast<int>(DecodeError::block_too_short); ++error) {
    EXPECT_STRNE(to_string(static_cast<DecodeError>(error)), "unknown");
  }
}

TEST(Sbe, RefusesAMessageCutAtAnyByte) {
  for (std::size_t size = 0; size < kGoldenMarginCall.size(); ++size) {
    const Bytes cut(kGoldenMarginCall.begin(),
                    kGoldenMarginCall.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(decode(cut).error, DecodeError::too_short) << size;
  }
}

TEST(Sbe, KeepsItsHeadOnRandomBytes) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& garbage) {
    Bytes bytes;
    for (const std::uint8_t byte : garbage) bytes.push_back(std::byte{byte});
    (void)decode(bytes);
    // And once more past the first checks.
    const Bytes start = from_hex("30000d004c500000");
    std::copy_n(start.begin(), std::min(start.size(), bytes.size()), bytes.begin());
    if (bytes.size() > 2) bytes[2] = static_cast<std::byte>(garbage[2] % kTemplates + 1);
    (void)decode(bytes);
  }));
}

}  // namespace
}  // namespace plimsoll::wire
