#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plimsoll::feeds {

/// The venues that are told apart. Of `gemini` only CSV is understood, of `hyperliquid` nothing.
enum class Venue : std::uint8_t {
  binance_usdm,
  binance_coinm,
  binance_spot,
  deribit,
  bybit,
  okx,
  coinbase,
  kraken_futures,
  bitmex,
  dydx,
  bitcom,
  gemini,
  hyperliquid,
};
inline constexpr std::size_t kVenues = 13;

/// The name that configurations and command lines use ("binance-usdm"), or "unknown".
[[nodiscard]] std::string_view to_string(Venue venue) noexcept;
[[nodiscard]] std::optional<Venue> parse_venue(std::string_view name) noexcept;

/// The venue of an `exchange` column of Tardis CSV: "binance-futures" is binance-usdm.
[[nodiscard]] std::optional<Venue> venue_of_exchange(std::string_view exchange) noexcept;

/// The venue that an address belongs to: "wss://fstream.binance.com/stream?..." is binance-usdm.
[[nodiscard]] std::optional<Venue> venue_of_address(std::string_view address) noexcept;

/// The venue whose shape a message has, from words that only its messages hold.
[[nodiscard]] std::optional<Venue> venue_of_message(std::string_view json) noexcept;

}  // namespace plimsoll::feeds
