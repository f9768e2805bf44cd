#include "feeds/venue/reject.hpp"

#include <array>

namespace plimsoll::feeds {

std::string_view to_string(Reject reject) noexcept {
  constexpr std::array<std::string_view, kRejectKinds> kNames{
      "none",           "message_too_long", "malformed_json",     "unknown_message",
      "no_event_type",  "control_message",  "http_answer",        "options_later",
      "past_trades",    "liquidations",     "missing_field",      "unknown_instrument",
      "bad_time",       "bad_price",        "price_out_of_range", "crossed_book",
      "one_sided_book", "book_incomplete",  "stale_update",       "no_price",
      "not_wanted",     "nothing_lost",     "before_from"};
  const auto index = static_cast<std::size_t>(reject);
  return index < kNames.size() ? kNames[index] : "unknown";
}

}  // namespace plimsoll::feeds
