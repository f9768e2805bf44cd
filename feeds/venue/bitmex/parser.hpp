#pragma once

#include "feeds/venue/book_keeper.hpp"
#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::bitmex {

/// What an instrument row said last: an update leaves out what did not change.
struct LastInstrument {
  Price bid;
  Price ask;
  Price index;
  void reset() noexcept { *this = {}; }
};

/// BitMEX: quote, instrument (mark and index, and its quote), trade.
class Parser final : public VenueParser {
 public:
  explicit Parser(MarketTable& markets) : markets_{markets} {}
  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;
  void reset() override { instruments_.reset(); }

 private:
  enum class Table : std::uint8_t { quote, instrument, trade };
  [[nodiscard]] Reject read_row(json::Value& row, Table table, bool update, Updates& updates);
  [[nodiscard]] Reject add_instrument(const Market& market, bool is_update, bool names_bid,
                                      bool names_ask, MarketUpdate& update, Updates& updates);

  MarketTable& markets_;
  json::Message message_;
  Reject rows_{Reject::none};  // of the rows of this message, the first
  PerMarket<LastInstrument> instruments_;
};

}  // namespace plimsoll::feeds::bitmex
