#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace plimsoll::cli {

struct StandInOptions {
  std::string config;
  std::string accounts;     // said first; empty: none
  std::string inputs;       // said at their times, which count from the start; empty: none
  std::string journal;      // empty: what was said is lost when it ends
  std::string events_host;  // of the margin engine; empty: nobody's orders are filled
  std::uint16_t events_port{0};
  std::string user;  // at the margin engine
  std::string password;
  std::uint16_t port{0};  // to listen on; 0: any free one
};

/// Is a matching engine for staging: says fills, transfers and orders in a sequenced stream, and
/// fills the orders of the margin engine by the model of engine/exchange, at the marks of the live
/// feeds of the configuration. Until SIGTERM or SIGINT. Returns an ExitCode.
[[nodiscard]] int run_stand_in(const StandInOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
