#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::wire {
namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::string_view text) {
  Bytes bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

std::string text_of(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

/// Type and payload of every packet of a stream, then how it ended.
struct Found {
  std::vector<std::string> packets;
  SplitStatus end{SplitStatus::need_more};
  bool operator==(const Found&) const = default;
};

void take(PacketSplitter& splitter, Found& found) {
  Split split = splitter.next();
  for (; split.status == SplitStatus::packet; split = splitter.next()) {
    found.packets.push_back(static_cast<char>(split.packet.type) + text_of(split.packet.payload));
  }
  found.end = split.status;
}

/// Feeds a stream in chunks of these sizes, and the rest at once.
Found split_in(const Bytes& stream, const std::vector<std::size_t>& chunks,
               std::size_t length_max) {
  PacketSplitter splitter{length_max, length_max + 64};
  Found found;
  std::size_t at = 0;
  std::size_t chunk = 0;
  while (at < stream.size() && found.end == SplitStatus::need_more) {
    const auto space = splitter.free_space();
    const std::size_t wanted = chunk < chunks.size() ? chunks[chunk++] : stream.size();
    const std::size_t count = std::min({space.size(), wanted, stream.size() - at});
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), count, space.begin());
    splitter.add(count);
    at += count;
    take(splitter, found);
  }
  return found;
}

Bytes valid_stream() {
  Bytes stream;
  const auto add = [&stream](const auto& packet) {
    stream.insert(stream.end(), packet.begin(), packet.end());
  };
  add(login_request_packet({"user", "password", "", 1, 0}));
  add(empty_packet(PacketType::client_heartbeat));
  std::array<std::byte, 64> out{};
  const auto debug = bytes_of("hello");
  add(std::span{out}.first(write_packet(PacketType::debug, debug, out)));
  add(std::span{out}.first(write_packet(PacketType::unsequenced, {}, out)));
  add(empty_packet(PacketType::logout_request));
  return stream;
}

TEST(SplitPacket, DecidesEveryStringOfUpToThreeBytes) {
  constexpr std::size_t kCap = 300;
  EXPECT_EQ(split_packet({}, kCap).status, SplitStatus::need_more);
  for (unsigned a = 0; a < 256; ++a) {
    const std::array one{static_cast<std::byte>(a)};
    ASSERT_EQ(split_packet(one, kCap).status, SplitStatus::need_more);
    for (unsigned b = 0; b < 256; ++b) {
      const unsigned length = a * 256 + b;
      const auto expected = length == 0     ? SplitStatus::too_short
                            : length > kCap ? SplitStatus::too_long
                                            : SplitStatus::need_more;
      const std::array two{one[0], static_cast<std::byte>(b)};
      ASSERT_EQ(split_packet(two, kCap).status, expected) << length;
      unsigned wrong = 0;
      for (unsigned c = 0; c < 256; ++c) {
        const std::array three{two[0], two[1], static_cast<std::byte>(c)};
        const Split split = split_packet(three, kCap);
        wrong += split.status != (length == 1 ? SplitStatus::packet : expected) ? 1U : 0U;
        wrong += split.consumed != (length == 1 ? 3U : 0U) ? 1U : 0U;
      }
      ASSERT_EQ(wrong, 0U) << length;
    }
  }
}

TEST(SplitPacket, TakesTheLargestPacketThatThereIs) {
  Bytes stream(2 + kPacketLengthMax, std::byte{'x'});
  write_packet_header(PacketType::sequenced, kPacketLengthMax - 1,
                      std::span{stream}.first<kPacketHeaderSize>());
  const Split split = split_packet(stream, kPacketLengthMax);
  EXPECT_EQ(split.status, SplitStatus::packet);
  EXPECT_EQ(split.packet.payload.size(), kPacketLengthMax - 1);
  EXPECT_EQ(split.consumed, stream.size());
}

TEST(PacketSplitter, FindsTheSamePacketsAtEverySplitPoint) {
  const Bytes stream = valid_stream();
  const Found whole = split_in(stream, {}, 60);
  ASSERT_EQ(whole.packets.size(), 5U);
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = 0; first + second <= stream.size(); ++second) {
      ASSERT_EQ(split_in(stream, {first, second}, 60), whole) << first << '+' << second;
    }
  }
}

TEST(PacketSplitter, FindsTheSamePacketsInAllChunkings) {
  EXPECT_TRUE(rc::check([] {
    const auto count = *rc::gen::inRange(0, 20);
    Bytes stream;
    Found expected;
    for (int i = 0; i < count; ++i) {
      const auto payload = bytes_of(*rc::gen::resize(100, rc::gen::string<std::string>()));
      Bytes packet(kPacketHeaderSize + payload.size());
      RC_ASSERT(write_packet(PacketType::sequenced, payload, packet) == packet.size());
      stream.insert(stream.end(), packet.begin(), packet.end());
      expected.packets.push_back('S' + text_of(payload));
    }
    const auto chunks =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 40));
    RC_ASSERT(split_in(stream, chunks, 200) == expected);
  }));
}

TEST(PacketSplitter, SurvivesGarbageInTheSameWayInAllChunkings) {
  EXPECT_TRUE(rc::check([] {
    const auto garbage = *rc::gen::container<std::vector<std::uint8_t>>(
        rc::gen::weightedOneOf<std::uint8_t>({{1, rc::gen::just<std::uint8_t>(0)},
                                              {2, rc::gen::inRange<std::uint8_t>(0, 8)},
                                              {1, rc::gen::arbitrary<std::uint8_t>()}}));
    Bytes stream(garbage.size());
    if (!garbage.empty()) std::memcpy(stream.data(), garbage.data(), garbage.size());
    const auto chunks =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 9));
    RC_ASSERT(split_in(stream, chunks, 1'000) == split_in(stream, {}, 1'000));
  }));
}

TEST(PacketSplitter, StaysLostAfterAnError) {
  PacketSplitter splitter{10, 20};
  splitter.free_space()[0] = std::byte{0xff};
  splitter.free_space()[1] = std::byte{0xff};
  splitter.add(2);
  EXPECT_EQ(splitter.next().status, SplitStatus::too_long);
  EXPECT_EQ(splitter.next().status, SplitStatus::too_long);
}

template <class PacketArray>
std::span<const std::byte> payload_of(const PacketArray& packet) {
  return std::span{packet}.subspan(kPacketHeaderSize);
}

TEST(LoginRequest, IsWrittenAsTheSpecificationSays) {
  const LoginRequest request{"user", "secret", "DAY1", 42, 15'000};
  EXPECT_EQ(text_of(login_request_packet(request)), std::string("\0\x2fL", 3) +
                                                        "user  secret    "
                                                        "      DAY1"
                                                        "                  42");
  EXPECT_EQ(text_of(login_request_packet_with_timeout(request)), std::string("\0\x34L", 3) +
                                                                     "user  secret    "
                                                                     "      DAY1"
                                                                     "                  42"
                                                                     "15000");
}

TEST(LoginRequest, IsReadInBothLengths) {
  const LoginRequest request{"u", "p", "S", 18'446'744'073'709'551'615U, 99'999};
  const auto short_packet = login_request_packet(request);
  const auto long_packet = login_request_packet_with_timeout(request);
  const auto parsed = parse_login_request(payload_of(short_packet));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->user, "u");
  EXPECT_EQ(parsed->password, "p");
  EXPECT_EQ(parsed->session, "S");
  EXPECT_EQ(parsed->next_number, 18'446'744'073'709'551'615U);
  EXPECT_EQ(parsed->heartbeat_timeout_ms, 0U);
  const auto with_timeout = parse_login_request(payload_of(long_packet));
  ASSERT_TRUE(with_timeout.has_value());
  EXPECT_EQ(with_timeout->heartbeat_timeout_ms, 99'999U);
}

TEST(LoginRequest, IsReadWithPaddingOnEitherSide) {
  const Bytes payload = bytes_of("  userpassword10DAY1      7                   ");
  const auto parsed = parse_login_request(payload);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->user, "user");
  EXPECT_EQ(parsed->password, "password10");
  EXPECT_EQ(parsed->session, "DAY1");
  EXPECT_EQ(parsed->next_number, 7U);
}

TEST(LoginRequest, RefusesOtherLengthsAndWhatIsNoNumber) {
  for (std::size_t size = 0; size < 100; ++size) {
    const bool legal = size == 46 || size == 51;
    EXPECT_EQ(parse_login_request(Bytes(size, std::byte{'1'})).has_value() && !legal, false)
        << size;
  }
  const std::string start = "user  secret          DAY1";
  for (const char* number : {"                    ", "                  -1", "                  +1",
                             "                 1 2", "                 0x1", "18446744073709551616",
                             "                 1.0", "99999999999999999999"}) {
    EXPECT_FALSE(parse_login_request(bytes_of(start + number)).has_value()) << number;
  }
  EXPECT_FALSE(parse_login_request(bytes_of(start + "                   1" + "    x")).has_value());
}

TEST(LoginAccepted, ReadsBackAsWritten) {
  const auto name = SessionName::from_text("PLIM20");
  ASSERT_TRUE(name.has_value());
  const auto packet = login_accepted_packet(*name, 1'000'001);
  EXPECT_EQ(text_of(packet), std::string("\0\x1f"
                                         "A",
                                         3) +
                                 "    PLIM20"
                                 "             1000001");
  const auto accepted = parse_login_accepted(payload_of(packet));
  ASSERT_TRUE(accepted.has_value());
  EXPECT_EQ(accepted->session, "PLIM20");
  EXPECT_EQ(accepted->next_number, 1'000'001U);
  EXPECT_FALSE(parse_login_accepted(payload_of(packet).first(29)).has_value());
}

TEST(LoginRejected, ReadsBackAsWritten) {
  for (const auto reason : {RejectReason::not_authorised, RejectReason::session_not_available}) {
    EXPECT_EQ(parse_login_rejected(payload_of(login_rejected_packet(reason))), reason);
  }
  EXPECT_EQ(text_of(login_rejected_packet(RejectReason::not_authorised)), std::string("\0\2JA", 4));
  EXPECT_FALSE(parse_login_rejected(bytes_of("X")).has_value());
  EXPECT_FALSE(parse_login_rejected({}).has_value());
}

TEST(EmptyPacket, HasLengthOne) {
  EXPECT_EQ(text_of(empty_packet(PacketType::server_heartbeat)), std::string("\0\1H", 3));
  EXPECT_EQ(text_of(empty_packet(PacketType::client_heartbeat)), std::string("\0\1R", 3));
  EXPECT_EQ(text_of(empty_packet(PacketType::end_of_session)), std::string("\0\1Z", 3));
  EXPECT_EQ(text_of(empty_packet(PacketType::logout_request)), std::string("\0\1O", 3));
}

TEST(WritePacket, RefusesWhatDoesNotFit) {
  std::array<std::byte, 8> out{};
  EXPECT_EQ(write_packet(PacketType::debug, Bytes(5), out), 8U);
  EXPECT_EQ(write_packet(PacketType::debug, Bytes(6), out), 0U);
  EXPECT_EQ(write_packet(PacketType::debug, {}, std::span{out}.first(2)), 0U);
  Bytes large(kPacketLengthMax + 10);
  EXPECT_EQ(write_packet(PacketType::debug, Bytes(kPacketLengthMax), large), 0U);
  EXPECT_EQ(write_packet(PacketType::debug, Bytes(kPacketLengthMax - 1), large), 65'537U);
}

TEST(SessionName, IsOneToTenLettersOrDigits) {
  for (const char* bad : {"", "ELEVENCHARS", "A B", " A", "A-B", "\n"}) {
    EXPECT_FALSE(SessionName::from_text(bad).has_value()) << bad;
  }
  EXPECT_EQ(SessionName::from_text("a")->padded(), "         a");
  EXPECT_EQ(SessionName::from_text("a")->text(), "a");
  EXPECT_EQ(SessionName::from_text("0123456789")->text(), "0123456789");
}

}  // namespace
}  // namespace plimsoll::wire
