#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "feeds/venue/importers.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/venue_tables.hpp"
#include "feeds/venue/write_tables.hpp"

// Venue answers as tests write them, and what the importers make of them.

namespace plimsoll::feeds::testing {

/// The tables of a venue from answers in files "a.json", "b.json", ...
inline VenueTables tables_of(std::string_view venue, const std::vector<std::string>& answers) {
  std::vector<Answer> named;
  for (const std::string& json : answers) {
    const std::string name(1, static_cast<char>('a' + static_cast<char>(named.size())));
    named.push_back({name + ".json", 0, json});
  }
  return find_importer(venue)(named);
}

/// Those of an answer without a fault.
inline VenueTables good_tables(std::string_view venue, const std::vector<std::string>& answers) {
  VenueTables tables = tables_of(venue, answers);
  for (const TableError& error : tables.errors) ADD_FAILURE() << to_string(error);
  return tables;
}

/// The one error of a faulty answer.
inline std::string error_of(std::string_view venue, const std::vector<std::string>& answers) {
  const VenueTables tables = tables_of(venue, answers);
  EXPECT_EQ(tables.errors.size(), 1U);
  return tables.errors.empty() ? "" : to_string(tables.errors.front());
}

/// "BTC-1-C: option", in order.
inline std::vector<std::string> left_out(const VenueTables& tables) {
  std::vector<std::string> lines;
  for (const NotImported& left : tables.not_imported) {
    lines.push_back(left.symbol + ": " + left.reason);
  }
  return lines;
}

/// The section of one instrument as it is written, without its title and symbol; empty when it is
/// not there.
inline std::string section_of(const VenueTables& tables, const std::string& symbol) {
  const std::string text = write_tables(tables);
  const std::string start = "[[instrument]]\nsymbol = \"" + symbol + "\"\n";
  const std::size_t begin = text.find(start);
  if (begin == std::string::npos) return "";
  const std::size_t end = text.find("\n\n", begin);
  const std::string section = text.substr(begin + start.size(), end - begin - start.size());
  return section.ends_with('\n') ? section : section + "\n";
}

/// `text` with its only `from` replaced.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

}  // namespace plimsoll::feeds::testing
