#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "engine/core/audit.hpp"
#include "engine/reference/reference.hpp"
#include "engine/runtime/tally.hpp"

namespace plimsoll::cli {

/// Everything a replay has to tell at its end.
struct ReplayReport {
  std::uint64_t lines_read{0};
  std::uint64_t lines_used{0};
  std::map<std::string, std::uint64_t> lines_rejected;  // by reason
  std::vector<std::string> rejected_first;              // "reason: first at FILE:LINE"
  std::uint64_t stamps_went_back{0};
  std::uint64_t inputs_given{0};          // by a file of inputs
  std::vector<std::string> mark_sources;  // by instrument: where its mark came from
  std::uint64_t accounts{0};
  std::uint64_t accounts_judged{0};
  runtime::Tally tally;
  std::vector<Int128> insurance_funds;  // by asset
  std::vector<Int128> bad_debts;        // by asset
  core::Audit audit;
  bool interrupted{false};
  double seconds{0};         // of the engine: first input to last event
  double market_seconds{0};  // of event time
  std::string engine;        // "inline", "4 shards"
};

/// One JSON object on one line.
void print_json(const ReplayReport& report, const reference::Reference& reference,
                std::ostream& out);

/// A page for people.
void print_summary(const ReplayReport& report, const reference::Reference& reference,
                   std::ostream& out);

}  // namespace plimsoll::cli
