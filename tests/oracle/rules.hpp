#pragma once

#include <optional>

#include "engine/reference/reference.hpp"
#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/world.hpp"

// The formulas of engine/README.md, one function each, as pure functions of wide integers. Units:
// quantities, prices, amounts and rates are raw, as in engine/value/types.hpp.

namespace plimsoll::oracle {

/// The turnover of a signed quantity at a price, rounded. REQUIRES: price > 0.
[[nodiscard]] Int128 turnover_down(const reference::Instrument& instrument, Int128 quantity,
                                   Int128 price);
[[nodiscard]] Int128 turnover_up(const reference::Instrument& instrument, Int128 quantity,
                                 Int128 price);

/// N(q) = ceil(abs(turnover of q at m)).
[[nodiscard]] Int128 notional_of(const reference::Instrument& instrument, Int128 quantity,
                                 Int128 mark);

/// Are numerator and denominator what the multiplier and the scales make them?
[[nodiscard]] bool has_right_ratio(const reference::Reference& reference,
                                   const reference::Instrument& instrument);

/// What a fill does to a position, and what the other side gets.
struct Booked {
  Position after;
  Int128 realised{0};
  Int128 rest_of_world{0};
  Int128 rounding{0};
};

/// Books a fill of signed quantity q at a price. A position of zero that has an entry value (the
/// house's, after netting) keeps it.
[[nodiscard]] Booked book_fill(const reference::Instrument& instrument, const Position& before,
                               Int128 quantity, Int128 price);

/// T(factor) = maintenance * factor / 1e9, rounded as the profile says.
[[nodiscard]] Int128 threshold_of(const reference::Profile& profile, Int128 maintenance,
                                  Rate factor);

/// Is equity below T(factor), as the profile means it?
[[nodiscard]] bool is_below(const reference::Profile& profile, Int128 equity, Int128 maintenance,
                            Rate factor);

/// The same for T(call_trigger) of margin calls.
[[nodiscard]] bool is_below_trigger(const reference::Profile& profile, Int128 equity,
                                    Int128 maintenance);

/// Is equity below zero, or so low that the house takes over at once?
[[nodiscard]] bool is_ruined(const reference::Profile& profile, Int128 equity, Int128 maintenance);

/// How far from the mark the limit of a liquidation order may be at first; 0 or less: there is
/// none.
[[nodiscard]] Int128 limit_distance(const reference::Tiers& tiers,
                                    const reference::Profile& profile);

/// The limit of an order that reduces a position of `held`, that far from the mark, or none when it
/// would leave price_min..price_max.
[[nodiscard]] std::optional<Int128> limit_of(const reference::Instrument& instrument,
                                             Int128 distance, Int128 held, Int128 mark);

/// |transfer| per unit of a position, rounded down; 0 when that exceeds 64 bits.
[[nodiscard]] Int128 bankruptcy_price(const reference::Instrument& instrument, Int128 quantity,
                                      Int128 transfer);

/// The price at which the simulated exchange fills a signed quantity.
[[nodiscard]] Int128 exchange_price(const reference::Exchange& exchange,
                                    const reference::Instrument& instrument, Int128 quantity,
                                    Int128 mark);

/// The signed part of an order that the simulated exchange can fill within a limit.
[[nodiscard]] Int128 filled_within(const reference::Exchange& exchange,
                                   const reference::Instrument& instrument, Int128 quantity,
                                   Int128 mark, Int128 limit);

}  // namespace plimsoll::oracle
