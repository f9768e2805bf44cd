#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/wire/sbe.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

// The events of one stream that can be replayed, as the bytes of the packets that carry them: a log
// of chunks, two of which go into one send. The oldest chunk is dropped, and its memory used again,
// when the ones after it hold enough events. So memory is bounded, and appending allocates once per
// chunk until the bound is reached, and then never.
//
// For the gateway's thread only. It never waits, and knows neither sockets nor sessions.

namespace plimsoll::gateway {

inline constexpr std::size_t kPacketSizeMax = wire::kPacketHeaderSize + wire::kEncodedSizeMax;
inline constexpr std::size_t kPacketSizeMin = wire::kPacketHeaderSize + wire::kEncodedSizeMin;

class RetainedEvents {
 public:
  /// A place between two events. Places outlive the events: holds() says whether one still counts.
  struct Cursor {
    std::uint64_t chunk{0};
    std::size_t offset{0};
  };

  /// `first` is the number of the first event to be appended. At least `retained_min` of the last
  /// events are kept. REQUIRES: both > 0.
  RetainedEvents(std::uint64_t first, std::uint64_t retained_min);

  /// Returns the message that carries the event; it lives until the next append. REQUIRES: the
  /// event's number is next().
  std::span<const std::byte> append(const Event& event);
  /// A message of another stream or schema; it gets the number next() here. REQUIRES: 0 < size <=
  /// kEncodedSizeMax.
  void append(std::span<const std::byte> message);

  /// Number of the oldest event that is kept; next() when there is none.
  [[nodiscard]] std::uint64_t first() const noexcept { return chunk(first_chunk_).first; }
  /// Number of the next event to be appended.
  [[nodiscard]] std::uint64_t next() const noexcept { return next_; }

  /// The place before event `number`. REQUIRES: first() <= number <= next().
  [[nodiscard]] Cursor find(std::uint64_t number) const noexcept;
  /// Are the events after the cursor still kept?
  [[nodiscard]] bool holds(const Cursor& cursor) const noexcept {
    return cursor.chunk >= first_chunk_;
  }
  /// Are there more than four chunks after it, as in a replay, and not after a burst?
  [[nodiscard]] bool is_far_behind(const Cursor& cursor) const noexcept {
    return cursor.chunk + 4 < last_chunk_;
  }
  /// Packets that follow one another, in one or two pieces of memory.
  struct Packets {
    std::span<const std::byte> first;
    std::span<const std::byte> second;  // empty when `first` is
    [[nodiscard]] std::size_t size() const noexcept { return first.size() + second.size(); }
    [[nodiscard]] bool empty() const noexcept { return first.empty(); }
  };
  /// Packets after the cursor, whole ones of at most two chunks; empty at the end. Moves the cursor
  /// from the end of a chunk to the start of the next. REQUIRES: holds(cursor).
  [[nodiscard]] Packets after(Cursor& cursor) const noexcept;
  /// Moves the cursor over `sent` of these bytes, and on to the end of the packet in which they
  /// end. Returns the rest of that packet, shorter than kPacketSizeMax; it lives until append().
  [[nodiscard]] std::span<const std::byte> advance(Cursor& cursor, std::size_t sent) const noexcept;

 private:
  static constexpr std::size_t kChunkSize = std::size_t{64} * 1024;
  struct Chunk {
    std::uint64_t first{0};  // number of its first event
    std::size_t used{0};
    std::array<std::byte, kChunkSize> bytes;
  };

  [[nodiscard]] const Chunk& chunk(std::uint64_t id) const noexcept {
    return *chunks_[id % chunks_.size()];
  }
  [[nodiscard]] std::span<const std::byte> bytes_of(std::uint64_t id) const noexcept {
    return std::span{chunk(id).bytes}.first(chunk(id).used);
  }
  /// Appends the packet whose message `write` puts down; it returns the size. Returns the message.
  template <class Write>
  std::span<const std::byte> append_packet(Write write);
  [[nodiscard]] std::uint64_t find_chunk(std::uint64_t number) const noexcept;
  void start_chunk();
  void drop_oldest_chunks();

  // Chunks first_chunk_..last_chunk_, each at its id modulo the size.
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<std::unique_ptr<Chunk>> spare_;  // at most one
  std::uint64_t first_chunk_{0};
  std::uint64_t last_chunk_{0};
  std::uint64_t next_;
  std::uint64_t retained_min_;
};

}  // namespace plimsoll::gateway
