#include "engine/configuration/configuration.hpp"

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {

ConfigurationResult parse_configuration(std::string_view text, const std::string& file, Keys keys) {
  ConfigurationResult result;
  Report report{file};
  const std::vector<TomlFile> files = parse_files(text, file, report);
  Configuration configuration;
  if (!files.empty()) {
    Roots roots = roots_of(files, report);
    read_reference(roots, Table::refused, configuration.reference, configuration.reference_prices);
    read_service(roots, configuration.reference);
    read_gateway(roots, configuration.gateway);
    read_running(roots, configuration.service);
    read_live_feeds(roots, configuration.feeds);
    read_matching(roots, configuration.matching);
    read_operators(roots, file, keys, configuration.operators);
    refuse_unknown(roots);
    finish_reference(files, configuration.reference, report);
  }
  result.errors = report.take();
  if (result.errors.empty()) result.configuration = std::move(configuration);
  return result;
}

ConfigurationResult load_configuration(const std::string& path, Keys keys) {
  const std::optional<std::string> text = read_text_file(path);
  if (text) return parse_configuration(*text, path, keys);
  ConfigurationResult result;
  result.errors.push_back({path, 0, 0, {}, {}, kUnreadable});
  return result;
}

}  // namespace plimsoll::configuration
