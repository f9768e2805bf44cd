#pragma once

#include <string>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds {

/// The [[asset]] and [[instrument]] sections of a configuration, to be included by one that has the
/// rest. Begins with comments that tell the source and the counts; a comment above an instrument
/// tells where a default stands for what the venue does not publish. Same tables, same bytes.
/// REQUIRES: no errors.
[[nodiscard]] std::string write_tables(const VenueTables& tables);

/// "binance: 349 instruments, 2805 brackets; 12 not imported: 2 not trading, 10 without margin
/// tiers".
[[nodiscard]] std::string summary_of(const VenueTables& tables);

}  // namespace plimsoll::feeds
