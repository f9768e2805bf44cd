#pragma once

#include "engine/gateway/counters.hpp"

namespace plimsoll::service {

/// What the engine's thread has done so far. It alone counts, any thread reads.
struct EngineCounters {
  gateway::Counter turns;  // of its loop: it lives while they rise
  gateway::Counter inputs;
  gateway::Counter events;
  gateway::Counter margin_calls;
  gateway::Counter liquidations;
  gateway::Counter take_overs;
  gateway::Counter refusals;
  gateway::Counter lag_ns;  // of the input at hand; not a sum
};

}  // namespace plimsoll::service
