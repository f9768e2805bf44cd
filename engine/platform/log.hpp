#pragma once

#include <string_view>

// The operator's log: lines on standard error, for the slow side only. The core and the engine's
// threads never log; they count.

namespace plimsoll::platform {

/// Sends log lines to standard error, from `warning` on when `quiet`, else from `info` on.
void start_log(bool quiet);

void log_info(std::string_view line);
void log_warning(std::string_view line);

}  // namespace plimsoll::platform
