#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/venue/json_value.hpp"
#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds {

/// One object of an answer, read field by field. What is missing or no number is reported with its
/// place, path and value; the reading goes on with 0 or an empty text. Keeps references to all it
/// is made of.
class Row {
 public:
  Row(const JsonValue& object, const std::string& place, std::string path,
      std::vector<TableError>& errors)
      : object_{object},
        place_{place},
        path_{std::move(path)},
        errors_{errors},
        errors_before_{errors.size()} {}

  /// Names the row in errors from here on, as "BTCUSDT" instead of "symbols[3]".
  void rename(std::string path) { path_ = std::move(path); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Is the field there, with a value other than null and ""?
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool is_true(std::string_view key) const { return text_or(key, "") == "true"; }
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view fallback) const;
  /// Is it a number with more than nine decimals?
  [[nodiscard]] bool too_fine(std::string_view key) const;

  /// A text that must be there.
  [[nodiscard]] std::string text(std::string_view key);
  /// A number that must be there, in units of 10^-decimals.
  [[nodiscard]] std::int64_t number(std::string_view key, int decimals);
  [[nodiscard]] Nano nano(std::string_view key) { return number(key, kNanoDecimals); }
  /// The same, above 0.
  [[nodiscard]] Nano positive(std::string_view key);
  /// A time "2021-09-24T08:00:00.000Z" that must be there, in ms.
  [[nodiscard]] std::int64_t utc_ms(std::string_view key);

  /// The elements of a list that must be there and not be empty, as rows "path.key[i]".
  [[nodiscard]] std::vector<Row> rows(std::string_view key);
  /// The object in a field that must be there.
  [[nodiscard]] Row child(std::string_view key);

  void fail(std::string_view key, std::string message);
  /// Was anything reported since the row was made, by it or its parts?
  [[nodiscard]] bool failed() const noexcept { return errors_.size() > errors_before_; }

 private:
  [[nodiscard]] std::string path_of(std::string_view key) const;

  const JsonValue& object_;
  const std::string& place_;
  std::string path_;
  std::vector<TableError>& errors_;
  std::size_t errors_before_;
};

}  // namespace plimsoll::feeds
