#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Why a message became no input. A rejected message is counted under its reason, never lost.

namespace plimsoll::feeds {

/// The checks are made in this order, one price after the other; the first that fails names the
/// reason.
enum class Reject : std::uint8_t {
  none,                // an input was made
  message_too_long,    // longer than VenueParser::kMessageLengthMax, or no memory to parse it
  malformed_json,      // not UTF-8, not one JSON object, or cut short
  unknown_message,     // a kind that is not understood, or not needed
  no_event_type,       // nothing says what it is: a REST answer, a reply to a subscription
  control_message,     // a reply to a subscription, a heartbeat, a greeting
  http_answer,         // of REST; it starts no book
  options_later,       // prices of options, which nothing uses yet
  past_trades,         // trades from before the subscription
  liquidations,        // of others; they move nothing
  missing_field,       // a field that the kind needs is absent or null
  unknown_instrument,  // the reference does not list the symbol
  bad_time,            // not a time in the venue's form
  bad_price,           // not a decimal, or beyond 64 bits
  price_out_of_range,  // not above 0, or above price_max
  crossed_book,        // bid at or above ask
  one_sided_book,      // no bid, or no ask
  book_incomplete,     // part of a book whose start, or whose part before it, is missing
  stale_update,        // part of a book that is older than the book
  no_price,            // understood, but none of its prices is there
  not_wanted,          // of a listed symbol, but a kind of price that nothing takes
  nothing_lost,        // the connection was lost, but it had said nothing yet
  before_from,         // received before the time that a replay starts at
};
inline constexpr std::size_t kRejectKinds = 23;

/// Stable snake_case name ("crossed_book"), or "unknown".
[[nodiscard]] std::string_view to_string(Reject reject) noexcept;

}  // namespace plimsoll::feeds
