#include <algorithm>

#include "engine/watch/bands.hpp"

// Edges in their buckets, and the moves that take them.

namespace plimsoll::watch {

std::uint32_t Bands::take_chunk() {
  ++used_chunks_;
  if (free_chunk_ == kNone) {
    chunks_.emplace_back();
    return static_cast<std::uint32_t>(chunks_.size() - 1);
  }
  const std::uint32_t index = free_chunk_;
  free_chunk_ = chunks_[index].next;
  return index;
}

void Bands::insert(BlockIndex block, std::size_t side, Key edge) {
  const List list = blocks_[block].list[side] & ~kTwin;
  Bucket& into = bucket(list, edge);
  if (into.chunk == kNone || chunks_[into.chunk].count == kEntries) {
    const std::uint32_t chunk = take_chunk();
    if (into.chunk == kNone) into.nearest = 0;
    chunks_[chunk].next = into.chunk;
    chunks_[chunk].count = 0;
    into.chunk = chunk;
  }
  Chunk& chunk = chunks_[into.chunk];
  chunk.entries[chunk.count] = {edge,
                                static_cast<std::uint32_t>(std::size_t{block} * kSides + side)};
  blocks_[block].edge[side] = edge;
  blocks_[block].place[side] = into.chunk * 8 + chunk.count;
  ++chunk.count;
  into.nearest = std::max(into.nearest, edge);
  if (edge != kAlways) {
    State& state = states_[list];
    state.frontier = std::max(state.frontier, static_cast<std::uint32_t>(bucket_of(list, edge)));
  }
}

void Bands::remove(BlockIndex block, std::size_t side) noexcept {
  const std::uint32_t place = blocks_[block].place[side];
  Bucket& from = bucket(blocks_[block].list[side] & ~kTwin, blocks_[block].edge[side]);
  Chunk& head = chunks_[from.chunk];
  const Entry last = head.entries[--head.count];
  chunks_[place / 8].entries[place % 8] = last;
  blocks_[last.side / kSides].place[last.side % kSides] = place;
  blocks_[block].place[side] = kUnused;
  if (head.count != 0) return;
  const std::uint32_t empty = from.chunk;
  from.chunk = head.next;
  give_back(empty);
}

void Bands::collect(List list) {
  State& state = states_[list];
  Bucket* const buckets = &buckets_[list * (bucket_count_ + 1)];
  const auto now = static_cast<std::uint32_t>(bucket_of(list, state.key));
  for (; state.frontier > now; --state.frontier) {
    if (buckets[state.frontier].chunk != kNone) take_all(buckets[state.frontier]);
  }
  if (buckets[now].chunk != kNone && buckets[now].nearest > state.key) {
    take_above(buckets[now], state.key);
  }
  if (buckets[bucket_count_].chunk != kNone) take_all(buckets[bucket_count_]);
}

void Bands::take(const Entry& entry) {
  touched_.push_back(entry.side);
  blocks_[entry.side / kSides].place[entry.side % kSides] = kTaken;
}

void Bands::give_back(std::uint32_t chunk) noexcept {
  chunks_[chunk].next = free_chunk_;
  free_chunk_ = chunk;
  --used_chunks_;
}

void Bands::take_all(Bucket& from) {
  while (from.chunk != kNone) {
    const std::uint32_t at = from.chunk;
    const Chunk& chunk = chunks_[at];
    from.chunk = chunk.next;
    if (chunk.next != kNone) __builtin_prefetch(&chunks_[chunk.next], 1);
    for (std::uint32_t i = 0; i < chunk.count; ++i) take(chunk.entries[i]);
    give_back(at);
  }
}

void Bands::take_above(Bucket& from, Key key) {
  Key nearest = 0;
  // Takes the last entry of the first chunk, the only one that may not be full.
  const auto pop = [&] {
    const std::uint32_t head = from.chunk;
    const Entry last = chunks_[head].entries[--chunks_[head].count];
    if (chunks_[head].count == 0) {
      from.chunk = chunks_[head].next;
      give_back(head);
    }
    return last;
  };
  const auto last_is_above = [&] {
    const Chunk& head = chunks_[from.chunk];
    return head.entries[head.count - 1].edge > key;
  };
  while (from.chunk != kNone && last_is_above()) take(pop());
  for (std::uint32_t at = from.chunk; at != kNone; at = chunks_[at].next) {
    const std::uint32_t ahead = chunks_[at].next;
    if (ahead != kNone) __builtin_prefetch(&chunks_[ahead], 1);
    for (std::uint32_t i = 0; i < chunks_[at].count; ++i) {
      Entry& entry = chunks_[at].entries[i];
      if (entry.edge > key) {
        // The last one stays, so it is not this one, and can fill the hole.
        take(entry);
        entry = pop();
        blocks_[entry.side / kSides].place[entry.side % kSides] = at * 8 + i;
        while (last_is_above()) take(pop());
      }
      nearest = std::max(nearest, entry.edge);
    }
  }
  from.nearest = nearest;
}

bool Bands::consistent() const {
  std::size_t entries = 0;
  std::size_t chunks = 0;
  for (List list = 0; list + 1 < states_.size(); ++list) {
    for (std::size_t b = 0; b <= bucket_count_; ++b) {
      const Bucket& in = buckets_[list * (bucket_count_ + 1) + b];
      for (std::uint32_t at = in.chunk; at != kNone; at = chunks_[at].next) {
        const Chunk& chunk = chunks_[at];
        ++chunks;
        if (chunk.count == 0 || (at != in.chunk && chunk.count != kEntries)) return false;
        for (std::uint32_t i = 0; i < chunk.count; ++i) {
          ++entries;
          const Entry& entry = chunk.entries[i];
          const Block& block = blocks_[entry.side / kSides];
          const std::size_t side = entry.side % kSides;
          if (block.place[side] != at * 8 + i || block.edge[side] != entry.edge) return false;
          if ((block.list[side] & ~kTwin) != list || bucket_of(list, entry.edge) != b) return false;
          if (entry.edge > in.nearest) return false;
          if (b < bucket_count_ && b > states_[list].frontier) return false;
        }
      }
    }
  }
  std::size_t sides = 0;
  std::size_t blocks = 0;
  for (std::uint32_t at : first_) {
    for (; at != kNone && at != (kNone & ~kGoesOn); at = blocks_[at].next & ~kGoesOn) {
      ++blocks;
      for (const std::uint32_t place : blocks_[at].place) {
        if (place == kTaken) return false;
        sides += place != kUnused ? 1U : 0U;
      }
    }
  }
  return sides == entries && blocks == used_blocks_ && chunks == used_chunks_;
}

}  // namespace plimsoll::watch
