#include <algorithm>

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

using reference::Asset;
using reference::Bracket;
using reference::Instrument;
using reference::Profile;
using reference::Reference;

constexpr std::int64_t kCountMax = 2'147'483'647;

/// Names go into URLs, JSON and log lines as they are.
bool is_name(std::string_view text) {
  constexpr std::size_t kNameMax = 32;
  return !text.empty() && text.size() <= kNameMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

void read_name(Section& section, std::string_view key, std::string& into) {
  if (section.read(key, Need::required, into) && !is_name(into)) {
    section.refuse(key, "must be 1 to 32 printable characters, no blank, quote or backslash");
  }
}

void read_assets(Section& root, Reference& reference) {
  constexpr std::int64_t kDecimalsMax = 12;
  for (Section& section : root.sections("asset", Need::required)) {
    Asset asset;
    read_name(section, "name", asset.name);
    const bool scaled =
        section.read_count("decimals", Need::required, 0, kDecimalsMax, asset.decimals);
    section.read_value("insurance_fund", Need::required,
                       scaled ? std::optional{asset.decimals} : std::nullopt, asset.insurance_fund);
    section.refuse_unknown();
    reference.assets.push_back(std::move(asset));
  }
}

/// Sets the settlement asset. Returns the decimals of its amounts, or nothing when they are not
/// known; another mistake in the assets is then the one to mend first.
std::optional<int> read_settle(Section& section, const Reference& reference, AssetId& settle) {
  std::string name;
  if (!section.read("settle", Need::required, name)) return std::nullopt;
  const int index = reference::find_asset(reference, name);
  if (index < 0) {
    if (section.report().clean("asset")) section.refuse("settle", "names no asset");
    section.report().doubt(section.path() + ".settle");
    return std::nullopt;
  }
  settle = AssetId::from_raw(static_cast<std::uint32_t>(index));
  const std::string asset_path = "asset[" + std::to_string(index) + "].decimals";
  if (!section.report().clean(asset_path)) return std::nullopt;
  return reference.assets[static_cast<std::size_t>(index)].decimals;
}

void read_brackets(Section& instrument, std::optional<int> amount_decimals,
                   std::vector<Bracket>& brackets) {
  for (Section& section : instrument.sections("brackets", Need::required)) {
    Bracket bracket;
    section.read_value("floor", Need::required, amount_decimals, bracket.floor);
    section.read_value("initial", Need::required, kRateDecimals, bracket.initial);
    section.read_value("maintenance", Need::required, kRateDecimals, bracket.maintenance);
    section.refuse_unknown();
    brackets.push_back(bracket);
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

void read_instruments(Section& root, Configuration& configuration) {
  constexpr std::int64_t kQuantityDecimalsMax = 9;
  for (Section& section : root.sections("instrument", Need::required)) {
    Instrument instrument;
    read_name(section, "symbol", instrument.symbol);
    const std::optional<int> amount_decimals =
        read_settle(section, configuration.reference, instrument.settle);
    const bool scaled = section.read_count("quantity_decimals", Need::required, 0,
                                           kQuantityDecimalsMax, instrument.quantity_decimals);
    section.read_value("lot", Need::required,
                       scaled ? std::optional{instrument.quantity_decimals} : std::nullopt,
                       instrument.lot);
    section.read_value("tick", Need::required, kPriceDecimals, instrument.tick);
    section.read_value("price_max", Need::required, kPriceDecimals, instrument.price_max);
    configuration.reference_prices.push_back(read_reference_price(section, instrument));
    read_brackets(section, amount_decimals, instrument.brackets);
    section.refuse_unknown();
    configuration.reference.instruments.push_back(std::move(instrument));
  }
}

void read_profiles(Section& root, Reference& reference) {
  constexpr std::int64_t kStepsMax = 1'000'000;
  for (Section& section : root.sections("profile", Need::required)) {
    Profile profile;
    const auto read_rate = [&section](std::string_view key, Rate& into) {
      section.read_value(key, Need::required, kRateDecimals, into);
    };
    read_name(section, "name", profile.name);
    section.read("breach_at_equality", Need::required, profile.breach_at_equality);
    read_rate("call_trigger", profile.call_trigger);
    read_rate("call_target", profile.call_target);
    section.read("call_period", Need::required, profile.call_period);
    read_rate("liquidation_target", profile.liquidation_target);
    read_rate("liquidation_slippage_max", profile.liquidation_slippage_max);
    read_rate("liquidation_fee", profile.liquidation_fee);
    section.read_count("liquidation_steps_max", Need::required, 1, kStepsMax,
                       profile.liquidation_steps_max);
    section.refuse_unknown();
    reference.profiles.push_back(std::move(profile));
  }
}

void read_engine(Section& root, Reference& reference) {
  reference.settle_grid = Duration::from_raw(1'000'000);
  reference.time_step = Duration::from_raw(100'000'000);
  Section section = root.section("engine", Need::optional);
  section.read("settle_grid", Need::optional, reference.settle_grid);
  section.read("time_step", Need::optional, reference.time_step);
  section.refuse_unknown();
}

void read_limits(Section& root, Reference& reference) {
  Section section = root.section("limits", Need::required);
  section.read_count("accounts", Need::required, 1, kCountMax, reference.limits.accounts);
  section.read_count("positions", Need::required, 1, kCountMax, reference.limits.positions);
  section.refuse_unknown();
}

/// The depth is one amount for the instruments of all assets, so that they must share a scale.
void read_depth(Section& section, Reference& reference) {
  const bool known = !reference.assets.empty() && section.report().clean("asset[0].decimals");
  const auto decimals = known ? std::optional{reference.assets.front().decimals} : std::nullopt;
  const bool shared = std::all_of(reference.assets.begin(), reference.assets.end(),
                                  [&](const Asset& asset) { return asset.decimals == decimals; });
  section.read_value("depth", Need::required, decimals, reference.exchange.depth);
  if (known && !shared) section.refuse("depth", "needs assets with the same number of decimals");
}

void read_exchange(Section& root, Reference& reference) {
  Section section = root.section("exchange", Need::required);
  reference::Exchange& exchange = reference.exchange;
  section.read("latency", Need::required, exchange.latency);
  section.read_value("half_spread", Need::required, kRateDecimals, exchange.half_spread);
  section.read_value("impact", Need::required, kRateDecimals, exchange.impact);
  read_depth(section, reference);
  section.read_value("slippage_max", Need::required, kRateDecimals, exchange.slippage_max);
  section.refuse_unknown();
}

}  // namespace

void read_reference(Section& root, Configuration& configuration) {
  Reference& reference = configuration.reference;
  read_assets(root, reference);
  read_instruments(root, configuration);
  read_profiles(root, reference);
  read_engine(root, reference);
  read_limits(root, reference);
  read_exchange(root, reference);
}

}  // namespace plimsoll::configuration
