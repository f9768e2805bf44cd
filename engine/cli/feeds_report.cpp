#include "engine/cli/feeds_report.hpp"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <ostream>

#include <nlohmann/json.hpp>

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

/// "93,954".
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

/// "-1.268 s", to the millisecond, rounded to the nearest.
std::string seconds(Duration duration) {
  const std::int64_t ms = (duration.raw() + (duration.raw() < 0 ? -500'000 : 500'000)) / 1'000'000;
  const std::string fraction = std::to_string(1'000 + std::abs(ms % 1'000)).substr(1);
  return (ms < 0 ? "-" : "") + std::to_string(std::abs(ms / 1'000)) + "." + fraction + " s";
}

/// "depthUpdate 6,551, kline 67".
std::string kinds_text(const feeds::FeedStatistics& statistics) {
  std::string text;
  for (const feeds::UnknownKind& one : statistics.unknown_kinds) {
    const std::string name = one.kind.empty() ? "nameless" : one.kind;
    text += (text.empty() ? "" : ", ") + name + " " + grouped(one.count);
  }
  return text;
}

void print_capture(const FileReport& report, std::ostream& out) {
  const feeds::FeedStatistics& counts = report.statistics;
  out << report.path << "\n  " << report.venue << ", " << report.format << ": read "
      << grouped(counts.lines_read) << ", used " << grouped(counts.lines_used) << ", gaps "
      << grouped(counts.gaps) << ", disconnects " << grouped(counts.disconnects) << ", crossed "
      << grouped(counts.crossed) << ", stamps back " << grouped(counts.stamps_went_back) << "\n";
  if (counts.delay.lines > 0) {
    out << "  received after the venue's time: least " << seconds(counts.delay.least) << ", median "
        << seconds(counts.delay.median) << ", most " << seconds(counts.delay.most) << "\n";
  }
  if (counts.inputs > 0) {
    out << "  inputs " << grouped(counts.inputs) << ":";
    for (std::size_t kind = 0; kind < feeds::kInputKinds; ++kind) {
      if (counts.inputs_by_kind[kind] == 0) continue;
      out << " " << input_kind_name(static_cast<std::uint8_t>(kind)) << " "
          << grouped(counts.inputs_by_kind[kind]);
    }
    out << "\n";
  }
  for (const feeds::RejectCount& reject : counts.rejected) {
    out << "  " << reject.reason << " " << grouped(reject.count) << ", first in line "
        << grouped(reject.first_line);
    if (reject.reason == "unknown_message") out << ": " << kinds_text(counts);
    out << "\n";
  }
  if (!report.error.empty()) out << "  failed: " << report.error << "\n";
}

/// Sums over the files.
struct Totals {
  std::uint64_t captures{0};
  std::uint64_t others{0};
  std::uint64_t failed{0};
  std::uint64_t read{0};
  std::uint64_t used{0};
  std::uint64_t inputs{0};
  std::map<std::string_view, std::uint64_t> rejected;

  /// Lines that are neither used nor rejected for a reason.
  [[nodiscard]] std::uint64_t unexplained() const {
    std::uint64_t explained = used;
    for (const auto& [reason, count] : rejected) explained += count;
    return read - explained;
  }
};

Totals totals_of(const std::vector<FileReport>& reports) {
  Totals totals;
  for (const FileReport& report : reports) {
    if (!report.error.empty()) ++totals.failed;
    ++(report.not_a_capture.empty() ? totals.captures : totals.others);
    totals.read += report.statistics.lines_read;
    totals.used += report.statistics.lines_used;
    totals.inputs += report.statistics.inputs;
    for (const feeds::RejectCount& reject : report.statistics.rejected) {
      totals.rejected[reject.reason] += reject.count;
    }
  }
  return totals;
}

Json json_of(const FileReport& report) {
  Json json{{"path", report.path}};
  if (!report.not_a_capture.empty()) {
    json["not_a_capture"] = report.not_a_capture;
    return json;
  }
  const feeds::FeedStatistics& counts = report.statistics;
  json["venue"] = report.venue;
  json["format"] = report.format;
  json["lines_read"] = counts.lines_read;
  json["lines_used"] = counts.lines_used;
  json["gaps"] = counts.gaps;
  json["disconnects"] = counts.disconnects;
  json["crossed"] = counts.crossed;
  json["stamps_went_back"] = counts.stamps_went_back;
  json["delay_ns"] = nullptr;
  if (counts.delay.lines > 0) {
    json["delay_ns"] = {{"least", counts.delay.least.raw()},
                        {"median", counts.delay.median.raw()},
                        {"most", counts.delay.most.raw()}};
  }
  json["inputs"] = Json::object();
  for (std::size_t kind = 0; kind < feeds::kInputKinds; ++kind) {
    if (counts.inputs_by_kind[kind] == 0) continue;
    json["inputs"][std::string{input_kind_name(static_cast<std::uint8_t>(kind))}] =
        counts.inputs_by_kind[kind];
  }
  json["rejected"] = Json::object();
  for (const feeds::RejectCount& reject : counts.rejected) {
    json["rejected"][std::string{reject.reason}] = reject.count;
  }
  json["unknown_kinds"] = Json::object();
  for (const feeds::UnknownKind& one : counts.unknown_kinds) {
    json["unknown_kinds"][one.kind] = one.count;
  }
  if (!report.error.empty()) json["error"] = report.error;
  return json;
}

}  // namespace

void print_feeds(const std::vector<FileReport>& reports, std::ostream& out) {
  for (const FileReport& report : reports) {
    if (report.not_a_capture.empty()) {
      print_capture(report, out);
    } else {
      out << report.path << "\n  not_a_capture: " << report.not_a_capture << "\n";
    }
  }
  const Totals totals = totals_of(reports);
  out << "files " << grouped(totals.captures + totals.others) << ": captures "
      << grouped(totals.captures) << ", others " << grouped(totals.others) << ", failed "
      << grouped(totals.failed) << "\nlines read " << grouped(totals.read) << ", used "
      << grouped(totals.used) << ", inputs " << grouped(totals.inputs) << ", unexplained "
      << grouped(totals.unexplained()) << "\n";
  for (const auto& [reason, count] : totals.rejected) {
    out << "  " << reason << " " << grouped(count) << "\n";
  }
}

void print_feeds_json(const std::vector<FileReport>& reports, std::ostream& out) {
  Json json{{"files", Json::array()}};
  for (const FileReport& report : reports) json["files"].push_back(json_of(report));
  const Totals totals = totals_of(reports);
  json["totals"] = {
      {"captures", totals.captures},        {"others", totals.others},   {"failed", totals.failed},
      {"lines_read", totals.read},          {"lines_used", totals.used}, {"inputs", totals.inputs},
      {"unexplained", totals.unexplained()}};
  for (const auto& [reason, count] : totals.rejected) {
    json["totals"]["rejected"][std::string{reason}] = count;
  }
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace plimsoll::cli
