#include "engine/cli/feeds.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/cli/feeds_report.hpp"
#include "feeds/replay/feed.hpp"

namespace plimsoll::cli {
namespace {

namespace fs = std::filesystem;

/// The files that the arguments name, folders walked in the order of their names.
std::vector<std::string> files_of(const std::vector<std::string>& captures) {
  std::vector<std::string> files;
  for (const std::string& capture : captures) {
    const feeds::CaptureName name = feeds::parse_capture_name(capture);
    std::error_code unknown;
    if (!fs::is_directory(name.path, unknown)) {
      files.push_back(capture);
      continue;
    }
    const std::string prefix =
        name.venue ? std::string{feeds::to_string(*name.venue)} + "=" : std::string{};
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator{name.path, unknown}) {
      if (entry.is_regular_file(unknown)) found.push_back(prefix + entry.path().string());
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

FileReport report_of(const std::string& capture) {
  FileReport report;
  report.path = feeds::parse_capture_name(capture).path;
  feeds::FeedOptions options;
  options.lists_every_symbol = true;
  options.measures_delays = true;
  feeds::Feed feed{{capture}, {}, options};
  const feeds::DetectedFormat& format = feed.reader(0).format();
  report.format = to_string(format.format);
  report.venue = to_string(feed.venue(0));
  if (format.format == feeds::CaptureFormat::none && !feed.error()) {
    report.not_a_capture = format.not_a_capture;
    return report;
  }
  Input input;
  while (feed.next(input) == feeds::Step::ready) continue;
  report.statistics = feed.statistics();
  if (feed.error()) report.error = feeds::to_string(*feed.error());
  return report;
}

}  // namespace

int run_feeds(const FeedsOptions& options, std::ostream& out, std::ostream& err) {
  std::vector<FileReport> reports;
  int code = kOk;
  for (const std::string& capture : files_of(options.captures)) {
    reports.push_back(report_of(capture));
    if (reports.back().error.empty()) continue;
    err << "plimsoll: " << reports.back().error << "\n";
    code = kBadInput;
  }
  if (options.json) {
    print_feeds_json(reports, out);
  } else {
    print_feeds(reports, out);
  }
  out.flush();
  return code;
}

}  // namespace plimsoll::cli
