#pragma once

#include <optional>

#include "engine/reference/reference.hpp"
#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/world.hpp"

// The formulas of engine/README.md, one function each, as pure functions of wide integers. Units:
// quantities, prices, amounts and rates are raw, as in engine/value/types.hpp.

namespace plimsoll::oracle {

/// V = floor(Q * m / D).
[[nodiscard]] Int128 value_of(const reference::Instrument& instrument, Int128 quantity,
                              Int128 mark);

/// N = ceil(abs(Q) * m / D).
[[nodiscard]] Int128 notional_of(const reference::Instrument& instrument, Int128 quantity,
                                 Int128 mark);

/// The tier formula at a notional, at the maintenance or the initial rates.
[[nodiscard]] Int128 maintenance_of(const reference::Instrument& instrument, Int128 notional);
[[nodiscard]] Int128 initial_of(const reference::Instrument& instrument, Int128 notional);

/// ceil(abs(q) * price * rate / (D * 1e9)): the fee of a filled liquidation order.
[[nodiscard]] Int128 fee_of(const reference::Instrument& instrument, Int128 quantity, Int128 price,
                            Rate rate);

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

/// Is equity below T(factor) = ceil(maintenance * factor / 1e9), as the profile means it?
[[nodiscard]] bool is_below(const reference::Profile& profile, Int128 equity, Int128 maintenance,
                            Rate factor);

/// The limit of a liquidation order that reduces a position of `held`, or none when it would leave
/// (0, price_max].
[[nodiscard]] std::optional<Int128> limit_of(const reference::Instrument& instrument,
                                             const reference::Profile& profile, Int128 held,
                                             Int128 mark);

/// The price at which the simulated exchange fills a signed quantity.
[[nodiscard]] Int128 exchange_price(const reference::Exchange& exchange,
                                    const reference::Instrument& instrument, Int128 quantity,
                                    Int128 mark);

/// The signed part of an order that the simulated exchange can fill within a limit.
[[nodiscard]] Int128 filled_within(const reference::Exchange& exchange,
                                   const reference::Instrument& instrument, Int128 quantity,
                                   Int128 mark, Int128 limit);

}  // namespace plimsoll::oracle
