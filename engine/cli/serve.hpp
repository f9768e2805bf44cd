#pragma once

#include <iosfwd>
#include <string>

namespace plimsoll::cli {

struct ServeOptions {
  std::string config;
  std::string accounts;  // empty: none
  std::string record;    // empty: none
};

/// Runs the service until SIGTERM or SIGINT. SIGUSR1 writes the flight record. Returns an ExitCode.
[[nodiscard]] int run_serve(const ServeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
