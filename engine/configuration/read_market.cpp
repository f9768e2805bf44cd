#include "engine/configuration/account_limits.hpp"
#include "engine/configuration/portfolio_sections.hpp"
#include "engine/value/decimal.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::configuration {
namespace {

using reference::Instrument;
using reference::Reference;

/// The instrument that a key names, or -1: then it is reported, unless it may be one that could not
/// be read.
int find_instrument_key(Section& section, std::string_view key, const Reference& reference) {
  const int index = reference::find_instrument(reference, key);
  section.has(key);
  if (index < 0 && section.report().sure("instrument")) {
    section.refuse_key(key, "names no instrument");
  }
  return index;
}

/// The instrument that a key names, when it is no spot pair.
int find_derivative_key(Section& section, std::string_view key, const Reference& reference) {
  const int index = find_instrument_key(section, key, reference);
  if (index < 0) return index;
  if (reference.instruments[static_cast<std::size_t>(index)].kind != reference::Kind::spot) {
    return index;
  }
  section.refuse_key(key, "is a spot pair");
  return -1;
}

int find_asset_key(Section& section, std::string_view key, const Reference& reference) {
  const int index = reference::find_asset(reference, key);
  section.has(key);
  if (index < 0 && section.report().sure("asset")) section.refuse_key(key, "names no asset");
  return index;
}

InstrumentId instrument_at(int index) {
  return InstrumentId::from_raw(static_cast<std::uint32_t>(index));
}
AssetId asset_at(int index) {
  return AssetId::from_raw(static_cast<std::uint32_t>(index));
}

void read_marks(Section section, Portfolio& portfolio) {
  for (const std::string_view key : section.keys()) {
    const int index = find_instrument_key(section, key, portfolio.reference);
    Price mark;
    if (!section.read_value(key, Need::required, kPriceDecimals, mark) || index < 0) continue;
    const Instrument& rules = portfolio.reference.instruments[static_cast<std::size_t>(index)];
    if (mark < rules.price_min || mark > rules.price_max) {
      section.refuse(
          key, "must be from price_min " + format_decimal(rules.price_min.raw(), kPriceDecimals) +
                   " to price_max " + format_decimal(rules.price_max.raw(), kPriceDecimals));
    }
    portfolio.marks.push_back({instrument_at(index), mark, {}, {}});
  }
}

void read_indices(Section section, Portfolio& portfolio) {
  const Reference& reference = portfolio.reference;
  for (const std::string_view key : section.keys()) {
    const int index = find_asset_key(section, key, reference);
    Price price;
    if (!section.read_value(key, Need::required, kPriceDecimals, price) || index < 0) continue;
    const Price most = reference.assets[static_cast<std::size_t>(index)].index_max;
    if (asset_at(index) == reference.numeraire) {
      section.refuse(key, "is the index of the numeraire, which is always 1");
    } else if (most.raw() == 0) {
      section.refuse(key, "is the index of an asset without index_max");
    } else if (price.raw() <= 0 || price > most) {
      section.refuse(key, "must be above 0 and at most index_max " +
                              format_decimal(most.raw(), kPriceDecimals));
    }
    portfolio.indices.push_back({asset_at(index), price, {}});
  }
}

void read_funding(Section section, Portfolio& portfolio) {
  for (const std::string_view key : section.keys()) {
    const int index = find_derivative_key(section, key, portfolio.reference);
    Rate rate;
    if (!section.read_value(key, Need::required, kRateDecimals, rate) || index < 0) continue;
    if (!within(rate.raw(), kRateOne / 10)) section.refuse(key, "must be -0.1 to 0.1");
    portfolio.funding.push_back({instrument_at(index), rate});
  }
}

void read_open_interest(Section section, bool usable, Portfolio& portfolio) {
  for (const std::string_view key : section.keys()) {
    const int index = find_derivative_key(section, key, portfolio.reference);
    if (index < 0) continue;
    const Instrument& rules = portfolio.reference.instruments[static_cast<std::size_t>(index)];
    Quantity quantity;
    if (!section.read_value(key, Need::required, rules.quantity_decimals, quantity)) continue;
    if (quantity.raw() < 0) {
      section.refuse(key, "must not be negative");
    } else if (usable && !exposure_of(rules, quantity.raw())) {
      section.refuse(key, "out of range");
    }
    portfolio.open_interest.push_back({instrument_at(index), quantity});
  }
}

void read_factors(Section section, Portfolio& portfolio) {
  for (const std::string_view key : section.keys()) {
    const int index = find_asset_key(section, key, portfolio.reference);
    Rate factor;
    if (!section.read_value(key, Need::required, kRateDecimals, factor) || index < 0) continue;
    if (factor.raw() < 0 || factor.raw() > kRateOne) section.refuse(key, "must be 0 to 1");
    portfolio.collateral_factors.push_back({asset_at(index), factor});
  }
}

}  // namespace

void read_market(Section& root, bool usable, Portfolio& portfolio) {
  read_marks(root.section("marks", Need::optional), portfolio);
  if (root.is_table("index")) read_indices(root.section("index", Need::optional), portfolio);
  read_funding(root.section("funding", Need::optional), portfolio);
  read_open_interest(root.section("open_interest", Need::optional), usable, portfolio);
  read_factors(root.section("collateral_factor", Need::optional), portfolio);
}

}  // namespace plimsoll::configuration
