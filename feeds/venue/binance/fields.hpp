#pragma once

#include <cstdint>
#include <string_view>

#include "feeds/venue/binance/reject.hpp"

namespace plimsoll::feeds::binance {

/// The kinds of message that are understood.
enum class Kind : std::uint8_t { none, mark, book, trade, other };

/// The scalars of one message as the venue wrote them, without quotes; views into the message. A
/// field that is absent or null has no data pointer; an empty string has one.
struct Fields {
  Kind kind{Kind::none};         // e
  std::string_view symbol;       // s
  std::string_view event_time;   // E, ms
  std::string_view second_time;  // T, ms: of the trade or book; of the next funding for a mark
  std::string_view price;        // p
  std::string_view index;        // i
  std::string_view bid;          // b
  std::string_view ask;          // a
};

/// Which kind the text of `e` names.
[[nodiscard]] inline Kind kind_of(std::string_view event_type) noexcept {
  if (event_type == "bookTicker") return Kind::book;
  if (event_type == "trade" || event_type == "aggTrade") return Kind::trade;
  if (event_type == "markPriceUpdate") return Kind::mark;
  return Kind::other;
}

/// Where the text of a one-letter key belongs, or nullptr when it is not needed.
[[nodiscard]] inline std::string_view* field_of(Fields& fields, char key) noexcept {
  switch (key) {
    case 's':
      return &fields.symbol;
    case 'E':
      return &fields.event_time;
    case 'T':
      return &fields.second_time;
    case 'p':
      return &fields.price;
    case 'i':
      return &fields.index;
    case 'b':
      return &fields.bid;
    case 'a':
      return &fields.ask;
    default:
      return nullptr;
  }
}

}  // namespace plimsoll::feeds::binance
