#include "engine/marks/marks.hpp"

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
}

}  // namespace plimsoll::marks
