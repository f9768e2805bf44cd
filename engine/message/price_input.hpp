#pragma once

#include <cstdint>

#include "engine/base/fields.hpp"
#include "engine/value/modes.hpp"
#include "engine/value/types.hpp"

// Inputs about which prices may be believed, and whether anybody may be liquidated by them: sources
// of indices, feeds that lost something, operators, the lag of the engine. Part of input.hpp.

namespace plimsoll {

/// The best bid and ask of a source of an index.
struct SourceQuoted {
  SourceId source;
  Price bid;
  Price ask;
  EventTime venue_time;  // 0 when the venue gives none
  ExternalId number;     // the venue's own, rising; 0 when it gives none
  static constexpr auto fields() {
    return std::tuple{Field{"source", &SourceQuoted::source}, Field{"bid", &SourceQuoted::bid},
                      Field{"ask", &SourceQuoted::ask},
                      Field{"venue_time", &SourceQuoted::venue_time},
                      Field{"number", &SourceQuoted::number}};
  }
};

/// The price of a source of an index: a trade, a mark or an index of its venue.
struct SourcePriced {
  SourceId source;
  Price price;
  EventTime venue_time;
  ExternalId number;
  static constexpr auto fields() {
    return std::tuple{Field{"source", &SourcePriced::source}, Field{"price", &SourcePriced::price},
                      Field{"venue_time", &SourcePriced::venue_time},
                      Field{"number", &SourcePriced::number}};
  }
};

/// A feed has lost something of a source: what it said last counts no more, until it speaks again.
struct SourceInterrupted {
  SourceId source;
  Interruption reason{Interruption::gap};
  static constexpr auto fields() {
    return std::tuple{Field{"source", &SourceInterrupted::source},
                      Field{"reason", &SourceInterrupted::reason}};
  }
};

/// The same of an instrument's own market.
struct MarketInterrupted {
  InstrumentId instrument;
  Interruption reason{Interruption::gap};
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &MarketInterrupted::instrument},
                      Field{"reason", &MarketInterrupted::reason}};
  }
};

/// A full queue has left out `count` ticks of an instrument since `since`; the latest came through.
struct TicksConflated {
  InstrumentId instrument;
  EventTime since;
  ExternalId count;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &TicksConflated::instrument},
                      Field{"since", &TicksConflated::since},
                      Field{"count", &TicksConflated::count}};
  }
};

/// The same of a source.
struct SourceTicksConflated {
  SourceId source;
  EventTime since;
  ExternalId count;
  static constexpr auto fields() {
    return std::tuple{Field{"source", &SourceTicksConflated::source},
                      Field{"since", &SourceTicksConflated::since},
                      Field{"count", &SourceTicksConflated::count}};
  }
};

/// An operator lets a quarantined source speak again.
struct SourceReleased {
  SourceId source;
  OperatorId by;
  ExternalId number;  // rises with everything that the operator says
  static constexpr auto fields() {
    return std::tuple{Field{"source", &SourceReleased::source}, Field{"by", &SourceReleased::by},
                      Field{"number", &SourceReleased::number}};
  }
};

/// An operator's mark of an instrument, until it expires.
struct MarkOverridden {
  InstrumentId instrument;
  Price price;
  EventTime expires;
  OperatorId by;
  ExternalId number;
  static constexpr auto fields() {
    return std::tuple{Field{"instrument", &MarkOverridden::instrument},
                      Field{"price", &MarkOverridden::price},
                      Field{"expires", &MarkOverridden::expires}, Field{"by", &MarkOverridden::by},
                      Field{"number", &MarkOverridden::number}};
  }
};

/// An operator's price of an index, until it expires.
struct IndexOverridden {
  IndexId index;
  Price price;
  EventTime expires;
  OperatorId by;
  ExternalId number;
  static constexpr auto fields() {
    return std::tuple{Field{"index", &IndexOverridden::index},
                      Field{"price", &IndexOverridden::price},
                      Field{"expires", &IndexOverridden::expires},
                      Field{"by", &IndexOverridden::by}, Field{"number", &IndexOverridden::number}};
  }
};

/// What an asset can be redeemed for at its issuer, verified to be open until `expires`. It bounds
/// liquidations from below, never new risk.
struct RedemptionPublished {
  IndexId index;
  Price price;  // 0: closed
  EventTime expires;
  OperatorId by;
  ExternalId number;
  static constexpr auto fields() {
    return std::tuple{
        Field{"index", &RedemptionPublished::index}, Field{"price", &RedemptionPublished::price},
        Field{"expires", &RedemptionPublished::expires}, Field{"by", &RedemptionPublished::by},
        Field{"number", &RedemptionPublished::number}};
  }
};

/// No new liquidations from now on; an operator, or the house's own breaker (by 0).
struct LiquidationsPaused {
  PauseReason reason{PauseReason::operator_said};
  OperatorId by;
  ExternalId number;
  static constexpr auto fields() {
    return std::tuple{Field{"reason", &LiquidationsPaused::reason},
                      Field{"by", &LiquidationsPaused::by},
                      Field{"number", &LiquidationsPaused::number}};
  }
};

/// Ends the pauses of an operator and of the breaker.
struct LiquidationsResumed {
  PauseReason reason{PauseReason::operator_said};  // which pause ends
  OperatorId by;
  ExternalId number;
  static constexpr auto fields() {
    return std::tuple{Field{"reason", &LiquidationsResumed::reason},
                      Field{"by", &LiquidationsResumed::by},
                      Field{"number", &LiquidationsResumed::number}};
  }
};

/// How far the engine is behind its inputs, measured where clocks may be read.
struct LagReported {
  Duration lag;
  static constexpr auto fields() { return std::tuple{Field{"lag", &LagReported::lag}}; }
};

}  // namespace plimsoll
