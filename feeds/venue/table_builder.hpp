#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "feeds/venue/json_value.hpp"
#include "feeds/venue/row.hpp"
#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds {

/// Collects what a venue's importer finds. A recording may repeat an answer: of a symbol the last
/// counts.
class TableBuilder {
 public:
  /// Takes an instrument, with default prices where it has none and after check_tiers(), unless
  /// something of its row was reported.
  void add(VenueInstrument instrument, Row& row);
  void skip(const std::string& symbol, std::string_view reason);

  /// Parses an answer. Reports it and returns false when it is no JSON.
  [[nodiscard]] bool parse(const Answer& answer, JsonValue& root);
  /// Notes that the answer is of a kind that the importer reads.
  void recognize(const Answer& answer) { recognized_.insert(answer.file); }

  [[nodiscard]] std::vector<TableError>& errors() noexcept { return errors_; }

  /// All of it in order; a file of which no answer was recognised is an error. `wanted` says what
  /// would have been. The builder is empty afterwards.
  [[nodiscard]] VenueTables finish(std::string venue, std::string source,
                                   std::span<const Answer> answers, std::string_view wanted);

 private:
  std::map<std::string, std::variant<VenueInstrument, std::string>> entries_;  // or the reason
  std::set<std::string> recognized_;
  std::vector<TableError> errors_;
};

/// Reads each element of the list under `key` (empty: of the answer itself) of each answer.
void read_rows(std::span<const Answer> answers, std::string_view key, TableBuilder& builder,
               const std::function<void(Row&)>& read);

/// Keeps the instruments of these symbols, or all but the spot pairs when there are none, and sets
/// the assets that they need. Returns the symbols that are not there.
[[nodiscard]] std::vector<std::string> select(VenueTables& tables,
                                              std::span<const std::string> symbols);

}  // namespace plimsoll::feeds
