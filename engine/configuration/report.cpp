#include "engine/configuration/report.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace plimsoll::configuration {
namespace {

/// Is `field` the field at `path`, or one below it?
bool is_within(std::string_view field, std::string_view path) {
  if (field.substr(0, path.size()) != path) return false;
  return field.size() == path.size() || field[path.size()] == '.' || field[path.size()] == '[';
}

}  // namespace

std::optional<ElementPath> element_path(std::string_view path) {
  const std::size_t open = path.find('[');
  if (open == std::string_view::npos || path.find('.') < open) return std::nullopt;
  const std::size_t close = path.find(']', open);
  if (close == std::string_view::npos) return std::nullopt;
  ElementPath element{path.substr(0, open), 0, path.substr(close + 1)};
  const char* end = path.data() + close;
  const auto [stop, code] = std::from_chars(path.data() + open + 1, end, element.index);
  if (code != std::errc{} || stop != end) return std::nullopt;
  return element;
}

std::size_t Report::add_file(std::string name) {
  files_.push_back(std::move(name));
  return files_.size() - 1;
}

void Report::add_list(std::string list, std::size_t file, std::size_t first, std::size_t count) {
  lists_.push_back({std::move(list), file, first, count});
}

std::optional<Report::Element> Report::locate(std::string_view list, std::size_t index) const {
  for (const List& part : lists_) {
    if (part.name == list && index >= part.first && index - part.first < part.count) {
      return Element{part.file, index - part.first};
    }
  }
  return std::nullopt;
}

void Report::add(std::string field, const Place& place, std::string value, std::string reason) {
  entries_.push_back({place.file,
                      {files_[place.file], place.line, place.column, std::move(field),
                       std::move(value), std::move(reason)}});
}

bool Report::clean(std::string_view path) const {
  return std::none_of(entries_.begin(), entries_.end(),
                      [&](const Entry& entry) { return is_within(entry.error.field, path); });
}

bool Report::sure(std::string_view path) const {
  return clean(path) &&
         std::none_of(doubted_.begin(), doubted_.end(),
                      [&](const std::string& doubted) { return is_within(doubted, path); });
}

std::string Report::as_in_file(const std::string& field, std::size_t file) const {
  const std::optional<ElementPath> path = element_path(field);
  if (!path) return field;
  const std::optional<Element> element = locate(path->list, path->index);
  if (!element || element->file != file) return field;
  return std::string{path->list} + "[" + std::to_string(element->index) + "]" +
         std::string{path->rest};
}

std::vector<Error> Report::take() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tuple{a.file, a.error.line, a.error.column} <
           std::tuple{b.file, b.error.line, b.error.column};
  });
  std::vector<Error> errors;
  errors.reserve(entries_.size());
  for (Entry& entry : entries_) {
    entry.error.field = as_in_file(entry.error.field, entry.file);
    errors.push_back(std::move(entry.error));
  }
  entries_.clear();
  return errors;
}

}  // namespace plimsoll::configuration
