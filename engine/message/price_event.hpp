#pragma once

#include <cstdint>

#include "engine/base/fields.hpp"
#include "engine/value/modes.hpp"
#include "engine/value/types.hpp"

// Events about which prices are believed, and what follows of it for calls and liquidations. Part
// of event.hpp.

namespace plimsoll {

/// A source of an index changed its state.
struct SourceStateChanged {
  SourceId source;
  SourceState state{SourceState::waiting};
  std::uint32_t clamped{0};  // own ticks in a row beyond the clamp
  static constexpr auto fields() {
    return std::tuple{Field{"source", &SourceStateChanged::source},
                      Field{"state", &SourceStateChanged::state},
                      Field{"clamped", &SourceStateChanged::clamped}};
  }
};

/// A mark, or an index, is believed otherwise than before. It is between `low` and `high`;
/// `price` is what shows.
struct PriceTrustChanged {
  Price price;
  Price low;
  Price high;
  InstrumentId instrument{kNoInstrument};  // whose mark, or none
  IndexId index{kNoIndex};                 // or which index
  Trust trust{Trust::trusted};
  TrustReason reason{TrustReason::good};
  static constexpr auto fields() {
    return std::tuple{Field{"price", &PriceTrustChanged::price},
                      Field{"low", &PriceTrustChanged::low},
                      Field{"high", &PriceTrustChanged::high},
                      Field{"instrument", &PriceTrustChanged::instrument},
                      Field{"index", &PriceTrustChanged::index},
                      Field{"trust", &PriceTrustChanged::trust},
                      Field{"reason", &PriceTrustChanged::reason}};
  }
};

/// An account is in breach; it is liquidated if it still is at `confirmed_at`.
struct BreachNoted {
  Amount equity;
  Amount maintenance_margin;
  EventTime confirmed_at;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &BreachNoted::equity},
                      Field{"maintenance_margin", &BreachNoted::maintenance_margin},
                      Field{"confirmed_at", &BreachNoted::confirmed_at}};
  }
};

/// The breach was over before it was confirmed.
struct BreachCleared {
  Amount equity;
  Amount maintenance_margin;
  static constexpr auto fields() {
    return std::tuple{Field{"equity", &BreachCleared::equity},
                      Field{"maintenance_margin", &BreachCleared::maintenance_margin}};
  }
};

/// The deadline of a call stands still: a price that the account depends on is frozen.
struct MarginCallSuspended {
  CallId call;
  static constexpr auto fields() { return std::tuple{Field{"call", &MarginCallSuspended::call}}; }
};

/// It goes on.
struct MarginCallResumed {
  EventTime deadline;
  CallId call;
  static constexpr auto fields() {
    return std::tuple{Field{"deadline", &MarginCallResumed::deadline},
                      Field{"call", &MarginCallResumed::call}};
  }
};

/// New liquidations wait, or no longer.
struct LiquidationPauseChanged {
  PauseReason reason{PauseReason::operator_said};
  std::uint8_t paused{0};   // 1: from now on for this reason
  std::uint8_t waiting{0};  // 1: for some reason they wait
  static constexpr auto fields() {
    return std::tuple{Field{"reason", &LiquidationPauseChanged::reason},
                      Field{"paused", &LiquidationPauseChanged::paused},
                      Field{"waiting", &LiquidationPauseChanged::waiting}};
  }
};

/// The mean of the index before expiry is the settlement price; with too few good samples there is
/// none (price 0), and an operator has to give it.
struct SettlementAveraged {
  Price price;
  InstrumentId instrument;
  std::uint32_t samples{0};  // good ones
  std::uint32_t missed{0};   // index not known or frozen, or ticks left out
  static constexpr auto fields() {
    return std::tuple{Field{"price", &SettlementAveraged::price},
                      Field{"instrument", &SettlementAveraged::instrument},
                      Field{"samples", &SettlementAveraged::samples},
                      Field{"missed", &SettlementAveraged::missed}};
  }
};

}  // namespace plimsoll
