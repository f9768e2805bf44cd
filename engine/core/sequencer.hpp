#pragma once

#include <algorithm>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "engine/core/input_checks.hpp"
#include "engine/core/pauses.hpp"
#include "engine/core/publisher.hpp"
#include "engine/core/registry.hpp"
#include "engine/core/sequenced.hpp"
#include "engine/exchange/exchange.hpp"
#include "engine/house/house.hpp"
#include "engine/market/market.hpp"
#include "engine/message/cause.hpp"
#include "engine/message/openings.hpp"

namespace plimsoll::core {

/// Puts all inputs into one order and composes the engine: numbers, event time, refusals, marks,
/// settling points, house and exchange. Pure: what it does depends on the inputs alone. One thread.
///
/// A Fabric carries sequenced inputs to the shards and their events back:
///   ShardIndex shards() const;
///   const Shard& shard(ShardIndex) const;            // to be read after await() of everything
///   std::optional<OpeningFault> open(const Openings&);  // on all shards, when all is applied
///   void broadcast(const Sequenced&, Publisher&);    // in order, to every shard
///   void await(Sequence, Publisher&);                // until every shard has applied it
///   Sequence collect(Publisher&);                    // takes what is ready; what all have applied
/// Source i of the publisher is shard i; the last one is the sequencer itself.
template <class Fabric>
class Sequencer {
 public:
  Sequencer(const reference::Reference& reference, Fabric& fabric)
      : reference_{reference},
        fabric_{fabric},
        publisher_{fabric.shards() + std::size_t{1}},
        own_events_{publisher_.inbox(fabric.shards())},
        registry_{reference, fabric.shards()},
        market_{reference},
        pauses_{reference.breaker},
        checks_{reference},
        house_{reference},
        exchange_{reference} {
    sequenced_.reserve(kInputsAtStart);
    moves_.reserve(reference.instruments.size() + reference.assets.size());
  }
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  /// Takes one external input, with everything that is due before it.
  /// REQUIRES: not one of the house's own inputs.
  void submit(const Input& external) {
    PLIMSOLL_ASSERT(is_submittable(external));
    Input input = external;
    input.origin = Origin::external;
    if (last_sequence_.raw() == 0) {
      now_ = input.time;
    } else {
      input.time = std::max(input.time, now_);
      let_time_pass(input.time);
      settle_before(input.time);
    }
    sequence(input);
  }

  /// Opens accounts with what they hold, all at once but for the first and the last: everything is
  /// then as if the inputs that say the same had been submitted at `time`, but for sequenced(),
  /// which does not name those in between. When one is refused, the engine is good for nothing any
  /// more. REQUIRES: there is no price yet.
  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings, EventTime time) {
    // Time comes with the first one, and whatever time brings.
    if (const auto fault = tell(openings.first(), time)) return fault;
    if (const auto fault = open_between(openings.between())) return fault;
    // The last one tells the shards how far the sequence is.
    return tell(openings.last(), time);
  }

  /// Publishes what the shards have finished so far, without waiting.
  void publish_ready() { publish(fabric_.collect(publisher_)); }

  /// Waits for all shards and publishes everything.
  void publish_all() {
    fabric_.await(last_sequence_, publisher_);
    publish(last_sequence_);
  }

  /// All inputs sequenced, and all events published, since the last clear().
  [[nodiscard]] std::span<const Input> sequenced() const noexcept { return sequenced_; }
  [[nodiscard]] std::span<const Event> published() const noexcept { return publisher_.published(); }
  void clear() noexcept {
    sequenced_.clear();
    publisher_.clear_published();
    observed_ = 0;
  }

  [[nodiscard]] EventTime now() const noexcept { return now_; }
  [[nodiscard]] Sequence last_sequence() const noexcept { return last_sequence_; }
  [[nodiscard]] const house::House& house() const noexcept { return house_; }
  [[nodiscard]] const Registry& registry() const noexcept { return registry_; }
  [[nodiscard]] const marks::Marks& marks() const noexcept { return market_.marks(); }

 private:
  /// A longer gap is a jump of the clock, not a quiet market: it is not filled.
  static constexpr std::int64_t kGapStepsMax = 1'000'000;
  /// More of them between two calls of clear() take memory once more.
  static constexpr std::size_t kInputsAtStart = 8'192;

  [[nodiscard]] std::int64_t cell_of(EventTime time, Duration grid) const noexcept {
    return divide_floor<std::int64_t>(time.raw(), grid.raw());
  }

  /// Opens one account, or none, by its inputs and waits until that is done.
  [[nodiscard]] std::optional<OpeningFault> tell(const Openings& openings, EventTime time) {
    if (openings.accounts.empty()) return {};
    const AccountId account = openings.accounts.front().account;
    const std::size_t before = publisher_.published().size();
    openings.for_each_input([&](const InputBody& body) {
      submit({.sequence = {}, .time = time, .origin = {}, .body = body});
    });
    publish_all();
    for (const Event& event : publisher_.published().subspan(before)) {
      const auto* refused = std::get_if<InputRefused>(&event.body);
      if (refused != nullptr && event.header.account == account) {
        return OpeningFault{account, refused->reason};
      }
    }
    return {};
  }
  [[nodiscard]] std::optional<OpeningFault> open_between(const Openings& openings) {
    std::optional<OpeningFault> fault;
    std::uint64_t inputs = 0;
    const auto ahead = [&](const PackedAccount& account) { registry_.fetch_new(account.account); };
    openings.for_each(ahead, [&](const PackedAccount& account, std::span<const OpeningLine> lines) {
      std::optional<Refusal> refused = registry_.open(account.opened()).refused;
      for (const OpeningLine& line : lines) {
        if (!refused) refused = checks_.check_opening(line, market_.marks());
      }
      inputs += account.inputs();
      if (refused) fault = OpeningFault{account.account, *refused};
      return !refused;
    });
    last_sequence_ = Sequence::from_raw(last_sequence_.raw() + inputs);
    return fault ? fault : fabric_.open(openings);
  }

  /// Sequences everything that time alone brings up to `until`: the grid that moves a quiet market,
  /// and the times at which prices stop, or begin, to be believed.
  void let_time_pass(EventTime until) {
    const std::int64_t step = reference_.time_step.raw();
    std::int64_t cell = cell_of(now_, reference_.time_step) + 1;
    const std::int64_t last = divide_floor<std::int64_t>(until.raw() - 1, step);
    if (last - cell >= kGapStepsMax) cell = last + 1;
    for (;;) {
      const auto due = market_.due(until);
      const bool on_grid = cell <= last && (!due || cell * step <= due->raw());
      if (!on_grid && !due) return;
      const EventTime time = on_grid ? EventTime::from_raw(cell * step) : *due;
      if (on_grid) ++cell;
      settle_before(time);
      sequence({.sequence = {}, .time = time, .origin = Origin::clock, .body = TimeAdvanced{}});
    }
  }

  /// Runs the settling point before an input at `time`, if there is one.
  void settle_before(EventTime time) {
    if (cell_of(time, reference_.settle_grid) == cell_of(now_, reference_.settle_grid)) return;
    for (bool more = true; more;) {
      publish_all();
      more = apply_collateral_factors();
      if (more) publish_all();  // The house sees what they caused.
      more = apply_decisions() || more;
      exchange_.forget_settled(market_.marks());
      if (more) publish_all();  // The exchange sees the house's orders before it answers.
      more = apply_answers(time) || more;
    }
  }

  /// What an asset counts as collateral, once all accounts together hold more than its cap.
  bool apply_collateral_factors() {
    std::vector<CollateralFactorSet> changes;
    for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
      const Int128 cap = reference_.assets[i].collateral_cap.raw();
      if (cap == 0) continue;
      const AssetId asset = AssetId::from_raw(i);
      Int128 held = 0;
      for (ShardIndex shard = 0; shard < fabric_.shards(); ++shard) {
        held += fabric_.shard(shard).ledger().totals(asset).collateral;
      }
      const Int128 factor = held <= cap ? kRateOne : divide_floor<Int128>(cap * kRateOne, held);
      const Rate wanted = Rate::from_raw(narrow(factor));
      if (wanted != market_.marks().collateral_factor(asset)) changes.push_back({asset, wanted});
    }
    for (const CollateralFactorSet& body : changes) {
      sequence({.sequence = {}, .time = now_, .origin = Origin::house, .body = body});
    }
    return !changes.empty();
  }

  bool apply_decisions() {
    const std::span<const InputBody> decisions = house_.take_decisions(now_);
    for (const InputBody& body : decisions) {
      sequence({.sequence = {}, .time = now_, .origin = Origin::house, .body = body});
    }
    return !decisions.empty();
  }

  /// One round: only answers that no order caused by an earlier one of them could overtake.
  bool apply_answers(EventTime until) {
    const auto first = exchange_.next_due();
    if (!first || *first > until) return false;
    const std::int64_t round = std::max<std::int64_t>(1, reference_.exchange.latency.raw());
    const EventTime end = *first + Duration::from_raw(round);
    for (auto due = first; due && *due <= until && *due < end; due = exchange_.next_due()) {
      sequence({.sequence = {},
                .time = std::max(*due, now_),
                .origin = Origin::exchange,
                .body = exchange_.answer_next(market_.marks())});
    }
    return true;
  }

  /// Numbers an input, finds out what it means outside the shards, and broadcasts it; then what
  /// follows from it at once.
  void sequence(const Input& input) {
    sequence_one(input);
    for (const SettlementAveraged& averaged : std::exchange(settlements_, {})) {
      sequence_one({.sequence = {},
                    .time = now_,
                    .origin = Origin::house,
                    .body = SettlementPriced{averaged.instrument, averaged.price}});
    }
  }

  void sequence_one(Input input) {
    last_sequence_ = Sequence::from_raw(last_sequence_.raw() + 1);
    input.sequence = last_sequence_;
    now_ = input.time;
    Sequenced sequenced{.input = input};
    const Cause cause = cause_of(input);
    std::visit([&](const auto& body) { look_at(body, cause, sequenced); }, input.body);
    sequenced_.push_back(input);
    moves_.clear();
    market_.update(cause, {moves_, own_events_, settlements_});
    if (moves_.empty()) return fabric_.broadcast(sequenced, publisher_);
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      sequenced.move = moves_[i];
      sequenced.more = i + 1 < moves_.size();
      fabric_.broadcast(sequenced, publisher_);
    }
  }

  void refuse(Refusal reason, const Cause& cause, AccountId account = {}) {
    own_events_.push_back(make_event(cause, account, InputRefused{reason, cause.kind}));
  }

  void follow(const Registry::Route& route, const Cause& cause, AccountId account,
              Sequenced& sequenced) {
    sequenced.target = route.shard;
    if (route.refused) refuse(*route.refused, cause, account);
  }

  /// Sends an input to all shards unless it is refused. Returns whether it was sent.
  bool to_all(std::optional<Refusal> refused, const Cause& cause, Sequenced& sequenced) {
    if (refused) {
      refuse(*refused, cause);
      return false;
    }
    sequenced.target = kAllShards;
    return true;
  }

  // What each input means to the sequencer.
  void look_at(const TimeAdvanced& /*input*/, const Cause& /*cause*/, Sequenced& /*sequenced*/) {}
  void look_at(const AccountOpened& input, const Cause& cause, Sequenced& sequenced) {
    follow(registry_.open(input), cause, input.account, sequenced);
  }
  void look_at(const MarginMoveRequested& input, const Cause& cause, Sequenced& sequenced) {
    Registry::Route route = registry_.route(input);
    if (!route.refused && !checks_.exists(input.asset)) {
      route = {kNoShard, Refusal::reference_unknown};
    }
    follow(route, cause, input.account, sequenced);
  }
  template <class AccountInput>
  requires requires(const AccountInput& input) { input.account; }
  void look_at(const AccountInput& input, const Cause& cause, Sequenced& sequenced) {
    Registry::Route route = registry_.route(input.account);
    if (!route.refused) {
      if (const auto refused = checks_.check_account_input(input, market_.marks())) {
        route = {kNoShard, refused};
      }
    }
    follow(route, cause, input.account, sequenced);
  }
  /// What only the market has to do with.
  template <class MarketInput>
  requires requires(market::Market& market, const MarketInput& input, EventTime now) {
    market.apply(input, now);
  }
  void look_at(const MarketInput& input, const Cause& cause, Sequenced& /*sequenced*/) {
    if constexpr (requires { input.by; }) {
      if (used_before(input.by, input.number)) return refuse(Refusal::number_repeated, cause);
    }
    if (const auto refused = market_.apply(input, cause.time)) refuse(*refused, cause);
  }
  /// What an operator says twice, or out of order, counts once. Nobody's number (by 0) is not
  /// looked at. A number is used up whatever becomes of the rest.
  [[nodiscard]] bool used_before(OperatorId by, ExternalId number) {
    if (by.raw() == 0) return false;
    ExternalId& last = numbers_[by];
    if (number <= last) return true;
    last = number;
    return false;
  }
  template <class Pause>
  void pause(const Pause& input, PauseReason reason, const Cause& cause, Sequenced& sequenced) {
    if (!pauses_.apply(input)) return;
    own_events_.push_back(make_event(
        cause, {},
        LiquidationPauseChanged{.reason = reason,
                                .paused = static_cast<std::uint8_t>(pauses_.paused(reason)),
                                .waiting = static_cast<std::uint8_t>(pauses_.waiting())}));
    house_.note_breaker(pauses_.paused(PauseReason::breaker), cause.time);
    sequenced.target = kAllShards;
  }
  /// Says an operator, or the house, that new liquidations wait, or no longer.
  template <class Pause>
  void look_at_pause(const Pause& input, bool allowed, const Cause& cause, Sequenced& sequenced) {
    if (used_before(input.by, input.number)) return refuse(Refusal::number_repeated, cause);
    if (!allowed && sequenced.input.origin != Origin::house) {
      return refuse(Refusal::mode_unsupported, cause);
    }
    pause(input, input.reason, cause, sequenced);
  }
  void look_at(const LiquidationsPaused& input, const Cause& cause, Sequenced& sequenced) {
    look_at_pause(input, input.reason == PauseReason::operator_said, cause, sequenced);
  }
  void look_at(const LiquidationsResumed& input, const Cause& cause, Sequenced& sequenced) {
    look_at_pause(input, input.reason <= PauseReason::breaker, cause, sequenced);
  }
  void look_at(const LagReported& input, const Cause& cause, Sequenced& sequenced) {
    pause(input, PauseReason::lag, cause, sequenced);
  }
  void look_at(const FundingSettled& input, const Cause& cause, Sequenced& sequenced) {
    to_all(checks_.check(input, market_.marks()), cause, sequenced);
  }
  void look_at(const FundingEstimated& input, const Cause& cause, Sequenced& sequenced) {
    if (to_all(checks_.check(input), cause, sequenced)) market_.note(input);
  }
  void look_at(const OpenInterestPublished& input, const Cause& cause, Sequenced& sequenced) {
    to_all(checks_.check(input), cause, sequenced);
  }
  void look_at(const InterestCharged& input, const Cause& cause, Sequenced& sequenced) {
    to_all(checks_.check(input), cause, sequenced);
  }
  void look_at(const CollateralFactorSet& input, const Cause& /*cause*/, Sequenced& sequenced) {
    market_.marks().set_collateral_factor(input.asset, input.factor);
    sequenced.target = kAllShards;
  }
  void look_at(const InstrumentChanged& input, const Cause& cause, Sequenced& sequenced) {
    if (to_all(checks_.check(input, market_.marks()), cause, sequenced)) {
      market_.marks().set_terms(input.instrument,
                                {input.tiers_long, input.tiers_short, input.status});
    }
  }
  void look_at(const SettlementPriced& input, const Cause& cause, Sequenced& sequenced) {
    if (to_all(checks_.check(input, market_.marks()), cause, sequenced)) {
      house_.apply(input);
    }
  }
  void look_at(const FuturesSettled& input, const Cause& cause, Sequenced& sequenced) {
    if (!house_.settlement_waits()) return refuse(Refusal::price_unknown, cause);
    house_.apply(input, cause, own_events_);
    for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
      const InstrumentId instrument = InstrumentId::from_raw(i);
      if (house_.settled(instrument)) {
        market_.marks().set_status(instrument, InstrumentStatus::settled);
      }
    }
    sequenced.target = kAllShards;
  }
  void look_at(const FundEndowed& input, const Cause& cause, Sequenced& /*sequenced*/) {
    if (const auto refused = house_.apply(input, cause, own_events_)) refuse(*refused, cause);
  }
  void look_at(const InventoryAbsorbed& input, const Cause& cause, Sequenced& /*sequenced*/) {
    house_.apply(input, cause, own_events_);
  }
  void look_at(const TakeoverSettled& input, const Cause& cause, Sequenced& /*sequenced*/) {
    house_.apply(input, cause, own_events_);
  }
  void look_at(const FeesCollected& input, const Cause& cause, Sequenced& /*sequenced*/) {
    house_.apply(input, cause, own_events_);
  }
  void look_at(const InventoryAnswered& input, const Cause& cause, Sequenced& sequenced) {
    if (sequenced.input.origin == Origin::external) {
      if (const auto refused = check_answer(input)) return refuse(*refused, cause);
    }
    house_.apply(input, with_price(cause, input.instrument, input.price), own_events_);
  }

  /// An answer of a matching engine, which may be wrong.
  [[nodiscard]] std::optional<Refusal> check_answer(const InventoryAnswered& input) const {
    if (reference_.exchange.simulated) return Refusal::mode_unsupported;
    if (const auto refused = checks_.check(input)) return refused;
    return house_.has_ordered(input) ? std::optional<Refusal>{} : Refusal::order_unknown;
  }

  /// Publishes the events of all inputs up to `through`; house and exchange see each once.
  void publish(Sequence through) {
    publisher_.release(through);
    const std::span<const Event> events = publisher_.published();
    for (; observed_ < events.size(); ++observed_) {
      house_.observe(events[observed_]);
      if (reference_.exchange.simulated) exchange_.observe(events[observed_]);
    }
  }

  const reference::Reference& reference_;
  Fabric& fabric_;
  Publisher publisher_;
  std::vector<Event>& own_events_;
  Registry registry_;
  market::Market market_;
  Pauses pauses_;
  std::map<OperatorId, ExternalId> numbers_;  // the last of each operator
  InputChecks checks_;
  house::House house_;
  exchange::Exchange exchange_;
  std::vector<Input> sequenced_;
  std::vector<marks::Move> moves_;               // of the input at hand
  std::vector<SettlementAveraged> settlements_;  // likewise
  std::size_t observed_{0};
  EventTime now_;
  Sequence last_sequence_;
};

}  // namespace plimsoll::core
