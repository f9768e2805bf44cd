#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/account_fields.hpp"
#include "engine/configuration/csv_table.hpp"

// What a CSV file says of accounts that another one lists. Private to this folder; one thread.

namespace plimsoll::configuration {

using CsvColumns = std::span<const std::string_view>;

/// The rows of a file by account, whose number is the first column. It holds the whole file.
class CsvRows {
 public:
  static constexpr std::size_t kColumnsMax = 7;
  struct Row {
    std::uint64_t account;
    std::size_t line;
    std::size_t text;  // where it begins in the text of all rows
    std::array<std::uint32_t, kColumnsMax> sizes;
  };

  /// `name`: the file of the folder, or with .gz when there is only that. `required`: see CsvTable.
  CsvRows(const std::string& folder, const char* name, CsvColumns columns, std::size_t required);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Reads the file, if there is one.
  void load(std::vector<Error>& errors, std::size_t errors_max);
  /// The rows of an account, in the order of the file. They are used from now on.
  [[nodiscard]] std::span<const Row> of(std::uint64_t account);
  [[nodiscard]] std::string_view field(const Row& row, std::size_t column) const;
  /// Reports the first row of each account that was never asked for.
  void report_unused(std::vector<Error>& errors, std::size_t errors_max) const;

 private:
  void add(const CsvTable& table, std::vector<Error>& errors);

  std::string path_;
  CsvColumns columns_;
  std::size_t required_;
  std::string text_;  // of all rows
  std::vector<Row> rows_;
  std::vector<bool> used_;  // at the first row of each account
};

/// A file of a folder: with .gz when there is only that.
[[nodiscard]] std::string csv_file(const std::string& folder, const char* name);
[[nodiscard]] bool file_exists(const std::string& path);

// Fields of a row; false: the fault says what is wrong.

[[nodiscard]] bool read_csv_number(std::string_view text, const FieldPlace& place,
                                   std::uint64_t& into, LineFault& fault);
bool refuse_missing(LineFault& fault, const FieldPlace& place);

}  // namespace plimsoll::configuration
