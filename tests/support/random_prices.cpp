// Random rules of trusted prices.

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "tests/support/random_rules.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::support {
namespace {

using reference::Guard;
using reference::Index;
using reference::IndexMethod;
using reference::Instrument;
using reference::MarkMethod;
using reference::MarkRules;
using reference::Reference;
using reference::Source;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kBasisPoint = 100'000;  // as a Rate

/// One of a list of times.
template <std::size_t N>
Duration some_time(const std::array<std::int64_t, N>& list, Random& random) {
  return Duration::from_raw(random.pick(list));
}

Guard random_guard(Random& random) {
  Guard guard;
  guard.age_max = some_time(
      std::array{std::int64_t{0}, 3 * kSecond, 10 * kSecond, 20 * kSecond, 40 * kSecond}, random);
  guard.skew_max =
      some_time(std::array{std::int64_t{0}, 2 * kMillisecond, 20 * kMillisecond, kSecond}, random);
  guard.clock_error_max =
      some_time(std::array{std::int64_t{0}, 200 * kMillisecond, 2 * kSecond, 15 * kSecond}, random);
  guard.spread_max =
      Rate::from_raw(random.pick(std::array<std::int64_t, 4>{0, 50, 100, 500}) * kBasisPoint);
  guard.velocity_max = Rate::from_raw(
      random.pick(std::array<std::int64_t, 5>{0, 50, 200, 500, 1'000}) * kBasisPoint);
  guard.velocity_window = some_time(std::array{50 * kMillisecond, kSecond, 5 * kSecond}, random);
  guard.velocity_hold =
      some_time(std::array{std::int64_t{1}, 300 * kMillisecond, 2 * kSecond, 8 * kSecond}, random);
  guard.velocity_sources = static_cast<std::uint32_t>(random.between(1, 4));
  guard.freeze_width = Rate::from_raw(
      random.pick(std::array<std::int64_t, 5>{0, 7, 100, 500, 3'000}) * kBasisPoint + 1);
  if (random.chance(200)) guard.freeze_width = Rate{};
  guard.freeze_max =
      some_time(std::array{std::int64_t{0}, kSecond, 3 * kSecond, 10 * kSecond}, random);
  guard.after = random.chance(600) ? reference::AfterFreeze::accept : reference::AfterFreeze::wait;
  return guard;
}

GuardId some_guard(const Reference& reference, Random& random) {
  return GuardId::from_raw(static_cast<std::uint32_t>(random.below(reference.guards.size())));
}

/// An asset whose index converts prices of sources, or none.
AssetId plain_asset(const Reference& reference) {
  return reference.indices.empty() ? kNoAsset : reference.indices.front().asset;
}

void add_index(Reference& reference, Index index, bool converts, Random& random) {
  const IndexId id = IndexId::from_raw(static_cast<std::uint32_t>(reference.indices.size()));
  const AssetId quote = plain_asset(reference);
  const std::int64_t count = random.chance(250) ? random.between(1, 2) : random.between(3, 9);
  for (std::int64_t i = 0; i < count; ++i) {
    Source source;
    source.name = index.name + "/" + std::to_string(i);
    source.venue = "venue-" + std::to_string(i);
    source.symbol = index.name;
    source.index = id;
    source.field = random.chance(500) ? reference::SourceField::quote
                                      : static_cast<reference::SourceField>(random.between(1, 3));
    source.weight = Rate::from_raw(random.chance(300) ? random.between(1, 1'000 * kRateOne)
                                                      : random.between(1, 30) * kRateOne / 10);
    if (converts && quote != kNoAsset && random.chance(400)) source.quote = quote;
    reference.sources.push_back(source);
  }
  index.guard = some_guard(reference, random);
  std::uint32_t& confirming = reference.guards[index.guard.raw()].velocity_sources;
  confirming = std::min(confirming, static_cast<std::uint32_t>(count));
  index.method =
      random.pick(std::array{IndexMethod::mean, IndexMethod::weighted, IndexMethod::median});
  index.clamp =
      Rate::from_raw(random.pick(std::array<std::int64_t, 4>{10, 50, 200, 5'000}) * kBasisPoint);
  index.quorum = static_cast<std::uint32_t>(random.between(1, (count + 1) / 2));
  if (random.chance(150)) index.quorum = static_cast<std::uint32_t>(count);
  index.quarantine_after = static_cast<std::uint32_t>(random.between(0, 3));
  index.quarantine_time =
      some_time(std::array{std::int64_t{0}, kSecond, 4 * kSecond, 30 * kSecond}, random);
  reference.indices.push_back(std::move(index));
}

/// The index of an asset: stable ones first, without conversion.
void add_asset_index(Reference& reference, std::uint32_t asset, Random& random) {
  const reference::Asset& terms = reference.assets[asset];
  const bool coin = terms.name == "BTC" || terms.name == "ETH";
  Index index;
  index.name = terms.name;
  index.asset = AssetId::from_raw(asset);
  index.price_max = Price::from_raw(terms.index_max.raw() - random.between(0, 9));
  add_index(reference, index, coin, random);
}

void add_asset_indices(Reference& reference, Random& random) {
  for (const bool coins : {false, true}) {
    for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
      const reference::Asset& asset = reference.assets[i];
      const bool coin = asset.name == "BTC" || asset.name == "ETH";
      if (coin != coins || asset.index_max.raw() == 0 || !random.chance(700)) continue;
      if (reference.numeraire.raw() != i) add_asset_index(reference, i, random);
    }
  }
}

/// Of instruments alone, about their price.
void add_market_indices(Reference& reference, Random& random) {
  for (std::uint32_t i = 0; i < 3; ++i) {
    if (!random.chance(700)) continue;
    Index index;
    index.name = "market/" + std::to_string(i);
    index.price_max = Price::from_raw(starting_price(reference.instruments[i]).raw() * 10);
    const bool converts = !reference.indices.empty() &&
                          reference.indices.front().asset != kNoAsset && random.chance(500);
    add_index(reference, index, converts, random);
  }
}

/// An index whose price is about that of the instrument, or none.
IndexId fitting_index(const Reference& reference, const Instrument& instrument, Random& random) {
  std::vector<IndexId> fitting;
  const std::int64_t own = starting_price(instrument).raw();
  for (std::uint32_t i = 0; i < reference.indices.size(); ++i) {
    const Index& index = reference.indices[i];
    const std::int64_t price =
        index.asset != kNoAsset
            ? starting_index(reference.assets[index.asset.raw()]).raw()
            : starting_price(
                  reference.instruments[static_cast<std::size_t>(index.name.back() - '0')])
                  .raw();
    if (price < own * 11 / 10 && price > own * 9 / 10) fitting.push_back(IndexId::from_raw(i));
  }
  return fitting.empty() ? kNoIndex : fitting[random.below(fitting.size())];
}

/// A mean before an expiry that lies in most histories; some windows have begun before them.
void vary_settlement(Instrument& instrument, Random& random) {
  constexpr std::int64_t kStart = 1'700'000'000 * kSecond;
  MarkRules& rules = instrument.mark;
  const std::int64_t step =
      random.pick(std::array{kMillisecond * 10, kMillisecond * 250, kSecond, kSecond * 7 / 2});
  rules.settlement_step = Duration::from_raw(step);
  rules.settlement_window = Duration::from_raw(step * random.between(1, 30));
  rules.settlement_samples =
      Rate::from_raw(random.chance(200) ? kRateOne : random.between(1, kRateOne));
  instrument.expiry = EventTime::from_raw(
      kStart + (random.chance(100) ? random.between(0, 20) : random.between(20, 250)) * kSecond +
      random.between(0, 3) * 100 * kMillisecond);
}

void vary_mark(Instrument& instrument, const Reference& reference, Random& random) {
  MarkRules& rules = instrument.mark;
  if (random.chance(800)) rules.guard = some_guard(reference, random);
  rules.method = random.pick(std::array{MarkMethod::automatic, MarkMethod::venue,
                                        MarkMethod::middle, MarkMethod::last_trade});
  rules.index = fitting_index(reference, instrument, random);
  if (rules.index == kNoIndex) return;
  if (random.chance(600)) {
    rules.method = random.chance(500) ? MarkMethod::index_basis : MarkMethod::median;
  }
  rules.basis_time = some_time(std::array{std::int64_t{1}, kSecond, 30 * kSecond}, random);
  rules.basis_max =
      Rate::from_raw(random.pick(std::array<std::int64_t, 4>{0, 20, 500, 5'000}) * kBasisPoint);
  rules.funding_period =
      some_time(std::array{7 * kSecond, 60 * kSecond, std::int64_t{28'800} * kSecond}, random);
  if (random.chance(300)) vary_settlement(instrument, random);
}

}  // namespace

void vary_prices(Reference& reference, Random& random) {
  const std::int64_t guards = random.between(2, 5);
  for (std::int64_t i = 0; i < guards; ++i) {
    reference.guards.push_back(random_guard(random));
    reference.guards.back().name = "guard-" + std::to_string(i);
  }
  add_asset_indices(reference, random);
  add_market_indices(reference, random);
  for (Instrument& instrument : reference.instruments) {
    if (instrument.kind != reference::Kind::spot) vary_mark(instrument, reference, random);
  }
  for (reference::Profile& profile : reference.profiles) {
    profile.confirm_time = some_time(
        std::array{std::int64_t{0}, std::int64_t{1}, 200 * kMillisecond, 2 * kSecond}, random);
  }
  reference::Breaker& breaker = reference.breaker;
  breaker.liquidations_max =
      static_cast<std::uint32_t>(random.pick(std::array<std::int64_t, 5>{0, 0, 1, 3, 8}));
  breaker.window = some_time(std::array{kSecond, 10 * kSecond, 60 * kSecond}, random);
  breaker.hold = some_time(std::array{std::int64_t{0}, kSecond, 7 * kSecond}, random);
  breaker.lag_max = some_time(std::array{std::int64_t{0}, 10 * kMillisecond, kSecond}, random);
}

}  // namespace plimsoll::support
