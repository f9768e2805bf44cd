#include "tests/support/reference_builder.hpp"

#include <cstdio>
#include <utility>

#include "engine/base/assert.hpp"

namespace plimsoll::support {

using reference::Bracket;
using reference::Instrument;
using reference::Reference;
using reference::Tiers;

std::vector<Bracket> brackets_of(std::int64_t unit, const std::vector<BracketTerms>& terms) {
  constexpr std::int64_t kBasisPoint = 100'000;  // as a Rate
  std::vector<Bracket> brackets;
  for (const BracketTerms& term : terms) {
    Bracket bracket;
    bracket.floor = term.floor * unit;
    bracket.maintenance = Rate::from_raw(term.maintenance_bp * kBasisPoint);
    bracket.initial = Rate::from_raw(term.initial_bp * kBasisPoint);
    brackets.push_back(bracket);
  }
  return brackets;
}

reference::Asset asset_of(const char* name, int decimals) {
  reference::Asset asset;
  asset.name = name;
  asset.decimals = decimals;
  return asset;
}

Instrument linear_instrument(const char* symbol, AssetId settle, int quantity_decimals,
                             std::int64_t tick, std::int64_t price_max) {
  Instrument instrument;
  instrument.symbol = symbol;
  instrument.settle = settle;
  instrument.quantity_decimals = quantity_decimals;
  instrument.lot = Quantity::from_raw(1);
  instrument.tick = Price::from_raw(tick);
  instrument.price_max = Price::from_raw(price_max);
  return instrument;
}

TiersId add_tiers(Reference& reference, Tiers tiers) {
  reference.tiers.push_back(std::move(tiers));
  return TiersId::from_raw(static_cast<std::uint32_t>(reference.tiers.size() - 1));
}

InstrumentId add_linear(Reference& reference, Instrument instrument,
                        std::vector<Bracket> brackets) {
  const auto id = InstrumentId::from_raw(static_cast<std::uint32_t>(reference.instruments.size()));
  Tiers tiers;
  tiers.name = instrument.symbol;
  tiers.instrument = id;
  tiers.brackets = std::move(brackets);
  instrument.tiers_long = instrument.tiers_short = add_tiers(reference, std::move(tiers));
  reference.instruments.push_back(std::move(instrument));
  return id;
}

std::vector<Bracket>& brackets_of(Reference& reference, InstrumentId instrument) {
  return reference.tiers[reference.instruments[instrument.raw()].tiers_long.raw()].brackets;
}
const std::vector<Bracket>& brackets_of(const Reference& reference, InstrumentId instrument) {
  return reference.tiers[reference.instruments[instrument.raw()].tiers_long.raw()].brackets;
}

Reference finished(Reference reference) {
  const std::vector<reference::Violation> violations = reference::finish(reference);
  for (const reference::Violation& violation : violations) {
    std::fprintf(stderr, "%s: %s\n", violation.path.c_str(), violation.message.c_str());
  }
  PLIMSOLL_ASSERT(violations.empty());
  return reference;
}

}  // namespace plimsoll::support
