#pragma once

#include <vector>

#include "engine/value/types.hpp"

namespace plimsoll::feeds {

enum class BookSide : bool { bid, ask };

/// The prices of an order book, kept from the venue's levels for its best bid and ask. Levels far
/// from the best are forgotten when a side is full, so that it never grows beyond kLevelsMax.
class OrderBook {
 public:
  static constexpr std::size_t kLevelsMax = 2'048;

  void clear() noexcept {
    bids_.clear();
    asks_.clear();
  }
  /// Adds the level, or removes it.
  void set(BookSide side, Price price, bool there);

  /// 0 where there is none.
  [[nodiscard]] Price best_bid() const noexcept { return bids_.empty() ? Price{} : bids_.back(); }
  [[nodiscard]] Price best_ask() const noexcept { return asks_.empty() ? Price{} : asks_.back(); }

 private:
  std::vector<Price> bids_;  // the best is the last
  std::vector<Price> asks_;
};

}  // namespace plimsoll::feeds
