#include "feeds/venue/venue.hpp"

#include <array>
#include <utility>

namespace plimsoll::feeds {
namespace {

using Name = std::pair<std::string_view, Venue>;

constexpr std::array<std::string_view, kVenues> kNames{
    "binance-usdm", "binance-coinm", "binance-spot",   "deribit", "bybit",
    "okx",          "coinbase",      "kraken-futures", "bitmex",  "dydx",
    "bitcom",       "gemini",        "hyperliquid"};

constexpr std::array kExchanges{
    Name{"binance-futures", Venue::binance_usdm},
    Name{"binance-delivery", Venue::binance_coinm},
    Name{"binance", Venue::binance_spot},
    Name{"deribit", Venue::deribit},
    Name{"bybit", Venue::bybit},
    Name{"bybit-spot", Venue::bybit},
    Name{"bybit-options", Venue::bybit},
    Name{"okex", Venue::okx},
    Name{"coinbase", Venue::coinbase},
    Name{"cryptofacilities", Venue::kraken_futures},
    Name{"bitmex", Venue::bitmex},
    Name{"dydx", Venue::dydx},
    Name{"dydx-v4", Venue::dydx},
    Name{"gemini", Venue::gemini},
    Name{"hyperliquid", Venue::hyperliquid},
};

// Parts of host names, the longer before those that they hold.
constexpr std::array kHosts{
    Name{"fstream.binance.com", Venue::binance_usdm},
    Name{"fapi.binance.com", Venue::binance_usdm},
    Name{"dstream.binance.com", Venue::binance_coinm},
    Name{"dapi.binance.com", Venue::binance_coinm},
    Name{"stream.binance.com", Venue::binance_spot},
    Name{"api.binance.com", Venue::binance_spot},
    Name{"deribit.com", Venue::deribit},
    Name{"bybit.com", Venue::bybit},
    Name{"bytick.com", Venue::bybit},
    Name{"okx.com", Venue::okx},
    Name{"okex.com", Venue::okx},
    Name{"coinbase.com", Venue::coinbase},
    Name{"futures.kraken.com", Venue::kraken_futures},
    Name{"bitmex.com", Venue::bitmex},
    Name{"dydx.exchange", Venue::dydx},
    Name{"dydx.trade", Venue::dydx},
    Name{"bit.com", Venue::bitcom},
};

bool holds(std::string_view text, std::string_view word) noexcept {
  return text.find(word) != std::string_view::npos;
}

/// Which of Binance's markets: inverse contracts are named "BTCUSD_PERP" or "BTCUSD_240927", and
/// only futures say which update came before.
std::optional<Venue> binance_of(std::string_view json) noexcept {
  const bool depth = holds(json, "\"depthUpdate\"");
  const bool quote = holds(json, "\"b\":\"") && holds(json, "\"a\":\"") && holds(json, "\"u\":");
  if (holds(json, "USD_")) return Venue::binance_coinm;
  if (depth && !holds(json, "\"pu\":")) return Venue::binance_spot;
  if (quote && !holds(json, "\"e\":")) return Venue::binance_spot;
  if (depth || holds(json, "\"markPriceUpdate\"") || holds(json, "\"bookTicker\"")) {
    return Venue::binance_usdm;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Venue venue) noexcept {
  const auto index = static_cast<std::size_t>(venue);
  return index < kNames.size() ? kNames[index] : "unknown";
}

std::optional<Venue> parse_venue(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Venue>(i);
  }
  return std::nullopt;
}

std::optional<Venue> venue_of_exchange(std::string_view exchange) noexcept {
  if (exchange.starts_with("okex-")) return Venue::okx;
  for (const auto& [name, venue] : kExchanges) {
    if (name == exchange) return venue;
  }
  return std::nullopt;
}

std::optional<Venue> venue_of_address(std::string_view address) noexcept {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  address.remove_prefix(scheme + 3);
  const std::string_view host = address.substr(0, address.find_first_of(":/?"));
  for (const auto& [name, venue] : kHosts) {
    const bool whole = host.size() == name.size();
    if (!host.ends_with(name)) continue;
    if (whole || host[host.size() - name.size() - 1] == '.') return venue;
  }
  return std::nullopt;
}

std::optional<Venue> venue_of_message(std::string_view json) noexcept {
  if (holds(json, "\"jsonrpc\"") && holds(json, "\"params\"")) return Venue::deribit;
  if (holds(json, "\"topic\":")) return Venue::bybit;
  if (holds(json, "\"arg\":") && holds(json, "\"instId\":")) return Venue::okx;
  if (holds(json, "\"table\":") && holds(json, "\"action\":")) return Venue::bitmex;
  if (holds(json, "\"feed\":") && holds(json, "\"product_id\":")) return Venue::kraken_futures;
  if (holds(json, "\"product_id\":")) return Venue::coinbase;
  if (holds(json, "\"contents\":") && holds(json, "\"channel\":")) return Venue::dydx;
  if (holds(json, "\"instrument_id\":") && holds(json, "\"channel\":")) return Venue::bitcom;
  if (holds(json, "\"coin\":") && holds(json, "\"channel\":")) return Venue::hyperliquid;
  return binance_of(json);
}

}  // namespace plimsoll::feeds
