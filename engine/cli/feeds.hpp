#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace plimsoll::cli {

/// `plimsoll feeds`: what the command line says.
struct FeedsOptions {
  std::vector<std::string> captures;  // PATH or VENUE=PATH; folders are walked
  bool json{false};
};

/// Reads captures as a replay would, with every symbol listed, and says what became of each line.
/// Files that are no captures are named with what they are. Returns the exit code: kBadInput when a
/// file could not be read to its end.
int run_feeds(const FeedsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
