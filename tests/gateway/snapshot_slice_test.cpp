#include "engine/gateway/snapshot_slice.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tests/gateway/numbered_event.hpp"

namespace plimsoll::gateway {
namespace {

constexpr std::uint64_t kAccounts = 3'000;

AccountStates some_states() {
  AccountStates states{EventNumber::from_raw(1), kAccounts};
  for (std::uint64_t number = 1; number <= kAccounts; ++number) {
    Event event = numbered_event(3 * number);
    event.header.account = AccountId::from_raw(number);
    states.fold(event);
  }
  return states;
}

Stream stream_of(std::optional<AccountRanges> accounts) {
  return {*wire::SessionName::from_text("TEST"), RetainedEvents{1, 1}, std::move(accounts)};
}

/// Accounts in the packets, and 0 for the end.
std::vector<std::uint64_t> accounts_in(std::span<const std::byte> bytes) {
  std::vector<std::uint64_t> accounts;
  while (!bytes.empty()) {
    const wire::Split split = wire::split_packet(bytes, wire::kPacketLengthMax);
    if (split.status != wire::SplitStatus::packet) return {};
    const auto state = wire::decode_snapshot<wire::AccountState>(split.packet.payload);
    accounts.push_back(state ? state->account.raw() : 0);
    bytes = bytes.subspan(split.consumed);
  }
  return accounts;
}

/// All bytes of a snapshot when the kernel takes what `take(size)` says of each slice.
template <class Take>
std::vector<std::byte> sent_bytes(const AccountStates& states, const Stream& stream, Take take) {
  std::vector<std::byte> sent;
  SnapshotSlice slice;
  for (SnapshotCursor cursor; !cursor.done;) {
    slice.fill(states, stream, EventNumber::from_raw(9), cursor);
    const std::size_t taken = take(slice.bytes().size());
    const auto front = slice.bytes().first(taken);
    const auto [next, rest] = slice.after(taken);
    sent.insert(sent.end(), front.begin(), front.end());
    sent.insert(sent.end(), rest.begin(), rest.end());
    cursor = next;
  }
  return sent;
}

std::vector<std::byte> sent_whole(const AccountStates& states, const Stream& stream) {
  return sent_bytes(states, stream, [](std::size_t size) { return size; });
}

TEST(SnapshotSlice, HoldsEveryAccountOnceAndThenTheEnd) {
  const auto accounts = accounts_in(sent_whole(some_states(), stream_of(std::nullopt)));
  ASSERT_EQ(accounts.size(), kAccounts + 1);
  for (std::uint64_t i = 0; i < kAccounts; ++i) ASSERT_EQ(accounts[i], i + 1);
  EXPECT_EQ(accounts.back(), 0U);
}

TEST(SnapshotSlice, HoldsOnlyTheAccountsThatTheStreamShows) {
  const auto account = [](std::uint64_t id) { return AccountId::from_raw(id); };
  const AccountRanges ranges{{{account(7), account(7)}, {account(2'900), account(9'999)}}};
  const auto accounts = accounts_in(sent_whole(some_states(), stream_of(ranges)));
  ASSERT_EQ(accounts.size(), 1 + 101 + 1U);
  EXPECT_EQ(accounts[0], 7U);
  EXPECT_EQ(accounts[1], 2'900U);
  EXPECT_EQ(accounts[101], 3'000U);
}

TEST(SnapshotSlice, OfNoAccountIsTheEndAlone) {
  const AccountStates states{EventNumber::from_raw(4), 1};
  const auto bytes = sent_whole(states, stream_of(std::nullopt));
  const wire::Split split = wire::split_packet(bytes, wire::kPacketLengthMax);
  const auto ended = wire::decode_snapshot<wire::SnapshotEnded>(split.packet.payload);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->number.raw(), 9U);
  EXPECT_EQ(ended->first.raw(), 4U);
  EXPECT_EQ(ended->accounts, 0U);
}

// Goal: whatever part of the bytes the kernel takes, the client gets the same stream.
TEST(SnapshotSlice, GoesOnAfterThePacketThatWasCutAnywhere) {
  const AccountStates states = some_states();
  const Stream stream = stream_of(std::nullopt);
  const auto whole = sent_whole(states, stream);
  for (std::size_t part = 1; part < 400; part += 23) {
    std::size_t turn = 0;
    const auto sent = sent_bytes(states, stream, [&](std::size_t size) {
      return std::min(size, turn++ % 2 == 0 ? part * 20 % 9'000 : part);
    });
    ASSERT_EQ(sent, whole) << part;
  }
}

TEST(AccountStates, CountWhatFindsNoRoom) {
  AccountStates states{EventNumber::from_raw(1), 2};
  for (std::uint64_t number = 1; number <= 8; ++number) {
    Event event = numbered_event(3 * number);
    event.header.account = AccountId::from_raw(number % 4 == 3 ? ~std::uint64_t{0} : number % 4);
    states.fold(event);
  }
  // Accounts 1, 2, ~0, none, 1, 2, ~0, none.
  EXPECT_EQ(states.rows().size(), 2U);
  EXPECT_EQ(states.left_out(), 2U);
}

}  // namespace
}  // namespace plimsoll::gateway
