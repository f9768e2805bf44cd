#include "engine/wire/snapshot.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/wire/random_event.hpp"

namespace plimsoll::wire {
namespace {

using Bytes = std::vector<std::byte>;

template <class Message>
Message random_message() {
  Message message{};
  for_each_field(message, RandomField{});
  return message;
}

template <class Message>
Bytes encoded(const Message& message) {
  const auto bytes = encode_snapshot(message);
  return {bytes.begin(), bytes.end()};
}

template <class Message>
void expect_reads_what_it_writes() {
  EXPECT_TRUE(rc::check([] {
    const auto message = random_message<Message>();
    Bytes bytes = encoded(message);
    const auto read = decode_snapshot<Message>(bytes);
    RC_ASSERT(read.has_value());
    RC_ASSERT(same_fields(*read, message));
    RC_ASSERT(decode(bytes).error == DecodeError::unknown_template);
    bytes.insert(bytes.end(), 5, std::byte{0xab});  // of a newer version
    bytes[0] = static_cast<std::byte>(std::to_integer<int>(bytes[0]) + 5);
    RC_ASSERT(same_fields(*decode_snapshot<Message>(bytes), message));
    for (std::size_t size = 0; size + 5 < bytes.size(); ++size) {
      RC_ASSERT(!decode_snapshot<Message>(std::span{bytes}.first(size)).has_value());
    }
  }));
}

TEST(Snapshot, ReadsWhatItWrites) {
  expect_reads_what_it_writes<SnapshotRequested>();
  expect_reads_what_it_writes<AccountState>();
  expect_reads_what_it_writes<SnapshotEnded>();
}

TEST(Snapshot, TellsItsMessagesApart) {
  const Bytes state = encoded(AccountState{});
  EXPECT_FALSE(decode_snapshot<SnapshotEnded>(state).has_value());
  EXPECT_FALSE(decode_snapshot<SnapshotRequested>(state).has_value());
  Bytes other = state;
  other[4] = std::byte{0};  // schema
  EXPECT_FALSE(decode_snapshot<AccountState>(other).has_value());
  EXPECT_FALSE(decode_snapshot<AccountState>({}).has_value());
}

TEST(Snapshot, ReadsNoBytesBeyondThoseGiven) {
  EXPECT_TRUE(rc::check([] {
    const auto bytes = *rc::gen::arbitrary<std::vector<std::uint8_t>>();
    const Bytes copy = [&] {
      Bytes made = encoded(SnapshotRequested{});
      made.resize(std::min<std::size_t>(made.size(), 8 + bytes.size() % 12));
      for (std::size_t i = 0; i < bytes.size() && i < 2; ++i) {
        made[i] = static_cast<std::byte>(bytes[i]);  // any block length
      }
      return made;
    }();
    const auto read = decode_snapshot<SnapshotRequested>(copy);
    std::uint16_t block = 0;
    std::memcpy(&block, copy.data(), sizeof(block));
    RC_ASSERT(read.has_value() == (copy.size() - 8 >= block));
  }));
}

// Written by hand from the schema: if this changes, every client breaks.
TEST(Snapshot, IsWhatTheSchemaSaysByteForByte) {
  const Bytes request = encoded(SnapshotRequested{ExternalId::from_raw(0x0102030405060708U)});
  const Bytes golden{
      std::byte{8},    std::byte{0},    std::byte{0xe8}, std::byte{3},  // block 8, template 1000
      std::byte{0x4c}, std::byte{0x50}, std::byte{3},    std::byte{0},  // schema 20556, version 3
      std::byte{8},    std::byte{7},    std::byte{6},    std::byte{5},
      std::byte{4},    std::byte{3},    std::byte{2},    std::byte{1}};
  EXPECT_EQ(request, golden);
}

}  // namespace
}  // namespace plimsoll::wire
