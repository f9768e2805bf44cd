#pragma once

#include <vector>

#include "engine/market/market.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::market {

/// A market on its own: gives it inputs at times, and keeps what came out of the last one.
class MarketBench {
 public:
  explicit MarketBench(reference::Reference reference)
      : reference_{std::move(reference)}, market_{reference_} {}

  /// Applies an input at `now`; time passes first, as the sequencer lets it.
  template <class Body>
  std::optional<Refusal> give(const Body& body, EventTime now) {
    pass_time(now);
    const auto refused = market_.apply(body, now);
    update(now);
    return refused;
  }
  /// Lets time pass up to and including `until`, each due time on its own.
  void pass_time(EventTime until) {
    moves.clear();
    events.clear();
    settlements.clear();
    while (const auto due = market_.due(until)) update(*due);
  }

  [[nodiscard]] marks::Move mark(InstrumentId id) const { return market_.marks().state(id); }
  [[nodiscard]] marks::Move index(AssetId id) const { return market_.marks().state(id); }
  [[nodiscard]] const TrustedPrice::View view(IndexId id, EventTime now) const {
    return market_.index(id).view(now);
  }
  template <class Body>
  [[nodiscard]] std::vector<Body> said() const {
    std::vector<Body> bodies;
    for (const Event& event : events) {
      if (const auto* body = std::get_if<Body>(&event.body)) bodies.push_back(*body);
    }
    return bodies;
  }

  std::vector<marks::Move> moves;
  std::vector<Event> events;
  std::vector<SettlementAveraged> settlements;

  [[nodiscard]] Market& market() noexcept { return market_; }

 private:
  void update(EventTime now) {
    market_.update({.sequence = {}, .time = now}, {moves, events, settlements});
  }

  reference::Reference reference_;
  Market market_;
};

}  // namespace plimsoll::market
