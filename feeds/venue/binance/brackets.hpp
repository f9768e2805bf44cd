#pragma once

#include <map>
#include <string>
#include <vector>

#include "feeds/venue/json_value.hpp"
#include "feeds/venue/row.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds::binance {

/// The brackets of one contract, and what its name tells of it.
struct Bracketed {
  std::vector<VenueBracket> brackets;
  std::string base;  // empty when the name does not tell
  std::string settle;
  std::int64_t expiry_ms{0};
};
using BracketTable = std::map<std::string, Bracketed>;  // by symbol

/// Reads leverage brackets in either form: the venue's own list of {"symbol", "brackets"}, or an
/// object of lists by names like "BTC/USDT:USDT-241227" (ccxt). Checks of every bracket that it
/// begins where the one below ends and that
///   cum = floor * (rate - rate below) + cum below,
/// exactly. Returns false when the answer is of another kind.
[[nodiscard]] bool read_brackets(const JsonValue& root, const std::string& place,
                                 TableBuilder& builder, BracketTable& table);

}  // namespace plimsoll::feeds::binance
