#include "feeds/venue/bitmex/tables.hpp"

#include <string>
#include <utility>

#include "feeds/venue/row.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::bitmex {
namespace {

using reference::Kind;

/// The decimals of the unit that the venue counts a currency in: XBt is 1e-8 XBT. -1: not known.
int unit_decimals(const std::string& currency) {
  constexpr int kSatoshi = 8;
  constexpr int kMicro = 6;
  if (currency == "XBt") return kSatoshi;
  return currency == "USDt" ? kMicro : -1;
}

std::string asset_of(const std::string& currency) {
  return currency == "XBt" ? "XBT" : "USDT";
}

/// An amount in the venue's unit, as nano of the whole asset.
Nano amount(Row& row, const char* key, int decimals) {
  return row.number(key, kNanoDecimals - decimals);
}

VenueTiers tiers_of(Row& row, int decimals) {
  RiskSteps rule;
  rule.base = amount(row, "riskLimit", decimals);
  rule.step = amount(row, "riskStep", decimals);
  rule.first = {0, row.positive("initMargin"), row.positive("maintMargin")};
  rule.initial_step = rule.first.maintenance;
  rule.maintenance_step = rule.first.maintenance;
  rule.steps = kRiskSteps;
  VenueTiers tiers;
  tiers.mode = reference::TierMode::whole;
  if (!row.failed()) tiers.brackets = brackets_of(rule);
  return tiers;
}

/// Codes of the kinds of instrument, as ISO 10962 has them.
std::string_view reason_of(const Row& row, const std::string& type) {
  if (type.starts_with("O")) return kOption;
  if (type.starts_with("I")) return kSpot;
  if (type.starts_with("M")) return kIndex;
  if (!type.starts_with("FF")) return kUnknownKind;
  if (row.text_or("state", "") != "Open") return kNotTrading;
  if (unit_decimals(row.text_or("settlCurrency", "")) < 0) return kUnknownSettle;
  if (!row.has("riskLimit") || !row.has("riskStep") || !row.has("initMargin")) return kNoTiers;
  return row.too_fine("tickSize") ? kTooFine : std::string_view{};
}

void read_instrument(Row& row, TableBuilder& builder) {
  VenueInstrument instrument;
  instrument.symbol = row.text("symbol");
  row.rename(instrument.symbol);
  const std::string_view reason = reason_of(row, row.text("typ"));
  if (!reason.empty()) return builder.skip(instrument.symbol, reason);
  const std::string currency = row.text("settlCurrency");
  const int decimals = unit_decimals(currency);
  instrument.base = row.text_or("underlying", "");
  instrument.settle = asset_of(currency);
  if (row.is_true("isInverse")) instrument.kind = Kind::inverse;
  // Negative for an inverse contract.
  const Nano multiplier = amount(row, "multiplier", decimals);
  instrument.multiplier = multiplier < 0 ? -multiplier : multiplier;
  if (multiplier == 0) row.fail("multiplier", "must not be 0");
  set_lot(instrument, row.positive("lotSize"));
  instrument.tick = row.positive("tickSize");
  if (row.has("maxPrice")) instrument.price_max = row.positive("maxPrice");
  if (row.has("expiry")) instrument.expiry_ms = row.utc_ms("expiry");
  instrument.tiers = tiers_of(row, decimals);
  builder.add(std::move(instrument), row);
}

}  // namespace

VenueTables read_tables(std::span<const Answer> answers) {
  TableBuilder builder;
  read_rows(answers, "", builder, [&](Row& row) { read_instrument(row, builder); });
  return builder.finish("bitmex", "instrument/active", answers, "list of instruments");
}

}  // namespace plimsoll::feeds::bitmex
