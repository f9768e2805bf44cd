#include "engine/configuration/csv_table.hpp"

#include <algorithm>

namespace plimsoll::configuration {

CsvTable::CsvTable(const std::string& path, std::span<const std::string_view> columns,
                   std::size_t required)
    : path_{path}, columns_{columns}, required_{required}, reader_{path}, places_(columns.size()) {}

CsvTable::Step CsvTable::next() {
  if (!has_header_) {
    if (const Step step = read_header(); step != Step::row) return step;
    has_header_ = true;
  }
  switch (reader_.next(fields_)) {
    case CsvReader::Step::end:
      return Step::end;
    case CsvReader::Step::failed:
      return refuse(Step::failed, {}, reader_.error());
    default:
      break;
  }
  if (fields_.size() == width_) return Step::row;
  return refuse(Step::bad_row, {},
                "has " + std::to_string(fields_.size()) + " fields, the header has " +
                    std::to_string(width_));
}

std::string_view CsvTable::field(std::size_t column) const {
  return places_[column] ? fields_[*places_[column]] : std::string_view{};
}

CsvTable::Step CsvTable::read_header() {
  const CsvReader::Step step = reader_.next(fields_);
  if (step == CsvReader::Step::failed) return refuse(Step::failed, {}, reader_.error());
  if (step == CsvReader::Step::end) return refuse(Step::failed, {}, "has no header");
  width_ = fields_.size();
  for (std::size_t i = 0; i < width_; ++i) {
    const auto column = std::find(columns_.begin(), columns_.end(), fields_[i]);
    if (column == columns_.end()) return refuse(Step::failed, quote(fields_[i]), "unknown column");
    auto& place = places_[static_cast<std::size_t>(column - columns_.begin())];
    if (place) return refuse(Step::failed, std::string{fields_[i]}, "appears twice");
    place = i;
  }
  for (std::size_t i = 0; i < required_; ++i) {
    if (!places_[i]) return refuse(Step::failed, std::string{columns_[i]}, "is missing");
  }
  return Step::row;
}

CsvTable::Step CsvTable::refuse(Step step, std::string field, std::string reason) {
  error_ = {path_, reader_.line(), 0, std::move(field), {}, std::move(reason)};
  return step;
}

}  // namespace plimsoll::configuration
