#include <algorithm>
#include <limits>
#include <utility>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"
#include "tests/oracle/trust.hpp"

// "Prices" of engine/README.md: what ticks become, after the input was looked at.

namespace plimsoll::oracle {
namespace {

const reference::Guard kNoLimits{};

Int128 towards_zero(Int128 n, Int128 d) {
  return n / d;
}

Int128 middle_of_three(Int128 a, Int128 b, Int128 c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

}  // namespace

const reference::Guard& Oracle::guard_of(InstrumentId id) const {
  const GuardId guard = reference_.instruments[id.raw()].mark.guard;
  return guard == kNoGuard ? kNoLimits : reference_.guards[guard.raw()];
}

const reference::Index& Oracle::index_of_source(SourceId id) const {
  return reference_.indices[reference_.sources[id.raw()].index.raw()];
}

/// The index that is the asset's, where it comes from sources.
std::optional<std::uint32_t> Oracle::computed_index(std::uint32_t asset) const {
  for (std::uint32_t i = 0; i < reference_.indices.size(); ++i) {
    if (reference_.indices[i].asset.raw() == asset) return i;
  }
  return std::nullopt;
}

View Oracle::index_view(std::uint32_t index) const {
  View view = world_.indices[index].view();
  if (mistake_ == Mistake::redemption_lifts_the_low_end && world_.indices[index].redemption > 0) {
    view.low = std::max(view.low, world_.indices[index].redemption);
  }
  return view;
}

/// The view of an asset's index; of the numeraire always 1.
View Oracle::asset_view(std::uint32_t asset) const {
  if (asset == reference_.numeraire.raw()) return {.price = 1, .low = 1, .high = 1};
  if (const auto computed = computed_index(asset)) return index_view(*computed);
  const Int128 price = world_.assets[asset].index.value_or(0);
  return {.price = price, .low = price, .high = price};
}

/// The due times of an index that lie after `now_`, or before the first input all of them.
std::vector<Int128> Oracle::due_times_of_index(std::uint32_t id) const {
  const reference::Index& index = reference_.indices[id];
  const reference::Guard& guard = reference_.guards[index.guard.raw()];
  const IndexBook& book = world_.indices[id];
  std::vector<Int128> times;
  for (const SourceId source : index.sources) {
    const SourceBook& own = world_.sources[source.raw()];
    if (!own.price) continue;
    if (own.quarantined && own.quarantine_ends != 0) times.push_back(own.quarantine_ends);
    if (!own.interrupted && guard.age_max.raw() != 0) {
      times.push_back(own.last + guard.age_max.raw());
    }
  }
  if (book.redemption != 0) times.push_back(book.redemption_expires);
  add_due_times(book.factor, guard, times);
  return times;
}

std::vector<Int128> Oracle::due_times_of_mark(std::uint32_t id) const {
  const reference::Guard& guard = guard_of(InstrumentId::from_raw(id));
  const Market& market = world_.markets[id];
  std::vector<Int128> times;
  for (const Tick* tick : {&market.book, &market.venue_mark, &market.trade}) {
    if (tick->price && tick->whole && guard.age_max.raw() != 0) {
      times.push_back(tick->last + guard.age_max.raw());
    }
  }
  add_due_times(market.factor, guard, times);
  if (const auto sample = next_sample(id)) times.push_back(*sample);
  return times;
}

/// The ends of an override and of a freeze that time ends.
void Oracle::add_due_times(const Factor& factor, const reference::Guard& guard,
                           std::vector<Int128>& times) {
  if (factor.view.trust == Trust::overridden) times.push_back(factor.override_expires);
  const bool ends = guard.freeze_max.raw() != 0 && guard.after == reference::AfterFreeze::accept;
  const bool follows = factor.view.reason == TrustReason::index;
  if (factor.view.is_frozen() && !follows && ends) {
    times.push_back(factor.frozen_since + guard.freeze_max.raw());
  }
}

/// When the next sample of a settlement mean is taken.
std::optional<Int128> Oracle::next_sample(std::uint32_t id) const {
  const reference::Instrument& instrument = reference_.instruments[id];
  const Int128 window = instrument.mark.settlement_window.raw();
  if (window == 0) return std::nullopt;
  const Int128 step = instrument.mark.settlement_step.raw();
  const Int128 taken = static_cast<Int128>(world_.markets[id].samples.size());
  if (taken == window / step) return std::nullopt;
  return instrument.expiry.raw() - window + (taken + 1) * step;
}

/// The first due time after the event time so far, or none.
std::optional<Int128> Oracle::next_due_time() const {
  std::optional<Int128> first;
  const auto look_at = [&](const std::vector<Int128>& times) {
    for (const Int128 time : times) {
      if (time > now_.raw() && (!first || time < *first)) first = time;
    }
  };
  for (std::uint32_t i = 0; i < world_.indices.size(); ++i) look_at(due_times_of_index(i));
  for (std::uint32_t i = 0; i < world_.markets.size(); ++i) look_at(due_times_of_mark(i));
  return first;
}

/// Touches what has something due after `before` (at all, when there was no input before) and up to
/// the event time.
void Oracle::touch_due(const std::optional<Int128>& before) {
  const auto is_due = [&](const std::vector<Int128>& times) {
    return std::any_of(times.begin(), times.end(), [&](Int128 time) {
      return time <= now_.raw() && (!before || time > *before);
    });
  };
  for (std::uint32_t i = 0; i < world_.indices.size(); ++i) {
    if (is_due(due_times_of_index(i))) touched_indices_.insert(i);
  }
  for (std::uint32_t i = 0; i < world_.markets.size(); ++i) {
    if (is_due(due_times_of_mark(i))) touched_marks_.insert(i);
  }
}

void Oracle::work_out_prices() {
  const Context before = context_;
  context_.instrument = kNoInstrument;
  context_.trigger = 0;
  const auto converts = [&](std::uint32_t id) {
    const std::vector<SourceId>& sources = reference_.indices[id].sources;
    return std::any_of(sources.begin(), sources.end(), [&](SourceId source) {
      return reference_.sources[source.raw()].quote != kNoAsset;
    });
  };
  for (const bool second : {false, true}) {
    const std::set<std::uint32_t> touched = touched_indices_;
    for (const std::uint32_t id : touched) {
      if (converts(id) == second) work_out_index(id);
    }
  }
  std::optional<std::uint32_t> first;
  for (const std::uint32_t id : touched_marks_) {
    const View old = world_.markets[id].told;
    work_out_mark(id);
    if (!world_.markets[id].factor.view.moved_from(old)) continue;
    concern_holders(InstrumentId::from_raw(id));
    if (!first) first = id;
  }
  touched_indices_.clear();
  touched_marks_.clear();
  speaker_.reset();
  context_ = before;
  if (first && before.instrument == kNoInstrument) {
    trigger_by(InstrumentId::from_raw(*first), world_.markets[*first].factor.view.price);
  }
}

/// What a source counts as in its index, or none.
std::optional<Int128> Oracle::converted(SourceId id) const {
  const reference::Source& source = reference_.sources[id.raw()];
  const SourceBook& book = world_.sources[id.raw()];
  if (state_of(id) != SourceState::live) return std::nullopt;
  Int128 price = *book.price;
  if (source.quote != kNoAsset) {
    const View quote = asset_view(source.quote.raw());
    if (quote.price == 0 || quote.is_frozen()) return std::nullopt;
    price = floor_of_product(price, quote.price, kOne);
  }
  if (price <= 0 || price > reference_.indices[source.index.raw()].price_max.raw()) {
    return std::nullopt;
  }
  return price;
}

SourceState Oracle::state_of(SourceId id) const {
  const SourceBook& book = world_.sources[id.raw()];
  const Int128 age = reference_.guards[index_of_source(id).guard.raw()].age_max.raw();
  if (!book.price) return SourceState::waiting;
  if (book.quarantined && (book.quarantine_ends == 0 || now_.raw() < book.quarantine_ends)) {
    return SourceState::quarantined;
  }
  if (book.interrupted) return SourceState::interrupted;
  const Int128 end = book.last + age + (mistake_ == Mistake::stale_one_instant_late ? 1 : 0);
  if (age != 0 && now_.raw() >= end) return SourceState::stale;
  return SourceState::live;
}

Oracle::Band Oracle::band_of(const reference::Index& index) const {
  Band band;
  for (const SourceId id : index.sources) {
    if (const auto price = converted(id)) band.prices.emplace_back(id, *price);
  }
  if (band.prices.empty()) return band;
  std::vector<Int128> sorted;
  for (const auto& [id, price] : band.prices) sorted.push_back(price);
  std::sort(sorted.begin(), sorted.end());
  const std::size_t half = sorted.size() / 2;
  band.median = sorted[half];
  if (sorted.size() % 2 == 0 && mistake_ != Mistake::median_takes_the_upper) {
    band.median = floor_of(sorted[half - 1] + sorted[half], 2);
  }
  const Int128 off = floor_of_product(band.median, index.clamp.raw(), kOne);
  band.low = band.median - off;
  band.high = band.median + off;
  return band;
}

/// Has the source that has just spoken lied too often?
void Oracle::judge_speaker(std::uint32_t id) {
  const reference::Index& index = reference_.indices[id];
  if (!speaker_ || reference_.sources[speaker_->raw()].index.raw() != id) return;
  const std::optional<Int128> price = converted(*speaker_);
  const Band band = band_of(index);
  if (!price || band.prices.size() < 3) return;
  SourceBook& book = world_.sources[speaker_->raw()];
  if (std::exchange(book.quarantined, false)) book.clamped = 0;  // it is over
  if (band.low <= *price && *price <= band.high) {
    book.clamped = 0;
    return;
  }
  ++book.clamped;
  if (index.quarantine_after == 0 || book.clamped < index.quarantine_after) return;
  book.quarantined = true;
  book.quarantine_ends =
      index.quarantine_time.raw() == 0 ? 0 : Int128{now_.raw()} + index.quarantine_time.raw();
}

void Oracle::work_out_index(std::uint32_t id) {
  const reference::Index& index = reference_.indices[id];
  const reference::Guard& guard = reference_.guards[index.guard.raw()];
  IndexBook& book = world_.indices[id];
  const View before = book.told;
  judge_speaker(id);
  if (now_.raw() >= book.redemption_expires) book.redemption = 0;
  believe(book.factor, guard, index.price_max.raw(), wanted_index(index), now_.raw(), mistake_);
  for (const SourceId source : index.sources) {
    SourceBook& own = world_.sources[source.raw()];
    const SourceState state = state_of(source);
    if (state == own.told) continue;
    own.told = state;
    emit(AccountId{}, SourceStateChanged{source, state, static_cast<std::uint32_t>(own.clamped)});
  }
  tell_index(id, before);
  const View after = index_view(id);
  book.told = after;
  for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
    if (reference_.instruments[i].mark.index.raw() == id) touched_marks_.insert(i);
  }
  if (!after.moved_from(before) || index.asset == kNoAsset) return;
  concern_asset_holders(index.asset);
  for (const reference::Source& source : reference_.sources) {
    if (source.quote == index.asset) touched_indices_.insert(source.index.raw());
  }
}

Wanted Oracle::wanted_index(const reference::Index& index) const {
  Wanted wanted;
  wanted.missing = TrustReason::no_quorum;
  const Band band = band_of(index);
  const std::size_t fault = mistake_ == Mistake::quorum_one_too_many ? 1 : 0;
  if (band.prices.size() < std::max<std::size_t>(1, index.quorum) + fault) return wanted;
  Int128 sum = 0;
  Int128 weighed = 0;
  Int128 weights = 0;
  std::uint32_t within = 0;
  for (const auto& [id, price] : band.prices) {
    within += band.low <= price && price <= band.high ? 1U : 0U;
    const bool clamps = mistake_ != Mistake::clamp_not_applied;
    const Int128 clamped = clamps ? std::clamp(price, band.low, band.high) : price;
    const Int128 weight = reference_.sources[id.raw()].weight.raw();
    sum += clamped;
    weighed += clamped * weight;
    weights += weight;
  }
  switch (index.method) {
    case reference::IndexMethod::mean:
      wanted.candidate =
          std::max(Int128{1}, floor_of(sum, static_cast<Int128>(band.prices.size())));
      break;
    case reference::IndexMethod::weighted:
      wanted.candidate = std::max(Int128{1}, floor_of(weighed, weights));
      break;
    case reference::IndexMethod::median:
      wanted.candidate = band.median;
      break;
  }
  wanted.enough_sources = within >= reference_.guards[index.guard.raw()].velocity_sources;
  return wanted;
}

/// Says what changed of an index since the view `before`.
void Oracle::tell_index(std::uint32_t id, const View& before) {
  IndexBook& book = world_.indices[id];
  const View after = index_view(id);
  if (after.price == 0) return;
  const bool redeemable = book.redemption != 0;
  const bool comes = redeemable && !book.told_redeemable;
  const bool goes = !redeemable && book.told_redeemable;
  book.told_redeemable = redeemable;
  const bool changed =
      after.trust != before.trust || (after.is_frozen() && after.reason != before.reason);
  if (!changed && !comes && !goes) return;
  emit(AccountId{},
       PriceTrustChanged{Price::from_raw(to_64(after.price)), Price::from_raw(to_64(after.low)),
                         Price::from_raw(to_64(after.high)), kNoInstrument, IndexId::from_raw(id),
                         after.trust, comes ? TrustReason::redemption : after.reason});
}

/// Was a kind of tick there, whole, and not too long ago?
bool Oracle::is_fresh(const Tick& tick, const reference::Guard& guard) const {
  if (!tick.price || !tick.whole) return false;
  return guard.age_max.raw() == 0 || now_.raw() < tick.last + guard.age_max.raw();
}

void Oracle::work_out_mark(std::uint32_t id) {
  const reference::Instrument& instrument = reference_.instruments[id];
  Market& market = world_.markets[id];
  const View before = market.told;
  const Wanted wanted = wanted_mark(id);
  believe(market.factor, guard_of(InstrumentId::from_raw(id)), instrument.price_max.raw(), wanted,
          now_.raw(), mistake_);
  const View after = market.factor.view;
  market.told = after;
  if (after.trust != before.trust || (after.is_frozen() && after.reason != before.reason)) {
    emit(AccountId{},
         PriceTrustChanged{Price::from_raw(to_64(after.price)), Price::from_raw(to_64(after.low)),
                           Price::from_raw(to_64(after.high)), InstrumentId::from_raw(id), kNoIndex,
                           after.trust, after.reason});
  }
  take_samples(id);
}

Wanted Oracle::wanted_mark(std::uint32_t id) {
  const reference::MarkRules& rules = reference_.instruments[id].mark;
  const reference::Guard& guard = guard_of(InstrumentId::from_raw(id));
  const Market& market = world_.markets[id];
  const auto of_tick = [&](const Tick& tick) {
    Wanted wanted;
    if (is_fresh(tick, guard)) wanted.candidate = tick.price;
    const bool lost = tick.price && !tick.whole;
    wanted.missing = lost ? TrustReason::interrupted : TrustReason::stale;
    return wanted;
  };
  switch (rules.method) {
    case reference::MarkMethod::automatic:
      return of_tick(market.venue_mark.price ? market.venue_mark : market.book);
    case reference::MarkMethod::venue:
      return of_tick(market.venue_mark);
    case reference::MarkMethod::middle:
      return of_tick(market.book);
    case reference::MarkMethod::last_trade:
      return of_tick(market.trade);
    case reference::MarkMethod::index_basis:
    case reference::MarkMethod::median:
      break;
  }
  Wanted wanted;
  wanted.missing = TrustReason::index;
  const View index = index_view(rules.index.raw());
  if (index.price == 0) return wanted;
  if (index.is_frozen()) {
    wanted.followed = View{.price = mark_at_index(id, index.price),
                           .low = mark_at_index(id, index.low),
                           .high = mark_at_index(id, index.high)};
  } else {
    follow_basis(id, index.price);
    wanted.candidate = mark_at_index(id, index.price);
  }
  return wanted;
}

/// x within the basis that the rules allow at an index price.
Int128 Oracle::bounded_basis(std::uint32_t id, Int128 index, Int128 x) const {
  const Int128 most =
      floor_of_product(index, reference_.instruments[id].mark.basis_max.raw(), kOne);
  return std::clamp(x, -most, most);
}

void Oracle::follow_basis(std::uint32_t id, Int128 index) {
  Market& market = world_.markets[id];
  const bool fresh = is_fresh(market.book, guard_of(InstrumentId::from_raw(id)));
  const Int128 x = fresh ? bounded_basis(id, index, *market.book.price - index) : 0;
  if (!market.basis) {
    market.basis = Basis{x, x, now_.raw()};
    return;
  }
  Basis& basis = *market.basis;
  const Int128 passed = now_.raw() - basis.time;
  const Int128 period = passed + reference_.instruments[id].mark.basis_time.raw();
  if (mistake_ == Mistake::basis_forgets_time) {
    basis.mean = basis.last;
  } else {
    basis.mean += towards_zero((basis.last - basis.mean) * passed, period);
  }
  basis.last = x;
  basis.time = now_.raw();
}

/// The mark of the methods that follow an index, at a price of it.
Int128 Oracle::mark_at_index(std::uint32_t id, Int128 index) const {
  const reference::Instrument& instrument = reference_.instruments[id];
  const Market& market = world_.markets[id];
  const Int128 mean = market.basis ? market.basis->mean : 0;
  Int128 mark = std::max(Int128{1}, index + bounded_basis(id, index, mean));
  if (instrument.mark.method == reference::MarkMethod::median) {
    const reference::Guard& guard = guard_of(InstrumentId::from_raw(id));
    const Int128 period = instrument.mark.funding_period.raw();
    const Int128 left = period - (now_.raw() - floor_of(now_.raw(), period) * period);
    const Int128 due = towards_zero(market.funding_estimate * left, period);
    const Int128 funded = std::max(Int128{1}, index + towards_zero(index * due, kOne));
    Int128 third = funded;
    if (is_fresh(market.book, guard)) {
      third = *market.book.price;
    } else if (is_fresh(market.trade, guard)) {
      third = *market.trade.price;
    }
    mark = middle_of_three(mark, funded, third);
  }
  return std::clamp(mark, Int128{instrument.price_min.raw()}, Int128{instrument.price_max.raw()});
}

/// Samples of the settlement mean that are due; with the last one the price.
void Oracle::take_samples(std::uint32_t id) {
  const reference::MarkRules& rules = reference_.instruments[id].mark;
  Market& market = world_.markets[id];
  for (auto time = next_sample(id); time && *time <= now_.raw(); time = next_sample(id)) {
    const View index = index_view(rules.index.raw());
    const bool good = *time == now_.raw() && index.price != 0 && !index.is_frozen();
    market.samples.push_back({*time, good ? std::optional{index.price} : std::nullopt});
    if (next_sample(id)) continue;
    average_samples(id);
  }
}

void Oracle::average_samples(std::uint32_t id) {
  const Market& market = world_.markets[id];
  Int128 sum = 0;
  Int128 good = 0;
  for (const Sample& sample : market.samples) {
    sum += sample.price.value_or(0);
    good += sample.price ? 1 : 0;
  }
  const Int128 all = static_cast<Int128>(market.samples.size());
  const Int128 share = reference_.instruments[id].mark.settlement_samples.raw();
  const Int128 price = good == 0 || good * kOne < all * share ? 0 : floor_of(sum, good);
  const InstrumentId instrument = InstrumentId::from_raw(id);
  emit(AccountId{}, SettlementAveraged{Price::from_raw(to_64(price)), instrument,
                                       static_cast<std::uint32_t>(good),
                                       static_cast<std::uint32_t>(all - good)});
  if (price != 0) averaged_.push_back({instrument, Price::from_raw(to_64(price))});
}

}  // namespace plimsoll::oracle
