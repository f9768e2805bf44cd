#pragma once

#include "engine/platform/counter.hpp"

namespace plimsoll::service {

/// What the engine's thread has done so far. It alone counts, any thread reads.
struct EngineCounters {
  platform::Counter turns;  // of its loop: it lives while they rise
  platform::Counter inputs;
  platform::Counter events;
  platform::Counter margin_calls;
  platform::Counter liquidations;
  platform::Counter take_overs;
  platform::Counter refusals;
  platform::Counter lag_ns;  // of the input at hand; not a sum
};

}  // namespace plimsoll::service
