#include "feeds/venue/order_book.hpp"

#include <algorithm>

namespace plimsoll::feeds {
namespace {

/// Where `price` is or belongs. `before(a, b)`: is a worse than b? Changes are near the best.
template <class Before>
void set_in(std::vector<Price>& levels, Price price, bool there, Before before) {
  auto at = std::lower_bound(levels.begin(), levels.end(), price, before);
  const bool found = at != levels.end() && *at == price;
  if (found == there) return;
  if (!there) {
    levels.erase(at);
    return;
  }
  if (levels.size() == OrderBook::kLevelsMax) {
    if (at == levels.begin()) return;
    std::move(levels.begin() + 1, at, levels.begin());
    *(at - 1) = price;
    return;
  }
  levels.insert(at, price);
}

}  // namespace

void OrderBook::set(BookSide side, Price price, bool there) {
  if (side == BookSide::bid) {
    set_in(bids_, price, there, [](Price a, Price b) { return a < b; });
  } else {
    set_in(asks_, price, there, [](Price a, Price b) { return a > b; });
  }
}

}  // namespace plimsoll::feeds
