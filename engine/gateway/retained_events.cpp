#include "engine/gateway/retained_events.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/assert.hpp"

namespace plimsoll::gateway {
namespace {

/// Size of the packet at the front. These are our own bytes: a length is never wrong.
std::size_t packet_size(std::span<const std::byte> bytes) noexcept {
  const auto split = wire::split_packet(bytes, kPacketSizeMax);
  PLIMSOLL_ASSERT(split.status == wire::SplitStatus::packet);
  return split.consumed;
}

}  // namespace

RetainedEvents::RetainedEvents(std::uint64_t first, std::uint64_t retained_min)
    : next_{first}, retained_min_{retained_min} {
  PLIMSOLL_ASSERT(first > 0 && retained_min > 0);
  // A chunk is started when a packet of any kind might not fit into the one before: so it holds
  // at least events_min, and retained_min events lie in so many chunks, plus one at each end.
  constexpr std::size_t kEventsMin = (kChunkSize - kPacketSizeMax) / kPacketSizeMax + 1;
  chunks_.resize(retained_min / kEventsMin + 3);
  spare_.reserve(1);
  chunks_[0] = std::make_unique_for_overwrite<Chunk>();
  chunks_[0]->first = first;
  chunks_[0]->used = 0;
}

std::span<const std::byte> RetainedEvents::append(const Event& event) {
  PLIMSOLL_ASSERT(event.header.number.raw() == next_);
  return append_packet([&event](auto out) { return wire::encode(event, out); });
}

void RetainedEvents::append(std::span<const std::byte> message) {
  PLIMSOLL_ASSERT(!message.empty() && message.size() <= wire::kEncodedSizeMax);
  append_packet([message](auto out) {
    std::copy(message.begin(), message.end(), out.begin());
    return message.size();
  });
}

template <class Write>
std::span<const std::byte> RetainedEvents::append_packet(Write write) {
  if (kChunkSize - chunk(last_chunk_).used < kPacketSizeMax) start_chunk();
  Chunk& last = *chunks_[last_chunk_ % chunks_.size()];
  const auto out = std::span{last.bytes}.subspan(last.used).template first<kPacketSizeMax>();
  const auto message = out.template subspan<wire::kPacketHeaderSize>();
  const std::size_t size = write(message);
  wire::write_packet_header(wire::PacketType::sequenced, size,
                            out.template first<wire::kPacketHeaderSize>());
  last.used += wire::kPacketHeaderSize + size;
  ++next_;
  return message.first(size);
}

void RetainedEvents::start_chunk() {
  drop_oldest_chunks();
  ++last_chunk_;
  PLIMSOLL_ASSERT(last_chunk_ - first_chunk_ < chunks_.size());
  auto& place = chunks_[last_chunk_ % chunks_.size()];
  if (spare_.empty()) {
    place = std::make_unique_for_overwrite<Chunk>();
  } else {
    place = std::move(spare_.back());
    spare_.pop_back();
  }
  place->first = next_;
  place->used = 0;
}

void RetainedEvents::drop_oldest_chunks() {
  while (first_chunk_ < last_chunk_ && next_ - chunk(first_chunk_ + 1).first >= retained_min_) {
    auto oldest = std::move(chunks_[first_chunk_ % chunks_.size()]);
    if (spare_.empty()) spare_.push_back(std::move(oldest));
    ++first_chunk_;
  }
}

std::uint64_t RetainedEvents::find_chunk(std::uint64_t number) const noexcept {
  std::uint64_t low = first_chunk_;
  std::uint64_t high = last_chunk_;
  while (low < high) {  // the last chunk that starts at or before `number`
    const std::uint64_t middle = low + (high - low + 1) / 2;
    if (chunk(middle).first <= number) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

RetainedEvents::Cursor RetainedEvents::find(std::uint64_t number) const noexcept {
  PLIMSOLL_ASSERT(number >= first() && number <= next());
  Cursor cursor{find_chunk(number), 0};
  const auto bytes = bytes_of(cursor.chunk);
  for (std::uint64_t at = chunk(cursor.chunk).first; at < number; ++at) {
    cursor.offset += packet_size(bytes.subspan(cursor.offset));
  }
  return cursor;
}

RetainedEvents::Packets RetainedEvents::after(Cursor& cursor) const noexcept {
  PLIMSOLL_ASSERT(holds(cursor));
  if (cursor.offset == chunk(cursor.chunk).used && cursor.chunk < last_chunk_) {
    cursor = {cursor.chunk + 1, 0};
  }
  const auto first = bytes_of(cursor.chunk).subspan(cursor.offset);
  if (cursor.chunk == last_chunk_) return {first, {}};
  return {first, bytes_of(cursor.chunk + 1)};
}

std::span<const std::byte> RetainedEvents::advance(Cursor& cursor,
                                                   std::size_t sent) const noexcept {
  if (const std::size_t left = chunk(cursor.chunk).used - cursor.offset; sent > left) {
    PLIMSOLL_ASSERT(cursor.chunk < last_chunk_);
    cursor = {cursor.chunk + 1, 0};
    sent -= left;
  }
  const auto bytes = bytes_of(cursor.chunk);
  PLIMSOLL_ASSERT(sent <= bytes.size() - cursor.offset);
  const std::size_t end = cursor.offset + sent;
  if (end == bytes.size()) {  // chunks end with a packet
    cursor.offset = end;
    return {};
  }
  while (cursor.offset < end) cursor.offset += packet_size(bytes.subspan(cursor.offset));
  return bytes.subspan(end, cursor.offset - end);
}

}  // namespace plimsoll::gateway
