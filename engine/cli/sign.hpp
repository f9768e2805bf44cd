#pragma once

#include <iosfwd>
#include <string>

namespace plimsoll::cli {

/// `plimsoll sign`.
struct SignOptions {
  std::string config;
  std::string who;  // an operator of the configuration
  std::string key;  // a file; empty: the one that the configuration names
};

/// Reads lines of a file of inputs from `in` and writes them to `out`, those of the operator signed
/// (config/README.md). Writes nothing when anything is wrong. Returns the exit code.
int run_sign(const SignOptions& options, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
