#pragma once

#include "feeds/venue/book_keeper.hpp"
#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::deribit {

/// Deribit's subscriptions over JSON-RPC: ticker, quote, deribit_price_index, trades, book. The
/// symbol of an index is its name ("btc_usd").
class Parser final : public VenueParser {
 public:
  explicit Parser(MarketTable& markets) : markets_{markets} {}
  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;
  void reset() override { books_.reset(); }

 private:
  [[nodiscard]] Reject read_data(json::Value& data, Updates& updates);
  [[nodiscard]] Reject read_book(json::Value& data, Updates& updates);
  [[nodiscard]] Reject read_levels(json::Value& value, BookSide side);

  MarketTable& markets_;
  json::Message message_;
  std::string_view channel_;
  Reject rows_{Reject::none};  // of the rows of this message, the first
  BookLevels levels_;
  BookKeepers books_;
};

}  // namespace plimsoll::feeds::deribit
