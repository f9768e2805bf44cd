#include "engine/runtime/conflating_producer.hpp"

#include <array>

#include "engine/base/assert.hpp"

namespace plimsoll::runtime {
namespace {

enum MarketKind : std::uint32_t { kBook, kMark, kTrade, kMarketGap, kMarketKinds };
enum SourceKind : std::uint32_t { kQuote, kPrice, kSourceGap, kSourceKinds };

bool is_interruption(const InputBody& body) noexcept {
  return std::holds_alternative<MarketInterrupted>(body) ||
         std::holds_alternative<SourceInterrupted>(body);
}

/// Says that others were left out where `arrival` stands.
Arrival conflation_of(const Arrival& arrival, EventTime since, std::uint64_t count) noexcept {
  Arrival said = arrival;
  const ExternalId left_out = ExternalId::from_raw(count);
  std::visit(
      [&](const auto& body) {
        if constexpr (requires { body.instrument; }) {
          said.input.body = TicksConflated{body.instrument, since, left_out};
        } else if constexpr (requires { body.source; }) {
          said.input.body = SourceTicksConflated{body.source, since, left_out};
        }
      },
      arrival.input.body);
  return said;
}

}  // namespace

ConflatingProducer::ConflatingProducer(Inbox& inbox, std::size_t instruments, std::size_t sources)
    : producer_{inbox.make_producer()},
      instruments_{instruments},
      slots_(instruments * kMarketKinds + sources * kSourceKinds) {}

void ConflatingProducer::push(const Arrival& arrival) {
  const std::lock_guard lock{mutex_};
  if (first_ == kNone && producer_.try_push({&arrival, 1})) return;
  keep(arrival);
  (void)flush_locked();
}

bool ConflatingProducer::flush() {
  const std::lock_guard lock{mutex_};
  return flush_locked();
}

std::uint64_t ConflatingProducer::conflated() const {
  const std::lock_guard lock{mutex_};
  return conflated_;
}

std::uint32_t ConflatingProducer::slot_of(const InputBody& body) const noexcept {
  const auto of_market = [](InstrumentId id, std::uint32_t kind) {
    return id.raw() * kMarketKinds + kind;
  };
  const auto of_source = [this](SourceId id, std::uint32_t kind) {
    return static_cast<std::uint32_t>(instruments_) * kMarketKinds + id.raw() * kSourceKinds + kind;
  };
  if (const auto* book = std::get_if<BookQuoted>(&body)) return of_market(book->instrument, kBook);
  if (const auto* mark = std::get_if<MarkPublished>(&body)) {
    return of_market(mark->instrument, kMark);
  }
  if (const auto* trade = std::get_if<TradePrinted>(&body)) {
    return of_market(trade->instrument, kTrade);
  }
  if (const auto* gap = std::get_if<MarketInterrupted>(&body)) {
    return of_market(gap->instrument, kMarketGap);
  }
  if (const auto* quote = std::get_if<SourceQuoted>(&body)) return of_source(quote->source, kQuote);
  if (const auto* price = std::get_if<SourcePriced>(&body)) return of_source(price->source, kPrice);
  if (const auto* gap = std::get_if<SourceInterrupted>(&body)) {
    return of_source(gap->source, kSourceGap);
  }
  return kNone;
}

void ConflatingProducer::keep(const Arrival& arrival) {
  const std::uint32_t index = slot_of(arrival.input.body);
  PLIMSOLL_ASSERT(index < slots_.size());
  Slot& slot = slots_[index];
  if (slot.kept) {
    unlink(index);
    if (!is_interruption(arrival.input.body)) {
      if (slot.left_out == 0) slot.since = slot.latest.input.time;
      ++slot.left_out;
      ++conflated_;
    }
  }
  slot.latest = arrival;
  append(index);
}

void ConflatingProducer::append(std::uint32_t index) noexcept {
  Slot& slot = slots_[index];
  slot.kept = true;
  slot.before = last_;
  slot.after = kNone;
  (last_ == kNone ? first_ : slots_[last_].after) = index;
  last_ = index;
}

void ConflatingProducer::unlink(std::uint32_t index) noexcept {
  Slot& slot = slots_[index];
  slot.kept = false;
  (slot.before == kNone ? first_ : slots_[slot.before].after) = slot.after;
  (slot.after == kNone ? last_ : slots_[slot.after].before) = slot.before;
}

bool ConflatingProducer::hand_on_first() {
  Slot& slot = slots_[first_];
  const std::array<Arrival, 2> both{slot.latest,
                                    conflation_of(slot.latest, slot.since, slot.left_out)};
  if (!producer_.try_push(std::span{both}.first(slot.left_out == 0 ? 1 : 2))) return false;
  slot.left_out = 0;
  unlink(first_);
  return true;
}

bool ConflatingProducer::flush_locked() {
  while (first_ != kNone) {
    if (!hand_on_first()) return true;
  }
  return false;
}

}  // namespace plimsoll::runtime
