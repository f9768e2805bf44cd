#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "feeds/replay/feed_options.hpp"
#include "feeds/replay/pacer.hpp"

namespace plimsoll::cli {

/// `plimsoll replay`: what the command line says.
struct ReplayOptions {
  std::string config;
  std::vector<std::string> captures;  // or one record; may be none when there are inputs
  feeds::FeedOptions feed;            // what is made of the captures
  bool step{false};                   // an input for each line on standard input
  feeds::Speed speed{feeds::Speed::max()};
  unsigned shards{0};  // 0: inline
  bool naive{false};
  std::string accounts;  // files; empty: none
  std::string inputs;
  std::string record;
  std::string events;
  std::optional<unsigned short> listen;
  unsigned linger_seconds{0};  // to wait after the end for a first subscriber
  bool json{false};
};

/// Drives the engine with captures, or with a record, and reports. Returns the exit code; every
/// error is one line on `err`.
int run_replay(const ReplayOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
