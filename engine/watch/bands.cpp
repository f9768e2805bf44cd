#include "engine/watch/bands.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace plimsoll::watch {
namespace {

/// A price beyond twice its anchor, or below a quarter of it, gets a new grid.
constexpr std::int64_t kGrid = std::int64_t{1} << 25;
constexpr std::int64_t kHighest = kGrid / 8 * 15;
constexpr std::int64_t kLowest = kGrid / 4;

/// How long the pace of a factor is remembered, in ticks of the market.
constexpr double kMemory = 1.0 / 1024;
/// A budget lasts against so many times the spread.
constexpr double kSpreads = 2.0;

// A float is within 2^-24 of what it was rounded from, unless that is next to nothing.
float round_up(double x) noexcept {
  return static_cast<float>(x * (1 + 0x1p-22) + 1e-30);
}

float round_down(double x) noexcept {
  return static_cast<float>(x * (1 - 0x1p-22));
}

}  // namespace

Bands::Bands(std::size_t factors, std::size_t accounts, std::size_t positions)
    : states_(2 * factors + 1), paces_(factors) {
  // About eight edges a bucket if all factors were held alike.
  const std::size_t edges =
      std::max<std::size_t>(1, positions / (8 * std::max<std::size_t>(1, factors)));
  bucket_count_ = std::clamp<std::size_t>(std::bit_ceil(edges), 64, 8192);
  bucket_shift_ = kGridBits + 1 - std::countr_zero(bucket_count_);
  buckets_.resize(2 * factors * (bucket_count_ + 1));
  const std::size_t blocks = accounts + positions / 4 + 64;
  blocks_.reserve(blocks);
  chunks_.reserve(blocks * kSides / kEntries + std::min(buckets_.size(), blocks * kSides));
  first_.reserve(accounts);
  touched_.reserve(blocks);
  spent_.reserve(accounts);
  added_.reserve(2 * accounts);
}

std::size_t Bands::bytes() const noexcept {
  return used_blocks_ * sizeof(Block) + used_chunks_ * sizeof(Chunk) +
         buckets_.size() * sizeof(Bucket) + first_.size() * sizeof(std::uint32_t);
}

// The grid.

std::size_t Bands::bucket_of(List list, Key edge) const noexcept {
  if (edge == kAlways) return bucket_count_;
  if (!rises(list)) return std::min<std::size_t>(bucket_count_ - 1, edge >> bucket_shift_);
  // Complements of prices from 2^26 on, the farthest, are all in bucket 0.
  const std::uint32_t up = ~edge >> bucket_shift_;
  return up >= bucket_count_ ? 0 : bucket_count_ - 1 - up;
}

Bands::Key Bands::key_of(List list, Price price) const noexcept {
  const std::int64_t unit = paces_[list / 2].unit;
  const std::int64_t floor = price.raw() / unit;
  const std::int64_t at = rises(list) ? floor : floor + (price.raw() % unit != 0 ? 1 : 0);
  const auto key = static_cast<Key>(std::clamp<std::int64_t>(at, 1, kNearest));
  return rises(list) ? ~key : key;
}

bool Bands::move(Factor factor, Price price) noexcept {
  ++clock_;
  Pace& pace = paces_[factor];
  bool fresh = false;
  std::int64_t at = pace.unit == 0 ? 0 : price.raw() / pace.unit;
  if (at < kLowest || at > kHighest) {
    const std::int64_t unit = std::max<std::int64_t>(1, price.raw() / kGrid);
    fresh = unit != pace.unit;
    if (fresh) {
      const double rate =
          pace.unit == 0 ? 0 : static_cast<double>(pace.unit) / static_cast<double>(unit);
      pace.unit = unit;
      pace.mean *= rate;
      pace.variance *= rate * rate;
      at = price.raw() / unit;
      if (rate == 0) {
        // A basis point each sixteenth tick, until more is known.
        pace.variance = static_cast<double>(at) * static_cast<double>(at) * 1e-8 / 16;
        pace.at = at;
        pace.seen = clock_;
      } else {
        pace.at = static_cast<std::int64_t>(static_cast<double>(pace.at) * rate);
      }
    }
  }
  const auto ticks = static_cast<double>(clock_ - pace.seen);
  const auto change = static_cast<double>(at - pace.at);
  pace.mean = (pace.mean + kMemory * change) / (1 + kMemory * ticks);
  pace.variance = (pace.variance + kMemory * change * change) / (1 + kMemory * ticks);
  pace.at = at;
  pace.seen = clock_;
  set_pace(factor);
  // Rounded outwards: the price is at or above the key's grid point, and at or below the other's.
  const auto low = static_cast<Key>(std::min<std::int64_t>(at, kNearest - 1));
  const bool exact = price.raw() == std::int64_t{low} * pace.unit;
  states_[list_of(factor, Direction::falls)].key = low;
  states_[list_of(factor, Direction::rises)].key = ~(low + (exact ? 0U : 1U));
  return fresh;
}

void Bands::set_pace(Factor factor) noexcept {
  const Pace& pace = paces_[factor];
  // What a mean of pure noise would be anyway is no drift.
  const double noise = std::sqrt(pace.variance * kMemory);
  const auto drift = [noise](double mean) {
    return static_cast<float>(std::max(0.0, mean - noise));
  };
  State& falls = states_[list_of(factor, Direction::falls)];
  State& rises = states_[list_of(factor, Direction::rises)];
  falls.drift = drift(-pace.mean);
  rises.drift = drift(pace.mean);
  falls.spread = rises.spread =
      static_cast<float>(std::max(1.0, kSpreads * std::sqrt(pace.variance)));
}

// Blocks and buckets.

Bands::BlockIndex Bands::take_block(std::uint32_t account) {
  ++used_blocks_;
  BlockIndex index = free_block_;
  if (index == kNone) {
    index = static_cast<BlockIndex>(blocks_.size());
    PLIMSOLL_ASSERT(index < kTaken / kSides);
    blocks_.emplace_back();
  } else {
    free_block_ = blocks_[index].next;
  }
  Block& block = blocks_[index];
  block.floor = 0;
  block.account = account;
  block.next = kNone & ~kGoesOn;
  block.list.fill(static_cast<List>(states_.size() - 1));
  block.base.fill(0);
  block.limit.fill(0);
  block.edge.fill(0);
  block.place.fill(kUnused);
  block.slope.fill(0);
  block.gain.fill(0);
  return index;
}

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

void Bands::clear(std::uint32_t account) noexcept {
  std::uint32_t at = first_[account];
  while (at != kNone) {
    for (std::size_t side = 0; side < kSides; ++side) {
      if (blocks_[at].place[side] < kTaken) remove(at, side);
      blocks_[at].place[side] = kUnused;
    }
    const std::uint32_t next = blocks_[at].next & ~kGoesOn;
    blocks_[at].next = free_block_;
    free_block_ = at;
    --used_blocks_;
    at = next == (kNone & ~kGoesOn) ? kNone : next;
  }
  first_[account] = kNone;
}

// Certificates.

void Bands::add(std::uint32_t account, const Certificate& certificate) {
  const std::uint32_t before = first_[account];
  std::uint32_t next = before;
  const std::size_t sides = certificate.sides.size();
  const std::size_t count = (sides + kSides - 1) / kSides;
  // From the last to the first: each points on.
  for (std::size_t part = count; part-- > 0;) {
    const BlockIndex index = take_block(account);
    Block& block = blocks_[index];
    block.next = (next & ~kGoesOn) | (part + 1 < count ? kGoesOn : 0U);
    block.floor = certificate.floor;
    if (part != 0) block.account |= kPart;
    for (std::size_t i = 0; i < kSides && part * kSides + i < sides; ++i) {
      const Side& side = certificate.sides[part * kSides + i];
      const List list = list_of(side.factor, side.direction);
      const auto unit = static_cast<double>(paces_[side.factor].unit);
      block.list[i] = list | (side.twin ? kTwin : 0U);
      block.base[i] = key_of(list, side.base);
      block.limit[i] = side.limit.raw() == 0 ? 0 : key_of(list, side.limit);
      block.slope[i] = round_up(side.slope * unit);
      block.gain[i] = std::min(round_down(side.gain * unit), block.slope[i]);
      block.place[i] = kTaken;
    }
    next = index;
  }
  if (count == 0) return;
  first_[account] = next;
  if (adding_) {
    added_.push_back(static_cast<std::uint32_t>(next * kSides));
  } else if (!budget(next)) {
    promise_nothing(next);
  }
}

void Bands::promise_nothing(BlockIndex first) {
  for (BlockIndex at = first;;) {
    for (std::size_t i = 0; i < kSides; ++i) {
      Block& block = blocks_[at];
      const bool used = block.place[i] == kTaken;
      block.place[i] = kUnused;
      if (!used || (block.list[i] & kTwin) != 0) continue;
      block.list[i] &= ~1U;
      insert(at, i, kAlways);
    }
    if ((blocks_[at].next & kGoesOn) == 0) return;
    at = blocks_[at].next & ~kGoesOn;
  }
}

void Bands::add_always(std::uint32_t account, std::span<const Factor> factors) {
  BlockIndex at = kNone;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (i % kSides == 0) {
      const std::uint32_t next = first_[account];
      at = take_block(account);
      blocks_[at].next = next & ~kGoesOn;
      blocks_[at].floor = -1;
      first_[account] = at;
    }
    blocks_[at].list[i % kSides] = list_of(factors[i], Direction::falls);
    insert(at, i % kSides, kAlways);
  }
}

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

Bands::Key Bands::edge_of(const Block& block, std::size_t side, double root) const {
  const State& state = states_[block.list[side] & ~kTwin];
  const auto room = static_cast<double>(state.key - block.limit[side]);
  const double ideal =
      root * (static_cast<double>(state.spread) + root * static_cast<double>(state.drift));
  return state.key - static_cast<Key>(std::min(room, ideal));
}

void Bands::place(BlockIndex block, const std::array<Key, kSides>& edges) {
  for (std::size_t i = 0; i < kSides; ++i) {
    const std::uint32_t stands = blocks_[block].place[i];
    if (stands == kUnused) continue;
    // An edge that is nearer than it has to be stays: it costs a look when it is reached.
    if (stands != kTaken && edges[i] <= blocks_[block].edge[i]) continue;
    if (stands != kTaken) remove(block, i);
    insert(block, i, edges[i]);
  }
}

bool Bands::budget(BlockIndex first) {
  const Budget budget = budget_of(first);
  if (!budget.left) return false;
  for (BlockIndex at = first;;) {
    std::array<Key, kSides> edges{};
    for (std::size_t i = 0; i < kSides; ++i) edges[i] = edge_of(blocks_[at], i, budget.root);
    place(at, edges);
    if ((blocks_[at].next & kGoesOn) == 0) return true;
    at = blocks_[at].next & ~kGoesOn;
  }
}

Bands::BlockIndex Bands::begin_of(BlockIndex block) const {
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
  plan.whole = (block.next & kGoesOn) == 0 && (block.account & kPart) == 0;
  if (!plan.whole) return;
  const Budget budget = budget_of(plan.block);
  plan.left = budget.left;
  if (!plan.left) return fetch_places(block);
  for (std::size_t i = 0; i < kSides; ++i) {
    if (block.place[i] == kUnused) continue;
    plan.edges[i] = edge_of(block, i, budget.root);
    const bool taken = block.place[i] == kTaken;
    if (!taken && plan.edges[i] <= block.edge[i]) continue;
    const List list = block.list[i] & ~kTwin;
    __builtin_prefetch(&bucket(list, plan.edges[i]), 1);
    if (taken) continue;
    __builtin_prefetch(&bucket(list, block.edge[i]), 1);
    __builtin_prefetch(&chunks_[block.place[i] / 8], 1);
  }
}

void Bands::fetch_places(const Block& block) const noexcept {
  for (std::size_t i = 0; i < kSides; ++i) {
    if (block.place[i] >= kTaken) continue;
    __builtin_prefetch(&bucket(block.list[i] & ~kTwin, block.edge[i]), 1);
    __builtin_prefetch(&chunks_[block.place[i] / 8], 1);
  }
}

void Bands::fetch_chunks(const Plan& plan) const noexcept {
  if (!plan.whole || !plan.left) return;
  const Block& block = blocks_[plan.block];
  for (std::size_t i = 0; i < kSides; ++i) {
    if (block.place[i] == kUnused) continue;
    const bool taken = block.place[i] == kTaken;
    if (!taken && plan.edges[i] <= block.edge[i]) continue;
    const List list = block.list[i] & ~kTwin;
    const std::uint32_t to = bucket(list, plan.edges[i]).chunk;
    if (to != kNone) __builtin_prefetch(&chunks_[to], 1);
    if (!taken) __builtin_prefetch(&chunks_[bucket(list, block.edge[i]).chunk], 1);
  }
}

bool Bands::settle(std::uint32_t side, const Plan& plan) {
  const BlockIndex at = side / kSides;
  if (blocks_[at].place[side % kSides] != kTaken) return true;  // settled meanwhile
  if (!plan.whole) return budget(begin_of(at));
  if (plan.left) place(at, plan.edges);
  return plan.left;
}

std::uint32_t Bands::give_up(std::uint32_t side) noexcept {
  const std::uint32_t account = blocks_[side / kSides].account & ~kPart;
  for (BlockIndex block = begin_of(side / kSides);;) {
    for (std::uint32_t& place : blocks_[block].place) {
      if (place == kTaken) place = kUnused;
    }
    if ((blocks_[block].next & kGoesOn) == 0) return account;
    block = blocks_[block].next & ~kGoesOn;
  }
}

// Moves.

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
