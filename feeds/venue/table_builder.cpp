#include "feeds/venue/table_builder.hpp"

#include <algorithm>
#include <utility>

#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds {
namespace {

bool is_spot(const VenueInstrument& instrument) {
  return instrument.kind == reference::Kind::spot;
}

/// The assets of the instruments, by name. That of a spot pair's base has at least the decimals of
/// the quantity.
std::vector<VenueAsset> assets_of(const std::vector<VenueInstrument>& instruments) {
  std::map<std::string, int> decimals;
  for (const VenueInstrument& instrument : instruments) {
    decimals.try_emplace(instrument.settle, asset_decimals(instrument.settle));
    if (!is_spot(instrument)) continue;
    int& of_base =
        decimals.try_emplace(instrument.base, asset_decimals(instrument.base)).first->second;
    of_base = std::max(of_base, instrument.quantity_decimals);
  }
  std::vector<VenueAsset> assets;
  assets.reserve(decimals.size());
  for (const auto& [name, places] : decimals) assets.push_back({name, places});
  return assets;
}

void leave_out_spot(VenueTables& tables) {
  for (const VenueInstrument& instrument : tables.instruments) {
    if (is_spot(instrument)) tables.not_imported.push_back({instrument.symbol, std::string{kSpot}});
  }
  std::erase_if(tables.instruments, is_spot);
  std::sort(tables.not_imported.begin(), tables.not_imported.end(),
            [](const NotImported& a, const NotImported& b) { return a.symbol < b.symbol; });
}

bool holds(std::span<const std::string> symbols, const std::string& symbol) {
  return std::find(symbols.begin(), symbols.end(), symbol) != symbols.end();
}

}  // namespace

void TableBuilder::add(VenueInstrument instrument, Row& row) {
  if (!row.failed() && !is_spot(instrument)) check_tiers(instrument.tiers, row);
  if (row.failed()) return;
  const bool is_based = !is_spot(instrument) || is_name(instrument.base);
  if (!is_name(instrument.symbol) || !is_name(instrument.settle) || !is_based) {
    return skip(instrument.symbol, kBadName);
  }
  default_prices(instrument);
  default_depth(instrument);
  std::string symbol = instrument.symbol;
  entries_.insert_or_assign(std::move(symbol), std::move(instrument));
}

void TableBuilder::skip(const std::string& symbol, std::string_view reason) {
  entries_.insert_or_assign(symbol, std::string{reason});
}

bool TableBuilder::parse(const Answer& answer, JsonValue& root) {
  JsonResult parsed = parse_json(answer.json);
  if (!parsed.ok()) {
    errors_.push_back({place_of(answer), "", "", parsed.error});
    recognize(answer);  // Once is enough.
    return false;
  }
  root = std::move(parsed.root);
  return true;
}

VenueTables TableBuilder::finish(std::string venue, std::string source,
                                 std::span<const Answer> answers, std::string_view wanted) {
  VenueTables tables;
  tables.venue = std::move(venue);
  tables.source = std::move(source);
  for (auto& [symbol, entry] : entries_) {
    if (auto* instrument = std::get_if<VenueInstrument>(&entry)) {
      tables.instruments.push_back(std::move(*instrument));
    } else {
      tables.not_imported.push_back({symbol, std::get<std::string>(std::move(entry))});
    }
  }
  for (const Answer& answer : answers) {
    if (!recognized_.insert(answer.file).second) continue;
    errors_.push_back({answer.file, "", "", "holds no " + std::string{wanted}});
  }
  tables.errors = std::exchange(errors_, {});
  entries_.clear();
  return tables;
}

void read_rows(std::span<const Answer> answers, std::string_view key, TableBuilder& builder,
               const std::function<void(Row&)>& read) {
  for (const Answer& answer : answers) {
    JsonValue root;
    if (!builder.parse(answer, root)) continue;
    const JsonValue* list = key.empty() ? &root : root.find(key);
    if (list == nullptr || list->kind != JsonValue::Kind::array) continue;
    builder.recognize(answer);
    const std::string place = place_of(answer);
    for (std::size_t i = 0; i < list->members.size(); ++i) {
      std::string path = std::string{key} + "[" + std::to_string(i) + "]";
      Row row{list->members[i].value, place, std::move(path), builder.errors()};
      read(row);
    }
  }
}

std::vector<std::string> select(VenueTables& tables, std::span<const std::string> symbols) {
  std::vector<std::string> missing;
  if (symbols.empty()) {
    leave_out_spot(tables);
  } else {
    std::erase_if(tables.instruments, [&](const auto& i) { return !holds(symbols, i.symbol); });
    std::erase_if(tables.not_imported, [&](const auto& n) { return !holds(symbols, n.symbol); });
    for (const std::string& symbol : symbols) {
      const bool there = std::any_of(tables.instruments.begin(), tables.instruments.end(),
                                     [&](const auto& i) { return i.symbol == symbol; });
      if (!there) missing.push_back(symbol);
    }
  }
  tables.assets = assets_of(tables.instruments);
  return missing;
}

}  // namespace plimsoll::feeds
