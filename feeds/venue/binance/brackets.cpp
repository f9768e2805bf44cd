#include "feeds/venue/binance/brackets.hpp"

#include "engine/value/decimal.hpp"
#include "engine/value/integer.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::binance {
namespace {

/// "BTC/USDT:USDT-241227" in its parts.
struct UnifiedName {
  std::string base;
  std::string quote;
  std::string settle;
  std::string date;
};

bool read_name(const std::string& name, UnifiedName& parts) {
  const std::size_t slash = name.find('/');
  const std::size_t colon = name.find(':');
  if (slash == std::string::npos || colon == std::string::npos || slash > colon) return false;
  const std::size_t dash = name.find('-', colon);
  parts.base = name.substr(0, slash);
  parts.quote = name.substr(slash + 1, colon - slash - 1);
  parts.settle = name.substr(colon + 1, dash == std::string::npos ? dash : dash - colon - 1);
  if (dash != std::string::npos) parts.date = name.substr(dash + 1);
  return true;
}

/// The venue's name: "BTCUSDT", "BTCUSDT_241227"; "BTCUSD_PERP" of what settles in its base.
std::string symbol_of(const UnifiedName& name) {
  const std::string pair = name.base + name.quote;
  if (!name.date.empty()) return pair + "_" + name.date;
  return name.settle == name.base ? pair + "_PERP" : pair;
}

/// 241227: the venue settles at 08:00 UTC.
std::int64_t expiry_of(const std::string& name, const std::string& date, Row& root) {
  constexpr std::size_t kLength = 6;
  const std::optional<std::int64_t> time =
      date.size() == kLength ? parse_utc("20" + date.substr(0, 2) + "-" + date.substr(2, 2) + "-" +
                                         date.substr(4, 2) + "T08:00:00Z")
                             : std::nullopt;
  if (!time) root.fail(name, "ends with no date like 241227");
  return time.value_or(0);
}

/// What a bracket says beyond VenueBracket.
struct Link {
  Nano cap{0};
  Nano cum{0};
};

void check_link(const VenueBracket& below, const Link& link, const VenueBracket& bracket, Nano cum,
                Row& row) {
  if (bracket.floor != link.cap) {
    row.fail("notionalFloor", "must be " + format_decimal(link.cap, kNanoDecimals) +
                                  ", where the bracket below ends");
  }
  const Int128 expected = Int128{link.cum} * kNanoOne +
                          Int128{bracket.floor} * (bracket.maintenance - below.maintenance);
  if (Int128{cum} * kNanoOne == expected) return;
  row.fail("cum", "must be " +
                      format_decimal(static_cast<Nano>(expected / kNanoOne), kNanoDecimals) +
                      " = floor * (rate - rate below) + cum below");
}

/// The field of the floor: of COIN-M it is a quantity of coin.
const char* floor_key(const Row& row) {
  if (row.has("notionalFloor")) return "notionalFloor";
  return row.has("qtylFloor") ? "qtylFloor" : "qtyFloor";
}

/// Reads the brackets in `rows`, inside `info` when there is one.
std::vector<VenueBracket> read_rows_of(std::vector<Row> rows) {
  std::vector<VenueBracket> brackets;
  Link link;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Row row = rows[i].has("info") ? rows[i].child("info") : rows[i];
    VenueBracket bracket;
    bracket.floor = row.nano(floor_key(row));
    bracket.maintenance = row.positive("maintMarginRatio");
    const Nano leverage = row.positive("initialLeverage");
    const Nano cum = row.nano("cum");
    if (leverage > 0) bracket.initial = rate_of_leverage(leverage);
    if (row.failed()) return {};
    if (i == 0 && cum != 0) row.fail("cum", "must be 0 in the first bracket");
    if (i > 0) check_link(brackets.back(), link, bracket, cum, row);
    brackets.push_back(bracket);
    link.cum = cum;
    // The cap of the last is "no cap" in all sizes, beyond nine decimals of 64 bits too.
    if (i + 1 < rows.size()) link.cap = row.nano(row.has("qtyCap") ? "qtyCap" : "notionalCap");
  }
  return brackets;
}

void read_unified(const std::string& name, Row& root, BracketTable& table) {
  UnifiedName parts;
  if (!read_name(name, parts)) return root.fail(name, "is no name like BTC/USDT:USDT");
  Bracketed found{read_rows_of(root.rows(name)), parts.base, parts.settle, 0};
  if (!parts.date.empty()) found.expiry_ms = expiry_of(name, parts.date, root);
  table.insert_or_assign(symbol_of(parts), std::move(found));
}

}  // namespace

bool read_brackets(const JsonValue& root, const std::string& place, TableBuilder& builder,
                   BracketTable& table) {
  if (root.members.empty()) return false;
  const auto& [name, first] = root.members.front();
  if (root.kind == JsonValue::Kind::object) {
    if (first.kind != JsonValue::Kind::array || name.find('/') == std::string::npos) return false;
    Row row{root, place, "", builder.errors()};
    for (const auto& member : root.members) read_unified(member.key, row, table);
    return true;
  }
  if (first.find("brackets") == nullptr) return false;
  for (const auto& member : root.members) {
    Row row{member.value, place, "[]", builder.errors()};
    const std::string symbol = row.text("symbol");
    row.rename(symbol);
    table.insert_or_assign(symbol, Bracketed{read_rows_of(row.rows("brackets")), {}, {}, 0});
  }
  return true;
}

}  // namespace plimsoll::feeds::binance
