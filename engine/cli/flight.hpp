#pragma once

#include <iosfwd>
#include <string>

namespace plimsoll::cli {

/// Prints a flight record, a JSON object a line: inputs, then events. Returns an ExitCode.
[[nodiscard]] int run_flight(const std::string& path, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
