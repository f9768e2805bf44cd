#include "tests/vectors/vector_files.hpp"

#include <filesystem>
#include <fstream>

namespace plimsoll::vectors {
namespace {

/// A list `vectors` of cases with id, inputs and expected.
std::vector<Case> listed_cases(const Json& file) {
  const Json common = file.value("common", Json{});
  std::vector<Case> cases;
  for (const Json& row : file.at("vectors")) {
    cases.push_back({row.at("id").get<std::string>(), row.value("inputs", Json{}),
                     row.value("expected", Json{}), common});
  }
  return cases;
}

/// Of the standard formula: options in several lists, and sizes of futures by venue.
std::vector<Case> formula_cases(const Json& file) {
  std::vector<Case> cases;
  const auto add_options = [&](const std::string& list, const Json& rows) {
    for (const Json& row : rows) {
      const std::string id = list + " " + std::to_string(cases.size() + 1);
      cases.push_back({"option " + row.value("id", id), row, {}, {}});
    }
  };
  add_options("crypto", file.value("crypto", Json::array()));
  const Json equity = file.value("us_equity_reg_t", Json::object());
  for (const auto& [list, rows] : equity.items()) {
    if (rows.is_array()) add_options(list, rows);
  }
  const Json futures = file.value("deribit_linear_futures_size_tier", Json::object());
  for (const Json& venue : futures.value("venues", Json::array())) {
    for (const Json& row : venue.at("cases")) {
      Json inputs = venue;
      inputs.erase("cases");
      inputs["size"] = row.at("size");
      Json expected = row;
      expected.erase("size");
      cases.push_back(
          {"futures " + venue.at("venue").get<std::string>() + " " + row.at("size").dump(),
           inputs,
           expected,
           {}});
    }
  }
  return cases;
}

constexpr VectorFile kFiles[] = {
    {"linear-liquidation-price", listed_cases, linear_kinds},
    {"inverse-perpetuals", listed_cases, inverse_kinds},
    {"dydx-margin-liquidation", listed_cases, dydx_kinds},
    {"vega-margin-levels", listed_cases, vega_kinds},
    {"margin-debt-and-multi-asset", listed_cases, debt_kinds},
    {"option-standard-formula", formula_cases, futures_tier_kinds},
};

void unknown(Trial& /*trial*/) {
  throw NotApplicable{"no rule for cases of this kind"};
}

}  // namespace

std::span<const VectorFile> vector_files() {
  return kFiles;
}

std::optional<Json> read_vectors(const std::string& folder, std::string_view name) {
  const std::filesystem::path path = std::filesystem::path{folder} / (std::string{name} + ".json");
  std::ifstream stream{path};
  if (!stream) return std::nullopt;
  Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

Rule rule_of(const VectorFile& file, const Case& given) {
  for (const Kind& kind : file.kinds()) {
    if (given.id.starts_with(kind.prefix)) return kind.rule;
  }
  return unknown;
}

}  // namespace plimsoll::vectors
