#pragma once

#include <iosfwd>
#include <string>

namespace plimsoll::cli {

/// `plimsoll check-config FILE`: every error on a line of its own on `err`, or what the file says
/// in short on `out`. Returns the exit code.
int run_check_config(const std::string& path, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
