#pragma once

#include <cstdint>
#include <vector>

#include "bench/benches.hpp"
#include "bench/book.hpp"

namespace plimsoll::bench {

/// Where the time from a tick to a sent event goes, and what it costs to measure that.
[[nodiscard]] std::vector<Row> stage_rows(const Settings& settings, const Book& book,
                                          InstrumentId tipping, std::uint64_t accounts);

}  // namespace plimsoll::bench
