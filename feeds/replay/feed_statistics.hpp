#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/value/types.hpp"

// What a feed has done so far, for reports and metrics.

namespace plimsoll::feeds {

/// One reason, and how many lines were rejected for it.
struct RejectCount {
  std::string_view reason;  // snake_case, static text
  std::uint64_t count{0};
  std::string first_path;       // where it was met first, in the order of the files
  std::uint64_t first_line{0};  // from 1
};

/// What was seen of one instrument.
struct InstrumentSeen {
  bool mark{false};    // MarkPublished
  bool quotes{false};  // BookQuoted
  bool trades{false};  // TradePrinted
};

/// lines_read = lines_used + all counts of `rejected`.
struct FeedStatistics {
  std::uint64_t lines_read{0};
  std::uint64_t lines_used{0};
  std::vector<RejectCount> rejected;        // reasons that occurred, in the order of the checks
  std::uint64_t stamps_went_back{0};        // a note: those lines are used
  std::vector<InstrumentSeen> instruments;  // by InstrumentId
  EventTime first_time;                     // of the first input; 0 before it
  EventTime last_time;                      // of the last input
};

}  // namespace plimsoll::feeds
