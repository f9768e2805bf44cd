#include <algorithm>

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

using reference::Bracket;
using reference::Instrument;
using reference::Reference;
using reference::TierMeasure;
using reference::TierMode;
using reference::Tiers;

constexpr Choices<TierMode, 3> kModes{{{"marginal", TierMode::marginal},
                                       {"whole", TierMode::whole},
                                       {"increment", TierMode::increment}}};
constexpr Choices<TierMeasure, 2> kMeasures{
    {{"value", TierMeasure::value}, {"quantity", TierMeasure::quantity}}};

/// Decimals of what tiers count; nothing when they are not known.
struct Scales {
  std::optional<int> amount;
  std::optional<int> quantity;
};

void read_brackets(Section& parent, std::optional<int> floor_decimals,
                   std::vector<Bracket>& brackets) {
  for (Section& section : parent.sections("brackets", Need::required)) {
    Bracket bracket;
    const auto read_rate = [&section](std::string_view key, Rate& into) {
      section.read_value(key, Need::required, kRateDecimals, into);
    };
    section.read_decimal("floor", Need::required, floor_decimals, bracket.floor);
    read_rate("initial", bracket.initial);
    read_rate("maintenance", bracket.maintenance);
    section.refuse_unknown();
    brackets.push_back(bracket);
  }
}

void read_table(Section& section, const Scales& scales, Tiers& tiers) {
  section.read_choice("mode", Need::optional, kModes, tiers.mode);
  const bool measured = !section.has("measure") ||
                        section.read_choice("measure", Need::optional, kMeasures, tiers.measure);
  const std::optional<int> decimals = !measured                             ? std::nullopt
                                      : tiers.measure == TierMeasure::value ? scales.amount
                                                                            : scales.quantity;
  read_brackets(section, decimals, tiers.brackets);
  const auto read_rate = [&section](std::string_view key, Rate& into) {
    section.read_value(key, Need::optional, kRateDecimals, into);
  };
  read_rate("initial_increment", tiers.initial_increment);
  read_rate("maintenance_increment", tiers.maintenance_increment);
  read_rate("slippage", tiers.slippage);
  const auto read_amount = [&](std::string_view key, Amount& into) {
    section.read_value(key, Need::optional, scales.amount, into);
  };
  read_amount("open_interest_lower", tiers.open_interest_lower);
  read_amount("open_interest_upper", tiers.open_interest_upper);
  read_rate("open_interest_step", tiers.open_interest_step);
  section.refuse_unknown();
}

/// The table that `brackets` or `tiers` gives.
Tiers read_long(Section& section, const Scales& scales) {
  Tiers tiers;
  const bool plain = section.has("brackets");
  const bool full = section.has("tiers");
  if (plain) read_brackets(section, scales.amount, tiers.brackets);
  if (full) {
    Section table = section.section("tiers", Need::required);
    read_table(table, scales, tiers);
  }
  if (plain && full) section.refuse("tiers", "is given beside brackets");
  if (!plain && !full) section.refuse_absent("brackets", "is missing, and so is tiers");
  return tiers;
}

void check_alternative_name(Section& section, const std::string& name,
                            const std::vector<std::string>& others) {
  if (name == "short") section.refuse("name", "is taken by tiers_short");
  if (std::find(others.begin(), others.end(), name) != others.end()) {
    section.refuse("name", "appears twice");
  }
}

/// Whatever a spot pair has of them is one too many.
void refuse_all(Section& section) {
  for (const char* key : {"brackets", "tiers", "tiers_short", "alternatives"}) {
    if (section.has(key)) section.refuse_key(key, "is not for kind spot");
  }
}

}  // namespace

void read_tiers(Section& section, std::optional<int> amount_decimals, bool quantity_scaled,
                Instrument& instrument, Reference& reference) {
  if (instrument.kind == reference::Kind::spot) return refuse_all(section);
  const Scales scales{amount_decimals,
                      quantity_scaled ? std::optional{instrument.quantity_decimals} : std::nullopt};
  const auto add = [&](Tiers tiers, const std::string& suffix) {
    tiers.name = instrument.symbol + suffix;
    tiers.instrument =
        InstrumentId::from_raw(static_cast<std::uint32_t>(reference.instruments.size()));
    reference.tiers.push_back(std::move(tiers));
    return TiersId::from_raw(static_cast<std::uint32_t>(reference.tiers.size() - 1));
  };
  instrument.tiers_long = instrument.tiers_short = add(read_long(section, scales), "");
  if (section.has("tiers_short")) {
    Tiers tiers;
    Section table = section.section("tiers_short", Need::required);
    read_table(table, scales, tiers);
    instrument.tiers_short = add(std::move(tiers), "/short");
  }
  std::vector<std::string> names;
  for (Section& table : section.sections("alternatives", Need::optional)) {
    Tiers tiers;
    std::string name;
    read_name(table, "name", name);
    read_table(table, scales, tiers);
    check_alternative_name(table, name, names);
    add(std::move(tiers), "/" + name);
    names.push_back(std::move(name));
  }
}

}  // namespace plimsoll::configuration
