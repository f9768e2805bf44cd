#pragma once

#include <cstdint>
#include <optional>

#include "engine/reference/reference.hpp"

namespace plimsoll::ledger {

/// Limits that leave room for every sum of one account below 2^63; enforced on input. In units of
/// the settlement asset, or of quantity.
inline constexpr std::int64_t kExposureMax = std::int64_t{1} << 60;
inline constexpr std::int64_t kMoneyMax = std::int64_t{1} << 61;
/// Of the numerator of a turnover.
inline constexpr Int128 kProductMax = Int128{1} << 124;

/// What an abs size of an instrument can be worth at most, rounded up, or nothing beyond the
/// limits.
[[nodiscard]] std::optional<Int128> exposure_of(const reference::Instrument& rules,
                                                Int128 size) noexcept;

}  // namespace plimsoll::ledger
