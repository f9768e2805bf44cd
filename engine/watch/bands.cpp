#include "engine/watch/bands.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace plimsoll::watch {
namespace {

/// A move that touches one in so many accounts is a storm: new edges for them all would take longer
/// than to judge those who have to be.
constexpr std::size_t kStormOf = 64;
constexpr std::size_t kStormLeast = 16;

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
  bucket_count_ =
      static_cast<std::uint32_t>(std::clamp<std::size_t>(std::bit_ceil(edges), 64, 8192));
  bucket_shift_ = kGridBits + 1 - std::countr_zero(bucket_count_);
  buckets_.resize(2 * factors * (std::size_t{bucket_count_} + 1));
  const std::size_t blocks = accounts + positions / 4 + 64;
  blocks_.reserve(blocks);
  chunks_.reserve(blocks * kSides / kEntries + 1 + std::min(buckets_.size(), blocks * kSides));
  first_.reserve(accounts);
  touched_.reserve(2 * blocks);
  adrift_.reserve(blocks);
  spent_.reserve(accounts);
  added_.reserve(kBatch);
  storm_ = std::max(kStormLeast, accounts / kStormOf);
}

std::size_t Bands::bytes() const noexcept {
  return used_blocks_ * sizeof(Block) + used_chunks_ * sizeof(Chunk) +
         buckets_.size() * sizeof(Bucket) + first_.size() * sizeof(std::uint32_t);
}

// The grid.

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
  pace.price = price;
  for (const Direction direction : {Direction::falls, Direction::rises}) {
    pace.keys[static_cast<std::size_t>(direction)] = key_of(list_of(factor, direction), price);
  }
  set_pace(factor);
  // Rounded outwards: the price is at or above the key's grid point, and at or below the other's.
  const auto low = static_cast<Key>(std::min<std::int64_t>(at, kNearest - 1));
  const bool exact = price.raw() == std::int64_t{low} * pace.unit;
  const auto set_key = [this](List list, Key key) {
    // No edge will be put above it.
    State& state = states_[list];
    state.key = key;
    state.frontier = std::max(state.frontier, bucket_below(list, key));
  };
  set_key(list_of(factor, Direction::falls), low);
  set_key(list_of(factor, Direction::rises), ~(low + (exact ? 0U : 1U)));
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

// Certificates.

Bands::BlockIndex Bands::take_block(std::uint32_t account) {
  ++used_blocks_;
  BlockIndex index = free_block_;
  if (index == kNone) {
    index = static_cast<BlockIndex>(blocks_.size());
    PLIMSOLL_ASSERT(index < kAdrift / kSides);
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

void Bands::clear(std::uint32_t account) noexcept {
  std::uint32_t at = first_[account];
  while (at != kNone) {
    take_out(at);
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
      const Pace& pace = paces_[side.factor];
      const auto unit = static_cast<double>(pace.unit);
      block.list[i] = list | (side.twin ? kTwin : 0U);
      // Nearly always the present price, without a division.
      block.base[i] = side.base == pace.price ? pace.keys[list & 1U] : key_of(list, side.base);
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
    if (added_.size() == kBatch) settle_added();
  } else if (!budget(next)) {
    promise_nothing(next);
  }
}

void Bands::promise_nothing(BlockIndex first) {
  for (BlockIndex at = first;; at = blocks_[at].next & ~kGoesOn) {
    Block& block = blocks_[at];
    block.floor = -1;
    block.slope.fill(0);
    block.gain.fill(0);
    block.limit.fill(0);
    for (std::size_t i = 0; i < kSides; ++i) {
      const bool used = block.place[i] == kTaken;
      block.place[i] = kUnused;
      if (!used || (block.list[i] & kTwin) != 0) continue;
      block.list[i] &= ~1U;
      insert(at, i, kAlways, bucket_of(block.list[i], kAlways));
    }
    if ((block.next & kGoesOn) == 0) return;
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
    const List list = list_of(factors[i], Direction::falls);
    blocks_[at].list[i % kSides] = list;
    insert(at, i % kSides, kAlways, bucket_of(list, kAlways));
  }
}

}  // namespace plimsoll::watch
