#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "engine/configuration/choice.hpp"
#include "engine/configuration/report.hpp"
#include "engine/value/types.hpp"

// Typed reading of one TOML table. Every mistake goes to the report with line, path and value, and
// reading goes on, so that one run shows all of them. A section remembers which keys were asked
// for; refuse_unknown() reports the others. Private to this folder; one thread.

namespace plimsoll::configuration {

enum class Need : std::uint8_t { required, optional };

class Section {
 public:
  /// `table` is null for a section that is not there: then every key is silently absent.
  /// `file`: its number in the report.
  Section(const toml::table* table, std::string path, Report& report, std::size_t file = 0)
      : table_{table}, path_{std::move(path)}, report_{&report}, file_{file} {}

  [[nodiscard]] bool present() const noexcept { return table_ != nullptr; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] Report& report() const noexcept { return *report_; }
  [[nodiscard]] std::size_t file() const noexcept { return file_; }
  /// Is there such a key? It counts as asked for.
  bool has(std::string_view key) { return find(key, Need::optional) != nullptr; }
  /// Is there a table at the key? It counts as asked for.
  bool is_table(std::string_view key);
  /// All keys of the table, in no particular order. They do not count as asked for.
  [[nodiscard]] std::vector<std::string_view> keys() const;

  // Each reads one key into its last argument and returns true, or reports why it cannot, leaves
  // the argument alone and returns false. An optional key may be absent without a report.
  bool read(std::string_view key, Need need, std::string& into);
  /// A text that is not copied: it lives as long as the table.
  bool read(std::string_view key, Need need, std::optional<std::string_view>& into);
  /// One of some words.
  template <class Enum, std::size_t N>
  bool read_choice(std::string_view key, Need need, const Choices<Enum, N>& choices, Enum& into);
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

  /// The texts, or whole numbers, of an optional array; an element that is none is reported and
  /// left out.
  [[nodiscard]] std::vector<std::string> read_texts(std::string_view key);
  [[nodiscard]] std::vector<std::int64_t> read_integers(std::string_view key, std::int64_t min,
                                                        std::int64_t max);

  /// The elements of an optional array of texts and whole numbers, these in digits. True when it is
  /// there and all of them are; else nothing is read.
  bool read_words(std::string_view key, std::vector<std::string>& into);

  /// The table at `key`.
  [[nodiscard]] Section section(std::string_view key, Need need);
  /// The tables of the array at `key`, one for each element: an element of another type is reported
  /// and stands there as an absent section, so that indices stay those of the file. The first has
  /// the index `first` in its path.
  [[nodiscard]] std::vector<Section> sections(std::string_view key, Need need,
                                              std::size_t first = 0);

  /// Reports the value at `key` as it stands in the file; a secret is not shown.
  void refuse(std::string_view key, std::string reason, bool secret = false);
  /// Reports the key itself, by line and column.
  void refuse_key(std::string_view key, std::string reason);
  /// Reports that the table lacks a key.
  void refuse_absent(std::string_view key, std::string reason);
  /// Reports the value at a path below this table; where there is none, at the nearest thing around
  /// it.
  void refuse_at(const std::string& path, std::string value, std::string reason);
  /// Reports each key that was not asked for, with the nearest one that was.
  void refuse_unknown();

 private:
  bool read_text(std::string_view key, Need need, bool secret, std::string& into);
  /// Calls take(element) for each element of an optional array; false: it is not what `rule` says.
  /// True when it is there and all of them are.
  template <class Take>
  bool read_array(std::string_view key, const std::string& rule, Take take);
  [[nodiscard]] const toml::node* find(std::string_view key, Need need);
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] Place place_of(const toml::node& node) const;

  const toml::table* table_;
  std::string path_;
  Report* report_;
  std::size_t file_;
  std::vector<std::string> asked_;
};

/// The node at a path as "tiers.brackets[2].floor" below a table, or null.
[[nodiscard]] const toml::node* node_at(const toml::table& table, std::string_view path);
/// The line of the node at a path, or of the nearest thing around it; 0 without any.
[[nodiscard]] std::size_t line_near(const toml::table& table, std::string path);

/// The value of a node for an error line; a table or an array is not repeated.
[[nodiscard]] std::string value_text(const toml::node& node);

template <class Enum, std::size_t N>
bool Section::read_choice(std::string_view key, Need need, const Choices<Enum, N>& choices,
                          Enum& into) {
  std::string word;
  if (!read(key, need, word)) return false;
  const std::optional<Enum> value = find_choice(choices, word);
  if (!value) {
    refuse(key, choice_rule(choices));
    return false;
  }
  into = *value;
  return true;
}

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
