#pragma once

#include <span>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds::binance {

/// USD-M and COIN-M contracts from any number of `exchangeInfo` answers and leverage brackets.
///
/// A contract with brackets takes them, in mode marginal; initial rate = 1 / initialLeverage,
/// rounded up. When there are no brackets at all, a contract of exchangeInfo gets the one bracket
/// that is published there (requiredMarginPercent, maintMarginPercent); when there are, one without
/// is not imported. A linear contract that only the brackets list gets the lot, tick and price_max
/// below.
[[nodiscard]] VenueTables read_tables(std::span<const Answer> answers);

inline constexpr Nano kDefaultLot = 1'000'000;                  // 0.001
inline constexpr Nano kDefaultTick = 100;                       // 1e-7, finest of the venue
inline constexpr Nano kDefaultPriceMax = 1'000'000 * kNanoOne;  // highest maxPrice of the venue

}  // namespace plimsoll::feeds::binance
