#include <algorithm>
#include <cmath>

#include "engine/watch/bands.hpp"

// What certificates leave, and where that puts their edges. Loops over the sides of a block have no
// branches, so that the compiler takes all sides at once.

namespace plimsoll::watch {
namespace {

/// No edge is farther from the price. Below it numbers are converted as signed ones: faster.
constexpr std::uint32_t kFarthest = 0x7fffffff;

double to_double(std::uint32_t units) noexcept {
  return static_cast<double>(static_cast<std::int32_t>(units));
}

double sum(const std::array<double, 4>& x) noexcept {
  return (x[0] + x[1]) + (x[2] + x[3]);
}

}  // namespace

Bands::Outlook Bands::outlook_of(const Block& block) const noexcept {
  Outlook outlook;
  for (std::size_t i = 0; i < kSides; ++i) {
    const State& state = states_[block.list[i] & ~kTwin];
    outlook.key[i] = state.key;
    outlook.drift[i] = state.drift;
    outlook.spread[i] = state.spread;
  }
  return outlook;
}

bool Bands::add_sides(const Block& block, const Outlook& outlook, Spending& spending) noexcept {
  List twins = 0;
  std::uint32_t beyond = 0;
  std::array<double, kSides> change;
  std::array<double, kSides> moved;
  std::array<double, kSides> drift;
  std::array<double, kSides> spread;
  for (std::size_t i = 0; i < kSides; ++i) {
    const auto units = static_cast<std::int32_t>(block.base[i] - outlook.key[i]);
    const float rate = units > 0 ? block.slope[i] : block.gain[i];
    change[i] = static_cast<double>(units) * static_cast<double>(rate);
    moved[i] = std::abs(change[i]);
    drift[i] = static_cast<double>(block.slope[i]) * static_cast<double>(outlook.drift[i]);
    spread[i] = static_cast<double>(block.slope[i]) * static_cast<double>(outlook.spread[i]);
  }
  for (std::size_t i = 0; i < kSides; ++i) {
    twins |= block.list[i];
    beyond |= outlook.key[i] < block.limit[i] ? 1U : 0U;
  }
  if (beyond != 0) return false;
  if ((twins & kTwin) != 0) {
    // Only one of the two can lose: they share the larger budget.
    for (std::size_t i = 0; i < kSides; ++i) {
      if ((block.list[i] & kTwin) == 0) continue;
      drift[i] = std::max(0.0, drift[i] - (i == 0 ? spending.last_drift : drift[i - 1]));
      spread[i] = std::max(0.0, spread[i] - (i == 0 ? spending.last_spread : spread[i - 1]));
    }
  }
  spending.last_drift = drift.back();
  spending.last_spread = spread.back();
  spending.left -= sum(change);
  spending.moved += sum(moved);
  spending.drifting += sum(drift);
  spending.spreading += sum(spread);
  return true;
}

double Bands::root_of(const Spending& spending) noexcept {
  const double left = spending.left - 1e-12 * spending.moved - 1e-3;
  if (!(left > 0) || spending.spreading <= 0) return 0;
  const double spreading = spending.spreading;
  const double root = std::sqrt(spreading * spreading + 4 * spending.drifting * left);
  return 2 * left / (spreading + root) * (1 - 1e-9);
}

double Bands::budget_of(BlockIndex first) const noexcept {
  Spending spending{blocks_[first].floor, std::abs(blocks_[first].floor)};
  for (BlockIndex at = first;; at = blocks_[at].next & ~kGoesOn) {
    if (!add_sides(blocks_[at], outlook_of(blocks_[at]), spending)) return 0;
    if ((blocks_[at].next & kGoesOn) == 0) return root_of(spending);
  }
}

void Bands::plan_moves(const Block& block, const Outlook& outlook, double root,
                       Moves& moves) const noexcept {
  for (std::size_t i = 0; i < kSides; ++i) {
    const double room = to_double(std::min(outlook.key[i] - block.limit[i], kFarthest));
    const double ideal = root * (static_cast<double>(outlook.spread[i]) +
                                 root * static_cast<double>(outlook.drift[i]));
    const auto units = static_cast<Key>(static_cast<std::int32_t>(std::min(room, ideal)));
    moves.edge[i] = std::max<Key>(1, outlook.key[i] - units);
  }
  for (std::size_t i = 0; i < kSides; ++i) {
    // An edge that is nearer than it has to be stays: it costs a look when it is reached.
    const std::uint32_t used = block.place[i] != kUnused ? 1U : 0U;
    const std::uint32_t taken = block.place[i] >= kAdrift ? 1U : 0U;
    const std::uint32_t nearer = moves.edge[i] > block.edge[i] ? 1U : 0U;
    const BucketIndex to = bucket_below(block.list[i] & ~kTwin, moves.edge[i]);
    moves.to[i] = (used & (taken | nearer)) != 0 ? to : kNone;
  }
}

bool Bands::budget(BlockIndex first) {
  const double root = budget_of(first);
  if (root == 0) return false;
  for (BlockIndex at = first;; at = blocks_[at].next & ~kGoesOn) {
    Moves moves;
    plan_moves(blocks_[at], outlook_of(blocks_[at]), root, moves);
    make_moves(at, moves);
    if ((blocks_[at].next & kGoesOn) == 0) return true;
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
  const Outlook outlook = outlook_of(block);
  Spending spending{block.floor, std::abs(block.floor)};
  const double root = add_sides(block, outlook, spending) ? root_of(spending) : 0;
  plan.left = root > 0;
  if (plan.left) plan_moves(block, outlook, root, plan.moves);
  for (std::size_t i = 0; i < kSides; ++i) {
    if (plan.left && plan.moves.to[i] == kNone) continue;
    if (plan.left) prefetch(&buckets_[plan.moves.to[i]]);
    if (block.place[i] < kAdrift) prefetch(&chunks_[block.place[i] / 8]);
  }
}

void Bands::fetch_chunks(const Plan& plan) const noexcept {
  if (!plan.whole || !plan.left) return;
  for (const BucketIndex bucket : plan.moves.to) {
    if (bucket == kNone) continue;
    const std::uint32_t chunk = buckets_[bucket].chunk;
    if (chunk != kNone) prefetch(&chunks_[chunk]);
  }
}

bool Bands::settle(std::uint32_t side, const Plan& plan) {
  const BlockIndex at = side / kSides;
  if (blocks_[at].place[side % kSides] != kTaken) return true;  // settled meanwhile
  if (!plan.whole) return budget(begin_of(at));
  if (plan.left) make_moves(at, plan.moves);
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
