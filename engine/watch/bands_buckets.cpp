#include <algorithm>
#include <bit>

#include <immintrin.h>

#include "engine/watch/bands.hpp"

// Edges in their buckets, and the moves that take them.

namespace plimsoll::watch {
namespace {

/// The edges of a chunk, and the word after them.
__m256i words_at(const std::uint32_t* edges) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(edges));
}

std::uint32_t bits_of(__m256i words) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(words)));
}

}  // namespace

std::uint32_t Bands::Chunk::above(Key key) const noexcept {
  const __m256i words = words_at(edges.data());
  const __m256i least = _mm256_set1_epi32(static_cast<int>(key + 1));
  return bits_of(_mm256_cmpeq_epi32(_mm256_max_epu32(words, least), words)) & kAllHoles;
}

std::uint32_t Bands::Chunk::holes() const noexcept {
  return bits_of(_mm256_cmpeq_epi32(words_at(edges.data()), _mm256_setzero_si256())) & kAllHoles;
}

std::uint32_t Bands::add_chunk(Bucket& bucket) {
  if (free_chunk_ == kNone && chunks_.size() == chunks_.capacity()) tidy();
  std::uint32_t fresh = free_chunk_;
  if (fresh == kNone) {
    fresh = static_cast<std::uint32_t>(chunks_.size());
    PLIMSOLL_ASSERT(fresh < kAdrift / 8);
    chunks_.emplace_back();
  } else {
    free_chunk_ = chunks_[fresh].next;
  }
  ++used_chunks_;
  Chunk& chunk = chunks_[fresh];
  chunk.edges.fill(kHole);
  if (bucket.chunk == kNone) {
    chunk.next = chunk.before = fresh;
    bucket.nearest = 0;
  } else {
    chunk.before = bucket.chunk;
    chunk.next = chunks_[bucket.chunk].next;
    chunks_[chunk.before].next = chunks_[chunk.next].before = fresh;
  }
  bucket.chunk = fresh;
  return fresh;
}

void Bands::give_back(Bucket& bucket, std::uint32_t chunk) noexcept {
  Chunk& gone = chunks_[chunk];
  chunks_[gone.before].next = gone.next;
  chunks_[gone.next].before = gone.before;
  if (bucket.chunk == chunk) bucket.chunk = gone.next == chunk ? kNone : gone.next;
  gone.next = free_chunk_;
  free_chunk_ = chunk;
  --used_chunks_;
}

void Bands::tidy() {
  for (std::size_t i = 0; i < buckets_.size() && free_chunk_ == kNone; ++i) {
    tidied_ = tidied_ + 1 < buckets_.size() ? tidied_ + 1 : 0;
    if (buckets_[tidied_].chunk == kNone) continue;
    tidy(buckets_[tidied_]);
    ++counters_.tidied;
  }
}

void Bands::tidy(Bucket& bucket) noexcept {
  // What the last chunk has fills the holes of the others.
  std::uint32_t to = bucket.chunk;
  for (;;) {
    const std::uint32_t last = chunks_[bucket.chunk].before;
    Chunk& from = chunks_[last];
    for (std::size_t i = 0; i < kEntries; ++i) {
      if (from.edges[i] == kHole) continue;
      while (to != last && chunks_[to].holes() == 0) to = chunks_[to].next;
      if (to == last) return;
      const auto slot = static_cast<std::uint32_t>(std::countr_zero(chunks_[to].holes()));
      const std::uint32_t side = from.sides[i];
      chunks_[to].edges[slot] = from.edges[i];
      chunks_[to].sides[slot] = side;
      blocks_[side / kSides].place[side % kSides] = to * 8 + slot;
      from.edges[i] = kHole;
    }
    if (to == last) return;
    give_back(bucket, last);
  }
}

void Bands::insert(BlockIndex block, std::size_t side, Key edge, BucketIndex to) {
  Bucket& into = buckets_[to];
  std::uint32_t at = into.chunk;
  std::uint32_t holes = at == kNone ? 0 : chunks_[at].holes();
  if (holes == 0) {
    at = add_chunk(into);
    holes = chunks_[at].holes();
  }
  Chunk& chunk = chunks_[at];
  const auto slot = static_cast<std::uint32_t>(std::countr_zero(holes));
  chunk.edges[slot] = edge;
  chunk.sides[slot] = static_cast<std::uint32_t>(std::size_t{block} * kSides + side);
  into.chunk = (holes & (holes - 1)) == 0 ? chunk.next : at;
  into.nearest = std::max(into.nearest, edge);
  Block& owner = blocks_[block];
  owner.edge[side] = edge;
  owner.place[side] = at * 8 + slot;
}

void Bands::remove(BlockIndex block, std::size_t side) noexcept {
  Block& owner = blocks_[block];
  const std::uint32_t place = owner.place[side];
  owner.place[side] = kUnused;
  Chunk& chunk = chunks_[place / 8];
  const std::uint32_t holes = chunk.holes() | 1U << place % 8;
  chunk.edges[place % 8] = kHole;
  if (holes != kAllHoles) return;
  give_back(buckets_[bucket_of(owner.list[side] & ~kTwin, owner.edge[side])], place / 8);
}

void Bands::make_moves(BlockIndex block, const Moves& moves) {
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kSides; ++i) {
    if (moves.to[i] == kNone) continue;
    if (blocks_[block].place[i] < kAdrift) remove(block, i);
    insert(block, i, moves.edge[i], moves.to[i]);
  }
}

void Bands::take_out(BlockIndex block) noexcept {
  for (std::size_t side = 0; side < kSides; ++side) {
    if (blocks_[block].place[side] < kAdrift) remove(block, side);
    blocks_[block].place[side] = kUnused;
  }
}

void Bands::collect(List list) {
  State& state = states_[list];
  const BucketIndex now = bucket_of(list, state.key);
  for (; state.frontier > now; --state.frontier) take_above(buckets_[state.frontier], kHole);
  if (buckets_[now].nearest > state.key) take_above(buckets_[now], state.key);
  take_above(buckets_[bucket_of(list, kAlways)], kHole);
}

void Bands::take(Chunk& chunk, std::size_t slot) {
  const std::uint32_t side = chunk.sides[slot];
  chunk.edges[slot] = kHole;
  touched_.push_back(side);
  prefetch(&blocks_[side / kSides]);
  blocks_[side / kSides].place[side % kSides] = kTaken;
}

void Bands::take_above(Bucket& from, Key key) {
  if (from.chunk == kNone) return;
  from.nearest = kHole;
  std::uint32_t at = from.chunk;
  const std::uint32_t last = chunks_[at].before;
  for (bool more = true; more;) {
    Chunk& chunk = chunks_[at];
    const std::uint32_t next = chunk.next;
    prefetch(&chunks_[next]);
    for (std::uint32_t bits = chunk.above(key); bits != 0; bits &= bits - 1) {
      take(chunk, static_cast<std::size_t>(std::countr_zero(bits)));
    }
    const Key nearest = *std::max_element(chunk.edges.begin(), chunk.edges.end());
    if (nearest == kHole) give_back(from, at);
    from.nearest = std::max(from.nearest, nearest);
    more = at != last;
    at = next;
  }
}

bool Bands::consistent() const {
  std::size_t entries = 0;
  std::size_t chunks = 0;
  for (List list = 0; list + 1 < states_.size(); ++list) {
    const BucketIndex last = bucket_of(list, kAlways);
    for (BucketIndex b = last - bucket_count_; b <= last; ++b) {
      const Bucket& in = buckets_[b];
      if (in.chunk != kNone && b < last && b > states_[list].frontier) return false;
      for (std::uint32_t at = in.chunk; at != kNone;) {
        const Chunk& chunk = chunks_[at];
        ++chunks;
        if (chunk.holes() == kAllHoles || chunks_[chunk.next].before != at) return false;
        for (std::uint32_t i = 0; i < kEntries; ++i) {
          const Key edge = chunk.edges[i];
          if (edge == kHole) continue;
          ++entries;
          const Block& block = blocks_[chunk.sides[i] / kSides];
          const std::size_t side = chunk.sides[i] % kSides;
          if (block.place[side] != at * 8 + i || block.edge[side] != edge) return false;
          if ((block.list[side] & ~kTwin) != list || bucket_of(list, edge) != b) return false;
          if (edge > in.nearest) return false;
        }
        at = chunk.next == in.chunk ? kNone : chunk.next;
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
