#pragma once

#include <cstdint>

#include "engine/message/input.hpp"

namespace plimsoll::core {

/// Index of a shard, or one of the two below.
using ShardIndex = std::uint32_t;
inline constexpr ShardIndex kAllShards = 0xffffffffU;
/// The input moves time and nothing else of the accounts: refused, a tick that moves no mark, or an
/// affair of the house.
inline constexpr ShardIndex kNoShard = 0xfffffffeU;

/// An input in the sequencer's order, with what the sequencer found out about it. It is broadcast
/// to all shards, since each lets its own deadlines pass first.
struct Sequenced {
  Input input;
  ShardIndex target{kNoShard};
  InstrumentId moved{kNoInstrument};  // the instrument whose mark moved
  Price mark;                         // its new mark
};

}  // namespace plimsoll::core
