#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "feeds/replay/feed_options.hpp"

namespace plimsoll::cli {

/// `plimsoll compare-marks`: what the command line says.
struct CompareMarksOptions {
  std::string config;
  std::vector<std::string> captures;
  std::vector<std::string> marks;  // names of mark methods; empty: the four that are compared
  std::uint32_t steps{100};        // accounts of each instrument and side
  feeds::FeedOptions feed;
  bool json{false};
};

/// Drives one population through the same captures once for each way to mark, and says who is
/// liquidated under which. In every instrument there are `steps` longs and as many shorts of one
/// size, entered at its first price, with equity in equal steps from the initial margin to nine
/// tenths of the notional. Returns the exit code.
int run_compare_marks(const CompareMarksOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
