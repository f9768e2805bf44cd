#pragma once

#include <cstdint>
#include <string>

#include "engine/reference/reference.hpp"
#include "engine/value/types.hpp"

// Lines of a capture as a recorder of Binance USD-M combined streams writes them: the receive stamp
// in nanoseconds, a blank, the message byte for byte, the end of the line. Pure functions.

namespace plimsoll::generate {

/// How a venue writes an instrument: symbol, stream name, digits after the point.
struct VenueInstrument {
  explicit VenueInstrument(const reference::Instrument& instrument);
  std::string symbol;
  std::string stream;     // the symbol in lower case
  int price_digits;       // those of the tick
  int quantity_decimals;  // of quantities, and digits shown of them
};

/// When a message was received, in nanoseconds, and made, in milliseconds.
struct Stamps {
  std::int64_t received;
  std::int64_t event;        // E
  std::int64_t transaction;  // T, at most E
};

struct BookTickerLine {
  std::uint64_t update_id;
  Price bid;
  Quantity bid_quantity;
  Price ask;
  Quantity ask_quantity;
};
void append_book_ticker(std::string& out, const VenueInstrument& instrument, const Stamps& stamps,
                        const BookTickerLine& line);

struct TradeLine {
  std::uint64_t trade_id;
  Price price;
  Quantity quantity;
  bool buyer_is_maker;
};
void append_trade(std::string& out, const VenueInstrument& instrument, const Stamps& stamps,
                  const TradeLine& line);

struct MarkPriceLine {
  Price mark;
  Price index;
};
/// The funding rate is always 0.01 %, due at the next multiple of eight hours.
void append_mark_price(std::string& out, const VenueInstrument& instrument, const Stamps& stamps,
                       const MarkPriceLine& line);

}  // namespace plimsoll::generate
