#pragma once

#include <span>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds::kraken {

/// Kraken Futures from `derivatives/api/v3/instruments` answers, with the levels for professional
/// clients in mode whole: by quantity where a level counts `contracts` (inverse and vanilla), by
/// value where it counts `numNonContractUnits` (flexible futures: US dollars).
[[nodiscard]] VenueTables read_tables(std::span<const Answer> answers);

}  // namespace plimsoll::feeds::kraken
