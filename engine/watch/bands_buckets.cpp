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

void Bands::insert(BlockIndex block, std::size_t side, Key edge, BucketIndex to) {
  Bucket& into = buckets_[to];
  std::uint32_t at = into.chunk;
  std::uint32_t slot = at == kNone ? kEntries : chunks_[at].count;
  if (slot == kEntries) {
    const std::uint32_t fresh = take_chunk();
    if (at == kNone) into.nearest = 0;
    chunks_[fresh].next = at;
    into.chunk = at = fresh;
    slot = 0;
  }
  Chunk& chunk = chunks_[at];
  chunk.count = slot + 1;
  chunk.entries[slot] = {edge, static_cast<std::uint32_t>(std::size_t{block} * kSides + side)};
  into.nearest = std::max(into.nearest, edge);
  Block& owner = blocks_[block];
  owner.edge[side] = edge;
  owner.place[side] = at * 8 + slot;
  if (edge == kAlways) return;
  BucketIndex& frontier = states_[owner.list[side] & ~kTwin].frontier;
  frontier = std::max(frontier, to);
}

void Bands::remove(BlockIndex block, std::size_t side, BucketIndex from) noexcept {
  const std::uint32_t place = blocks_[block].place[side];
  const std::uint32_t at = buckets_[from].chunk;
  Chunk& head = chunks_[at];
  const Entry last = head.entries[--head.count];
  chunks_[place / 8].entries[place % 8] = last;
  blocks_[last.side / kSides].place[last.side % kSides] = place;
  blocks_[block].place[side] = kUnused;
  if (head.count != 0) return;
  buckets_[from].chunk = head.next;
  give_back(at);
}

void Bands::take_out(BlockIndex block) noexcept {
  Block& taken = blocks_[block];
  for (std::size_t side = 0; side < kSides; ++side) {
    if (taken.place[side] < kAdrift) {
      remove(block, side, bucket_of(taken.list[side] & ~kTwin, taken.edge[side]));
    }
    taken.place[side] = kUnused;
  }
}

void Bands::collect(List list) {
  State& state = states_[list];
  const BucketIndex now = bucket_of(list, state.key);
  for (; state.frontier > now; --state.frontier) {
    if (buckets_[state.frontier].chunk != kNone) take_all(buckets_[state.frontier]);
  }
  if (buckets_[now].chunk != kNone && buckets_[now].nearest > state.key) {
    take_above(buckets_[now], state.key);
  }
  Bucket& always = buckets_[bucket_of(list, kAlways)];
  if (always.chunk != kNone) take_all(always);
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
    if (chunk.next != kNone) prefetch(&chunks_[chunk.next]);
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
    if (ahead != kNone) prefetch(&chunks_[ahead]);
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
    const BucketIndex last = bucket_of(list, kAlways);
    for (BucketIndex b = last - bucket_count_; b <= last; ++b) {
      const Bucket& in = buckets_[b];
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
          if (b < last && b > states_[list].frontier) return false;
        }
      }
    }
  }
  std::size_t sides = 0;
  std::size_t blocks = 0;
  std::size_t adrift = 0;
  for (std::uint32_t at : first_) {
    for (; at != kNone && at != (kNone & ~kGoesOn); at = blocks_[at].next & ~kGoesOn) {
      ++blocks;
      adrift += adrift_side(at) != kSides ? 1U : 0U;
      for (const std::uint32_t place : blocks_[at].place) {
        if (place == kTaken) return false;
        sides += place < kAdrift ? 1U : 0U;
      }
    }
  }
  for (const Adrift& entry : adrift_) adrift -= adrift_side(entry.block) != kSides ? 1U : 0U;
  return adrift == 0 && sides == entries && blocks == used_blocks_ && chunks == used_chunks_;
}

}  // namespace plimsoll::watch
