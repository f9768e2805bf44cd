#include "engine/configuration/configuration.hpp"

#include <algorithm>
#include <fstream>

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

/// The part of a path that names a section or an element of a list: "instrument[1]".
std::string root_of(std::string_view path) {
  return std::string{path.substr(0, path.find('.'))};
}

/// A violation that only follows from a mistake already reported would send the reader astray.
bool follows_from_reported(const std::string& path, const Report& report) {
  if (!report.sure(root_of(path))) return true;
  const bool fee = path.rfind("profile", 0) == 0 && root_of(path) + ".liquidation_fee" == path;
  return fee && !report.clean("instrument");  // The fee is held against their brackets.
}

/// Reports a broken rule at the line and with the value of its field; where the field is not in the
/// file, at the line of the nearest thing around it.
void add_violation(const toml::table& root, const reference::Violation& violation, Report& report) {
  const toml::node* node = root.at_path(violation.path).node();
  std::string around = violation.path;
  const toml::node* place = node;
  while (place == nullptr && around.find('.') != std::string::npos) {
    around.erase(around.rfind('.'));
    place = root.at_path(around).node();
  }
  report.add(violation.path, place == nullptr ? toml::source_position{} : place->source().begin,
             node == nullptr ? std::string{} : value_text(*node), violation.message);
}

void finish(const toml::table& root, Configuration& configuration, Report& report) {
  std::vector<reference::Violation> violations = reference::finish(configuration.reference);
  const auto follows = [&report](const reference::Violation& violation) {
    return follows_from_reported(violation.path, report);
  };
  violations.erase(std::remove_if(violations.begin(), violations.end(), follows), violations.end());
  for (const reference::Violation& violation : violations) add_violation(root, violation, report);
}

ConfigurationResult read_table(const toml::table& table, const std::string& file) {
  ConfigurationResult result;
  Configuration configuration;
  Report report{file};
  Section root{&table, {}, report};
  read_reference(root, configuration);
  read_gateway(root, configuration.gateway);
  root.refuse_unknown();
  finish(table, configuration, report);
  result.errors = report.take();
  if (result.errors.empty()) result.configuration = std::move(configuration);
  return result;
}

ConfigurationResult failure(Error error) {
  ConfigurationResult result;
  result.errors.push_back(std::move(error));
  return result;
}

}  // namespace

ConfigurationResult parse_configuration(std::string_view text, const std::string& file) {
  try {
    return read_table(toml::parse(text, file), file);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return failure({file, at.line, at.column, {}, {}, std::string{error.description()}});
  }
}

ConfigurationResult load_configuration(const std::string& path) {
  constexpr std::size_t kBytesMax = 64U << 20U;
  std::ifstream file{path, std::ios::binary};
  std::string text(1U << 16U, '\0');
  std::size_t size = 0;
  while (file && size < kBytesMax) {
    if (size == text.size()) text.resize(2 * size);
    file.read(text.data() + size, static_cast<std::streamsize>(text.size() - size));
    size += static_cast<std::size_t>(file.gcount());
  }
  if (!file.eof()) return failure({path, 0, 0, {}, {}, "cannot be read, or is above 64 MiB"});
  text.resize(size);
  return parse_configuration(text, path);
}

}  // namespace plimsoll::configuration
