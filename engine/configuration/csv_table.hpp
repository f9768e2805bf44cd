#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/csv_reader.hpp"
#include "engine/configuration/error.hpp"

// A CSV file with a header, row by row, by the names of its columns. Private to this folder; one
// thread.

namespace plimsoll::configuration {

class CsvTable {
 public:
  /// `columns`: all that it may have, in any order; the first `required` it must have. Nothing is
  /// read yet.
  CsvTable(const std::string& path, std::span<const std::string_view> columns,
           std::size_t required);

  enum class Step { row, bad_row, end, failed };
  /// The next row. `bad_row`: see error(), and go on. `failed`: see error(), there is no more.
  [[nodiscard]] Step next();

  /// A field of the row, valid until the next call; "" for a column that the file does not have.
  [[nodiscard]] std::string_view field(std::size_t column) const;
  [[nodiscard]] std::size_t line() const noexcept { return reader_.line(); }
  [[nodiscard]] const Error& error() const noexcept { return error_; }

 private:
  [[nodiscard]] Step read_header();
  [[nodiscard]] Step refuse(Step step, std::string field, std::string reason);

  std::string path_;
  std::span<const std::string_view> columns_;
  std::size_t required_;
  CsvReader reader_;
  std::vector<std::optional<std::size_t>> places_;  // of each column in the file
  std::vector<std::string_view> fields_;
  std::size_t width_{0};
  bool has_header_{false};
  Error error_;
};

}  // namespace plimsoll::configuration
