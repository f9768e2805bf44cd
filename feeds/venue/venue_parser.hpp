#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "feeds/venue/market_table.hpp"
#include "feeds/venue/reject.hpp"
#include "feeds/venue/venue.hpp"

namespace plimsoll::feeds {

/// Who started a trade.
enum class Initiator : std::uint8_t { unknown, buyer, seller };

/// What a message says of one market. A price of 0 is none.
struct MarketUpdate {
  std::uint32_t market{0};  // its index in the table
  Initiator initiator{Initiator::unknown};
  bool gap{false};  // updates of this market were lost before this one
  Price bid;        // both or none
  Price ask;
  Price trade;
  Price mark;
  Price index;        // as the message says
  Price known_index;  // what goes with `mark`: that, or the latest before it
  EventTime venue_time;
  ExternalId number;  // of a quote: the venue's own, rising; 0: none
};

/// All that one message says; used again and again.
struct Updates {
  std::vector<MarketUpdate> list;
  bool connection_gap{false};  // messages of the connection were lost before this one
  void clear() noexcept {
    list.clear();
    connection_gap = false;
  }
};

/// How reading a message went. `kind` names a message that is not understood, as the venue does; it
/// is a view into the message.
struct Outcome {
  Reject reject{Reject::none};
  std::string_view kind;
};

/// Reads the messages of one connection to one venue. It keeps what later messages refer to: books,
/// and prices that a message without them leaves as they are. One thread; it never keeps a view of
/// a message, never takes a number through a double, and allocates only for a new market, a deeper
/// book or a longer message than every one before it.
class VenueParser {
 public:
  /// Bytes after a message that must be readable; their content does not matter.
  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kMessageLengthMax = 16U << 20U;

  VenueParser() = default;
  VenueParser(const VenueParser&) = delete;
  VenueParser& operator=(const VenueParser&) = delete;
  virtual ~VenueParser() = default;

  /// Reads one message; any bytes are allowed. Adds to `updates`, which is empty, also when it is
  /// rejected because of a later part. REQUIRES: kPadding readable bytes after its end.
  [[nodiscard]] virtual Outcome read(std::string_view json, Updates& updates) = 0;

  /// Reads the answer of the venue's REST interface to a question for `address`; one that nothing
  /// waits for only when `wanted` is false.
  [[nodiscard]] virtual Outcome read_answer(std::string_view address, std::string_view json,
                                            bool wanted, Updates& updates) {
    (void)address, (void)json, (void)wanted, (void)updates;
    return {Reject::http_answer, {}};
  }

  /// The connection was lost: nothing that was kept holds any more.
  virtual void reset() {}
};

/// The parser of a venue's messages. `markets` must outlive it.
[[nodiscard]] std::unique_ptr<VenueParser> make_parser(Venue venue, MarketTable& markets);

}  // namespace plimsoll::feeds
