#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/reference/reference.hpp"
#include "feeds/capture/format.hpp"

namespace plimsoll::feeds {

/// The first price of every instrument in some captures, by InstrumentId: its first mark or, where
/// that comes earlier, the middle of its first quote, rounded down. 0 where there is none.
struct FirstPrices {
  std::vector<Price> prices;
  std::optional<CaptureError> error;  // a capture could not be read; prices were found before that
};

/// Reads the captures from the start, in merged order, until every instrument has a price; to the
/// end when one has none. Keeps nothing open. Any thread.
[[nodiscard]] FirstPrices first_prices(const std::vector<std::string>& captures,
                                       const reference::Reference& reference);

}  // namespace plimsoll::feeds
