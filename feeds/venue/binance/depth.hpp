#pragma once

#include <cstdint>
#include <vector>

#include "feeds/venue/book_keeper.hpp"

namespace plimsoll::feeds::binance {

/// What a depth update says of its place: the numbers of its first and last update, and of futures
/// the last one of the message before it (0: it does not say).
struct DepthPart {
  std::uint64_t first{0};
  std::uint64_t last{0};
  std::uint64_t before{0};
  EventTime time;
};

/// The book of one symbol, from depth updates and the snapshot that a recorder asked for after they
/// began. Updates that came before it are kept until then. It gives no quotes once the symbol's own
/// have come.
class Depth {
 public:
  /// The symbol has quotes of its own: its book is not needed.
  void quoted() noexcept {
    if (quoted_) return;
    quoted_ = true;
    reset();
    waiting_ = {};
    waiting_levels_ = {};
  }
  [[nodiscard]] bool is_quoted() const noexcept { return quoted_; }
  /// Are there updates that wait for a snapshot?
  [[nodiscard]] bool waits() const noexcept { return !waiting_.empty(); }

  [[nodiscard]] Reject update(const DepthPart& part, const BookLevels& levels, const Market& market,
                              Updates& updates);
  [[nodiscard]] Reject snapshot(const DepthPart& part, const BookLevels& levels,
                                const Market& market, Updates& updates);
  void reset() noexcept;

 private:
  struct Waiting {
    DepthPart part;
    std::size_t levels_end{0};  // in waiting_levels_
  };
  enum class Place : std::uint8_t { next, old, beyond_gap };
  [[nodiscard]] Place place_of(const DepthPart& part) const noexcept;
  [[nodiscard]] Reject wait(const DepthPart& part, const BookLevels& levels);
  void take(const DepthPart& part, const BookLevels::Level* begin, const BookLevels::Level* end);
  [[nodiscard]] Reject give_best(const Market& market, EventTime time, Updates& updates) const;

  bool quoted_{false};
  bool started_{false};   // there was a snapshot
  bool complete_{false};  // the book holds
  bool followed_{false};  // an update has followed the snapshot
  std::uint64_t number_{0};
  OrderBook book_;
  std::vector<Waiting> waiting_;
  std::vector<BookLevels::Level> waiting_levels_;
};

}  // namespace plimsoll::feeds::binance
