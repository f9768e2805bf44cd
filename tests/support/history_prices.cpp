// Sources, their failures, and what operators say, in random histories.

#include <algorithm>
#include <array>

#include "tests/support/history_maker.hpp"

namespace plimsoll::support {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMillion = 1'000'000;

}  // namespace

/// A price of the market; of an index that comes from sources, what those say.
void HistoryMaker::push_tick() {
  if (!trusts_) return push(market_.next(random_));
  if (!reference_.indices.empty() && random_.chance(120)) {
    return quote_index(static_cast<std::uint32_t>(random_.below(reference_.indices.size())));
  }
  InputBody body = market_.next(random_);
  if (const auto* published = std::get_if<IndexPublished>(&body)) {
    const std::optional<std::uint32_t> computed = index_of(published->asset);
    if (computed && random_.chance(970)) return quote_index(*computed);
  }
  std::visit(
      [&](auto& tick) {
        if constexpr (requires {
                        tick.instrument;
                        tick.venue_time;
                      }) {
          const GuardId guard = reference_.instruments[tick.instrument.raw()].mark.guard;
          if (guard != kNoGuard) tick.venue_time = stamp(guard);
        }
      },
      body);
  push(body);
}

std::optional<std::uint32_t> HistoryMaker::index_of(AssetId asset) const {
  for (std::uint32_t i = 0; i < reference_.indices.size(); ++i) {
    if (asset != kNoAsset && reference_.indices[i].asset == asset) return i;
  }
  return std::nullopt;
}

/// A venue's own time of a tick that is sent next: usual, or early, late, or none.
EventTime HistoryMaker::stamp(GuardId id) {
  const reference::Guard& guard = reference_.guards[id.raw()];
  const std::int64_t kind = random_.between(0, 999);
  if (guard.clock_error_max.raw() == 0 || kind < 100) {
    return kind < 970 ? EventTime{} : EventTime::from_raw(random_.between(1, 1'000));
  }
  hurried_ = true;
  const std::int64_t usual = kMillisecond + guard.clock_error_max.raw() / 50;
  std::int64_t delay = usual + random_.between(-kMillisecond, kMillisecond);
  if (kind < 130) delay = guard.clock_error_max.raw() + random_.between(-kMillisecond, 1);
  if (kind >= 130 && kind < 150) delay = -guard.clock_error_max.raw() - random_.between(0, 9);
  if (kind >= 150 && kind < 170)
    delay = usual - guard.skew_max.raw() - random_.between(0, 3) * kMillisecond;
  if (kind >= 170 && kind < 190) delay = usual + guard.age_max.raw() + random_.between(0, 9);
  return EventTime::from_raw(now_ - delay);
}

/// Most sources of an index, one after the other: around the path; liars elsewhere.
void HistoryMaker::quote_index(std::uint32_t id) {
  const reference::Index& index = reference_.indices[id];
  std::int64_t truth = 0;
  if (index.asset != kNoAsset) {
    (void)market_.next_index(index.asset.raw(), random_);
    truth = market_.index(index.asset.raw());
  } else {
    truth = market_.price(static_cast<std::uint32_t>(index.name.back() - '0'));
  }
  const std::int64_t present = random_.chance(100) ? 300 : 900;
  for (const SourceId source : index.sources) {
    if (!random_.chance(present)) continue;
    hurried_ = random_.chance(900);
    quote_source(source, truth);
  }
}

void HistoryMaker::quote_source(SourceId id, std::int64_t truth) {
  const reference::Source& source = reference_.sources[id.raw()];
  const reference::Index& index = reference_.indices[source.index.raw()];
  std::int64_t& lie = lies_[id.raw()];
  if (random_.chance(lie == 0 ? 15 : 100)) {
    lie = lie == 0 ? random_.between(-400'000, 400'000) : 0;
  }
  Int128 price = Int128{truth} * (kMillion + lie + random_.between(-600, 600)) / kMillion;
  if (source.quote != kNoAsset) {
    price = price * kRateOne / std::max<std::int64_t>(1, market_.index(source.quote.raw()));
  }
  const std::int64_t most = index.price_max.raw();
  price = std::clamp<Int128>(price, 10, most - 10);
  if (random_.chance(8)) price = random_.pick(std::array<std::int64_t, 4>{0, -1, 3, most + 1});
  std::uint64_t& number = numbers_[id.raw()];
  ++number;
  if (random_.chance(15)) number -= std::min<std::uint64_t>(number, random_.below(3));
  const ExternalId own = ExternalId::from_raw(random_.chance(100) ? 0 : number);
  const EventTime time = stamp(index.guard);
  const std::int64_t at = narrow(price);
  if (source.field != reference::SourceField::quote) {
    return push(SourcePriced{id, Price::from_raw(at), time, own});
  }
  const std::int64_t width = random_.chance(30) ? at / 50 : std::max<std::int64_t>(1, at / 20'000);
  Price bid = Price::from_raw(at - width);
  Price ask = Price::from_raw(at + width);
  if (random_.chance(8)) std::swap(bid, ask);
  push(SourceQuoted{id, bid, ask, time, own});
}

ExternalId HistoryMaker::next_number(OperatorId by) {
  std::uint64_t& number = operator_numbers_[by.raw()];
  if (!random_.chance(80)) number += random_.below(3) == 0 ? 5 : 1;
  return ExternalId::from_raw(number);
}

/// Feeds that lose something, queues that are full, operators, and how far behind everything is.
void HistoryMaker::act_on_prices() {
  const OperatorId by = OperatorId::from_raw(static_cast<std::uint32_t>(random_.between(0, 3)));
  const InstrumentId instrument = InstrumentId::from_raw(some_contract());
  const EventTime since = EventTime::from_raw(now_ - random_.between(0, 5 * kSecond));
  const std::int64_t kind = random_.between(0, 99);
  if (kind < 12) return push(MarketInterrupted{instrument, Interruption::gap});
  if (kind < 16) return push(TicksConflated{instrument, since, ExternalId::from_raw(3U)});
  if (kind < 32) return pause_or_resume(by);
  if (kind < 44) {
    const std::int64_t lag = random_.pick(
        std::array<std::int64_t, 5>{0, kMillisecond, 11 * kMillisecond, kSecond, 2 * kSecond});
    return push(LagReported{Duration::from_raw(random_.chance(300) ? lag : kMillisecond)});
  }
  if (kind < 54 || reference_.sources.empty()) return override_mark(instrument, by);
  const SourceId source =
      SourceId::from_raw(static_cast<std::uint32_t>(random_.below(reference_.sources.size())));
  if (kind < 66) {
    numbers_[source.raw()] = 0;
    return push(SourceInterrupted{source, Interruption::disconnected});
  }
  if (kind < 72) return push(SourceTicksConflated{source, since, ExternalId::from_raw(9U)});
  if (kind < 82) return push(SourceReleased{source, by, next_number(by)});
  override_index(source, by);
}

void HistoryMaker::pause_or_resume(OperatorId by) {
  if (random_.chance(300)) {
    return push(LiquidationsPaused{PauseReason::operator_said, by, next_number(by)});
  }
  const PauseReason reason =
      random_.chance(500) ? PauseReason::breaker : PauseReason::operator_said;
  push(LiquidationsResumed{reason, by, next_number(by)});
}

/// When what an operator says ends; sometimes at once, or already over.
EventTime HistoryMaker::some_end() {
  const std::int64_t length = random_.pick(std::array<std::int64_t, 6>{
      -kSecond, 20 * kMillisecond, kSecond, 3 * kSecond, 3 * kSecond, 10 * kSecond});
  return EventTime::from_raw(now_ + length);
}

/// Near the price of the path.
std::int64_t HistoryMaker::near(std::int64_t price) {
  const Int128 moved = Int128{price} * (1'000 + random_.between(-60, 60)) / 1'000;
  return std::max<std::int64_t>(1, narrow(moved));
}

void HistoryMaker::override_mark(InstrumentId id, OperatorId by) {
  push(MarkOverridden{id, Price::from_raw(near(market_.price(id.raw()))), some_end(), by,
                      next_number(by)});
}

/// What the index of a source is, or what its asset can be redeemed for.
void HistoryMaker::override_index(SourceId source, OperatorId by) {
  const IndexId id = reference_.sources[source.raw()].index;
  const reference::Index& index = reference_.indices[id.raw()];
  const std::int64_t now = index.asset != kNoAsset
                               ? std::max<std::int64_t>(market_.index(index.asset.raw()), 1)
                               : market_.price(static_cast<std::uint32_t>(index.name.back() - '0'));
  if (random_.chance(450)) {
    return push(IndexOverridden{id, Price::from_raw(near(now)), some_end(), by, next_number(by)});
  }
  const std::int64_t price = random_.chance(200) ? 0 : near(now);
  push(RedemptionPublished{id, Price::from_raw(price), some_end(), by, next_number(by)});
}

}  // namespace plimsoll::support
