#include "tests/support/reference_fixture.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "tests/support/random.hpp"
#include "tests/support/random_rules.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::support {
namespace {

using reference::Bracket;
using reference::Instrument;
using reference::Profile;
using reference::Reference;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kBasisPoint = 100'000;            // as a Rate
constexpr std::int64_t kMillion = 1'000'000 * kRateOne;  // as a Price

void add_assets(Reference& reference, int second_decimals) {
  reference.assets.push_back(asset_of("USDT", 6));
  reference.assets.push_back(asset_of("USDC", second_decimals));
}

std::vector<Instrument> linear_instruments() {
  return {linear_instrument("BTCUSDT", kUsdt, 3, 100'000'000, kMillion),
          linear_instrument("ETHUSDT", kUsdt, 2, 10'000'000, kMillion / 10),
          linear_instrument("CHEAPUSDT", kUsdt, 0, 100, kRateOne),
          linear_instrument("BTCUSDC", kUsdc, 3, 100'000'000, kMillion)};
}

Profile retail() {
  Profile profile;
  profile.name = "retail";
  profile.breach_at_equality = true;
  profile.call_at_equality = true;
  profile.call_trigger = Rate::from_raw(1'200'000'000);
  profile.call_target = Rate::from_raw(1'500'000'000);
  profile.call_period = Duration::from_raw(3 * kSecond);
  profile.liquidation_target = Rate::from_raw(1'050'000'000);
  profile.liquidation_slippage_max = Rate::from_raw(100 * kBasisPoint);
  profile.liquidation_fee = Rate::from_raw(10 * kBasisPoint);
  profile.liquidation_steps_max = 3;
  return profile;
}

Profile desk() {
  Profile profile;
  profile.name = "desk";
  profile.breach_at_equality = false;
  profile.call_trigger = Rate::from_raw(1'100'000'000);
  profile.call_target = Rate::from_raw(1'250'000'000);
  profile.call_period = Duration::from_raw(60 * kSecond);
  profile.liquidation_target = Rate::from_raw(1'020'000'000);
  profile.liquidation_slippage_max = Rate::from_raw(50 * kBasisPoint);
  profile.liquidation_fee = Rate::from_raw(5 * kBasisPoint);
  profile.liquidation_steps_max = 5;
  return profile;
}

void add_exchange(Reference& reference) {
  reference.exchange.latency = Duration::from_raw(20 * kMillisecond);
  reference.exchange.half_spread = Rate::from_raw(kBasisPoint);
  reference.exchange.impact = Rate::from_raw(10 * kBasisPoint);
  reference.exchange.depth = Amount::from_raw(1'000'000'000'000);
  reference.exchange.slippage_max = Rate::from_raw(500 * kBasisPoint);
  reference.limits = {4'096, 16'384};
  reference.settle_grid = Duration::from_raw(kMillisecond);
  reference.time_step = Duration::from_raw(100 * kMillisecond);
}

void vary_grid(Instrument& instrument, Random& random) {
  instrument.lot = Quantity::from_raw(random.pick(std::array<std::int64_t, 4>{1, 1, 5, 10}));
  instrument.tick =
      Price::from_raw(instrument.tick.raw() * random.pick(std::array<std::int64_t, 3>{1, 1, 5}));
}

/// The assets after USDT and USDC: coins, and sometimes a numeraire of its own.
void add_coins(Reference& reference, Random& random) {
  auto& assets = reference.assets;
  assets.push_back(asset_of("BTC", random.pick(std::array<int, 4>{6, 8, 8, 9})));
  assets.push_back(asset_of("ETH", random.pick(std::array<int, 3>{6, 8, 9})));
  if (random.chance(120)) return;
  reference.numeraire = kUsdt;
  if (random.chance(500)) {
    assets.push_back(asset_of("USD", random.pick(std::array<int, 3>{2, 6, 8})));
    reference.numeraire = AssetId::from_raw(static_cast<std::uint32_t>(assets.size() - 1));
  }
  for (std::uint32_t i = 0; i < assets.size(); ++i) {
    const AssetId asset = AssetId::from_raw(i);
    if (asset != reference.numeraire && random.chance(950)) {
      assets[i].index_max = Price::from_raw(starting_index(assets[i]).raw() * random.between(2, 8));
    }
    if (random.chance(400)) {
      assets[i].collateral_cap =
          Amount::from_raw(worth_of(reference, asset, random.between(500, 2'000'000)));
    }
  }
}

/// Settled in coin; worth so many dollars a contract.
Instrument inverse_instrument(const char* symbol, const char* coin, std::int64_t dollars,
                              const Reference& reference) {
  Instrument instrument;
  instrument.symbol = symbol;
  instrument.kind = reference::Kind::inverse;
  instrument.settle =
      AssetId::from_raw(static_cast<std::uint32_t>(reference::find_asset(reference, coin)));
  instrument.multiplier = dollars * kRateOne;
  instrument.lot = Quantity::from_raw(1);
  const std::int64_t start = starting_price(instrument).raw();
  instrument.tick = Price::from_raw(start > 10'000 * kRateOne ? kRateOne / 10 : kRateOne / 100);
  const std::int64_t least = start / 20 - start / 20 % (10 * instrument.tick.raw());
  instrument.price_min = Price::from_raw(least);
  instrument.price_max = Price::from_raw(start * 16);
  return instrument;
}

Instrument spot_pair(const char* symbol, const char* base, const char* quote, int quantity_decimals,
                     std::int64_t tick, const Reference& reference) {
  const auto asset = [&](const char* name) {
    return AssetId::from_raw(static_cast<std::uint32_t>(reference::find_asset(reference, name)));
  };
  const int decimals = reference.assets[asset(base).raw()].decimals;
  Instrument instrument = linear_instrument(symbol, asset(quote),
                                            std::min(quantity_decimals, decimals), tick, kRateOne);
  instrument.kind = reference::Kind::spot;
  instrument.base = asset(base);
  instrument.price_max = Price::from_raw(starting_price(instrument).raw() * 10);
  return instrument;
}

/// Everything that may be listed besides the first three.
std::vector<Instrument> more_instruments(const Reference& reference, Random& random) {
  std::vector<Instrument> list{
      linear_instruments()[3],
      inverse_instrument("BTCUSD", "BTC", 100, reference),
      inverse_instrument("ETHUSD", "ETH", 10, reference),
      linear_instrument("BTCUSDT-0925", kUsdt, 3, 100'000'000, kMillion),
      inverse_instrument("BTCUSD-0925", "BTC", 100, reference),
      spot_pair("BTC/USDT", "BTC", "USDT", 5, 10'000'000, reference),
      spot_pair("USDC/USDT", "USDC", "USDT", 2, 100'000, reference),
      spot_pair("ETH/BTC", "ETH", "BTC", 4, 10'000, reference),
  };
  for (Instrument& instrument : list) {
    if (instrument.symbol.ends_with("-0925")) {
      instrument.expiry = EventTime::from_raw(1'758'787'200 * kSecond);
    }
  }
  std::vector<Instrument> listed;
  for (Instrument& instrument : list) {
    if (random.chance(800)) listed.push_back(std::move(instrument));
  }
  return listed;
}

/// Multipliers, limits, depths and the status at the start.
void vary_terms(Instrument& instrument, const Reference& reference, Random& random) {
  vary_grid(instrument, random);
  if (instrument.kind == reference::Kind::inverse) {
    // price_min stays a multiple of the tick.
    const std::int64_t tick = instrument.tick.raw();
    instrument.price_min = Price::from_raw(instrument.price_min.raw() / tick * tick);
  }
  if (instrument.kind == reference::Kind::linear) {
    instrument.multiplier = random.pick(
        std::array<std::int64_t, 8>{kRateOne, kRateOne, kRateOne, kRateOne, kRateOne / 1'000,
                                    kRateOne / 100, 37'500'000, 7 * kRateOne});
    if (random.chance(300)) instrument.price_min = instrument.tick;
  }
  if (random.chance(200)) {
    instrument.depth =
        Amount::from_raw(worth_of(reference, instrument.settle, random.between(1, 50) * 100'000));
  }
  if (instrument.kind != reference::Kind::spot && random.chance(40)) {
    instrument.status =
        random.chance(500) ? InstrumentStatus::reduce_only : InstrumentStatus::unlisted;
  }
}

/// The long table, often another one for shorts, and up to two in reserve.
void add_random_tiers(Reference& reference, InstrumentId id, Random& random) {
  Instrument& instrument = reference.instruments[id.raw()];
  const auto add = [&](const std::string& suffix) {
    reference::Tiers tiers = random_tiers(reference, id, random);
    tiers.name = instrument.symbol + suffix;
    return add_tiers(reference, std::move(tiers));
  };
  const TiersId first = add("");
  instrument.tiers_long = first;
  instrument.tiers_short = random.chance(300) ? add("/short") : first;
  if (random.chance(400)) (void)add("/strict");
  if (random.chance(200)) (void)add("/weekend");
}

std::int64_t freed_least(const Reference& reference) {
  std::int64_t least = kRateOne;
  for (const reference::Tiers& tiers : reference.tiers) {
    least = std::min(least, tiers.brackets.front().maintenance.raw() + tiers.slippage.raw());
  }
  return least;
}

/// A limit of the positions of an owner that some histories reach.
void vary_position_limits(Reference& reference, Random& random) {
  for (Instrument& instrument : reference.instruments) {
    if (instrument.kind == reference::Kind::spot || !random.chance(150)) continue;
    const std::int64_t lots = random.between(20, 5'000);
    instrument.position_limit = Quantity::from_raw(lots * instrument.lot.raw());
  }
}

/// Everything but trusted prices, not finished yet.
Reference draft_of(std::uint64_t seed, Random& random) {
  Reference reference;
  add_assets(reference, random.pick(std::array<int, 5>{0, 2, 6, 6, 8}));
  add_coins(reference, random);
  std::vector<Instrument> instruments = linear_instruments();
  instruments.pop_back();
  for (Instrument& instrument : more_instruments(reference, random)) {
    instruments.push_back(std::move(instrument));
  }
  reference.instruments = std::move(instruments);
  for (Instrument& instrument : reference.instruments) vary_terms(instrument, reference, random);
  vary_position_limits(reference, random);
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    if (reference.instruments[i].kind == reference::Kind::spot) continue;
    add_random_tiers(reference, InstrumentId::from_raw(i), random);
  }
  reference.profiles = {retail(), desk(), retail(), desk()};
  reference.profiles[2].name = "portfolio";
  reference.profiles[3].name = "prime";
  for (Profile& profile : reference.profiles) {
    vary_life(profile, freed_least(reference), random);
    vary_margining(profile, reference, random);
  }
  add_exchange(reference);
  vary_exchange(reference, random);
  if (seed % 8 == 7) reference.limits = {30, 40};
  return reference;
}

}  // namespace

reference::Reference small_reference() {
  Reference reference;
  add_assets(reference, 6);
  const std::int64_t unit = 1'000'000;
  const std::vector<std::vector<BracketTerms>> terms{
      {{0, 50, 100},
       {50'000, 100, 250},
       {250'000, 250, 500},
       {1'000'000, 500, 1'000},
       {10'000'000, 1'000, 2'000}},
      {{0, 100, 200}, {25'000, 200, 400}, {500'000, 500, 1'000}},
      {{0, 250, 500}},
      {{0, 50, 100}, {100'000, 100, 200}}};
  const std::vector<Instrument> instruments = linear_instruments();
  for (std::size_t i = 0; i < instruments.size(); ++i) {
    add_linear(reference, instruments[i], brackets_of(unit, terms[i]));
  }
  reference.profiles = {retail(), desk()};
  add_exchange(reference);
  return finished(reference);
}

reference::Reference random_linear_reference(std::uint64_t seed) {
  Random random{seed ^ 0x7265666572656e63ULL};
  Reference reference;
  add_assets(reference, random.pick(std::array<int, 5>{0, 2, 6, 6, 8}));
  std::vector<Instrument> instruments = linear_instruments();
  if (random.chance(250)) instruments.pop_back();
  for (Instrument& instrument : instruments) {
    const std::int64_t unit = power_of_ten(reference.assets[instrument.settle.raw()].decimals);
    const std::vector<Bracket> brackets = random_brackets(unit, random);
    vary_grid(instrument, random);
    add_linear(reference, instrument, brackets);
  }
  reference.profiles = {retail(), desk()};
  for (Profile& profile : reference.profiles) vary_life(profile, freed_least(reference), random);
  add_exchange(reference);
  vary_exchange(reference, random);
  if (seed % 8 == 7) reference.limits = {30, 40};
  return finished(reference);
}

reference::Reference random_reference(std::uint64_t seed) {
  Random random{seed ^ 0x7769646572756c65ULL};
  return finished(draft_of(seed, random));
}

reference::Reference guarded_reference(std::uint64_t seed) {
  Random random{seed ^ 0x7769646572756c65ULL};
  Reference reference = draft_of(seed, random);
  vary_prices(reference, random);
  return finished(reference);
}

Price starting_price(const Instrument& instrument) {
  const std::string& symbol = instrument.symbol;
  if (symbol == "CHEAPUSDT") return Price::from_raw(7'100'000);
  if (symbol == "BTCUSDC") return Price::from_raw(61'750 * kRateOne);
  if (symbol == "USDC/USDT") return Price::from_raw(kRateOne);
  if (symbol == "ETH/BTC") return Price::from_raw(55'000'000);
  if (symbol == "BTCUSDT-0925" || symbol == "BTCUSD-0925") {
    return Price::from_raw(62'400 * kRateOne);
  }
  const bool eth = symbol.starts_with("ETH");
  return Price::from_raw((eth ? 3'400 : 61'800) * kRateOne);
}

}  // namespace plimsoll::support
