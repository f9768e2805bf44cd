#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/reference/reference.hpp"
#include "engine/value/types.hpp"

// What the generators have in common: prices to start from, and settings that cannot be meant.

namespace plimsoll::generate {

/// By InstrumentId; an instrument without a price is left out of what is generated.
using Prices = std::vector<std::optional<Price>>;

/// A setting that is wrong: its path, as "prices[2]", and the reason.
struct SettingError {
  std::string field;
  std::string reason;
};

/// Checks the prices: as many as instruments, at least one given, each on [min_ticks, price_max].
[[nodiscard]] std::vector<SettingError> check_prices(const reference::Reference& reference,
                                                     const Prices& prices, std::int64_t min_ticks);

/// Appends raw * 10^-decimals with exactly `shown` digits after the point, as venues write prices
/// on a tick; what is below is cut off. REQUIRES: raw >= 0, 0 <= shown <= decimals <= 18.
void append_fixed(std::string& out, std::int64_t raw, int decimals, int shown);

}  // namespace plimsoll::generate
