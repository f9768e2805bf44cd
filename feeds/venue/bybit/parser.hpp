#pragma once

#include "feeds/venue/book_keeper.hpp"
#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::bybit {

/// What a ticker said last: a delta leaves out what did not change.
struct LastTicker {
  Price bid;
  Price ask;
  Price index;
  void reset() noexcept { *this = {}; }
};

/// Bybit v5: tickers (snapshot and delta), orderbook, publicTrade; and before v5: orderBookL2_25,
/// trade.
class Parser final : public VenueParser {
 public:
  explicit Parser(MarketTable& markets) : markets_{markets} {}
  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;
  void reset() override {
    tickers_.reset();
    books_.reset();
  }

 private:
  struct Header;
  [[nodiscard]] Reject read_data(json::Value& data, const Header& header, Updates& updates);
  [[nodiscard]] Reject read_ticker(json::Value& data, const Header& header, Updates& updates);
  [[nodiscard]] Reject read_book(json::Value& data, const Header& header, Updates& updates);
  [[nodiscard]] Reject read_old_book(json::Value& data, const Header& header, Updates& updates);
  [[nodiscard]] Reject read_trade(json::Value& row, Updates& updates);
  [[nodiscard]] Reject read_old_levels(json::Value& rows, bool there);

  MarketTable& markets_;
  json::Message message_;
  Reject rows_{Reject::none};  // of the rows of this message, the first
  BookLevels levels_;
  PerMarket<LastTicker> tickers_;
  BookKeepers books_;
};

}  // namespace plimsoll::feeds::bybit
