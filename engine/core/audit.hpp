#pragma once

#include <vector>

#include "engine/core/sequencer.hpp"

namespace plimsoll::core {

/// What conservation misses, in settlement units; all zero, or the books are wrong.
struct Audit {
  Int128 accounts_gap{0};  // sum over assets and shards of the absolute gaps
  Int128 house_gap{0};
  Int128 positions_gap{0};  // sum over instruments
  Int128 in_transit{0};     // handed over by shards, not yet booked by the house: no error

  [[nodiscard]] bool conserved() const noexcept {
    return accounts_gap == 0 && house_gap == 0 && positions_gap == 0;
  }
};

/// Checks conservation per asset and the sum of positions per instrument over all shards and the
/// house. Walks every account. REQUIRES: everything sequenced is applied and published.
template <class Fabric>
[[nodiscard]] Audit audit(const reference::Reference& reference, const Fabric& fabric,
                          const house::House& house) {
  const auto magnitude = [](Int128 x) { return x < 0 ? -x : x; };
  Audit result;
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const AssetId asset = AssetId::from_raw(i);
    Int128 handed = 0;
    for (ShardIndex s = 0; s < fabric.shards(); ++s) {
      result.accounts_gap += magnitude(fabric.shard(s).ledger().conservation_gap(asset));
      handed += fabric.shard(s).ledger().totals(asset).to_house;
    }
    result.house_gap += magnitude(house.conservation_gap(asset));
    result.in_transit += magnitude(handed - house.received(asset));
  }
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    for (ShardIndex s = 0; s < fabric.shards(); ++s) {
      result.positions_gap +=
          magnitude(fabric.shard(s).ledger().position_gap(InstrumentId::from_raw(i)));
    }
  }
  return result;
}

}  // namespace plimsoll::core
