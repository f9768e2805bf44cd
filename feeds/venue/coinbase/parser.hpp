#pragma once

#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::coinbase {

/// Coinbase: ticker and match of the Exchange (Pro) feed; ticker, ticker_batch and market_trades of
/// Advanced Trade, whose messages are numbered one by one over the connection.
class Parser final : public VenueParser {
 public:
  explicit Parser(MarketTable& markets) : markets_{markets} {}
  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;
  void reset() override { next_sequence_ = 0; }

 private:
  [[nodiscard]] Reject read_events(json::Value& events, std::string_view channel, Updates& updates);
  void check_sequence(std::string_view number, Updates& updates);

  MarketTable& markets_;
  json::Message message_;
  Reject rows_{Reject::none};       // of the rows of this message, the first
  std::uint64_t next_sequence_{0};  // 0: any
};

}  // namespace plimsoll::feeds::coinbase
