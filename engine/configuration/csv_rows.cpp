#include "engine/configuration/csv_rows.hpp"

#include <algorithm>
#include <filesystem>

namespace plimsoll::configuration {

bool file_exists(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::exists(path, unknown);
}

std::string csv_file(const std::string& folder, const char* name) {
  const std::string plain = (std::filesystem::path{folder} / name).string();
  return !file_exists(plain) && file_exists(plain + ".gz") ? plain + ".gz" : plain;
}

bool refuse_missing(LineFault& fault, const FieldPlace& place) {
  return refuse(fault, place, {}, "is missing");
}

bool read_csv_number(std::string_view text, const FieldPlace& place, std::uint64_t& into,
                     LineFault& fault) {
  if (text.empty()) return refuse_missing(fault, place);
  return parse_number(text, into) || refuse(fault, place, quote(text), kNumberRule);
}

CsvRows::CsvRows(const std::string& folder, const char* name, CsvColumns columns,
                 std::size_t required)
    : path_{csv_file(folder, name)}, columns_{columns}, required_{required} {}

void CsvRows::load(std::vector<Error>& errors, std::size_t errors_max) {
  if (!file_exists(path_)) return;
  CsvTable table{path_, columns_, required_};
  while (errors.size() < errors_max) {
    const CsvTable::Step step = table.next();
    if (step == CsvTable::Step::end) break;
    if (step == CsvTable::Step::row) {
      add(table, errors);
      continue;
    }
    errors.push_back(table.error());
    if (step == CsvTable::Step::failed) break;
  }
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const Row& a, const Row& b) { return a.account < b.account; });
  used_.resize(rows_.size());
}

std::span<const CsvRows::Row> CsvRows::of(std::uint64_t account) {
  const auto [begin, end] =
      std::equal_range(rows_.begin(), rows_.end(), Row{account, 0, 0, {}},
                       [](const Row& a, const Row& b) { return a.account < b.account; });
  if (begin == end) return {};
  used_[static_cast<std::size_t>(begin - rows_.begin())] = true;
  return {begin, end};
}

std::string_view CsvRows::field(const Row& row, std::size_t column) const {
  std::size_t begin = row.text;
  for (std::size_t i = 0; i < column; ++i) begin += row.sizes[i];
  return std::string_view{text_}.substr(begin, row.sizes[column]);
}

void CsvRows::report_unused(std::vector<Error>& errors, std::size_t errors_max) const {
  for (std::size_t i = 0; i < rows_.size() && errors.size() < errors_max; ++i) {
    const bool first = i == 0 || rows_[i - 1].account != rows_[i].account;
    if (!first || used_[i]) continue;
    errors.push_back({path_, rows_[i].line, 0, "account", std::to_string(rows_[i].account),
                      "names no account of accounts.csv"});
  }
}

void CsvRows::add(const CsvTable& table, std::vector<Error>& errors) {
  Row row{0, table.line(), text_.size(), {}};
  LineFault fault;
  if (!read_csv_number(table.field(0), {"account"}, row.account, fault)) {
    errors.push_back({path_, row.line, 0, fault.key, fault.value, fault.reason});
    return;
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    row.sizes[i] = static_cast<std::uint32_t>(table.field(i).size());
    text_ += table.field(i);
  }
  rows_.push_back(row);
}

}  // namespace plimsoll::configuration
