#include "tests/support/market_path.hpp"

#include <algorithm>

#include "tests/support/reference_fixture.hpp"

namespace plimsoll::support {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::int64_t to_tick(std::int64_t price, std::int64_t tick) {
  return price / tick * tick;
}

}  // namespace

/// What must be published for a mark of that method; for most anything will do.
int MarketPath::source_of(reference::MarkMethod method, int any) {
  switch (method) {
    case reference::MarkMethod::automatic:
      return any;
    case reference::MarkMethod::venue:
      return 1;
    case reference::MarkMethod::last_trade:
      return 3;
    case reference::MarkMethod::middle:
    case reference::MarkMethod::index_basis:
    case reference::MarkMethod::median:
      break;
  }
  return 0;
}

MarketPath::Path MarketPath::path_of(const reference::Instrument& instrument, Random& random) {
  const std::int64_t start = starting_price(instrument).raw();
  const std::int64_t tick = instrument.tick.raw();
  const std::int64_t lowest = std::max(20 * tick, instrument.price_min.raw() + 10 * tick);
  const bool pegged = instrument.symbol == "USDC/USDT";
  return {.base = start,
          .price = start,
          .tick = tick,
          .lowest = to_tick(lowest, tick) + (lowest % tick == 0 ? 0 : tick),
          .highest = to_tick(instrument.price_max.raw() / 2, tick),
          .beta = pegged ? random.between(20, 200) : random.between(600, 1'400),
          .breath = pegged ? 100 : 1'000,
          .quiet = 0,
          .source = static_cast<int>(random.below(3)),
          .marked = false};
}

MarketPath::MarketPath(const reference::Reference& reference, std::size_t inputs, bool late_marks,
                       Random& random)
    : inputs_{inputs} {
  for (const reference::Instrument& instrument : reference.instruments) {
    Path path = path_of(instrument, random);
    path.source = source_of(instrument.mark.method, path.source);
    if (late_marks && random.chance(300)) path.quiet = 1 + random.below(inputs / 10 + 1);
    paths_.push_back(path);
  }
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const reference::Asset& asset = reference.assets[i];
    const bool none = reference.numeraire == kNoAsset || reference.numeraire.raw() == i;
    const int source = asset.name == "BTC" ? 0 : (asset.name == "ETH" ? 1 : -1);
    const std::int64_t max = none ? 0 : asset.index_max.raw();
    indices_.push_back({max == 0 ? kRateOne : 0, max, source});
    if (max > 0) published_.push_back(i);
  }
}

/// About one crash in 300 prices, over 5 to 80 of them; every fourth goes up.
void MarketPath::step_regime(Random& random) {
  if (crash_left_ > 0) {
    --crash_left_;
    return;
  }
  crash_step_ = 0;
  if (!random.chance(4)) return;
  crash_left_ = random.between(5, 80);
  const std::int64_t whole = random.between(50'000, 600'000);
  crash_step_ = (random.chance(250) ? whole : -whole) / crash_left_;
}

void MarketPath::move(Path& path, Random& random) const {
  const std::int64_t noise = (crash_left_ > 0 ? 6'000 : 900) * path.breath / 1'000;
  std::int64_t change = random.between(-noise, noise);
  if (crash_left_ > 0) {
    change += crash_step_ * path.beta / 1'000;
    if (random.chance(30)) {
      const std::int64_t jump = crash_step_ < 0 ? -random.between(20'000, 200'000) : 50'000;
      change += jump * path.breath / 1'000;
    }
  } else {
    const Int128 away = Int128{path.base - path.price} * kMillion / path.base;
    change += static_cast<std::int64_t>(away) / 60;
  }
  change = std::max<std::int64_t>(change, -500'000);
  const Int128 moved = Int128{path.price} * (kMillion + change) / kMillion;
  path.price =
      std::clamp(to_tick(static_cast<std::int64_t>(moved), path.tick), path.lowest, path.highest);
}

InputBody MarketPath::quote(std::uint32_t instrument, Random& random) {
  Path& path = paths_[instrument];
  const InstrumentId id = InstrumentId::from_raw(instrument);
  const bool late = made_ > inputs_ / 3;
  const bool publishes = path.source == 1 || (path.source == 2 && late && random.chance(500));
  if (publishes) path.source = path.source == 2 ? 1 : path.source;  // a quote would move nothing
  move(path, random);
  path.marked = true;
  const Price price = Price::from_raw(path.price);
  if (path.source == 3) return TradePrinted{id, price, EventTime{}};
  if (path.source == 1) {
    return MarkPublished{id, price, random.chance(500) ? price : Price{}, EventTime{}};
  }
  const std::int64_t half = path.tick * random.between(1, 9);
  return BookQuoted{id, Price::from_raw(path.price - half), Price::from_raw(path.price + half),
                    EventTime{}};
}

InputBody MarketPath::next_index(std::uint32_t asset, Random& random) {
  Index& index = indices_[asset];
  const std::int64_t before = index.price == 0 ? kRateOne : index.price;
  Int128 price = 0;
  if (index.source >= 0) {
    const Path& path = paths_[static_cast<std::size_t>(index.source)];
    price = Int128{path.price} * (kMillion + random.between(-2'000, 2'000)) / kMillion;
  } else {
    // Back to the peg, or away from it in a crash.
    const std::int64_t pull = crash_left_ > 0 ? crash_step_ / 4 : (kRateOne - before) / 20'000;
    price = Int128{before} * (kMillion + pull + random.between(-400, 400)) / kMillion;
  }
  index.price = static_cast<std::int64_t>(std::clamp<Int128>(price, 1, index.max));
  return IndexPublished{AssetId::from_raw(asset), Price::from_raw(index.price), EventTime{}};
}

InputBody MarketPath::next(Random& random) {
  ++made_;
  step_regime(random);
  if (!published_.empty() && random.chance(200)) {
    return next_index(published_[random.below(published_.size())], random);
  }
  const auto instrument = static_cast<std::uint32_t>(random.below(paths_.size()));
  Path& path = paths_[instrument];
  if (path.quiet > 0 && made_ < path.quiet) {
    return TradePrinted{InstrumentId::from_raw(instrument), Price::from_raw(path.price),
                        EventTime{}};
  }
  if (random.chance(100)) {
    return TradePrinted{InstrumentId::from_raw(instrument),
                        Price::from_raw(path.price + path.tick * random.between(-9, 9)),
                        EventTime{}};
  }
  // Where marks are published, quotes still come, and move nothing.
  if (path.source == 1 && path.marked && random.chance(200)) {
    const std::int64_t half = path.tick * random.between(1, 9);
    const std::int64_t middle = path.price + path.tick * random.between(-9, 9);
    return BookQuoted{InstrumentId::from_raw(instrument), Price::from_raw(middle - half),
                      Price::from_raw(middle + half), EventTime{}};
  }
  return quote(instrument, random);
}

}  // namespace plimsoll::support
