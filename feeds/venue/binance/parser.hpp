#pragma once

#include "feeds/venue/binance/depth.hpp"
#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::binance {

/// The kinds of message that are understood.
enum class Kind : std::uint8_t { none, mark, index, book, trade, depth, other };

/// The scalars of one message as the venue wrote them. A field that is absent or null has no data
/// pointer; an empty string has one.
struct Fields {
  Kind kind{Kind::none};         // e
  std::string_view kind_text;    // e
  std::string_view symbol;       // s
  std::string_view event_time;   // E, ms
  std::string_view second_time;  // T, ms: of the trade or book; of the next funding for a mark
  std::string_view price;        // p
  std::string_view index;        // i
  std::string_view bid;          // b
  std::string_view ask;          // a
  std::string_view number;       // u
  bool snapshot{false};          // a REST depth snapshot: lastUpdateId
};

/// Binance streams, bare or in the envelope {"stream","data"}: markPriceUpdate, indexPriceUpdate,
/// bookTicker, trade, aggTrade, and depthUpdate with its REST snapshot where a symbol has no
/// bookTicker. Of a repeated key the last counts.
class Parser final : public VenueParser {
 public:
  /// `venue` is one of Binance's: only spot has quotes that do not say what they are.
  Parser(Venue venue, MarketTable& markets)
      : markets_{markets}, is_spot_{venue == Venue::binance_spot} {}

  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;
  [[nodiscard]] Outcome read_answer(std::string_view address, std::string_view text, bool wanted,
                                    Updates& updates) override;
  void reset() override { depths_.reset(); }

 private:
  [[nodiscard]] Reject add(const Fields& fields, Updates& updates);
  [[nodiscard]] Reject read_depth(Updates& updates);
  [[nodiscard]] Reject read_snapshot(const Market* market, Updates& updates);
  [[nodiscard]] const Market* only_one_that_waits();
  /// Of a text that has no padding.
  [[nodiscard]] const Market* find_unpadded(std::string_view symbol);

  MarketTable& markets_;
  json::Message message_;
  bool is_spot_;
  BookLevels levels_;
  PerMarket<Depth> depths_;
};

}  // namespace plimsoll::feeds::binance
