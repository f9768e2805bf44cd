#include "engine/configuration/toml_section.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <sstream>

#include "engine/configuration/duration.hpp"
#include "engine/value/decimal.hpp"

namespace plimsoll::configuration {
namespace {

/// The number of insertions, deletions and replacements between two words.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + static_cast<std::size_t>(a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

std::string unknown_key_reason(std::string_view key, const std::vector<std::string>& known) {
  constexpr std::size_t kKeyMax = 64;  // A longer key is no slip of the finger.
  if (known.empty()) return "unknown key";
  const auto nearest =
      std::min_element(known.begin(), known.end(), [&](const std::string& a, const std::string& b) {
        return edit_distance(key.substr(0, kKeyMax), a) < edit_distance(key.substr(0, kKeyMax), b);
      });
  return "unknown key, the nearest known is " + quote(*nearest);
}

/// A key in a path: bare when it can be, else in quotes, without control characters.
std::string path_part(std::string_view key) {
  const bool bare =
      !key.empty() && key.size() <= 40 && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
      });
  return bare ? std::string{key} : quote(key);
}

/// The shortest text that is this number and no other.
std::string shortest_text(double number) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::string{text.data(), end} : std::string{};
}

}  // namespace

const toml::node* node_at(const toml::table& table, std::string_view path) {
  return table.at_path(path).node();
}

std::size_t line_near(const toml::table& table, std::string path) {
  const toml::node* node = node_at(table, path);
  while (node == nullptr) {
    const std::size_t end = path.find_last_of(".[");
    if (end == std::string::npos) return table.source().begin.line;
    path.erase(end);
    node = node_at(table, path);
  }
  return node->source().begin.line;
}

std::string value_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return quote(text->get());
  if (node.is_table() || node.is_array()) return {};
  if (const auto* number = node.as_floating_point()) return shortest_text(number->get());
  std::ostringstream out;
  node.visit([&out](const auto& value) { out << value; });
  return out.str();
}

std::string Section::path_of(std::string_view key) const {
  return path_.empty() ? path_part(key) : path_ + "." + path_part(key);
}

Place Section::place_of(const toml::node& node) const {
  return {file_, node.source().begin.line, 0};
}

std::vector<std::string_view> Section::keys() const {
  std::vector<std::string_view> keys;
  if (table_ == nullptr) return keys;
  for (const auto& [key, node] : *table_) keys.push_back(key.str());
  return keys;
}

const toml::node* Section::find(std::string_view key, Need need) {
  asked_.emplace_back(key);
  if (table_ == nullptr) return nullptr;
  const toml::node* node = table_->get(key);
  if (node == nullptr && need == Need::required) {
    report_->add(path_of(key), place_of(*table_), {}, "is missing");
  }
  return node;
}

bool Section::is_table(std::string_view key) {
  const toml::node* node = find(key, Need::optional);
  return node != nullptr && node->is_table();
}

bool Section::read(std::string_view key, Need need, std::optional<std::string_view>& into) {
  const toml::node* node = find(key, need);
  if (node == nullptr) return false;
  const auto* text = node->as_string();
  if (text == nullptr) {
    refuse(key, "must be a text in quotes");
    return false;
  }
  into = text->get();
  return true;
}

bool Section::read_text(std::string_view key, Need need, bool secret, std::string& into) {
  const toml::node* node = find(key, need);
  if (node == nullptr) return false;
  const auto* text = node->as_string();
  if (text == nullptr) {
    refuse(key, "must be a text in quotes", secret);
    return false;
  }
  into = text->get();
  return true;
}

bool Section::read(std::string_view key, Need need, std::string& into) {
  return read_text(key, need, false, into);
}

bool Section::read_secret(std::string_view key, std::string& into) {
  return read_text(key, Need::required, true, into);
}

bool Section::read(std::string_view key, Need need, bool& into) {
  const toml::node* node = find(key, need);
  if (node == nullptr) return false;
  const auto* boolean = node->as_boolean();
  if (boolean == nullptr) {
    refuse(key, "must be true or false");
    return false;
  }
  into = boolean->get();
  return true;
}

bool Section::read(std::string_view key, Need need, Duration& into) {
  const toml::node* node = find(key, need);
  if (node == nullptr) return false;
  const auto* text = node->as_string();
  const std::optional<Duration> duration =
      text == nullptr ? std::nullopt : parse_duration(text->get());
  if (!duration) {
    refuse(key, "must be a duration in quotes, in ns, us, ms, s, m or h, as \"20ms\", at most " +
                    format_duration(kDurationMax));
    return false;
  }
  into = *duration;
  return true;
}

bool Section::read_integer(std::string_view key, Need need, std::int64_t min, std::int64_t max,
                           std::int64_t& into) {
  const toml::node* node = find(key, need);
  if (node == nullptr) return false;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < min || number->get() > max) {
    refuse(key,
           "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return false;
  }
  into = number->get();
  return true;
}

bool Section::read_decimal(std::string_view key, Need need, std::optional<int> decimals,
                           std::int64_t& raw) {
  const toml::node* node = find(key, need);
  if (node == nullptr) return false;
  const auto* text = node->as_string();
  if (text == nullptr) {
    refuse(key, "must be a decimal number in quotes, as \"0.004\"");
    return false;
  }
  const DecimalResult number = parse_decimal(text->get(), decimals.value_or(0));
  const bool no_number =
      number.error == DecimalError::malformed || number.error == DecimalError::empty;
  if (no_number || (decimals && !number.ok())) {
    std::string reason = to_string(number.error);
    if (number.error == DecimalError::inexact) reason += ", " + std::to_string(*decimals);
    refuse(key, reason);
    return false;
  }
  if (!decimals) {
    report_->doubt(path_of(key));
    return false;
  }
  raw = number.raw;
  return true;
}

template <class Take>
bool Section::read_array(std::string_view key, const std::string& rule, Take take) {
  const toml::node* node = find(key, Need::optional);
  if (node == nullptr) return false;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    refuse(key, "must be an array");
    return false;
  }
  bool sound = true;
  std::size_t index = 0;
  for (const toml::node& element : *array) {
    if (!take(element)) {
      report_->add(path_of(key) + "[" + std::to_string(index) + "]", place_of(element),
                   value_text(element), rule);
      sound = false;
    }
    ++index;
  }
  return sound;
}

bool Section::read_words(std::string_view key, std::vector<std::string>& into) {
  std::vector<std::string> words;
  const auto take = [&](const toml::node& element) {
    if (!element.is_integer() && !element.is_string()) return false;
    const auto* text = element.as_string();
    words.push_back(text == nullptr ? value_text(element) : text->get());
    return true;
  };
  if (!read_array(key, "must be a text or a whole number", take)) return false;
  into = std::move(words);
  return true;
}

std::vector<std::string> Section::read_texts(std::string_view key) {
  std::vector<std::string> texts;
  read_array(key, "must be a text that is not empty", [&](const toml::node& element) {
    const auto* text = element.as_string();
    if (text == nullptr || text->get().empty()) return false;
    texts.push_back(text->get());
    return true;
  });
  return texts;
}

std::vector<std::int64_t> Section::read_integers(std::string_view key, std::int64_t min,
                                                 std::int64_t max) {
  std::vector<std::int64_t> numbers;
  const std::string rule =
      "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max);
  read_array(key, rule, [&](const toml::node& element) {
    const auto* number = element.as_integer();
    if (number == nullptr || number->get() < min || number->get() > max) return false;
    numbers.push_back(number->get());
    return true;
  });
  return numbers;
}

Section Section::section(std::string_view key, Need need) {
  const toml::node* node = find(key, need);
  if (node != nullptr && !node->is_table()) refuse(key, "must be a table");
  return {node == nullptr ? nullptr : node->as_table(), path_of(key), *report_, file_};
}

std::vector<Section> Section::sections(std::string_view key, Need need, std::size_t first) {
  std::vector<Section> found;
  const toml::node* node = find(key, need);
  if (node == nullptr) return found;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    refuse(key, "must be an array of tables");
    return found;
  }
  for (const toml::node& element : *array) {
    std::string at = path_of(key) + "[" + std::to_string(first + found.size()) + "]";
    if (!element.is_table()) {
      report_->add(at, place_of(element), value_text(element), "must be a table");
    }
    found.emplace_back(element.as_table(), std::move(at), *report_, file_);
  }
  return found;
}

void Section::refuse(std::string_view key, std::string reason, bool secret) {
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  if (node == nullptr) return;
  report_->add(path_of(key), place_of(*node), secret ? "\"***\"" : value_text(*node),
               std::move(reason));
}

void Section::refuse_key(std::string_view key, std::string reason) {
  if (table_ == nullptr) return;
  const auto entry = table_->find(key);
  if (entry == table_->cend()) return;
  const toml::source_position at = entry->first.source().begin;
  report_->add(path_of(key), {file_, at.line, at.column}, {}, std::move(reason));
}

void Section::refuse_absent(std::string_view key, std::string reason) {
  if (table_ != nullptr) report_->add(path_of(key), place_of(*table_), {}, std::move(reason));
}

void Section::refuse_at(const std::string& path, std::string value, std::string reason) {
  if (table_ == nullptr) return;
  report_->add(path_.empty() ? path : path_ + "." + path, {file_, line_near(*table_, path), 0},
               std::move(value), std::move(reason));
}

void Section::refuse_unknown() {
  for (const std::string_view key : keys()) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    refuse_key(key, unknown_key_reason(key, asked_));
  }
}

}  // namespace plimsoll::configuration
