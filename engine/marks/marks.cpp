#include "engine/marks/marks.hpp"

#include <algorithm>

namespace plimsoll::marks {

Marks::Marks(const reference::Reference& reference)
    : prices_(reference.instruments.size()),
      fundings_(reference.instruments.size()),
      open_interests_(reference.instruments.size()),
      indices_(reference.assets.size()),
      factors_(reference.assets.size(), Rate::from_raw(kRateOne)) {
  terms_.reserve(reference.instruments.size());
  for (const reference::Instrument& instrument : reference.instruments) {
    terms_.push_back({instrument.tiers_long, instrument.tiers_short, instrument.status});
  }
  if (reference.numeraire != kNoAsset) {
    set_index(reference.numeraire, Price::from_raw(kRateOne));
  }
  unsure_.reserve(reference.instruments.size() + reference.assets.size());
}

const Move* Marks::find(InstrumentId instrument, AssetId asset) const noexcept {
  for (const Move& move : unsure_) {
    if (move.instrument == instrument && move.asset == asset) return &move;
  }
  return nullptr;
}

void Marks::apply(const Move& move) {
  PLIMSOLL_ASSERT(move.low.raw() > 0 && move.low <= move.high);
  if (move.instrument != kNoInstrument) {
    set(move.instrument, move.price);
  } else {
    set_index(move.asset, move.price);
  }
  if (unsure_.empty() && move.sure()) return;
  std::erase_if(unsure_, [&](const Move& old) {
    return old.instrument == move.instrument && old.asset == move.asset;
  });
  if (!move.sure()) unsure_.push_back(move);
}

Move Marks::state(InstrumentId instrument) const noexcept {
  if (const Move* move = find(instrument, kNoAsset)) return *move;
  const Price price = of(instrument);
  return {.instrument = instrument, .price = price, .low = price, .high = price};
}

Move Marks::state(AssetId asset) const noexcept {
  if (const Move* move = find(kNoInstrument, asset)) return *move;
  const Price price = index(asset);
  return {.asset = asset, .price = price, .low = price, .high = price};
}

}  // namespace plimsoll::marks
