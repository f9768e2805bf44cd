#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace plimsoll::cli {

/// `plimsoll import`.
struct ImportOptions {
  std::string venue;
  std::vector<std::string> files;  // answers of the venue or recordings of them; plain, gzip, zstd
  std::vector<std::string> symbols;  // empty: all contracts, no spot pairs
  std::string output;                // a file; empty: standard output
};

/// Writes what a venue publishes of its contracts as sections of a configuration
/// (feeds/README.md), and one line of counts to `err`. Writes nothing when anything is wrong.
/// Returns the exit code.
int run_import(const ImportOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
