#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/error.hpp"

// The errors of a configuration and of the files that it includes. While files are read, a list
// counts its elements over all of them: "asset[3]" may be the first of the second file. Errors that
// are taken out name the element as its own file counts it. Private to this folder; one thread.

namespace plimsoll::configuration {

/// A place in a file of the report. `column` 0: the line says enough.
struct Place {
  std::size_t file{0};
  std::size_t line{0};
  std::size_t column{0};
};

class Report {
 public:
  /// A report with one file, number 0.
  explicit Report(std::string file) : files_{std::move(file)} {}

  /// Adds a file and returns its number.
  std::size_t add_file(std::string name);
  /// Says that the elements from `first` on of `list` are those of a file.
  void add_list(std::string list, std::size_t file, std::size_t first, std::size_t count);
  /// An element of a list: the file that holds it, and its index there.
  struct Element {
    std::size_t file;
    std::size_t index;
  };
  [[nodiscard]] std::optional<Element> locate(std::string_view list, std::size_t index) const;

  void add(std::string field, const Place& place, std::string value, std::string reason);
  /// Remembers that the value at `path` is not known, because of a mistake reported elsewhere.
  void doubt(std::string path) { doubted_.push_back(std::move(path)); }
  /// Has nothing been reported at `path` or below it?
  [[nodiscard]] bool clean(std::string_view path) const;
  /// Is it clean, and nothing there in doubt?
  [[nodiscard]] bool sure(std::string_view path) const;
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  /// The errors in the order of the files and their lines. The report is empty afterwards.
  [[nodiscard]] std::vector<Error> take();

 private:
  struct Entry {
    std::size_t file;
    Error error;
  };
  struct List {
    std::string name;
    std::size_t file;
    std::size_t first;
    std::size_t count;
  };
  [[nodiscard]] std::string as_in_file(const std::string& field, std::size_t file) const;

  std::vector<std::string> files_;
  std::vector<List> lists_;
  std::vector<Entry> entries_;
  std::vector<std::string> doubted_;
};

/// "instrument[7].lot" taken apart: {"instrument", 7, ".lot"}. Nothing when the path does not start
/// with an element of a list.
struct ElementPath {
  std::string_view list;
  std::size_t index;
  std::string_view rest;
};
[[nodiscard]] std::optional<ElementPath> element_path(std::string_view path);

}  // namespace plimsoll::configuration
