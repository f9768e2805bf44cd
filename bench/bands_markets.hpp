#pragma once

#include <string>
#include <vector>

#include "bench/bands_book.hpp"

// How prices go in the bench of bands: made up, or as they went on real days.

namespace plimsoll::bench {

/// One move of a mark.
struct MarkMove {
  std::uint32_t contract{0};
  std::int64_t price{0};
};

/// What a market asks of the ratios, at a million accounts; 0: nothing.
struct Goals {
  double recomputing{0};
  double incremental{0};
};

struct Market {
  std::string name;
  std::vector<MarkMove> moves;
  Goals goals;
};

/// Four made-up markets and one with a gap. Every fourth tick is of the first contract, the others
/// of any other.
[[nodiscard]] std::vector<Market> made_up_markets(std::size_t ticks);

/// Minutes of real days, as far as the folder of captures has them: the first contract and one or
/// two more move as traded contracts did.
[[nodiscard]] std::vector<Market> real_markets(const std::string& folder);

}  // namespace plimsoll::bench
