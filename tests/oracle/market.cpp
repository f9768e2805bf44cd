#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"
#include "tests/oracle/trust.hpp"

// "Inputs, one by one" of engine/README.md: prices and rates of markets, and what is listed.

namespace plimsoll::oracle {
namespace {

constexpr Int128 kRoom = Int128{1} << 60;
constexpr std::int64_t kFundingRateMax = 100'000'000;

Int128 middle_of(Price bid, Price ask) {
  return floor_of(Int128{bid.raw()} + ask.raw(), 2);
}

bool is_too_wide(const reference::Guard& guard, Price bid, Price ask) {
  return guard.spread_max.raw() != 0 &&
         (Int128{ask.raw()} - bid.raw()) * kOne > Int128{bid.raw()} * guard.spread_max.raw();
}

bool is_settable(InstrumentStatus status) {
  return status == InstrumentStatus::trading || status == InstrumentStatus::reduce_only ||
         status == InstrumentStatus::unlisted;
}

}  // namespace

void Oracle::trigger_by(InstrumentId instrument, Int128 price) {
  context_.instrument = instrument;
  context_.trigger = to_64(price);
}

/// Everyone with a line in the instrument.
void Oracle::concern_holders(InstrumentId id) {
  for (const auto& [number, account] : world_.accounts) {
    for (const LineKey& line : account.lines()) {
      if (line.instrument == id.raw()) concern(AccountId::from_raw(number));
    }
  }
}

/// Everyone in multi-asset mode with a balance in the asset or a line that settles in it.
void Oracle::concern_asset_holders(AssetId id) {
  for (const auto& [number, account] : world_.accounts) {
    if (account.mode != MarginMode::multi_asset) continue;
    bool holds = account.balance(id.raw()) != 0;
    for (const LineKey& line : account.lines()) {
      holds = holds || reference_.instruments[line.instrument].settle == id;
    }
    if (holds) concern(AccountId::from_raw(number));
  }
}

/// Why the venue time of a tick is wrong, or nothing.
Oracle::Answer Oracle::check_time(const reference::Guard& guard, const Stream& stream,
                                  EventTime venue_time) const {
  switch (check_clock(guard, stream, {now_.raw(), venue_time.raw()})) {
    case ClockVerdict::good:
      break;
    case ClockVerdict::late:
      return Refusal::tick_late;
    case ClockVerdict::future:
      return Refusal::time_in_future;
    case ClockVerdict::back:
      return Refusal::time_went_back;
  }
  return std::nullopt;
}

/// An accepted tick of an instrument.
void Oracle::set_tick(InstrumentId id, Tick& tick, Int128 price, EventTime venue_time) {
  tick.price = price;
  tick.last = now_.raw();
  tick.whole = true;
  note_tick(tick.stream, {now_.raw(), venue_time.raw()});
  touched_marks_.insert(id.raw());
}

Oracle::Answer Oracle::apply(const BookQuoted& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (!is_price(input.instrument, input.bid) || !is_price(input.instrument, input.ask) ||
      input.bid >= input.ask) {
    return Refusal::price_out_of_range;
  }
  const reference::Guard& guard = guard_of(input.instrument);
  if (is_too_wide(guard, input.bid, input.ask)) return Refusal::spread_too_wide;
  Tick& tick = world_.markets[input.instrument.raw()].book;
  if (const Answer wrong = check_time(guard, tick.stream, input.venue_time)) return wrong;
  set_tick(input.instrument, tick, middle_of(input.bid, input.ask), input.venue_time);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const MarkPublished& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (!is_price(input.instrument, input.mark)) return Refusal::price_out_of_range;
  Tick& tick = world_.markets[input.instrument.raw()].venue_mark;
  const reference::Guard& guard = guard_of(input.instrument);
  if (const Answer wrong = check_time(guard, tick.stream, input.venue_time)) return wrong;
  set_tick(input.instrument, tick, input.mark.raw(), input.venue_time);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const TradePrinted& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  Tick& tick = world_.markets[input.instrument.raw()].trade;
  const reference::Guard& guard = guard_of(input.instrument);
  if (const Answer wrong = check_time(guard, tick.stream, input.venue_time)) return wrong;
  set_tick(input.instrument, tick, input.price.raw(), input.venue_time);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const IndexPublished& input) {
  if (!has_asset(input.asset) || input.asset == reference_.numeraire) {
    return Refusal::reference_unknown;
  }
  const Price most = reference_.assets[input.asset.raw()].index_max;
  if (most.raw() == 0) return Refusal::reference_unknown;
  if (computed_index(input.asset.raw())) return Refusal::index_computed;
  if (input.price.raw() <= 0 || input.price > most) return Refusal::price_out_of_range;
  world_.assets[input.asset.raw()].index = input.price.raw();
  concern_asset_holders(input.asset);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const SourceQuoted& input) {
  if (!has_source(input.source)) return Refusal::reference_unknown;
  const Price most = index_of_source(input.source).price_max;
  if (input.bid.raw() <= 0 || input.ask > most || input.bid >= input.ask) {
    return Refusal::price_out_of_range;
  }
  if (is_too_wide(reference_.guards[index_of_source(input.source).guard.raw()], input.bid,
                  input.ask)) {
    return Refusal::spread_too_wide;
  }
  return speak(input.source, middle_of(input.bid, input.ask), input.venue_time, input.number);
}

Oracle::Answer Oracle::apply(const SourcePriced& input) {
  if (!has_source(input.source)) return Refusal::reference_unknown;
  const Price most = index_of_source(input.source).price_max;
  if (input.price.raw() <= 0 || input.price > most) return Refusal::price_out_of_range;
  return speak(input.source, input.price.raw(), input.venue_time, input.number);
}

/// A tick of a source whose prices are in range.
Oracle::Answer Oracle::speak(SourceId id, Int128 price, EventTime venue_time, ExternalId number) {
  SourceBook& book = world_.sources[id.raw()];
  const bool repeats = number.raw() != 0 && number.raw() <= book.number;
  if (repeats && mistake_ != Mistake::numbers_may_repeat) return Refusal::number_repeated;
  const reference::Guard& guard = reference_.guards[index_of_source(id).guard.raw()];
  if (const Answer wrong = check_time(guard, book.stream, venue_time)) return wrong;
  note_tick(book.stream, {now_.raw(), venue_time.raw()});
  book.price = price;
  book.last = now_.raw();
  book.interrupted = false;
  if (number.raw() != 0) book.number = number.raw();
  speaker_ = id;
  touched_indices_.insert(reference_.sources[id.raw()].index.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const SourceInterrupted& input) {
  if (!has_source(input.source)) return Refusal::reference_unknown;
  world_.sources[input.source.raw()].interrupted = true;
  world_.sources[input.source.raw()].number = 0;
  touched_indices_.insert(reference_.sources[input.source.raw()].index.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const MarketInterrupted& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  Market& market = world_.markets[input.instrument.raw()];
  for (Tick* tick : {&market.book, &market.venue_mark, &market.trade}) tick->whole = false;
  touched_marks_.insert(input.instrument.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const TicksConflated& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  return std::nullopt;
}

/// Samples that were taken while ticks of their index were left out are no good.
Oracle::Answer Oracle::apply(const SourceTicksConflated& input) {
  if (!has_source(input.source)) return Refusal::reference_unknown;
  if (mistake_ == Mistake::conflated_samples_stay_good) return std::nullopt;
  const IndexId index = reference_.sources[input.source.raw()].index;
  for (std::uint32_t i = 0; i < world_.markets.size(); ++i) {
    if (reference_.instruments[i].mark.index != index) continue;
    for (Sample& sample : world_.markets[i].samples) {
      if (sample.time >= input.since.raw()) sample.price.reset();
    }
  }
  return std::nullopt;
}

/// Uses up the number of an operator. Is it above the one before?
bool Oracle::is_next_number(OperatorId by, ExternalId number) {
  if (by.raw() == 0) return true;
  std::uint64_t& last = world_.operators[by.raw()];
  if (number.raw() <= last) return false;
  last = number.raw();
  return true;
}

Oracle::Answer Oracle::apply(const SourceReleased& input) {
  if (!is_next_number(input.by, input.number)) return Refusal::number_repeated;
  if (!has_source(input.source)) return Refusal::reference_unknown;
  world_.sources[input.source.raw()].quarantined = false;
  world_.sources[input.source.raw()].clamped = 0;
  world_.sources[input.source.raw()].number = 0;
  touched_indices_.insert(reference_.sources[input.source.raw()].index.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const MarkOverridden& input) {
  if (!is_next_number(input.by, input.number)) return Refusal::number_repeated;
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  if (input.expires <= now_) return Refusal::already_expired;
  override_factor(world_.markets[input.instrument.raw()].factor, input.price.raw(),
                  input.expires.raw(), now_.raw());
  touched_marks_.insert(input.instrument.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const IndexOverridden& input) {
  if (!is_next_number(input.by, input.number)) return Refusal::number_repeated;
  if (input.index.raw() >= reference_.indices.size()) return Refusal::reference_unknown;
  if (input.price.raw() <= 0 || input.price > reference_.indices[input.index.raw()].price_max) {
    return Refusal::price_out_of_range;
  }
  if (input.expires <= now_) return Refusal::already_expired;
  override_factor(world_.indices[input.index.raw()].factor, input.price.raw(), input.expires.raw(),
                  now_.raw());
  touched_indices_.insert(input.index.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const RedemptionPublished& input) {
  if (!is_next_number(input.by, input.number)) return Refusal::number_repeated;
  if (input.index.raw() >= reference_.indices.size()) return Refusal::reference_unknown;
  if (input.price.raw() < 0 || input.price > reference_.indices[input.index.raw()].price_max) {
    return Refusal::price_out_of_range;
  }
  if (input.price.raw() != 0 && input.expires <= now_) return Refusal::already_expired;
  world_.indices[input.index.raw()].redemption = input.price.raw();
  world_.indices[input.index.raw()].redemption_expires = input.expires.raw();
  touched_indices_.insert(input.index.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const FundingEstimated& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (absolute(input.rate.raw()) > kFundingRateMax) return Refusal::rate_out_of_range;
  world_.markets[input.instrument.raw()].funding_estimate = input.rate.raw();
  touched_marks_.insert(input.instrument.raw());
  concern_holders(input.instrument);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const OpenInterestPublished& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  const Int128 quantity = input.quantity.raw();
  if (quantity < 0 || quantity > kRoom) return Refusal::exposure_out_of_range;
  const std::optional<Int128> exposure = exposure_of(input.instrument, quantity);
  if (!exposure || *exposure > kRoom) return Refusal::exposure_out_of_range;
  world_.markets[input.instrument.raw()].open_interest = quantity;
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const InstrumentChanged& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  for (const TiersId id : {input.tiers_long, input.tiers_short}) {
    if (id.raw() >= reference_.tiers.size()) return Refusal::reference_unknown;
    if (reference_.tiers[id.raw()].instrument != input.instrument) {
      return Refusal::reference_unknown;
    }
  }
  Market& market = world_.markets[input.instrument.raw()];
  if (!is_settable(input.status) || market.status == InstrumentStatus::settled) {
    return Refusal::not_trading;
  }
  market.tiers_long = input.tiers_long;
  market.tiers_short = input.tiers_short;
  market.status = input.status;
  concern_holders(input.instrument);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const SettlementPriced& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  Market& market = world_.markets[input.instrument.raw()];
  if (market.status == InstrumentStatus::settled) return Refusal::not_trading;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  market.settlement = input.price.raw();
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const FuturesSettled&) {
  bool some = false;
  for (std::uint32_t i = 0; i < world_.markets.size(); ++i) {
    const Market& market = world_.markets[i];
    if (market.status == InstrumentStatus::settled || !market.settlement) continue;
    settle_instrument(i, *market.settlement);
    some = true;
  }
  return some ? Answer{} : Refusal::price_unknown;
}

Oracle::Answer Oracle::apply(const CollateralFactorSet& input) {
  world_.assets[input.asset.raw()].factor = input.factor.raw();
  concern_asset_holders(input.asset);
  return std::nullopt;
}

}  // namespace plimsoll::oracle
