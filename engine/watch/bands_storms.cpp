#include "engine/watch/bands.hpp"

// Moves that take very many edges, and those who are without bands afterwards.

namespace plimsoll::watch {

std::size_t Bands::adrift_side(BlockIndex block) const noexcept {
  std::size_t side = 0;
  while (side < kSides && blocks_[block].place[side] != kAdrift) ++side;
  return side;
}

void Bands::set_adrift(std::uint32_t side) {
  const BlockIndex block = side / kSides;
  if (blocks_[block].place[side % kSides] != kTaken) return;  // spent meanwhile
  const bool fresh = adrift_side(block) == kSides;
  blocks_[block].place[side % kSides] = kAdrift;
  if (!fresh) return;
  std::uint64_t factors = 0;
  for (BlockIndex at = begin_of(block);;) {
    for (const List list : blocks_[at].list) factors |= bit_of((list & ~kTwin) / 2);
    if ((blocks_[at].next & kGoesOn) == 0) break;
    at = blocks_[at].next & ~kGoesOn;
  }
  adrift_.push_back({block, factors});
}

void Bands::weather(Factor factor) {
  if (touched_.size() <= storm_) return sweep(0, bit_of(factor), landing_);
  ++counters_.storms;
  sweep(0, kAllFactors, 0);
  const std::size_t before = adrift_.size();
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    if (i + kAhead < touched_.size()) fetch_block(touched_[i + kAhead] / kSides);
    set_adrift(touched_[i]);
  }
  touched_.clear();
  sweep(before, kAllFactors, 0);
  landing_ = adrift_.size() / kLanding + 1;
}

void Bands::sweep(std::size_t first, std::uint64_t factors, std::size_t landing) {
  std::size_t kept = first;
  for (std::size_t i = first; i < adrift_.size(); ++i) {
    const Adrift entry = adrift_[i];
    if (const std::size_t k = i + kAhead; k < adrift_.size()) {
      if (landing != 0 || (adrift_[k].factors & factors) != 0) fetch_block(adrift_[k].block);
    }
    const bool looked_at = (entry.factors & factors) != 0;
    if (!looked_at && landing == 0) {
      adrift_[kept++] = entry;
      continue;
    }
    const std::size_t side = adrift_side(entry.block);
    if (side == kSides) continue;  // it has got its edges, or its account was judged
    counters_.swept += looked_at ? 1U : 0U;
    if (looked_at && budget_of(begin_of(entry.block)) == 0) {
      spend(entry.block);
    } else if (landing != 0) {
      --landing;
      blocks_[entry.block].place[side] = kTaken;
      touched_.push_back(static_cast<std::uint32_t>(std::size_t{entry.block} * kSides + side));
    } else {
      adrift_[kept++] = entry;
    }
  }
  adrift_.resize(kept);
}

}  // namespace plimsoll::watch
