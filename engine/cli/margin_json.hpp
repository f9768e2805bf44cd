#pragma once

#include <iosfwd>

#include "engine/cli/margin_report.hpp"

namespace plimsoll::cli {

/// Writes the report as one JSON object on a line. Every amount, price and rate is exact decimal
/// text, null where it is not known.
void print_margin_json(const MarginReport& report, const reference::Reference& reference,
                       std::ostream& out);

}  // namespace plimsoll::cli
