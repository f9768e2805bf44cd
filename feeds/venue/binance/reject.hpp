#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Why a venue message became no input. A rejected message is counted under its reason, never lost.

namespace plimsoll::feeds::binance {

/// The checks are made in this order, one price after the other; the first that fails names the
/// reason.
enum class Reject : std::uint8_t {
  none,                // an input was made
  message_too_long,    // longer than Parser::kMessageLengthMax, or no memory to parse it
  malformed_json,      // not UTF-8, not one JSON object, or cut short
  unknown_message,     // a kind that is not understood (depthUpdate), or a list of messages
  no_event_type,       // no `e`: a REST answer, a reply to a subscription, a spot bookTicker
  missing_field,       // a field that the kind needs is absent or null
  unknown_instrument,  // the reference does not list the symbol
  bad_time,            // `E` or `T` is not a count of milliseconds
  bad_price,           // not a decimal, finer than 1e-9, or beyond 64 bits
  price_out_of_range,  // not above 0, or above the instrument's price_max
  crossed_book,        // bid at or above ask
};
inline constexpr std::size_t kRejectKinds = 11;

/// Stable snake_case name ("crossed_book"), or "unknown".
[[nodiscard]] std::string_view to_string(Reject reject) noexcept;

}  // namespace plimsoll::feeds::binance
