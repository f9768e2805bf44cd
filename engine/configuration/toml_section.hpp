#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "engine/configuration/error.hpp"
#include "engine/value/types.hpp"

// Typed reading of one TOML table. Every mistake goes to the report with line, path and value, and
// reading goes on, so that one run shows all of them. A section remembers which keys were asked
// for; refuse_unknown() reports the others. Private to this folder; one thread.

namespace plimsoll::configuration {

/// The errors of one file.
class Report {
 public:
  explicit Report(std::string file) : file_{std::move(file)} {}

  void add(std::string field, const toml::source_position& at, std::string value,
           std::string reason);
  /// Remembers that the value at `path` is not known, because of a mistake reported elsewhere.
  void doubt(std::string path) { doubted_.push_back(std::move(path)); }
  /// Has nothing been reported at `path` or below it?
  [[nodiscard]] bool clean(std::string_view path) const;
  /// Is it clean, and nothing there in doubt?
  [[nodiscard]] bool sure(std::string_view path) const;
  /// The errors in the order of the lines.
  [[nodiscard]] std::vector<Error> take();

 private:
  friend class Section;
  std::string file_;
  std::vector<Error> errors_;
  std::vector<std::string> doubted_;
};

enum class Need : std::uint8_t { required, optional };

class Section {
 public:
  /// `table` is null for a section that is not there: then every key is silently absent.
  Section(const toml::table* table, std::string path, Report& report)
      : table_{table}, path_{std::move(path)}, report_{&report} {}

  [[nodiscard]] bool present() const noexcept { return table_ != nullptr; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] Report& report() const noexcept { return *report_; }

  // Each reads one key into its last argument and returns true, or reports why it cannot, leaves
  // the argument alone and returns false. An optional key may be absent without a report.
  bool read(std::string_view key, Need need, std::string& into);
  /// A required text that no error line shows.
  bool read_secret(std::string_view key, std::string& into);
  bool read(std::string_view key, Need need, bool& into);
  bool read(std::string_view key, Need need, Duration& into);
  bool read_integer(std::string_view key, Need need, std::int64_t min, std::int64_t max,
                    std::int64_t& into);
  /// A text, at `decimals` decimals. Without `decimals` the scale is not known because of another
  /// mistake: then the text is only checked to be a number, the value is in doubt and the result
  /// false.
  bool read_decimal(std::string_view key, Need need, std::optional<int> decimals,
                    std::int64_t& raw);
  template <class Integer>
  bool read_count(std::string_view key, Need need, std::int64_t min, std::int64_t max,
                  Integer& into);
  template <class Value>
  bool read_value(std::string_view key, Need need, std::optional<int> decimals, Value& into);

  /// The table at `key`.
  [[nodiscard]] Section section(std::string_view key, Need need);
  /// The tables of the array at `key`, one for each element: an element of another type is reported
  /// and stands there as an absent section, so that indices stay those of the file.
  [[nodiscard]] std::vector<Section> sections(std::string_view key, Need need);

  /// Reports the value at `key` as it stands in the file; a secret is not shown.
  void refuse(std::string_view key, std::string reason, bool secret = false);
  /// Reports each key that was not asked for, with the nearest one that was.
  void refuse_unknown();

 private:
  bool read_text(std::string_view key, Need need, bool secret, std::string& into);
  [[nodiscard]] const toml::node* find(std::string_view key, Need need);
  [[nodiscard]] std::string path_of(std::string_view key) const;

  const toml::table* table_;
  std::string path_;
  Report* report_;
  std::vector<std::string> asked_;
};

/// The value of a node for an error line; a table or an array is not repeated.
[[nodiscard]] std::string value_text(const toml::node& node);

template <class Integer>
bool Section::read_count(std::string_view key, Need need, std::int64_t min, std::int64_t max,
                         Integer& into) {
  std::int64_t number = 0;
  if (!read_integer(key, need, min, max, number)) return false;
  into = static_cast<Integer>(number);
  return true;
}

template <class Value>
bool Section::read_value(std::string_view key, Need need, std::optional<int> decimals,
                         Value& into) {
  std::int64_t raw = 0;
  if (!read_decimal(key, need, decimals, raw)) return false;
  into = Value::from_raw(raw);
  return true;
}

}  // namespace plimsoll::configuration
