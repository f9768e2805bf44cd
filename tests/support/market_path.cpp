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

MarketPath::MarketPath(const reference::Reference& reference, std::size_t inputs, bool late_marks,
                       Random& random)
    : inputs_{inputs} {
  for (const reference::Instrument& instrument : reference.instruments) {
    const std::int64_t start = starting_price(instrument).raw();
    const bool late = late_marks && random.chance(300);
    const std::size_t quiet = late ? 1 + random.below(inputs / 10 + 1) : 0;
    paths_.push_back({start, start, instrument.tick.raw(), instrument.price_max.raw(),
                      random.between(600, 1'400), quiet, static_cast<int>(random.below(3)), false});
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
  const std::int64_t noise = crash_left_ > 0 ? 6'000 : 900;
  std::int64_t change = random.between(-noise, noise);
  if (crash_left_ > 0) {
    change += crash_step_ * path.beta / 1'000;
    if (random.chance(30)) change += crash_step_ < 0 ? -random.between(20'000, 200'000) : 50'000;
  } else {
    const Int128 away = Int128{path.base - path.price} * kMillion / path.base;
    change += static_cast<std::int64_t>(away) / 60;
  }
  change = std::max<std::int64_t>(change, -500'000);
  const Int128 moved = Int128{path.price} * (kMillion + change) / kMillion;
  path.price = std::clamp(to_tick(static_cast<std::int64_t>(moved), path.tick), 20 * path.tick,
                          to_tick(path.price_max / 2, path.tick));
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
  if (path.source == 1) {
    return MarkPublished{id, price, random.chance(500) ? price : Price{}, EventTime{}};
  }
  const std::int64_t half = path.tick * random.between(1, 9);
  return BookQuoted{id, Price::from_raw(path.price - half), Price::from_raw(path.price + half),
                    EventTime{}};
}

InputBody MarketPath::next(Random& random) {
  ++made_;
  step_regime(random);
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
