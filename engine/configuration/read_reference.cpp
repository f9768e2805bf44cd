#include <algorithm>

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

using reference::Asset;
using reference::Instrument;
using reference::Reference;

constexpr std::int64_t kCountMax = 2'147'483'647;

bool is_name(std::string_view text) {
  constexpr std::size_t kNameMax = 32;
  return !text.empty() && text.size() <= kNameMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

void read_assets(Roots& roots, Reference& reference) {
  constexpr std::int64_t kDecimalsMax = 12;
  for (Section& section : read_list(roots, "asset", Need::required)) {
    Asset asset;
    read_name(section, "name", asset.name);
    const auto decimals =
        section.read_count("decimals", Need::required, 0, kDecimalsMax, asset.decimals)
            ? std::optional{asset.decimals}
            : std::nullopt;
    section.read_value("insurance_fund", Need::optional, decimals, asset.insurance_fund);
    section.read_value("index_max", Need::optional, kPriceDecimals, asset.index_max);
    section.read_value("collateral_cap", Need::optional, decimals, asset.collateral_cap);
    section.refuse_unknown();
    reference.assets.push_back(std::move(asset));
  }
}

/// What a file says holds over what the files before it said.
void read_engine(Roots& roots, Reference& reference) {
  reference.settle_grid = Duration::from_raw(1'000'000);
  reference.time_step = Duration::from_raw(100'000'000);
  for (Section& root : roots) {
    Section section = root.section("engine", Need::optional);
    section.read("settle_grid", Need::optional, reference.settle_grid);
    section.read("time_step", Need::optional, reference.time_step);
    read_asset(section, "numeraire", Need::optional, reference, reference.numeraire);
    section.refuse_unknown();
  }
}

void read_limits(Section& root, Reference& reference) {
  Section section = root.section("limits", Need::required);
  section.read_count("accounts", Need::required, 1, kCountMax, reference.limits.accounts);
  section.read_count("positions", Need::required, 1, kCountMax, reference.limits.positions);
  section.refuse_unknown();
}

/// The depth is one amount for all instruments without their own, so that these must share a scale.
void read_depth(Section& section, Reference& reference) {
  std::vector<AssetId> assets;
  for (const Instrument& instrument : reference.instruments) {
    const bool traded_there = instrument.kind != reference::Kind::spot;
    if (traded_there && instrument.depth.raw() == 0) assets.push_back(instrument.settle);
  }
  const AssetId first = assets.empty() ? AssetId{} : assets.front();
  const std::optional<int> decimals = decimals_of(section, reference, first);
  section.read_value("depth", Need::required, decimals, reference.exchange.depth);
  const bool shared = std::all_of(assets.begin(), assets.end(), [&](AssetId asset) {
    return decimals_of(section, reference, asset) == decimals;
  });
  if (!shared && section.report().sure("asset") && section.report().sure("instrument")) {
    section.refuse("depth",
                   "needs settlement assets with the same number of decimals, or instruments with "
                   "their own depth");
  }
}

void read_exchange(Section& root, Reference& reference) {
  Section section = root.section("exchange", Need::required);
  reference::Exchange& exchange = reference.exchange;
  section.read("simulated", Need::optional, exchange.simulated);
  section.read("latency", Need::required, exchange.latency);
  section.read_value("half_spread", Need::required, kRateDecimals, exchange.half_spread);
  section.read_value("impact", Need::required, kRateDecimals, exchange.impact);
  read_depth(section, reference);
  section.read_value("slippage_max", Need::required, kRateDecimals, exchange.slippage_max);
  section.refuse_unknown();
}

}  // namespace

std::vector<Section> read_list(Roots& roots, std::string_view key, Need need, Table table) {
  std::vector<Section> all;
  bool found = false;
  for (Section& root : roots) {
    if (table == Table::passed_over && root.is_table(key)) continue;
    found = root.has(key) || found;
    std::vector<Section> part = root.sections(key, Need::optional, all.size());
    root.report().add_list(std::string{key}, root.file(), all.size(), part.size());
    for (Section& section : part) all.push_back(std::move(section));
  }
  Section& root = roots.back();
  if (!found && need == Need::required && root.report().sure(key)) {
    root.refuse_absent(key, "is missing");
  }
  return all;
}

void read_name(Section& section, std::string_view key, std::string& into) {
  if (section.read(key, Need::required, into) && !is_name(into)) {
    section.refuse(key, "must be 1 to 32 printable characters, no blank, quote or backslash");
  }
}

bool read_asset(Section& section, std::string_view key, Need need, const Reference& reference,
                AssetId& asset) {
  std::string name;
  if (!section.read(key, need, name)) return false;
  const int index = reference::find_asset(reference, name);
  if (index >= 0) {
    asset = AssetId::from_raw(static_cast<std::uint32_t>(index));
    return true;
  }
  if (section.report().sure("asset")) section.refuse(key, "names no asset");
  section.report().doubt(section.path() + "." + std::string{key});
  return false;
}

std::optional<int> decimals_of(const Section& section, const Reference& reference, AssetId asset) {
  if (asset.raw() >= reference.assets.size()) return std::nullopt;
  const std::string path = "asset[" + std::to_string(asset.raw()) + "].decimals";
  if (!section.report().clean(path)) return std::nullopt;
  return reference.assets[asset.raw()].decimals;
}

void read_reference(Roots& roots, Table of_index, Reference& reference, ReferencePrices& prices) {
  read_assets(roots, reference);
  read_engine(roots, reference);
  read_price_rules(roots, of_index, reference);
  read_instruments(roots, reference, prices);
  read_profiles(roots, reference);
  read_breaker(roots, reference.breaker);
}

void read_service(Roots& roots, Reference& reference) {
  read_limits(roots.back(), reference);
  read_exchange(roots.back(), reference);
  refuse_in_included(roots, {"limits", "exchange", "gateway", "service", "feed", "matching"});
}

void pass_over_service(Roots& roots, Reference& reference) {
  for (Section& root : roots) {
    for (const char* key :
         {"limits", "exchange", "gateway", "operator", "service", "feed", "matching"}) {
      root.has(key);
    }
  }
  reference.exchange.depth = Amount::from_raw(1);
  reference.exchange.slippage_max = Rate::from_raw(kRateOne / 2);
  reference.limits = {1, 1};
}

void refuse_in_included(Roots& roots, std::initializer_list<std::string_view> keys) {
  for (Section& root : roots) {
    if (&root == &roots.back()) return;
    for (const std::string_view key : keys) {
      if (root.has(key)) root.refuse_key(key, "may not stand in a file that is included");
    }
  }
}

void refuse_unknown(Roots& roots) {
  for (Section& root : roots) root.refuse_unknown();
}

}  // namespace plimsoll::configuration
