#pragma once

#include <cstdint>

#include "engine/base/hash.hpp"
#include "engine/marks/marks.hpp"
#include "engine/message/input.hpp"

namespace plimsoll::core {

/// Index of a shard, or one of the two below.
using ShardIndex = std::uint32_t;
inline constexpr ShardIndex kAllShards = 0xffffffffU;
/// The input moves time and nothing else of the accounts: refused, a tick that moves no mark, or an
/// affair of the house.
inline constexpr ShardIndex kNoShard = 0xfffffffeU;

/// The shard of an account: that of its owner, so that accounts whose limits aggregate by owner
/// always meet.
[[nodiscard]] inline ShardIndex shard_of(OwnerId owner, ShardIndex shards) noexcept {
  return static_cast<ShardIndex>(mix_bits(owner.raw()) % shards);
}

/// An input in the sequencer's order, with what the sequencer found out about it. It is broadcast
/// to all shards, since each lets its own deadlines pass first. An input that moves several prices
/// is broadcast once for each: a shard acts when the last has come.
struct Sequenced {
  Input input;
  ShardIndex target{kNoShard};
  marks::Move move{};  // a price that the input moves, or none
  bool more{false};    // another one follows
};

}  // namespace plimsoll::core
