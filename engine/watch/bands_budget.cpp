#include <algorithm>
#include <cmath>

#include "engine/watch/bands.hpp"

// What certificates leave, and where that puts their edges.

namespace plimsoll::watch {

Bands::Budget Bands::budget_of(BlockIndex first) const {
  // What is left, and how fast it would go.
  double left = blocks_[first].floor;
  double moved = std::abs(left);
  double drifting = 0;
  double spreading = 0;
  double drift_before = 0;
  double spread_before = 0;
  for (BlockIndex at = first;;) {
    const Block& block = blocks_[at];
    for (std::size_t i = 0; i < kSides; ++i) {
      const State& state = states_[block.list[i] & ~kTwin];
      if (state.key < block.limit[i]) return {};
      const double units = static_cast<double>(block.base[i]) - static_cast<double>(state.key);
      const double change = units * static_cast<double>(units > 0 ? block.slope[i] : block.gain[i]);
      left -= change;
      moved += std::abs(change);
      double drift = static_cast<double>(block.slope[i]) * static_cast<double>(state.drift);
      double spread = static_cast<double>(block.slope[i]) * static_cast<double>(state.spread);
      if ((block.list[i] & kTwin) != 0) {
        // Only one of the two can lose: they share the larger budget.
        drift = std::max(0.0, drift - drift_before);
        spread = std::max(0.0, spread - spread_before);
      }
      drift_before = drift;
      spread_before = spread;
      drifting += drift;
      spreading += spread;
    }
    if ((block.next & kGoesOn) == 0) break;
    at = block.next & ~kGoesOn;
  }
  left -= 1e-12 * moved + 1e-3;
  if (!(left > 0) || spreading <= 0) return {};
  // In t ticks a side is to lose drift * t + spread * sqrt(t); all of them together, what is left.
  const double root = std::sqrt(spreading * spreading + 4 * drifting * left);
  return {.left = true, .root = 2 * left / (spreading + root) * (1 - 1e-9)};
}

void Bands::plan_moves(const Block& block, double root, Moves& moves) const {
  for (std::size_t i = 0; i < kSides; ++i) {
    const std::uint32_t stands = block.place[i];
    moves.from[i] = moves.to[i] = kNone;
    if (stands == kUnused) continue;
    const List list = block.list[i] & ~kTwin;
    const State& state = states_[list];
    const auto room = static_cast<double>(state.key - block.limit[i]);
    const double ideal =
        root * (static_cast<double>(state.spread) + root * static_cast<double>(state.drift));
    const Key edge = state.key - static_cast<Key>(std::min(room, ideal));
    // An edge that is nearer than it has to be stays: it costs a look when it is reached.
    if (stands < kAdrift && edge <= block.edge[i]) continue;
    moves.edge[i] = edge;
    moves.to[i] = bucket_of(list, edge);
    if (stands < kAdrift) moves.from[i] = bucket_of(list, block.edge[i]);
  }
}

void Bands::plan_removal(const Block& block, Moves& moves) const {
  for (std::size_t i = 0; i < kSides; ++i) {
    moves.from[i] = moves.to[i] = kNone;
    if (block.place[i] < kAdrift) moves.from[i] = bucket_of(block.list[i] & ~kTwin, block.edge[i]);
  }
}

void Bands::make_moves(BlockIndex block, const Moves& moves) {
  for (std::size_t i = 0; i < kSides; ++i) {
    if (moves.from[i] != kNone) remove(block, i, moves.from[i]);
    if (moves.to[i] != kNone) insert(block, i, moves.edge[i], moves.to[i]);
  }
}

bool Bands::budget(BlockIndex first) {
  const Budget budget = budget_of(first);
  if (!budget.left) return false;
  for (BlockIndex at = first;;) {
    Moves moves;
    plan_moves(blocks_[at], budget.root, moves);
    make_moves(at, moves);
    if ((blocks_[at].next & kGoesOn) == 0) return true;
    at = blocks_[at].next & ~kGoesOn;
  }
}

Bands::BlockIndex Bands::search_begin(BlockIndex block) const noexcept {
  // The one that no other goes on to.
  BlockIndex begin = first_[blocks_[block].account & ~kPart];
  for (BlockIndex at = begin; at != block;) {
    const std::uint32_t next = blocks_[at].next;
    at = next & ~kGoesOn;
    if ((next & kGoesOn) == 0) begin = at;
  }
  return begin;
}

// Sides that a move has taken.

void Bands::plan(std::uint32_t side, Plan& plan) const {
  plan.block = side / kSides;
  const Block& block = blocks_[plan.block];
  plan.whole = is_whole(plan.block);
  if (!plan.whole) return;
  const Budget budget = budget_of(plan.block);
  plan.left = budget.left;
  if (plan.left) {
    plan_moves(block, budget.root, plan.moves);
  } else {
    plan_removal(block, plan.moves);
  }
  for (std::size_t i = 0; i < kSides; ++i) {
    if (plan.moves.to[i] != kNone) prefetch(&buckets_[plan.moves.to[i]]);
    if (plan.moves.from[i] == kNone) continue;
    prefetch(&buckets_[plan.moves.from[i]]);
    prefetch(&chunks_[block.place[i] / 8]);
  }
}

void Bands::fetch_chunks(const Plan& plan) const noexcept {
  if (!plan.whole) return;
  const auto fetch = [this](BucketIndex bucket) {
    if (bucket == kNone) return;
    const std::uint32_t chunk = buckets_[bucket].chunk;
    if (chunk != kNone) prefetch(&chunks_[chunk]);
  };
  for (const BucketIndex bucket : plan.moves.to) fetch(bucket);
  for (const BucketIndex bucket : plan.moves.from) fetch(bucket);
}

void Bands::fetch_neighbours(const Plan& plan) const noexcept {
  if (!plan.whole) return;
  for (const BucketIndex bucket : plan.moves.from) {
    // Whoever will fill the hole has to know its new place.
    if (bucket == kNone || buckets_[bucket].chunk == kNone) continue;
    const Chunk& head = chunks_[buckets_[bucket].chunk];
    prefetch(&blocks_[head.entries[head.count - 1].side / kSides].place);
  }
}

bool Bands::settle(std::uint32_t side, const Plan& plan) {
  const BlockIndex at = side / kSides;
  if (blocks_[at].place[side % kSides] != kTaken) return true;  // settled meanwhile
  if (!plan.whole) return budget(begin_of(at));
  make_moves(at, plan.moves);
  return plan.left;
}

std::uint32_t Bands::give_up(BlockIndex block) noexcept {
  for (BlockIndex at = begin_of(block);;) {
    take_out(at);
    if ((blocks_[at].next & kGoesOn) == 0) break;
    at = blocks_[at].next & ~kGoesOn;
  }
  return blocks_[block].account & ~kPart;
}

}  // namespace plimsoll::watch
