#include "feeds/venue/binance/tables.hpp"

#include <map>
#include <string>
#include <utility>

#include "feeds/venue/binance/brackets.hpp"
#include "feeds/venue/row.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::binance {
namespace {

using reference::Kind;

constexpr std::string_view kNoContractSize = "without contract size";

/// A contract of exchangeInfo, with the one bracket that is published there.
struct Listed {
  VenueInstrument instrument;
  std::string_view reason;  // why it cannot be imported; empty: it can
};
using ListedTable = std::map<std::string, Listed>;

void read_filters(Row& row, VenueInstrument& instrument) {
  Nano price_min = 0;
  for (Row& filter : row.rows("filters")) {
    const std::string type = filter.text("filterType");
    if (type == "LOT_SIZE") set_lot(instrument, filter.positive("stepSize"));
    if (type != "PRICE_FILTER") continue;
    instrument.tick = filter.positive("tickSize");
    instrument.price_max = filter.positive("maxPrice");
    price_min = filter.nano("minPrice");
  }
  if (row.failed()) return;
  if (instrument.lot == 0) row.fail("filters", "has no LOT_SIZE with a stepSize");
  if (instrument.tick == 0) return row.fail("filters", "has no PRICE_FILTER with a tickSize");
  // Only an inverse contract needs a lowest price: a multiple of the tick.
  if (instrument.kind != Kind::inverse) return;
  instrument.price_min = price_min - price_min % instrument.tick;
}

/// Percentages, hence two decimals fewer.
VenueTiers single_bracket(Row& row) {
  constexpr int kPercentDecimals = kNanoDecimals - 2;
  VenueTiers tiers;
  tiers.brackets.push_back({0, row.number("requiredMarginPercent", kPercentDecimals),
                            row.number("maintMarginPercent", kPercentDecimals)});
  return tiers;
}

std::string_view reason_of(const Row& row, const VenueInstrument& instrument) {
  const std::string status = row.text_or("status", row.text_or("contractStatus", ""));
  if (status != "TRADING") return kNotTrading;
  if (instrument.settle != row.text_or("quoteAsset", "") && instrument.settle != instrument.base) {
    return kUnknownSettle;
  }
  return {};
}

void read_listed(Row& row, ListedTable& table) {
  Listed listed;
  VenueInstrument& instrument = listed.instrument;
  instrument.symbol = row.text("symbol");
  row.rename(instrument.symbol);
  instrument.base = row.text("baseAsset");
  instrument.settle = row.text("marginAsset");
  listed.reason = reason_of(row, instrument);
  if (instrument.settle == instrument.base) instrument.kind = Kind::inverse;
  if (instrument.kind == Kind::inverse) instrument.multiplier = row.positive("contractSize");
  read_filters(row, instrument);
  const bool perpetual = row.text_or("contractType", "").ends_with("PERPETUAL");
  if (!perpetual) instrument.expiry_ms = row.number("deliveryDate", 0);
  instrument.tiers = single_bracket(row);
  table.insert_or_assign(instrument.symbol, std::move(listed));
}

bool read_exchange_info(const JsonValue& root, const std::string& place, TableBuilder& builder,
                        ListedTable& table) {
  const JsonValue* symbols = root.find("symbols");
  if (symbols == nullptr || symbols->kind != JsonValue::Kind::array) return false;
  Row whole{root, place, "", builder.errors()};
  for (Row& row : whole.rows("symbols")) read_listed(row, table);
  return true;
}

/// A contract that only the brackets list.
VenueInstrument unlisted(const std::string& symbol, const Bracketed& bracketed) {
  VenueInstrument instrument;
  instrument.symbol = symbol;
  instrument.base = bracketed.base;
  instrument.settle = bracketed.settle;
  instrument.expiry_ms = bracketed.expiry_ms;
  set_lot(instrument, kDefaultLot);
  instrument.tick = kDefaultTick;
  instrument.price_max = kDefaultPriceMax;
  instrument.remarks.emplace_back("default lot, tick and price_max");
  return instrument;
}

void add_bracketed(const std::string& symbol, Bracketed& bracketed, const ListedTable& listed,
                   TableBuilder& builder, Row& row) {
  const auto found = listed.find(symbol);
  if (found != listed.end() && !found->second.reason.empty()) {
    return builder.skip(symbol, found->second.reason);
  }
  if (found == listed.end() && bracketed.settle == bracketed.base) {
    return builder.skip(symbol, kNoContractSize);
  }
  VenueInstrument instrument =
      found == listed.end() ? unlisted(symbol, bracketed) : found->second.instrument;
  instrument.tiers = {.brackets = std::move(bracketed.brackets)};
  builder.add(std::move(instrument), row);
}

void add_listed(Listed& listed, bool has_brackets, TableBuilder& builder, Row& row) {
  const std::string& symbol = listed.instrument.symbol;
  if (!listed.reason.empty()) return builder.skip(symbol, listed.reason);
  if (has_brackets) return builder.skip(symbol, kNoTiers);
  listed.instrument.remarks.emplace_back("one bracket, from the margin percentages");
  builder.add(std::move(listed.instrument), row);
}

}  // namespace

VenueTables read_tables(std::span<const Answer> answers) {
  TableBuilder builder;
  BracketTable bracketed;
  ListedTable listed;
  for (const Answer& answer : answers) {
    JsonValue root;
    if (!builder.parse(answer, root)) continue;
    const std::string place = place_of(answer);
    if (read_exchange_info(root, place, builder, listed) ||
        read_brackets(root, place, builder, bracketed)) {
      builder.recognize(answer);
    }
  }
  const JsonValue nothing;
  const std::string place = "brackets";
  const bool usable = builder.errors().empty();
  for (auto& [symbol, brackets] : bracketed) {
    Row row{nothing, place, symbol, builder.errors()};
    if (usable) add_bracketed(symbol, brackets, listed, builder, row);
  }
  for (auto& [symbol, contract] : listed) {
    Row row{nothing, place, symbol, builder.errors()};
    if (usable && !bracketed.contains(symbol)) {
      add_listed(contract, !bracketed.empty(), builder, row);
    }
  }
  std::string source = bracketed.empty() ? "exchangeInfo" : "leverage brackets";
  if (!bracketed.empty() && !listed.empty()) source += " and exchangeInfo";
  return builder.finish("binance", std::move(source), answers, "exchangeInfo or leverage brackets");
}

}  // namespace plimsoll::feeds::binance
