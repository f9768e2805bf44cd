#include <algorithm>

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

/// The part of a path that names a section or an element of a list: "instrument[1]".
std::string root_of(std::string_view path) {
  return std::string{path.substr(0, path.find('.'))};
}

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [path](std::string_view end) { return path.ends_with(end); });
}

/// A violation that only follows from a mistake already reported would send the reader astray.
bool follows_from_reported(const std::string& path, const Report& report) {
  if (!report.sure(root_of(path))) return true;
  // Some rules hold a field against those of other elements.
  const bool with_tiers = path.starts_with("profile[") && path.ends_with(".liquidation_fee");
  const bool with_assets = ends_with_any(path, {".asset", ".quantity_decimals", ".multiplier"});
  const bool of_index = path.starts_with("index[");
  const bool with_index_max = of_index && path.ends_with("].price_max");
  const bool with_indices = of_index && ends_with_any(path, {".quote", ".asset"});
  const bool with_numeraire = ends_with_any(path, {".asset", ".collateral", ".decimals"});
  return (with_tiers && !report.sure("instrument")) ||
         ((with_assets || with_index_max) && !report.sure("asset")) ||
         (with_indices && !report.sure("index")) || (with_numeraire && !report.sure("engine"));
}

/// A table of tiers that is given as plain brackets stands one level higher.
std::string without_tiers(const toml::table& table, std::string path) {
  const std::size_t at = path.find(".tiers.");
  if (at == std::string::npos) return path;
  if (node_at(table, path.substr(0, at) + ".tiers") != nullptr) return path;
  return path.erase(at, std::string_view{".tiers"}.size());
}

const TomlFile& file_of_number(const std::vector<TomlFile>& files, std::size_t number) {
  return *std::find_if(files.begin(), files.end(),
                       [number](const TomlFile& file) { return file.number == number; });
}

/// The last file that has a value there; the file itself when none has.
const TomlFile& file_of_value(const std::vector<TomlFile>& files, const std::string& path) {
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (node_at(file->table, path) != nullptr) return *file;
  }
  return files.back();
}

void add_violation(const std::vector<TomlFile>& files, const reference::Violation& violation,
                   Report& report) {
  const std::optional<ElementPath> path = element_path(violation.path);
  const auto element = path ? report.locate(path->list, path->index) : std::nullopt;
  const TomlFile& file =
      element ? file_of_number(files, element->file) : file_of_value(files, violation.path);
  std::string field = violation.path;  // as all files count
  std::string local = violation.path;  // as this file counts
  if (element) {
    const std::string start = std::string{path->list} + "[" + std::to_string(element->index) + "]";
    local = without_tiers(file.table, start + std::string{path->rest});
    field = root_of(violation.path) + local.substr(start.size());
  }
  const toml::node* node = node_at(file.table, local);
  report.add(std::move(field), {file.number, line_near(file.table, local), 0},
             node == nullptr ? std::string{} : value_text(*node), violation.message);
}

}  // namespace

void finish_reference(const std::vector<TomlFile>& files, reference::Reference& reference,
                      Report& report) {
  std::vector<reference::Violation> violations = reference::finish(reference);
  const auto follows = [&report](const reference::Violation& violation) {
    return follows_from_reported(violation.path, report);
  };
  violations.erase(std::remove_if(violations.begin(), violations.end(), follows), violations.end());
  for (const reference::Violation& violation : violations) {
    add_violation(files, violation, report);
  }
}

}  // namespace plimsoll::configuration
