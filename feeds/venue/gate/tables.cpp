#include "feeds/venue/gate/tables.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "feeds/venue/row.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::gate {
namespace {

using reference::Kind;

VenueTiers tiers_of(Row& row) {
  constexpr std::int64_t kStepsMax = 1000;
  RiskSteps rule;
  rule.base = row.positive("risk_limit_base");
  rule.step = row.positive("risk_limit_step");
  const Nano highest = row.nano("risk_limit_max");
  const Nano leverage = row.positive("leverage_max");
  const Nano maintenance = row.positive("maintenance_rate");
  VenueTiers tiers;
  tiers.mode = reference::TierMode::whole;
  if (row.failed()) return tiers;
  rule.first = {0, rate_of_leverage(leverage), maintenance};
  rule.initial_step = rule.first.initial;
  rule.maintenance_step = maintenance;
  rule.steps = std::clamp<std::int64_t>((highest - rule.base) / rule.step, 0, kStepsMax);
  tiers.brackets = brackets_of(rule);
  return tiers;
}

/// "BTC_USDT": an inverse contract settles in the first, a direct one in the second. A direct
/// contract in USD settles in a third asset, which only the address of the answer names.
bool read_assets(Row& row, VenueInstrument& instrument) {
  const std::size_t split = instrument.symbol.find('_');
  if (split == std::string::npos) {
    row.fail("name", "is no pair like BTC_USDT");
    return true;
  }
  instrument.base = instrument.symbol.substr(0, split);
  const std::string quote = instrument.symbol.substr(split + 1);
  instrument.settle = instrument.kind == Kind::inverse ? instrument.base : quote;
  return instrument.settle != "USD";
}

void read_contract(Row& row, TableBuilder& builder) {
  VenueInstrument instrument;
  instrument.symbol = row.text("name");
  row.rename(instrument.symbol);
  const std::string type = row.text("type");
  if (type != "direct" && type != "inverse") return builder.skip(instrument.symbol, kUnknownKind);
  if (row.is_true("in_delisting")) return builder.skip(instrument.symbol, kNotTrading);
  if (row.too_fine("order_price_round") || row.too_fine("quanto_multiplier")) {
    return builder.skip(instrument.symbol, kTooFine);
  }
  if (type == "inverse") instrument.kind = Kind::inverse;
  if (!read_assets(row, instrument)) return builder.skip(instrument.symbol, kUnknownSettle);
  // An inverse contract is one dollar; its quanto_multiplier says 0.
  if (type == "direct") instrument.multiplier = row.positive("quanto_multiplier");
  set_lot(instrument, kNanoOne);  // orders are whole contracts
  instrument.tick = row.positive("order_price_round");
  instrument.tiers = tiers_of(row);
  builder.add(std::move(instrument), row);
}

}  // namespace

VenueTables read_tables(std::span<const Answer> answers) {
  TableBuilder builder;
  read_rows(answers, "", builder, [&](Row& row) { read_contract(row, builder); });
  return builder.finish("gate", "futures contracts", answers, "list of contracts");
}

}  // namespace plimsoll::feeds::gate
