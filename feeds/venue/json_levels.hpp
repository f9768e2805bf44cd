#pragma once

#include "feeds/venue/book_keeper.hpp"
#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::json {

/// Reads [[price, quantity, ...], ...] into `levels`; a quantity of 0 removes the level.
[[nodiscard]] inline Reject read_levels(Value& value, BookSide side, BookLevels& levels) {
  return for_each_element_of(value, [&](Value& level) {
    std::string_view price;
    std::string_view quantity;
    std::size_t count = 0;
    const Reject reject = for_each_element_of(level, [&](Value& item) {
      ++count;
      if (count > 2) return Reject::none;
      return text_of(item, count == 1 ? price : quantity);
    });
    if (reject != Reject::none) return reject;
    if (count < 2) return Reject::malformed_json;
    return levels.add(side, price, !is_zero_quantity(quantity));
  });
}

}  // namespace plimsoll::feeds::json
