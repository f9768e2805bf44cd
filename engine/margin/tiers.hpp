#pragma once

#include <vector>

#include "engine/reference/reference.hpp"

// The tiered_percent family, mode "whole notional with cumulative amount": continuous, convex and
// piecewise linear in the notional.

namespace plimsoll::margin {

/// ceil((notional * maintenance rate - cumulative amount) / 1e9) of the bracket that holds it.
/// REQUIRES: notional >= 0, in units of the settlement asset.
[[nodiscard]] Int128 maintenance_requirement(const std::vector<reference::Bracket>& brackets,
                                             Int128 notional) noexcept;

/// The same with the initial rates.
[[nodiscard]] Int128 initial_requirement(const std::vector<reference::Bracket>& brackets,
                                         Int128 notional) noexcept;

}  // namespace plimsoll::margin
