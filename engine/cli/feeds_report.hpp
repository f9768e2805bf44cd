#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/replay/feed_statistics.hpp"

namespace plimsoll::cli {

/// What became of one file.
struct FileReport {
  std::string path;
  std::string_view venue;
  std::string_view format;
  std::string_view not_a_capture;  // what it is instead; "": it is one
  feeds::FeedStatistics statistics;
  std::string error;  // why it could not be read to its end, or ""
};

/// A block a file, then the sums, for people.
void print_feeds(const std::vector<FileReport>& reports, std::ostream& out);
/// One object: {"files": [...], "totals": {...}}.
void print_feeds_json(const std::vector<FileReport>& reports, std::ostream& out);

}  // namespace plimsoll::cli
