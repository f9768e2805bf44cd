#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/byte_source.hpp"

// The records of a CSV file as RFC 4180 has them, plain or gzip. Private to this folder; one
// thread; holds one block and one record of the file.

namespace plimsoll::configuration {

/// Fields are separated by commas and may stand in double quotes, where a quote is doubled and
/// commas and line breaks are text. Records end with "\r\n" or "\n"; the last one need not. Blank
/// lines, and a byte order mark at the start, are skipped.
class CsvReader {
 public:
  static constexpr std::size_t kRecordMax = 1U << 20U;  // bytes of one record, quotes apart

  /// A file that cannot be opened shows at the first next().
  explicit CsvReader(const std::string& path);

  enum class Step { record, end, failed };
  /// `fields`: those of the next record, valid until the next call. `failed`: see error(); the rest
  /// of the file cannot be read.
  [[nodiscard]] Step next(std::vector<std::string_view>& fields);

  /// Number of the line where the record that next() spoke of starts, or where it failed, from 1;
  /// 0 when the file cannot be opened.
  [[nodiscard]] std::size_t line() const noexcept { return record_line_; }
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  enum class State { start, plain, quoted, closed };  // of the field that is being read
  static constexpr int kEnd = -1;
  static constexpr int kFailed = -2;

  [[nodiscard]] int get();
  [[nodiscard]] Step read_record();
  [[nodiscard]] Step take(int c, bool& done);
  [[nodiscard]] Step end_of_file(bool& done);
  void end_field();
  [[nodiscard]] Step fail(std::string reason);
  [[nodiscard]] bool is_blank() const noexcept;

  ByteSource source_;
  std::vector<char> block_;
  std::size_t next_{0};  // in the block
  std::size_t size_{0};
  bool started_{false};
  std::size_t line_{1};  // of the next byte
  std::size_t record_line_{0};
  State state_{State::start};
  bool has_quotes_{false};
  std::string text_;               // the fields of the record, one after the other
  std::vector<std::size_t> ends_;  // where each of them ends
  std::string error_;
};

}  // namespace plimsoll::configuration
