#include "engine/gateway/snapshot_slice.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"

namespace plimsoll::gateway {

template <class Message>
void SnapshotSlice::add(const Message& message, const SnapshotCursor& after) noexcept {
  const auto encoded = wire::encode_snapshot(message);
  const std::size_t written =
      wire::write_packet(wire::PacketType::unsequenced, encoded, std::span{bytes_}.subspan(size_));
  PLIMSOLL_ASSERT(written == wire::kPacketHeaderSize + encoded.size());
  size_ += written;
  after_[packets_++] = after;
}

void SnapshotSlice::fill(const AccountStates& states, const Stream& stream, EventNumber last,
                         const SnapshotCursor& from) noexcept {
  PLIMSOLL_ASSERT(!from.done);
  size_ = 0;
  packets_ = 0;
  begin_ = from;
  end_ = from;
  const auto rows = states.rows();
  const std::size_t stop = from.row + std::min(kRowsMax, rows.size() - from.row);
  while (end_.row < stop && packets_ < kStatesMax) {
    const wire::AccountState& state = rows[end_.row++];
    if (!stream.shows(state.account)) continue;
    ++end_.accounts;
    add(state, end_);
  }
  if (end_.row < rows.size()) return;
  end_.done = true;
  add(wire::SnapshotEnded{.request = from.request,
                          .number = last,
                          .first = states.first(),
                          .accounts = end_.accounts,
                          .left_out = states.left_out()},
      end_);
}

SnapshotSlice::Progress SnapshotSlice::after(std::size_t sent) const noexcept {
  PLIMSOLL_ASSERT(sent <= size_);
  if (sent == size_) return {end_, {}};
  // All packets but the last have the size of a state.
  const std::size_t whole = sent / kStatePacket;
  const std::size_t cut_at = whole * kStatePacket;
  if (cut_at == sent) return {whole == 0 ? begin_ : after_[whole - 1], {}};
  const std::size_t end = std::min(cut_at + kStatePacket, size_);
  return {after_[whole], bytes().subspan(sent, end - sent)};
}

}  // namespace plimsoll::gateway
