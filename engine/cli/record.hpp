#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/capture/capture_writer.hpp"

namespace plimsoll::cli {

/// `plimsoll record`: what the command line says.
struct RecordOptions {
  std::string venue;
  std::vector<std::string> symbols;
  std::vector<std::string> channels;  // empty: those of the venue's profile
  std::string url;                    // empty: the venue's own
  std::string output;
  feeds::StampFormat format{feeds::StampFormat::iso};
  std::optional<std::chrono::milliseconds> length;       // empty: until a signal
  std::optional<std::chrono::milliseconds> silence_max;  // empty: the venue's
  std::string ca;                                        // PEM file; empty: the machine's
};

/// Reads "500ms", "90", "90s", "5m", "2h"; nothing else, and not 0.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_length(std::string_view text);

/// Names of the venues there are profiles for, separated by ", ".
[[nodiscard]] std::string known_venues();

/// Writes what a venue sends to a capture until the time is over or a signal comes; what happens to
/// the connections goes to the operator's log, a summary to `out`. Returns the exit code; every
/// error is one line on `err`.
int run_record(const RecordOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
