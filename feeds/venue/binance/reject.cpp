#include "feeds/venue/binance/reject.hpp"

namespace plimsoll::feeds::binance {

std::string_view to_string(Reject reject) noexcept {
  switch (reject) {
    case Reject::none:
      return "none";
    case Reject::message_too_long:
      return "message_too_long";
    case Reject::malformed_json:
      return "malformed_json";
    case Reject::unknown_message:
      return "unknown_message";
    case Reject::no_event_type:
      return "no_event_type";
    case Reject::missing_field:
      return "missing_field";
    case Reject::unknown_instrument:
      return "unknown_instrument";
    case Reject::bad_time:
      return "bad_time";
    case Reject::bad_price:
      return "bad_price";
    case Reject::price_out_of_range:
      return "price_out_of_range";
    case Reject::crossed_book:
      return "crossed_book";
  }
  return "unknown";
}

}  // namespace plimsoll::feeds::binance
