#pragma once

#include <iosfwd>

#include "engine/cli/margin_report.hpp"

namespace plimsoll::cli {

/// Writes the report as a page for people: every figure with the numbers it is made of, so that it
/// can be worked out again by hand.
void print_margin_text(const MarginReport& report, const reference::Reference& reference,
                       std::ostream& out);

}  // namespace plimsoll::cli
