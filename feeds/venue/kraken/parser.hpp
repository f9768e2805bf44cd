#pragma once

#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::kraken {

/// Kraken Futures: ticker, ticker_lite, trade.
class Parser final : public VenueParser {
 public:
  explicit Parser(MarketTable& markets) : markets_{markets} {}
  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;

 private:
  MarketTable& markets_;
  json::Message message_;
};

}  // namespace plimsoll::feeds::kraken
