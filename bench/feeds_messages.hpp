#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/venue/venue.hpp"

namespace plimsoll::bench {

/// Messages of one kind of one venue, each followed by padding that may be read.
struct VenueMessages {
  std::string name;  // "binance-usdm bookTicker"
  feeds::Venue venue{feeds::Venue::binance_usdm};
  std::vector<std::string> symbols;
  std::vector<std::string> texts;  // with padding
  std::size_t padding{0};
  [[nodiscard]] std::string_view text(std::size_t i) const {
    return {texts[i].data(), texts[i].size() - padding};
  }
};

/// The kinds that give most ticks, `count` messages each, over a few symbols and prices; the same
/// every time.
[[nodiscard]] std::vector<VenueMessages> make_messages(std::size_t count);

}  // namespace plimsoll::bench
