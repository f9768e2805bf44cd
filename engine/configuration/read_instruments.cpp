#include "engine/configuration/instant.hpp"
#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

using reference::Instrument;
using reference::Kind;
using reference::Reference;

constexpr Choices<Kind, 3> kKinds{
    {{"linear", Kind::linear}, {"inverse", Kind::inverse}, {"spot", Kind::spot}}};

void read_base(Section& section, const Reference& reference, Instrument& instrument) {
  if (instrument.kind == Kind::spot) {
    read_asset(section, "base", Need::required, reference, instrument.base);
  } else if (section.has("base")) {
    section.refuse("base", "is for kind spot");
  }
}

void read_prices(Section& section, Instrument& instrument) {
  const auto read_price = [&section](std::string_view key, Need need, Price& into) {
    section.read_value(key, need, kPriceDecimals, into);
  };
  read_price("tick", Need::required, instrument.tick);
  if (instrument.kind == Kind::inverse) instrument.price_min = instrument.tick;
  read_price("price_min", Need::optional, instrument.price_min);
  read_price("price_max", Need::required, instrument.price_max);
}

void read_expiry(Section& section, EventTime& expiry) {
  std::string text;
  if (!section.read("expiry", Need::optional, text)) return;
  const std::optional<EventTime> time = parse_instant(text);
  if (!time) {
    section.refuse("expiry", "must be a time in UTC, as \"2021-09-24T08:00:00Z\"");
  } else {
    expiry = *time;
  }
}

std::optional<Price> read_reference_price(Section& section, const Instrument& instrument) {
  Price price;
  if (!section.read_value("reference_price", Need::optional, kPriceDecimals, price)) {
    return std::nullopt;
  }
  if (price.raw() <= 0) section.refuse("reference_price", "must be above 0");
  if (instrument.price_max.raw() > 0 && price > instrument.price_max) {
    section.refuse("reference_price", "must be at most price_max");
  }
  return price;
}

/// Whether these keys are right is not known without the kind.
void pass_over_kind(Section& section) {
  for (const char* key : {"base", "brackets", "tiers", "tiers_short", "alternatives"}) {
    section.has(key);
  }
}

Instrument read_instrument(Section& section, Reference& reference, ReferencePrices& prices) {
  constexpr std::int64_t kQuantityDecimalsMax = 9;
  Instrument instrument;
  read_name(section, "symbol", instrument.symbol);
  const bool of_kind =
      !section.has("kind") || section.read_choice("kind", Need::optional, kKinds, instrument.kind);
  const std::optional<int> amount_decimals =
      read_asset(section, "settle", Need::required, reference, instrument.settle)
          ? decimals_of(section, reference, instrument.settle)
          : std::nullopt;
  if (of_kind) read_base(section, reference, instrument);
  section.read_decimal("multiplier", Need::optional, 9, instrument.multiplier);
  const bool scaled = section.read_count("quantity_decimals", Need::required, 0,
                                         kQuantityDecimalsMax, instrument.quantity_decimals);
  const auto quantity_decimals =
      scaled ? std::optional{instrument.quantity_decimals} : std::nullopt;
  section.read_value("lot", Need::required, quantity_decimals, instrument.lot);
  read_prices(section, instrument);
  read_expiry(section, instrument.expiry);
  section.read_value("position_limit", Need::optional, quantity_decimals,
                     instrument.position_limit);
  section.read_value("depth", Need::optional, amount_decimals, instrument.depth);
  section.read_choice("status", Need::optional, kInstrumentStatuses, instrument.status);
  read_mark(section, reference, instrument);
  prices.push_back(read_reference_price(section, instrument));
  if (of_kind) read_tiers(section, amount_decimals, scaled, instrument, reference);
  if (!of_kind) pass_over_kind(section);
  section.refuse_unknown();
  return instrument;
}

}  // namespace

void read_instruments(Roots& roots, Reference& reference, ReferencePrices& prices) {
  const Need need = reference.numeraire == kNoAsset ? Need::required : Need::optional;
  for (Section& section : read_list(roots, "instrument", need)) {
    reference.instruments.push_back(read_instrument(section, reference, prices));
  }
}

}  // namespace plimsoll::configuration
