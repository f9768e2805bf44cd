#pragma once

#include <span>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds::deribit {

/// Futures, perpetuals and spot pairs from `public/get_instruments` answers. Futures are in mode
/// increment: the answer gives max_leverage, hence initial = 1 / max_leverage; the rest is the
/// venue's documentation: maintenance is half of it, and both grow per coin of the position, by
/// 0.005% for BTC, 0.0004% for ETH, 0.0005% for SOL, and not at all for others.
[[nodiscard]] VenueTables read_tables(std::span<const Answer> answers);

}  // namespace plimsoll::feeds::deribit
