#pragma once

#include "engine/margin/requirement.hpp"

// The short way to value a line that only its own mark moves: the bulk of every book.

namespace plimsoll::margin {

/// Is a requirement under this profile that of the bare positions at their marks, each by itself?
[[nodiscard]] bool is_plain(const reference::Profile& profile) noexcept;

/// Value and maintenance requirement of a position, in settlement units.
struct Contribution {
  Int128 value{0};
  Int128 requirement{0};
};

/// The same that value_of() and requirement_of() say. REQUIRES: is_plain(profile), mark > 0.
[[nodiscard]] Contribution contribution_of(const reference::Instrument& instrument,
                                           const reference::Tiers& tiers,
                                           const reference::Profile& profile, Rate funding,
                                           Quantity quantity, Price mark) noexcept;

}  // namespace plimsoll::margin
