#include "engine/configuration/toml_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace plimsoll::configuration {
namespace {

constexpr std::size_t kDepthMax = 8;  // files that include one another, the first one counted

/// Names the file itself, however its path is written.
std::string identity_of(const std::string& path) {
  std::error_code unknown;
  const auto canonical = std::filesystem::weakly_canonical(path, unknown);
  return unknown ? path : canonical.string();
}

class Includer {
 public:
  explicit Includer(Report& report) : report_{report} {}

  /// Reads a text and, before it, what it includes. Returns false when it is no TOML.
  bool read(std::string_view text, const std::string& path, std::size_t number) {
    TomlFile file{path, number, {}};
    try {
      file.table = toml::parse(text, path);
    } catch (const toml::parse_error& error) {
      const toml::source_position at = error.source().begin;
      report_.add({}, {number, at.line, at.column}, {}, std::string{error.description()});
      return false;
    }
    open_.push_back(identity_of(path));
    read_includes(file);
    done_.push_back(std::move(open_.back()));
    open_.pop_back();
    files_.push_back(std::move(file));
    return true;
  }

  [[nodiscard]] std::vector<TomlFile> take() { return std::move(files_); }

 private:
  void read_includes(const TomlFile& file) {
    const toml::node* includes = file.table.get("include");
    if (includes == nullptr) return;
    const toml::array* array = includes->as_array();
    if (array == nullptr) {
      refuse(file, "include", *includes, "must be an array of texts in quotes");
      return;
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
      read_include(file, "include[" + std::to_string(i) + "]", *array->get(i));
    }
  }

  void read_include(const TomlFile& file, const std::string& field, const toml::node& node) {
    const auto* name = node.as_string();
    if (name == nullptr) return refuse(file, field, node, "must be a text in quotes");
    const std::string path =
        (std::filesystem::path{file.path}.parent_path() / name->get()).lexically_normal().string();
    const std::string identity = identity_of(path);
    if (contains(open_, identity)) return refuse(file, field, node, "includes itself in the end");
    if (contains(done_, identity)) return;
    if (open_.size() == kDepthMax) {
      return refuse(file, field, node, "is more than " + std::to_string(kDepthMax) + " files deep");
    }
    const std::optional<std::string> text = read_text_file(path);
    if (!text) return refuse(file, field, node, kUnreadable);
    if (!read(*text, path, report_.add_file(path))) doubt();
  }

  void refuse(const TomlFile& file, std::string field, const toml::node& node, std::string reason) {
    report_.add(std::move(field), {file.number, node.source().begin.line, 0}, value_text(node),
                std::move(reason));
    doubt();
  }

  /// The lists may lack elements.
  void doubt() {
    for (const char* list :
         {"asset", "guard", "index", "instrument", "profile", "engine", "breaker"}) {
      report_.doubt(list);
    }
  }

  static bool contains(const std::vector<std::string>& list, const std::string& wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
  }

  Report& report_;
  std::vector<TomlFile> files_;
  std::vector<std::string> open_;  // identities of the files that are being read, outermost first
  std::vector<std::string> done_;
};

}  // namespace

std::vector<TomlFile> parse_files(std::string_view text, const std::string& path, Report& report) {
  Includer includer{report};
  if (!includer.read(text, path, 0)) return {};
  return includer.take();
}

std::vector<Section> roots_of(const std::vector<TomlFile>& files, Report& report) {
  std::vector<Section> roots;
  roots.reserve(files.size());
  for (const TomlFile& file : files) {
    roots.emplace_back(&file.table, std::string{}, report, file.number);
    roots.back().has("include");
  }
  return roots;
}

std::optional<std::string> read_text_file(const std::string& path) {
  constexpr std::size_t kBytesMax = 64U << 20U;
  std::ifstream file{path, std::ios::binary};
  std::string text(1U << 16U, '\0');
  std::size_t size = 0;
  while (file && size < kBytesMax) {
    if (size == text.size()) text.resize(2 * size);
    file.read(text.data() + size, static_cast<std::streamsize>(text.size() - size));
    size += static_cast<std::size_t>(file.gcount());
  }
  if (!file.eof()) return std::nullopt;
  text.resize(size);
  return text;
}

}  // namespace plimsoll::configuration
