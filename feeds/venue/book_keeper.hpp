#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "feeds/venue/number_text.hpp"
#include "feeds/venue/order_book.hpp"
#include "feeds/venue/venue_parser.hpp"

namespace plimsoll::feeds {

/// The levels that one message names; used again and again.
class BookLevels {
 public:
  struct Level {
    Price price;
    BookSide side{BookSide::bid};
    bool there{true};
  };
  void clear() noexcept { list_.clear(); }
  /// Adds a level; bad_price when its price is none above 0.
  [[nodiscard]] Reject add(BookSide side, std::string_view price, bool there) {
    Level level{{}, side, there};
    const Reject reject = read_price(price, Finer::refused, level.price);
    if (reject != Reject::none || level.price.raw() <= 0) return Reject::bad_price;
    list_.push_back(level);
    return Reject::none;
  }
  [[nodiscard]] const std::vector<Level>& list() const noexcept { return list_; }

 private:
  std::vector<Level> list_;
};

/// Is the text of a quantity 0, in whatever form?
[[nodiscard]] inline bool is_zero_quantity(std::string_view text) noexcept {
  return text.find_first_not_of("0.") == std::string_view::npos;
}

/// What a message says of its place among those of a book. Numbers are the venue's; 0: it gives
/// none, and nothing is checked.
struct BookPart {
  bool whole{false};        // the whole book, else what changed
  std::uint64_t number{0};  // of the last update in it
  std::uint64_t before{0};  // the number that the book must have reached
};

/// The book of one market, as far as the messages tell it.
class BookKeeper {
 public:
  /// Takes the levels over and adds the best bid and ask to `updates`; after a gap it says so once,
  /// and waits for a whole book.
  [[nodiscard]] Reject apply(const BookPart& part, const BookLevels& levels, const Market& market,
                             EventTime time, Updates& updates) {
    if (part.whole) {
      book_.clear();
      complete_ = true;
    } else if (!complete_) {
      return Reject::book_incomplete;
    } else if (part.number != 0 && part.number <= number_) {
      return Reject::stale_update;
    } else if (part.before != 0 && part.before != number_) {
      return lose(market, updates);
    }
    if (part.number != 0 || part.whole) number_ = part.number;
    for (const BookLevels::Level& level : levels.list()) {
      book_.set(level.side, level.price, level.there);
    }
    return give_best(market, time, updates);
  }

  /// Updates were lost: says so, and waits for a whole book.
  [[nodiscard]] Reject lose(const Market& market, Updates& updates) {
    reset();
    MarketUpdate& update = updates.list.emplace_back();
    update.market = market.index;
    update.gap = true;
    return Reject::none;
  }

  /// The venue counts on from another number.
  void renumber(std::uint64_t number) noexcept { number_ = number; }

  void reset() noexcept {
    book_.clear();
    complete_ = false;
    number_ = 0;
  }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

 private:
  [[nodiscard]] Reject give_best(const Market& market, EventTime time, Updates& updates) const {
    const Price bid = book_.best_bid();
    const Price ask = book_.best_ask();
    if (bid.raw() == 0 || ask.raw() == 0) return Reject::one_sided_book;
    if (bid > market.price_max || ask > market.price_max) return Reject::price_out_of_range;
    MarketUpdate& update = updates.list.emplace_back();
    update.market = market.index;
    update.bid = bid;
    update.ask = ask;
    update.venue_time = time;
    update.number = ExternalId::from_raw(number_);
    return Reject::none;
  }

  OrderBook book_;
  bool complete_{false};
  std::uint64_t number_{0};
};

/// Something kept for each market of a table, by its index.
template <class State>
class PerMarket {
 public:
  [[nodiscard]] State& of(const Market& market) {
    if (market.index >= states_.size()) states_.resize(market.index + 1);
    return states_[market.index];
  }
  void reset() {
    for (State& state : states_) state.reset();
  }

 private:
  std::vector<State> states_;
};
using BookKeepers = PerMarket<BookKeeper>;

}  // namespace plimsoll::feeds
