#include "engine/market/market.hpp"

#include <algorithm>
#include <utility>

#include "engine/market/earliest.hpp"

namespace plimsoll::market {
namespace {

using View = TrustedPrice::View;

/// Is it worth an event? What is frozen may be so for another reason.
bool trust_changed(const View& before, const View& now) noexcept {
  if (before.trust != now.trust) return true;
  return now.frozen() && before.reason != now.reason;
}

PriceTrustChanged trust_event(const View& view) noexcept {
  return {.price = view.price,
          .low = view.low,
          .high = view.high,
          .trust = view.trust,
          .reason = view.reason};
}

bool moved(const View& before, const View& now) noexcept {
  return before.price != now.price || before.low != now.low || before.high != now.high ||
         before.frozen() != now.frozen();
}

marks::Move move_of(const View& view) noexcept {
  return {.price = view.price, .low = view.low, .high = view.high, .frozen = view.frozen()};
}

}  // namespace

Market::Market(const reference::Reference& reference)
    : reference_{reference},
      marks_{reference},
      followers_(reference.indices.size()),
      index_of_asset_(reference.assets.size(), kNoIndex),
      index_touched_(reference.indices.size()),
      mark_touched_(reference.instruments.size()) {
  indices_.reserve(reference.indices.size());
  for (std::uint32_t i = 0; i < reference.indices.size(); ++i) {
    indices_.emplace_back(reference, IndexId::from_raw(i));
    const AssetId asset = reference.indices[i].asset;
    if (asset != kNoAsset) index_of_asset_[asset.raw()] = IndexId::from_raw(i);
  }
  for (const bool converts : {false, true}) {
    for (std::uint32_t i = 0; i < indices_.size(); ++i) {
      if (indices_[i].converts() == converts) index_order_.push_back(i);
    }
  }
  books_.reserve(reference.instruments.size());
  marks_touched_.reserve(reference.instruments.size());
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    books_.emplace_back(reference, InstrumentId::from_raw(i));
    const IndexId index = reference.instruments[i].mark.index;
    if (index != kNoIndex) followers_[index.raw()].push_back(i);
  }
  due_ = earliest(EventTime::from_raw(0));
}

IndexBook& Market::index_of(SourceId id) noexcept {
  return indices_[reference_.sources[id.raw()].index.raw()];
}

void Market::touch(InstrumentId id) {
  if (mark_touched_[id.raw()] != 0) return;
  mark_touched_[id.raw()] = 1;
  marks_touched_.push_back(id.raw());
}

void Market::touch(IndexId id) {
  index_touched_[id.raw()] = 1;
  indices_touched_ = true;
}

// Inputs.

template <class Tick>
std::optional<Refusal> Market::apply_market(const Tick& tick, EventTime now) {
  if (!exists(tick.instrument)) return Refusal::reference_unknown;
  if (const auto refused = books_[tick.instrument.raw()].apply(tick, now)) return refused;
  touch(tick.instrument);
  return {};
}

std::optional<Refusal> Market::apply(const BookQuoted& input, EventTime now) {
  return apply_market(input, now);
}
std::optional<Refusal> Market::apply(const MarkPublished& input, EventTime now) {
  return apply_market(input, now);
}
std::optional<Refusal> Market::apply(const TradePrinted& input, EventTime now) {
  return apply_market(input, now);
}

template <class Tick>
std::optional<Refusal> Market::apply_source(const Tick& tick, EventTime now) {
  if (!exists(tick.source)) return Refusal::reference_unknown;
  if (const auto refused = index_of(tick.source).source(tick.source).apply(tick, now)) {
    return refused;
  }
  touch(reference_.sources[tick.source.raw()].index);
  spoken_ = tick.source;
  return {};
}

std::optional<Refusal> Market::apply(const SourceQuoted& input, EventTime now) {
  return apply_source(input, now);
}
std::optional<Refusal> Market::apply(const SourcePriced& input, EventTime now) {
  return apply_source(input, now);
}

std::optional<Refusal> Market::apply(const IndexPublished& input, EventTime /*now*/) {
  const bool known = input.asset.raw() < reference_.assets.size();
  if (!known || input.asset == reference_.numeraire) return Refusal::reference_unknown;
  const Price most = reference_.assets[input.asset.raw()].index_max;
  if (most.raw() == 0) return Refusal::reference_unknown;
  if (index_of_asset_[input.asset.raw()] != kNoIndex) return Refusal::index_computed;
  if (input.price.raw() <= 0 || input.price > most) return Refusal::price_out_of_range;
  if (marks_.index(input.asset) == input.price) return {};
  published_ = marks::Move{
      .asset = input.asset, .price = input.price, .low = input.price, .high = input.price};
  return {};
}

std::optional<Refusal> Market::apply(const SourceInterrupted& input, EventTime /*now*/) {
  if (!exists(input.source)) return Refusal::reference_unknown;
  index_of(input.source).source(input.source).interrupt();
  touch(reference_.sources[input.source.raw()].index);
  return {};
}

std::optional<Refusal> Market::apply(const MarketInterrupted& input, EventTime /*now*/) {
  if (!exists(input.instrument)) return Refusal::reference_unknown;
  books_[input.instrument.raw()].interrupt();
  touch(input.instrument);
  return {};
}

std::optional<Refusal> Market::apply(const TicksConflated& input, EventTime /*now*/) {
  return exists(input.instrument) ? std::optional<Refusal>{} : Refusal::reference_unknown;
}

std::optional<Refusal> Market::apply(const SourceTicksConflated& input, EventTime /*now*/) {
  if (!exists(input.source)) return Refusal::reference_unknown;
  const IndexId index = reference_.sources[input.source.raw()].index;
  for (const std::uint32_t follower : followers_[index.raw()]) {
    books_[follower].leave_out(input.since);
  }
  return {};
}

std::optional<Refusal> Market::apply(const SourceReleased& input, EventTime /*now*/) {
  if (!exists(input.source)) return Refusal::reference_unknown;
  index_of(input.source).source(input.source).release();
  touch(reference_.sources[input.source.raw()].index);
  return {};
}

std::optional<Refusal> Market::apply(const MarkOverridden& input, EventTime now) {
  if (!exists(input.instrument)) return Refusal::reference_unknown;
  const reference::Instrument& rules = reference_.instruments[input.instrument.raw()];
  if (input.price < rules.price_min || input.price > rules.price_max) {
    return Refusal::price_out_of_range;
  }
  if (input.expires <= now) return Refusal::already_expired;
  books_[input.instrument.raw()].override_with(input.price, input.expires, now);
  touch(input.instrument);
  return {};
}

std::optional<Refusal> Market::apply(const IndexOverridden& input, EventTime now) {
  if (!exists(input.index)) return Refusal::reference_unknown;
  IndexBook& index = indices_[input.index.raw()];
  if (input.price.raw() <= 0 || input.price > index.rules().price_max) {
    return Refusal::price_out_of_range;
  }
  if (input.expires <= now) return Refusal::already_expired;
  index.override_with(input.price, input.expires, now);
  touch(input.index);
  return {};
}

std::optional<Refusal> Market::apply(const RedemptionPublished& input, EventTime now) {
  if (!exists(input.index)) return Refusal::reference_unknown;
  IndexBook& index = indices_[input.index.raw()];
  if (input.price.raw() < 0 || input.price > index.rules().price_max) {
    return Refusal::price_out_of_range;
  }
  if (input.price.raw() != 0 && input.expires <= now) return Refusal::already_expired;
  index.redeem_at(input.price, input.expires);
  touch(input.index);
  return {};
}

void Market::note(const FundingEstimated& input) {
  marks_.set_funding(input.instrument, input.rate);
  touch(input.instrument);
}

// What follows from them.

Price Market::quote_index(AssetId asset) const noexcept {
  return marks_.frozen(asset) ? Price{} : marks_.index(asset);
}

IndexView Market::view_of(const MarkBook& book, InstrumentId id, EventTime now) const {
  const IndexId index = book.rules().index;
  if (index == kNoIndex) return {};
  return {.view = indices_[index.raw()].view(now), .funding = marks_.funding(id)};
}

void Market::update(const Cause& cause, const Changes& changes) {
  const EventTime now = cause.time;
  if (published_) {
    make(*published_, changes);
    published_.reset();
  }
  if (due_.raw() != 0 && due_ <= now) touch_due(now);
  if (indices_touched_) {
    for (const std::uint32_t i : index_order_) {
      if (index_touched_[i] != 0) update_index(i, cause, changes);
      index_touched_[i] = 0;
    }
    indices_touched_ = false;
    spoken_ = kNoSource;
  }
  std::sort(marks_touched_.begin(), marks_touched_.end());
  for (const std::uint32_t i : marks_touched_) {
    update_mark(i, cause, changes);
    mark_touched_[i] = 0;
  }
  marks_touched_.clear();
  updated_ = now;
}

void Market::update_index(std::uint32_t i, const Cause& cause, const Changes& changes) {
  IndexBook& index = indices_[i];
  index.update(cause.time, spoken_, [this](AssetId asset) { return quote_index(asset); });
  tell_sources(index, cause, changes);
  for (const std::uint32_t follower : followers_[i]) touch(InstrumentId::from_raw(follower));
  note_due(index.due(cause.time));
  const View view = index.view(cause.time);
  if (view.price.raw() == 0) return;
  const View before = std::exchange(index.told, view);
  const bool redeemable = index.redeemable(cause.time);
  const bool was_redeemable = std::exchange(index.told_redeemable, redeemable);
  if (trust_changed(before, view) || was_redeemable != redeemable) {
    PriceTrustChanged body = trust_event(view);
    if (redeemable && !was_redeemable) body.reason = TrustReason::redemption;
    body.index = IndexId::from_raw(i);
    changes.events.push_back(make_event(cause, {}, body));
  }
  const AssetId asset = index.rules().asset;
  if (asset == kNoAsset || !moved(before, view)) return;
  marks::Move move = move_of(view);
  move.asset = asset;
  make(move, changes);
  for (std::uint32_t other = 0; other < indices_.size(); ++other) {
    if (indices_[other].converts(asset)) touch(IndexId::from_raw(other));
  }
}

void Market::make(const marks::Move& move, const Changes& changes) {
  marks_.apply(move);
  changes.moves.push_back(move);
}

void Market::note_due(EventTime time) noexcept {
  if (time.raw() != 0 && (due_.raw() == 0 || time < due_)) due_ = time;
}

void Market::tell_sources(IndexBook& index, const Cause& cause, const Changes& changes) {
  for (const SourceId id : index.source_ids()) {
    SourceBook& source = index.source(id);
    const SourceState state = source.state(cause.time);
    if (state == source.told) continue;
    source.told = state;
    changes.events.push_back(make_event(
        cause, {}, SourceStateChanged{.source = id, .state = state, .clamped = source.clamped()}));
  }
}

void Market::update_mark(std::uint32_t i, const Cause& cause, const Changes& changes) {
  const InstrumentId id = InstrumentId::from_raw(i);
  MarkBook& book = books_[i];
  const IndexView index = view_of(book, id, cause.time);
  if (const auto averaged = book.sample(id, index, cause.time)) {
    changes.events.push_back(make_event(cause, {}, *averaged));
    if (averaged->price.raw() != 0) changes.settlements.push_back(*averaged);
  }
  book.update(index, cause.time);
  note_due(book.due(cause.time));
  const View& view = book.view();
  if (view.price.raw() == 0) return;
  const View before = std::exchange(book.told, view);
  if (trust_changed(before, view)) {
    PriceTrustChanged body = trust_event(view);
    body.instrument = id;
    changes.events.push_back(make_event(cause, {}, body));
  }
  if (!moved(before, view)) return;
  marks::Move move = move_of(view);
  move.instrument = id;
  make(move, changes);
}

// Time.

std::optional<EventTime> Market::due(EventTime until) {
  if (due_.raw() == 0 || due_ > until) return {};
  due_ = earliest(updated_);
  if (due_.raw() == 0 || due_ > until) return {};
  return due_;
}

void Market::touch_due(EventTime now) {
  const auto is_due = [now](EventTime time) { return time.raw() != 0 && time <= now; };
  for (std::uint32_t i = 0; i < indices_.size(); ++i) {
    if (is_due(indices_[i].due(updated_))) touch(IndexId::from_raw(i));
  }
  for (std::uint32_t i = 0; i < books_.size(); ++i) {
    if (is_due(books_[i].due(updated_))) touch(InstrumentId::from_raw(i));
  }
  due_ = earliest(now);
}

EventTime Market::earliest(EventTime now) const noexcept {
  Earliest first{now};
  for (const IndexBook& index : indices_) first.consider(index.due(now));
  for (const MarkBook& book : books_) first.consider(book.due(now));
  return first.time();
}

}  // namespace plimsoll::market
