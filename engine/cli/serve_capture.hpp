#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "feeds/replay/pacer.hpp"

namespace plimsoll::cli {

/// `plimsoll serve-capture`: what the command line says.
struct ServeCaptureOptions {
  std::vector<std::string> captures;
  std::string address{"127.0.0.1"};
  std::uint16_t port{0};
  std::vector<std::string> tls;  // certificate and key, PEM; empty: plain
  feeds::Speed speed{feeds::Speed::max()};
  std::optional<std::uint64_t> drop_after;
};

/// Serves captures as a venue does, until a signal comes. Prints "listening on URL" to `out` when
/// it is, and a summary at the end; what clients say goes to the operator's log. Returns the exit
/// code; every error is one line on `err`.
int run_serve_capture(const ServeCaptureOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
