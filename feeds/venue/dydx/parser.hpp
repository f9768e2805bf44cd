#pragma once

#include "feeds/venue/json_message.hpp"

namespace plimsoll::feeds::dydx {

/// dYdX: trades of v3 and v4; v3_markets (oracle price as mark, and index) and v4_markets (oracle
/// price as mark).
class Parser final : public VenueParser {
 public:
  explicit Parser(MarketTable& markets) : markets_{markets} {}
  [[nodiscard]] Outcome read(std::string_view text, Updates& updates) override;

 private:
  struct Header;
  [[nodiscard]] Reject read_contents(json::Value& contents, const Header& header, Updates& updates);
  [[nodiscard]] Reject read_trades(json::Value& contents, std::string_view symbol,
                                   Updates& updates);
  [[nodiscard]] Reject read_markets(json::Value& contents, Updates& updates);
  [[nodiscard]] Reject read_market(std::string_view symbol, json::Value& row, Updates& updates);

  MarketTable& markets_;
  json::Message message_;
  Reject rows_{Reject::none};  // of the rows of this message, the first
};

}  // namespace plimsoll::feeds::dydx
