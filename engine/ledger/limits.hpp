#pragma once

#include <cstdint>

#include "engine/reference/reference.hpp"

// Limits that leave room for every sum of one account below 2^63; enforced on input. In units of
// the settlement asset, or of quantity.

namespace plimsoll::ledger {

using reference::exposure_of;
using reference::kExposureMax;
inline constexpr std::int64_t kMoneyMax = std::int64_t{1} << 61;

}  // namespace plimsoll::ledger
