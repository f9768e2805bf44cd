#include "bench/report.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

#include <nlohmann/json.hpp>

namespace plimsoll::bench {
namespace {

/// Four significant digits, without an exponent where a person would write none.
std::string number_text(double value) {
  std::ostringstream text;
  if (std::abs(value) >= 1e4) {
    text << std::fixed << std::setprecision(0) << value;
  } else {
    text << std::setprecision(4) << value;
  }
  return text.str();
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}

Row paired_row(std::string name, std::string unit, const std::vector<double>& values,
               std::string baseline_name, const std::vector<double>& baselines) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < values.size(); ++i) ratios.push_back(values[i] / baselines[i]);
  Row row;
  row.name = std::move(name);
  row.value = median(values);
  row.unit = std::move(unit);
  row.baseline_name = std::move(baseline_name);
  row.baseline = median(baselines);
  row.ratio = median(ratios);
  row.ratio_min = *std::min_element(ratios.begin(), ratios.end());
  row.ratio_max = *std::max_element(ratios.begin(), ratios.end());
  row.pairs = values.size();
  return row;
}

void print_table(const std::vector<Row>& rows, std::ostream& out) {
  out << std::left << std::setw(46) << "measurement" << std::right << std::setw(12) << "value"
      << "  " << std::left << std::setw(8) << "unit" << std::right << std::setw(12) << "baseline"
      << std::setw(10) << "ratio"
      << "  " << std::left << "(min .. max), pairs; baseline; work\n";
  for (const Row& row : rows) {
    out << std::left << std::setw(46) << row.name << std::right << std::setw(12)
        << number_text(row.value) << "  " << std::left << std::setw(8) << row.unit << std::right
        << std::setw(12) << number_text(row.baseline) << std::setw(10) << number_text(row.ratio)
        << "  (" << number_text(row.ratio_min) << " .. " << number_text(row.ratio_max) << "), "
        << row.pairs << "; " << row.baseline_name;
    if (!row.work.empty()) out << "; " << row.work;
    out << "\n";
  }
}

void print_json(const std::vector<Row>& rows, std::ostream& out) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    nlohmann::ordered_json entry;
    entry["name"] = row.name;
    entry["value"] = row.value;
    entry["unit"] = row.unit;
    entry["baseline"] = row.baseline;
    entry["ratio"] = row.ratio;
    entry["goal"] = row.goal ? nlohmann::ordered_json(*row.goal) : nlohmann::ordered_json(nullptr);
    entry["sense"] = row.sense;
    entry["pairs"] = row.pairs;
    entry["baseline_name"] = row.baseline_name;
    entry["ratio_min"] = row.ratio_min;
    entry["ratio_max"] = row.ratio_max;
    entry["work"] = row.work;
    json.push_back(std::move(entry));
  }
  out << json.dump(2) << "\n";
}

}  // namespace plimsoll::bench
