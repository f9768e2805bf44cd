#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::bench {

/// One measurement against its baseline, both taken in turn in one run: the medians over the pairs,
/// and the median of the ratios pair by pair.
struct Row {
  std::string name;
  double value{0};
  std::string unit;
  std::string baseline_name;
  double baseline{0};
  double ratio{0};  // value / baseline
  double ratio_min{0};
  double ratio_max{0};
  std::optional<double> goal;     // of the ratio
  std::string sense{"at_least"};  // or "at_most"
  std::size_t pairs{0};
  std::string work;  // what was done, as "accounts judged a tick: 30,121"
};

/// The middle of the values (the mean of the middle two). REQUIRES: not empty.
[[nodiscard]] double median(std::vector<double> values);

/// The value below which `share` of the values lie. REQUIRES: not empty.
[[nodiscard]] double percentile(std::vector<double> values, double share);

/// A row from paired measurements. REQUIRES: as many of one as of the other, at least one.
[[nodiscard]] Row paired_row(std::string name, std::string unit, const std::vector<double>& values,
                             std::string baseline_name, const std::vector<double>& baselines);

void print_table(const std::vector<Row>& rows, std::ostream& out);
/// An array of {name, value, unit, baseline, ratio, goal, sense, pairs} and what explains them.
void print_json(const std::vector<Row>& rows, std::ostream& out);

}  // namespace plimsoll::bench
