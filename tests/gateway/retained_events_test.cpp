#include "engine/gateway/retained_events.hpp"

#include <random>

#include <gtest/gtest.h>

#include "tests/gateway/numbered_event.hpp"

namespace plimsoll::gateway {
namespace {

/// Numbers of the events in these packets, all of which must be whole.
std::vector<std::uint64_t> numbers_in(std::span<const std::byte> bytes) {
  std::vector<std::uint64_t> numbers;
  while (!bytes.empty()) {
    const auto split = wire::split_packet(bytes, wire::kPacketLengthMax);
    EXPECT_EQ(split.status, wire::SplitStatus::packet);
    if (split.consumed == 0) break;
    numbers.push_back(wire::decode(split.packet.payload).event.header.number.raw());
    bytes = bytes.subspan(split.consumed);
  }
  return numbers;
}

/// All numbers after a cursor, read to the end.
std::vector<std::uint64_t> read_all(const RetainedEvents& events, RetainedEvents::Cursor cursor) {
  std::vector<std::uint64_t> numbers;
  for (auto packets = events.after(cursor); !packets.empty(); packets = events.after(cursor)) {
    for (const auto bytes : {packets.first, packets.second}) {
      for (const std::uint64_t number : numbers_in(bytes)) numbers.push_back(number);
    }
    EXPECT_TRUE(events.advance(cursor, packets.size()).empty());
  }
  return numbers;
}

RetainedEvents filled(std::uint64_t first, std::uint64_t count, std::uint64_t retained) {
  RetainedEvents events{first, retained};
  for (std::uint64_t i = 0; i < count; ++i) events.append(numbered_event(first + i));
  return events;
}

TEST(RetainedEvents, HasNothingBeforeTheFirstEvent) {
  const RetainedEvents events{7, 10};
  EXPECT_EQ(events.first(), 7U);
  EXPECT_EQ(events.next(), 7U);
  EXPECT_TRUE(read_all(events, events.find(7)).empty());
}

TEST(RetainedEvents, ReadsFromAnyRetainedNumber) {
  const RetainedEvents events = filled(100, 5'000, 3'000);
  EXPECT_EQ(events.next(), 5'100U);
  EXPECT_LE(events.first(), 2'100U);
  for (std::uint64_t from = events.first(); from <= events.next(); from += 97) {
    const auto numbers = read_all(events, events.find(from));
    ASSERT_EQ(numbers.size(), events.next() - from);
    if (!numbers.empty()) {
      EXPECT_EQ(numbers.front(), from);
      EXPECT_EQ(numbers.back(), 5'099U);
    }
  }
}

TEST(RetainedEvents, KeepsAtLeastWhatIsAskedAndNotMuchMore) {
  for (const std::uint64_t retained : {1U, 2U, 500U, 1'000U, 10'000U}) {
    RetainedEvents events{1, retained};
    for (std::uint64_t number = 1; number <= 20'000; ++number) {
      events.append(numbered_event(number));
      const std::uint64_t kept = events.next() - events.first();
      ASSERT_GE(kept, std::min(number, retained));
      ASSERT_LE(kept, retained + 2 * 64 * 1024 / kPacketSizeMin);
    }
  }
}

TEST(RetainedEvents, SaysWhenACursorNoLongerCounts) {
  RetainedEvents events = filled(1, 10, 100);
  const auto old = events.find(5);
  EXPECT_TRUE(events.holds(old));
  for (std::uint64_t number = 11; number <= 5'000; ++number) events.append(numbered_event(number));
  EXPECT_FALSE(events.holds(old));
  EXPECT_TRUE(events.holds(events.find(events.first())));
}

/// The stream of a socket that takes random parts of what it is offered.
std::vector<std::byte> sent_in_parts(const RetainedEvents& events, std::mt19937_64& random) {
  std::vector<std::byte> stream;
  RetainedEvents::Cursor cursor = events.find(events.first());
  for (auto packets = events.after(cursor); !packets.empty(); packets = events.after(cursor)) {
    std::vector<std::byte> bytes{packets.first.begin(), packets.first.end()};
    bytes.insert(bytes.end(), packets.second.begin(), packets.second.end());
    const std::size_t sent = random() % (bytes.size() + 1);
    stream.insert(stream.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(sent));
    const auto rest = events.advance(cursor, sent);
    EXPECT_LT(rest.size(), kPacketSizeMax);
    stream.insert(stream.end(), rest.begin(), rest.end());
  }
  return stream;
}

// Goal: whatever part of the bytes the kernel takes, the client gets the same stream.
TEST(RetainedEvents, LeavesTheRestOfAPacketThatWasCutAnywhere) {
  const RetainedEvents events = filled(1, 2'000, 2'000);
  const auto whole = read_all(events, events.find(1));
  ASSERT_EQ(whole.size(), 2'000U);
  std::mt19937_64 random{11};
  for (int run = 0; run < 50; ++run) {
    ASSERT_EQ(numbers_in(sent_in_parts(events, random)), whole);
  }
}

}  // namespace
}  // namespace plimsoll::gateway
