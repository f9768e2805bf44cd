#pragma once

#include "engine/ledger/ledger.hpp"
#include "engine/marks/marks.hpp"
#include "engine/reference/reference.hpp"

// What an account is worth and what it must hold: const functions of ledger, marks and reference.
// They never write, allocate or look at a clock.

namespace plimsoll::margin {

/// A position at a mark. `value` is rounded down, `notional` up, both against the account.
struct PositionValue {
  Int128 value;
  Int128 notional;
};

/// REQUIRES: mark > 0.
[[nodiscard]] PositionValue value_position(Quantity quantity, Price mark,
                                           std::int64_t value_divisor) noexcept;

/// Maintenance requirement of a holding of `quantity` at `mark`, in settlement units.
[[nodiscard]] Int128 maintenance_of(const reference::Instrument& instrument, Quantity quantity,
                                    Price mark) noexcept;

/// An account at the current marks. Positions without a mark are left out, and `complete` is false:
/// such an account is not judged.
struct Valuation {
  Amount equity;
  Amount maintenance_margin;
  bool complete{true};  // false: a position has no mark yet
};

[[nodiscard]] Valuation revalue(const ledger::Ledger& ledger, ledger::AccountIndex account,
                                const marks::Marks& marks,
                                const reference::Reference& reference) noexcept;

/// Initial margin of the account. REQUIRES: every position has a mark.
[[nodiscard]] Amount initial_margin(const ledger::Ledger& ledger, ledger::AccountIndex account,
                                    const marks::Marks& marks,
                                    const reference::Reference& reference) noexcept;

/// The threshold T(f) = ceil(maintenance * factor).
[[nodiscard]] Int128 threshold(Int128 maintenance, Rate factor) noexcept;

/// Is the equity below T(factor), by the profile's rule for equality?
[[nodiscard]] bool below(Int128 equity, Int128 maintenance, Rate factor,
                         const reference::Profile& profile) noexcept;

/// The most that may leave the account: max(0, min(balance, equity - initial margin)).
/// REQUIRES: every position has a mark.
[[nodiscard]] Amount available(const ledger::Ledger& ledger, ledger::AccountIndex account,
                               const marks::Marks& marks,
                               const reference::Reference& reference) noexcept;

}  // namespace plimsoll::margin
