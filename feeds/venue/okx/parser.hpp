#pragma once

#include "feeds/venue/book_keeper.hpp"
#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::okx {

/// OKX v5: mark-price, index-tickers, tickers, trades, and its books.
class Parser final : public VenueParser {
 public:
  explicit Parser(MarketTable& markets) : markets_{markets} {}
  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;
  void reset() override { books_.reset(); }

 private:
  struct Header {
    std::string_view channel;
    std::string_view symbol;
    std::string_view action;
  };
  [[nodiscard]] Reject read_row(json::Value& row, const Header& header, Updates& updates);
  [[nodiscard]] Reject read_book(json::Value& row, const Header& header, Updates& updates);

  MarketTable& markets_;
  json::Message message_;
  Reject rows_{Reject::none};  // of the rows of this message, the first
  BookLevels levels_;
  BookKeepers books_;
};

}  // namespace plimsoll::feeds::okx
