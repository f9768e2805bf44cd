#include "feeds/venue/kraken/tables.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "engine/value/decimal.hpp"
#include "engine/value/integer.hpp"
#include "feeds/venue/row.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::kraken {
namespace {

using reference::Kind;
using reference::TierMeasure;

constexpr std::string_view kInverse = "futures_inverse";
constexpr std::string_view kVanilla = "futures_vanilla";
constexpr std::string_view kFlexible = "flexible_futures";

VenueTiers tiers_of(Row& row) {
  VenueTiers tiers;
  tiers.mode = reference::TierMode::whole;
  tiers.measure = TierMeasure::quantity;
  for (Row& level : row.rows("marginLevels")) {
    const bool by_value = level.has("numNonContractUnits");
    if (by_value) tiers.measure = TierMeasure::value;
    tiers.brackets.push_back({level.nano(by_value ? "numNonContractUnits" : "contracts"),
                              level.positive("initialMargin"),
                              level.positive("maintenanceMargin")});
  }
  return tiers;
}

/// "pi_xbtusd", "fi_xbtusd_210924": what comes between the first _ and the second, in capitals.
std::string pair_of(const std::string& symbol) {
  const std::size_t begin = symbol.find('_') + 1;
  std::string pair = symbol.substr(begin, symbol.find('_', begin) - begin);
  std::transform(pair.begin(), pair.end(), pair.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return pair;
}

/// Answers of 2021 name base and quote only in the symbol; a quote has three letters.
void read_assets(Row& row, VenueInstrument& instrument) {
  constexpr std::size_t kQuoteLength = 3;
  const std::string pair = pair_of(instrument.symbol);
  const bool named = row.has("base") && row.has("quote");
  if (!named && pair.size() <= kQuoteLength) return row.fail("symbol", "names no pair");
  const std::size_t split = pair.size() - std::min(pair.size(), kQuoteLength);
  instrument.base = row.text_or("base", pair.substr(0, split));
  const std::string quote = row.text_or("quote", pair.substr(split));
  instrument.settle = instrument.kind == Kind::inverse ? instrument.base : quote;
}

/// The precision is a count of decimals; -3 means thousands.
Nano lot_of(Row& row) {
  const std::int64_t precision =
      row.has("contractValueTradePrecision") ? row.number("contractValueTradePrecision", 0) : 0;
  const std::int64_t exponent = kNanoDecimals - precision;
  constexpr std::int64_t kExponentMax = 18;
  if (exponent >= 0 && exponent <= kExponentMax) return power_of_ten(static_cast<int>(exponent));
  row.fail("contractValueTradePrecision", "must be -9 to 9");
  return kNanoOne;
}

void read_position_limit(Row& row, VenueInstrument& instrument) {
  if (!row.has("maxPositionSize")) return;
  const int decimals = instrument.quantity_decimals;
  instrument.position_limit = format_decimal(row.number("maxPositionSize", decimals), decimals);
}

std::string_view reason_of(const Row& row, const std::string& type) {
  if (type == "spot index" || type.ends_with("index")) return kIndex;
  if (type.find("option") != std::string::npos) return kOption;
  if (type != kInverse && type != kVanilla && type != kFlexible) return kUnknownKind;
  if (!row.is_true("tradeable")) return kNotTrading;
  if (!row.has("marginLevels")) return kNoTiers;
  return row.too_fine("tickSize") ? kTooFine : std::string_view{};
}

void read_instrument(Row& row, TableBuilder& builder) {
  VenueInstrument instrument;
  instrument.symbol = row.text("symbol");
  row.rename(instrument.symbol);
  const std::string type = row.text("type");
  const std::string_view reason = reason_of(row, type);
  if (!reason.empty()) return builder.skip(instrument.symbol, reason);
  if (type == kInverse) instrument.kind = Kind::inverse;
  read_assets(row, instrument);
  instrument.multiplier = row.positive("contractSize");
  set_lot(instrument, lot_of(row));
  instrument.tick = row.positive("tickSize");
  read_position_limit(row, instrument);
  if (row.has("lastTradingTime")) instrument.expiry_ms = row.utc_ms("lastTradingTime");
  instrument.tiers = tiers_of(row);
  builder.add(std::move(instrument), row);
}

}  // namespace

VenueTables read_tables(std::span<const Answer> answers) {
  TableBuilder builder;
  read_rows(answers, "instruments", builder, [&](Row& row) { read_instrument(row, builder); });
  return builder.finish("kraken", "instruments", answers, "list \"instruments\"");
}

}  // namespace plimsoll::feeds::kraken
