#pragma once

#include <span>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds::bitmex {

/// Perpetuals and futures from `instrument/active` answers: inverse, linear and quanto (linear in
/// the settlement asset, with the multiplier as it is). Mode whole by value: up to riskLimit the
/// base rates; each riskStep beyond adds the base maintenance rate to both. The answer does not say
/// how far that goes: kRiskSteps times.
[[nodiscard]] VenueTables read_tables(std::span<const Answer> answers);

inline constexpr int kRiskSteps = 10;

}  // namespace plimsoll::feeds::bitmex
