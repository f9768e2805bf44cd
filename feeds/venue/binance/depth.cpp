#include "feeds/venue/binance/depth.hpp"

namespace plimsoll::feeds::binance {
namespace {

constexpr std::size_t kWaitingLevelsMax = 1U << 16U;

Reject lost(const Market& market, Updates& updates) {
  MarketUpdate& update = updates.list.emplace_back();
  update.market = market.index;
  update.gap = true;
  return Reject::none;
}

}  // namespace

void Depth::reset() noexcept {
  complete_ = followed_ = false;
  number_ = 0;
  book_.clear();
  waiting_.clear();
  waiting_levels_.clear();
}

Reject Depth::update(const DepthPart& part, const BookLevels& levels, const Market& market,
                     Updates& updates) {
  if (!complete_) return wait(part, levels);
  switch (place_of(part)) {
    case Place::old:
      return Reject::stale_update;
    case Place::beyond_gap:
      reset();
      (void)wait(part, levels);
      return lost(market, updates);
    case Place::next:
      break;
  }
  take(part, levels.list().data(), levels.list().data() + levels.list().size());
  return give_best(market, part.time, updates);
}

Reject Depth::snapshot(const DepthPart& part, const BookLevels& levels, const Market& market,
                       Updates& updates) {
  started_ = complete_ = true;
  followed_ = false;
  number_ = part.last;
  book_.clear();
  for (const BookLevels::Level& level : levels.list()) {
    book_.set(level.side, level.price, level.there);
  }
  EventTime time = part.time;
  std::size_t begin = 0;
  bool gap = false;
  for (const Waiting& one : waiting_) {
    const Place place = place_of(one.part);
    gap = gap || place == Place::beyond_gap;
    const auto* all = waiting_levels_.data();
    if (place == Place::next) take(one.part, all + begin, all + one.levels_end);
    if (place == Place::next && one.part.time > time) time = one.part.time;
    begin = one.levels_end;
  }
  waiting_.clear();
  waiting_levels_.clear();
  if (!gap) return give_best(market, time, updates);
  reset();
  return lost(market, updates);
}

Depth::Place Depth::place_of(const DepthPart& part) const noexcept {
  if (!followed_) {
    // Futures: first <= snapshot <= last; spot counts from the update after the snapshot.
    const bool futures = part.before != 0;
    if (part.last < number_ || (!futures && part.last == number_)) return Place::old;
    return part.first <= number_ + 1 ? Place::next : Place::beyond_gap;
  }
  if (part.last <= number_) return Place::old;
  const bool next = part.before != 0 ? part.before == number_ : part.first == number_ + 1;
  return next ? Place::next : Place::beyond_gap;
}

Reject Depth::wait(const DepthPart& part, const BookLevels& levels) {
  if (waiting_levels_.size() + levels.list().size() > kWaitingLevelsMax) {
    waiting_.clear();
    waiting_levels_.clear();
  }
  waiting_levels_.insert(waiting_levels_.end(), levels.list().begin(), levels.list().end());
  waiting_.push_back({part, waiting_levels_.size()});
  return started_ ? Reject::book_incomplete : Reject::unknown_message;
}

void Depth::take(const DepthPart& part, const BookLevels::Level* begin,
                 const BookLevels::Level* end) {
  for (const auto* level = begin; level != end; ++level) {
    book_.set(level->side, level->price, level->there);
  }
  number_ = part.last;
  followed_ = true;
}

Reject Depth::give_best(const Market& market, EventTime time, Updates& updates) const {
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

}  // namespace plimsoll::feeds::binance
