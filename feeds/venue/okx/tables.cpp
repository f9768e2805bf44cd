#include "feeds/venue/okx/tables.hpp"

#include <string>
#include <utility>

#include "feeds/venue/row.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::okx {
namespace {

using reference::Kind;

std::string_view reason_of(const Row& row, const std::string& type) {
  if (type == "OPTION") return kOption;
  if (type == "MARGIN") return "margin pair";
  if (type != "SPOT" && type != "SWAP" && type != "FUTURES") return kUnknownKind;
  if (row.text_or("state", "") != "live") return kNotTrading;
  if (row.too_fine("tickSz") || row.too_fine("lotSz") || row.too_fine("ctVal")) return kTooFine;
  return type != "SPOT" && !row.has("lever") ? kNoTiers : std::string_view{};
}

void add_contract(VenueInstrument instrument, Row& row, TableBuilder& builder) {
  const std::string type = row.text("ctType");
  if (type != "linear" && type != "inverse") row.fail("ctType", "must be linear or inverse");
  if (type == "inverse") instrument.kind = Kind::inverse;
  instrument.settle = row.text("settleCcy");
  const auto size = product_of(row.positive("ctVal"), row.positive("ctMult"));
  if (!size) row.fail("ctMult", "times ctVal is no decimal with nine decimals");
  instrument.multiplier = size.value_or(0);
  if (row.has("expTime")) instrument.expiry_ms = row.number("expTime", 0);
  const Nano leverage = row.positive("lever");
  if (leverage > 0) {
    const Nano initial = rate_of_leverage(leverage);
    instrument.tiers.brackets.push_back({0, initial, half_of(initial)});
  }
  instrument.remarks.emplace_back("one bracket, from the highest leverage");
  builder.add(std::move(instrument), row);
}

void add_spot(VenueInstrument instrument, Row& row, TableBuilder& builder) {
  instrument.kind = Kind::spot;
  instrument.base = row.text("baseCcy");
  instrument.settle = row.text("quoteCcy");
  builder.add(std::move(instrument), row);
}

void read_instrument(Row& row, TableBuilder& builder) {
  VenueInstrument instrument;
  instrument.symbol = row.text("instId");
  row.rename(instrument.symbol);
  const std::string type = row.text("instType");
  const std::string_view reason = reason_of(row, type);
  if (!reason.empty()) return builder.skip(instrument.symbol, reason);
  set_lot(instrument, row.positive("lotSz"));
  instrument.tick = row.positive("tickSz");
  if (type == "SPOT") {
    add_spot(std::move(instrument), row, builder);
  } else {
    add_contract(std::move(instrument), row, builder);
  }
}

}  // namespace

VenueTables read_tables(std::span<const Answer> answers) {
  TableBuilder builder;
  read_rows(answers, "data", builder, [&](Row& row) { read_instrument(row, builder); });
  return builder.finish("okx", "public instruments", answers, "list \"data\"");
}

}  // namespace plimsoll::feeds::okx
