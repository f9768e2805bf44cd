#pragma once

#include "engine/margin/requirement.hpp"

// The short way to value a position that only its own mark moves: the bulk of every book.

namespace plimsoll::margin {

/// Is a requirement under this profile that of the bare positions at their marks, each by itself?
[[nodiscard]] bool is_plain(const reference::Profile& profile) noexcept;

/// What a position adds to an account, in settlement units.
struct Contribution {
  Int128 value{0};
  Int128 requirement{0};  // maintenance
  Int128 room{kNoJump};   // how far the notional may move within a bracket of a table that jumps
};

/// The terms of an instrument that a position is valued by.
struct Terms {
  Terms(const reference::Reference& reference, const marks::Marks& marks, InstrumentId id,
        bool is_long) noexcept;

  const reference::Instrument& instrument;
  const reference::Tiers& tiers;
  Rate funding;
  Price mark;
};

/// The same that value_of() and requirement_of() say, at any price. REQUIRES: is_plain(profile),
/// price > 0, and terms for the side of the quantity.
[[nodiscard]] Contribution contribution_of(Quantity quantity, Price price, const Terms& terms,
                                           const reference::Profile& profile) noexcept;

}  // namespace plimsoll::margin
