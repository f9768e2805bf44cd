#include "engine/marks/marks.hpp"

namespace plimsoll::marks {

Marks::Marks(const reference::Reference& reference)
    : mark_doubts_(reference.instruments.size()),
      index_doubts_(reference.assets.size()),
      prices_(reference.instruments.size()),
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
}

void Marks::note(Doubt& doubt, const Move& move) noexcept {
  const bool was_sure = doubt.low.raw() == 0;
  unsure_ += was_sure && !move.sure() ? 1U : 0U;
  unsure_ -= !was_sure && move.sure() ? 1U : 0U;
  doubt = move.sure() ? Doubt{} : Doubt{move.low, move.high, move.frozen};
}

void Marks::apply(const Move& move) {
  PLIMSOLL_ASSERT(move.low.raw() > 0 && move.low <= move.high);
  if (move.instrument != kNoInstrument) {
    set(move.instrument, move.price);
    note(mark_doubts_[move.instrument.raw()], move);
  } else {
    set_index(move.asset, move.price);
    note(index_doubts_[move.asset.raw()], move);
  }
}

Move Marks::state_of(const Doubt& doubt, Price price) noexcept {
  if (doubt.low.raw() == 0) return {.price = price, .low = price, .high = price};
  return {.price = price, .low = doubt.low, .high = doubt.high, .frozen = doubt.frozen};
}

Move Marks::state(InstrumentId instrument) const noexcept {
  Move move = state_of(mark_doubts_[instrument.raw()], of(instrument));
  move.instrument = instrument;
  return move;
}

Move Marks::state(AssetId asset) const noexcept {
  Move move = state_of(index_doubts_[asset.raw()], index(asset));
  move.asset = asset;
  return move;
}

}  // namespace plimsoll::marks
