#pragma once

#include <vector>

#include "engine/reference/price_rules.hpp"

namespace plimsoll::market {

/// What one live source says, in the quote of the index.
struct Constituent {
  SourceId source;
  Price price;
  Rate weight;
};

/// One price out of several, and the band around their median beyond which they count as its edge.
struct IndexPrice {
  Price price;
  Price band_low;
  Price band_high;
  std::uint32_t within{0};  // constituents in the band
};

/// The index of some constituents, whose order it may change. A minority that lies cannot move it
/// out of the range of the others by more than the clamp. REQUIRES: not empty, prices above 0.
[[nodiscard]] IndexPrice index_price(const reference::Index& rules,
                                     std::vector<Constituent>& constituents);

}  // namespace plimsoll::market
