#pragma once

#include <span>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds::okx {

/// Swaps, futures and spot pairs from `public/instruments` answers. They carry no tiers: a contract
/// gets one bracket, initial = 1 / lever (its highest leverage), maintenance half of it.
[[nodiscard]] VenueTables read_tables(std::span<const Answer> answers);

}  // namespace plimsoll::feeds::okx
