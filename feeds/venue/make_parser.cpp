#include "feeds/venue/binance/parser.hpp"
#include "feeds/venue/bitcom/parser.hpp"
#include "feeds/venue/bitmex/parser.hpp"
#include "feeds/venue/bybit/parser.hpp"
#include "feeds/venue/coinbase/parser.hpp"
#include "feeds/venue/deribit/parser.hpp"
#include "feeds/venue/dydx/parser.hpp"
#include "feeds/venue/kraken/parser.hpp"
#include "feeds/venue/okx/parser.hpp"
#include "feeds/venue/venue_parser.hpp"

namespace plimsoll::feeds {
namespace {

/// A venue whose messages are not understood; their channel names them.
class NoParser final : public VenueParser {
 public:
  [[nodiscard]] Outcome read(std::string_view json, Updates& /*updates*/) override {
    constexpr std::string_view kChannel = "\"channel\":\"";
    const std::size_t at = json.find(kChannel);
    if (at == std::string_view::npos) return {Reject::unknown_message, {}};
    const std::string_view rest = json.substr(at + kChannel.size());
    return {Reject::unknown_message, rest.substr(0, rest.find('"'))};
  }
};

}  // namespace

std::unique_ptr<VenueParser> make_parser(Venue venue, MarketTable& markets) {
  switch (venue) {
    case Venue::binance_usdm:
    case Venue::binance_coinm:
    case Venue::binance_spot:
      return std::make_unique<binance::Parser>(venue, markets);
    case Venue::deribit:
      return std::make_unique<deribit::Parser>(markets);
    case Venue::bybit:
      return std::make_unique<bybit::Parser>(markets);
    case Venue::okx:
      return std::make_unique<okx::Parser>(markets);
    case Venue::coinbase:
      return std::make_unique<coinbase::Parser>(markets);
    case Venue::kraken_futures:
      return std::make_unique<kraken::Parser>(markets);
    case Venue::bitmex:
      return std::make_unique<bitmex::Parser>(markets);
    case Venue::dydx:
      return std::make_unique<dydx::Parser>(markets);
    case Venue::bitcom:
      return std::make_unique<bitcom::Parser>(markets);
    case Venue::gemini:
    case Venue::hyperliquid:
      break;
  }
  return std::make_unique<NoParser>();
}

}  // namespace plimsoll::feeds
