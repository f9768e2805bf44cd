#pragma once

#include <span>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds::gate {

/// Perpetuals from `futures/<settle>/contracts` answers, in mode whole by value: up to
/// risk_limit_base initial = 1 / leverage_max and maintenance = maintenance_rate; each
/// risk_limit_step up to risk_limit_max adds the same again to both, up to 1.
[[nodiscard]] VenueTables read_tables(std::span<const Answer> answers);

}  // namespace plimsoll::feeds::gate
