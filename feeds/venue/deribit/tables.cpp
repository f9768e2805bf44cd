#include "feeds/venue/deribit/tables.hpp"

#include <string>
#include <utility>

#include "feeds/venue/row.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds::deribit {
namespace {

using reference::Kind;

/// What a rate grows by per coin of a position.
Nano increment_of(const std::string& coin) {
  constexpr Nano kPerBtc = 50'000;
  constexpr Nano kPerEth = 4'000;
  constexpr Nano kPerSol = 5'000;
  if (coin == "BTC") return kPerBtc;
  if (coin == "ETH") return kPerEth;
  return coin == "SOL" ? kPerSol : 0;
}

VenueTiers tiers_of(Row& row, const VenueInstrument& instrument) {
  VenueTiers tiers;
  tiers.mode = reference::TierMode::increment;
  // A position counts in coin: the value of an inverse contract, the size of a linear one.
  tiers.measure = instrument.kind == Kind::inverse ? reference::TierMeasure::value
                                                   : reference::TierMeasure::quantity;
  const Nano leverage = row.positive("max_leverage");
  if (leverage > 0) {
    const Nano initial = rate_of_leverage(leverage);
    tiers.brackets.push_back({0, initial, half_of(initial)});
  }
  tiers.initial_increment = increment_of(instrument.base);
  tiers.maintenance_increment = tiers.initial_increment;
  return tiers;
}

/// Answers of 2021 name neither the kind nor the settlement currency of inverse contracts.
void read_kind(Row& row, VenueInstrument& instrument) {
  const std::string quote = row.text("quote_currency");
  instrument.settle = row.text_or("settlement_currency", instrument.base);
  const std::string kind =
      row.text_or("future_type", instrument.settle == instrument.base ? "reversed" : "linear");
  instrument.kind = kind == "reversed" ? Kind::inverse : Kind::linear;
  if (instrument.kind == Kind::linear) instrument.settle = quote;
}

void add_future(VenueInstrument instrument, Row& row, TableBuilder& builder) {
  read_kind(row, instrument);
  set_lot(instrument, row.positive("contract_size"));
  const bool perpetual = row.text_or("settlement_period", "") == "perpetual";
  if (!perpetual) instrument.expiry_ms = row.number("expiration_timestamp", 0);
  instrument.tiers = tiers_of(row, instrument);
  if (instrument.tiers.initial_increment == 0) {
    instrument.remarks.emplace_back("increments of 0, for want of documented ones");
  }
  builder.add(std::move(instrument), row);
}

void add_spot(VenueInstrument instrument, Row& row, TableBuilder& builder) {
  instrument.kind = Kind::spot;
  instrument.settle = row.text("quote_currency");
  set_lot(instrument, row.positive("min_trade_amount"));
  builder.add(std::move(instrument), row);
}

void read_instrument(Row& row, TableBuilder& builder) {
  VenueInstrument instrument;
  instrument.symbol = row.text("instrument_name");
  row.rename(instrument.symbol);
  const std::string kind = row.text("kind");
  if (kind == "option") return builder.skip(instrument.symbol, kOption);
  if (kind.ends_with("_combo")) return builder.skip(instrument.symbol, kCombination);
  if (kind != "future" && kind != "spot") return builder.skip(instrument.symbol, kUnknownKind);
  if (!row.is_true("is_active")) return builder.skip(instrument.symbol, kNotTrading);
  if (row.too_fine("tick_size")) return builder.skip(instrument.symbol, kTooFine);
  instrument.base = row.text("base_currency");
  instrument.tick = row.positive("tick_size");
  if (kind == "future") {
    add_future(std::move(instrument), row, builder);
  } else {
    add_spot(std::move(instrument), row, builder);
  }
}

}  // namespace

VenueTables read_tables(std::span<const Answer> answers) {
  TableBuilder builder;
  read_rows(answers, "result", builder, [&](Row& row) { read_instrument(row, builder); });
  return builder.finish("deribit", "get_instruments", answers, "get_instruments answer");
}

}  // namespace plimsoll::feeds::deribit
