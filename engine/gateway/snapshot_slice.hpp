#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/gateway/account_states.hpp"
#include "engine/gateway/stream.hpp"
#include "engine/wire/snapshot.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

// A snapshot goes out in slices, each the states of some accounts as they are when it is filled.
// Nothing is frozen or copied in between: every state says by its number which events are in it.
//
// For the gateway's thread only.

namespace plimsoll::gateway {

/// How far a session has been sent the states of the accounts that it may see.
struct SnapshotCursor {
  ExternalId request;         // of the client
  std::size_t row{0};         // the next to be looked at
  std::uint64_t accounts{0};  // states sent
  bool done{false};           // and its end too
};

class SnapshotSlice {
 public:
  /// Fills it with the packets after `from`, of at most kStatesMax accounts; looks at no more than
  /// kRowsMax. It may be empty, and the snapshot not done. `last` is the number of the last event
  /// published.
  void fill(const AccountStates& states, const Stream& stream, EventNumber last,
            const SnapshotCursor& from) noexcept;

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return std::span{bytes_}.first(size_);
  }

  /// When `sent` of its bytes went out: the cursor after the packet in which they end, and the rest
  /// of that packet.
  struct Progress {
    SnapshotCursor cursor;
    std::span<const std::byte> rest;
  };
  [[nodiscard]] Progress after(std::size_t sent) const noexcept;

 private:
  static constexpr std::size_t kStatesMax = 88;  // about 8 KiB
  static constexpr std::size_t kRowsMax = 1024;
  static constexpr std::size_t kStatePacket =
      wire::kPacketHeaderSize + wire::kMessageSize<wire::AccountState>;
  static constexpr std::size_t kEndPacket =
      wire::kPacketHeaderSize + wire::kMessageSize<wire::SnapshotEnded>;

  template <class Message>
  void add(const Message& message, const SnapshotCursor& after) noexcept;

  std::array<std::byte, kStatesMax * kStatePacket + kEndPacket> bytes_{};
  std::array<SnapshotCursor, kStatesMax + 1> after_{};  // each packet
  std::size_t size_{0};
  std::size_t packets_{0};
  SnapshotCursor begin_;
  SnapshotCursor end_;
};

}  // namespace plimsoll::gateway
