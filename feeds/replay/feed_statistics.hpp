#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/message/input.hpp"
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

/// How often a kind of message came that is not understood or not needed, as the venue names it.
struct UnknownKind {
  std::string kind;
  std::uint64_t count{0};
};
inline constexpr std::size_t kUnknownKindsMax = 32;  // the rest is counted as "other"

/// What was seen of one instrument.
struct InstrumentSeen {
  bool mark{false};    // MarkPublished
  bool quotes{false};  // BookQuoted
  bool trades{false};  // TradePrinted
};

/// Receive time less the venue's time, over the lines that gave inputs with a time of the venue:
/// how old they were, and how far the two clocks are apart.
struct DelaySummary {
  std::uint64_t lines{0};  // 0: nothing was measured
  Duration least;
  Duration median;
  Duration most;
};

inline constexpr std::size_t kInputKinds = std::variant_size_v<InputBody>;

/// lines_read = lines_used + all counts of `rejected`. A line is used when it gave an input.
struct FeedStatistics {
  std::uint64_t lines_read{0};
  std::uint64_t lines_used{0};
  std::vector<RejectCount> rejected;       // reasons that occurred, in the order of the checks
  std::vector<UnknownKind> unknown_kinds;  // of the lines rejected as unknown_message
  std::uint64_t stamps_went_back{0};       // a note: those lines are used
  std::uint64_t gaps{0};                   // a note: places where the venue's numbers have a hole
  std::uint64_t disconnects{0};            // a note
  std::uint64_t crossed{0};                // a note: quotes left out, bid at or above ask
  std::uint64_t inputs{0};                 // a line can give several
  std::array<std::uint64_t, kInputKinds> inputs_by_kind{};
  std::vector<InstrumentSeen> instruments;  // by InstrumentId
  EventTime first_time;                     // of the first input; 0 before it
  EventTime last_time;                      // of the last input
  DelaySummary delay;
};

}  // namespace plimsoll::feeds
