#pragma once

#include <algorithm>
#include <vector>

#include "engine/base/prefetch.hpp"
#include "engine/ledger/ledger.hpp"
#include "engine/lifecycle/deadlines.hpp"
#include "engine/lifecycle/plan.hpp"
#include "engine/margin/findings.hpp"
#include "engine/margin/valuation.hpp"
#include "engine/message/cause.hpp"

namespace plimsoll::lifecycle {

/// Where an account stands: the call region and the liquidation region, side by side.
struct State {
  EventTime deadline;                        // of the open call
  EventTime suspended_since;                 // the deadline stands still
  EventTime breach_confirmed;                // when the breach that was noted counts
  Rate target;                               // of the open liquidation
  CallId call;                               // the last one issued
  LiquidationEpoch epoch;                    // the last one started
  std::uint32_t steps{0};                    // issued in the open liquidation
  std::uint32_t first_order{ledger::kNone};  // in flight
  bool called{false};
  bool suspended{false};  // the call's deadline
  bool noted{false};      // a breach that is not confirmed yet
  bool timed{false};      // its confirmation is among the timers
  bool liquidating{false};
};

/// What a judgement says about the next one.
struct Judgement {
  margin::Findings findings{};
  bool waits{false};  // for a top-up: it was not judged
};

/// The life of the accounts of one shard: margin calls, their deadlines, liquidations and
/// take-overs, by the rules of engine/README.md. Owned by the shard's thread. Judging an account
/// whose valuation and state have not changed says nothing and changes nothing.
class Lifecycle {
 public:
  Lifecycle(const reference::Reference& reference, ledger::Ledger& ledger,
            const marks::Marks& marks, std::size_t accounts);

  /// The account that the ledger has just opened, healthy.
  void open();

  /// Judges one account because of `cause`, unless it has to wait for a top-up and `may_wait`.
  [[nodiscard]] Judgement judge(ledger::AccountIndex account, const Cause& cause, bool may_wait,
                                std::vector<Event>& out);

  /// Moves margin from the parent of an isolated account to it, as far as it is there. Returns the
  /// parent, or kNone when nothing moved.
  [[nodiscard]] ledger::AccountIndex top_up(ledger::AccountIndex account, const Cause& cause,
                                            std::vector<Event>& out);

  /// Forgets the orders in flight in settled instruments. Returns whether there was one.
  bool drop_settled_orders(ledger::AccountIndex account);

  /// New liquidations wait from now on, or no longer. Returns whether that is new.
  bool pause(bool waiting, EventTime now) noexcept;

  /// Lets everything that is due at or before the cause's time come about: calls fail, breaches are
  /// confirmed. Calls touched(account) for each. While new liquidations wait, so does this.
  template <class Touched>
  void pass_time(const Cause& cause, std::vector<Event>& out, Touched&& touched) {
    while (!paused_) {
      const bool calls = is_due(deadlines_, cause.time);
      const bool breaches = is_due(confirmations_, cause.time);
      if (!calls && !breaches) return;
      const bool call =
          calls && (!breaches || deadlines_.first().due <= confirmations_.first().due);
      const Deadlines::Entry entry = call ? deadlines_.first() : confirmations_.first();
      Cause at = with_deadline(cause, entry.due);
      at.time = std::max(entry.due, resumed_);  // What was held back comes about at the resumption.
      if (call) {
        fail_call(entry.account, at, out);
      } else {
        confirm_breach(entry.account, at, out);
      }
      touched(entry.account);
    }
  }

  /// Books the exchange's answer to an order in flight; the caller judges the account.
  [[nodiscard]] std::optional<Refusal> apply_answer(ledger::AccountIndex account,
                                                    const LiquidationAnswered& answer,
                                                    const Cause& cause, std::vector<Event>& out);

  /// Gets the state of an account that is soon judged into the processor's cache.
  void fetch(ledger::AccountIndex account) const noexcept {
    prefetch_object(states_[account]);
    deadlines_.fetch(account);
  }
  [[nodiscard]] const margin::Valuer& valuer() const noexcept { return valuer_; }
  [[nodiscard]] const State& state(ledger::AccountIndex account) const noexcept {
    return states_[account];
  }

 private:
  /// Orders in flight, as lists through a pool.
  struct Order {
    InstrumentId instrument;
    PositionSide side{PositionSide::net};
    Quantity quantity;
    std::uint32_t next{ledger::kNone};
  };
  /// The account at hand while it is judged.
  struct Subject {
    ledger::AccountIndex index;
    AccountId id;
    const reference::Profile& profile;
    margin::Valuation valuation;  // at the most favourable end of prices that are not sure
    margin::Valuation for_calls;  // what calls are judged by: where something is frozen, what shows
    const Cause& cause;
    std::vector<Event>& out;
    std::uint32_t steps{0};               // of the liquidation that this judgement has completed
    const marks::Marks* prices{nullptr};  // of `valuation`
    bool unsure{false};                   // are the two valuations at different prices?
    bool frozen{false};                   // does the account depend on a frozen price?
  };

  static bool is_due(const Deadlines& deadlines, EventTime time) noexcept {
    return !deadlines.empty() && deadlines.first().due <= time;
  }
  void confirm_breach(ledger::AccountIndex account, const Cause& cause, std::vector<Event>& out);
  /// Does the deadline of the open call stand still as long as, and only as long as, it has to?
  void follow_freeze(const Subject& subject);
  void suspend_call(const Subject& subject);
  /// Has a breach lasted long enough? The first look at it notes it.
  [[nodiscard]] bool confirmed(const Subject& subject);
  void forget_breach(ledger::AccountIndex account);
  void clear_breach(const Subject& subject);
  /// Values the account anew.
  void revalue(Subject& subject) const;

  void fail_call(ledger::AccountIndex account, const Cause& at_deadline, std::vector<Event>& out);
  [[nodiscard]] Subject subject_of(ledger::AccountIndex account, const Cause& cause,
                                   std::vector<Event>& out) const;
  /// Returns whether the account is to be judged on as one without a liquidation.
  [[nodiscard]] bool judge_liquidation(const Subject& subject);
  [[nodiscard]] margin::Findings findings(const Subject& subject) const;
  /// Does the account have a position or a debt?
  [[nodiscard]] bool exposed(ledger::AccountIndex account) const;
  [[nodiscard]] bool breached(const Subject& subject) const;
  [[nodiscard]] bool top_up_is_due(const Subject& subject) const;
  /// One asset sold for what is owed in another.
  struct Trade {
    AssetId debt;
    Int128 owed;
    AssetId sold;
    Int128 held;  // the most that is sold
    Rate ratio;   // what a value sold brings
  };
  /// Buys the debts of a multi-asset account that pass their threshold, with the assets that its
  /// profile lists. Returns whether anything was bought.
  bool exchange_debts(const Subject& subject);
  /// Buys whatever is owed in any asset, positions at their marks, with everything there is.
  bool buy_all_debts(const Subject& subject);
  /// Returns whether it came about.
  bool buy(const Subject& subject, const Trade& trade, const marks::Marks& prices);
  /// Balance and unrealised profit.
  [[nodiscard]] Int128 net_of(ledger::AccountIndex account, AssetId asset,
                              const marks::Marks& prices) const;
  void judge_margin(const Subject& subject);
  void judge_call(const Subject& subject);
  void issue_call(const Subject& subject);
  template <class Ending>
  void end_call(const Subject& subject, const margin::Valuation& valuation);
  void start_liquidation(const Subject& subject, Rate target);
  void step_or_take_over(const Subject& subject);
  void issue_step(const Subject& subject);
  void take_over(const Subject& subject);
  void complete(const Subject& subject, LiquidationOutcome outcome, Amount equity,
                Amount maintenance);
  void add_order(State& state, const PlannedOrder& order);
  /// The order in flight for an instrument, or null.
  [[nodiscard]] const Order* find_order(const State& state, InstrumentId instrument,
                                        PositionSide side) const noexcept;
  void remove_order(State& state, const Order* order);
  /// What is wrong with an answer to this order.
  [[nodiscard]] std::optional<Refusal> check_answer(const Order& order,
                                                    const LiquidationAnswered& answer) const;

  const reference::Reference& reference_;
  ledger::Ledger& ledger_;
  const marks::Marks& marks_;
  std::vector<State> states_;
  std::vector<Order> orders_;
  std::uint32_t free_order_{ledger::kNone};
  Deadlines deadlines_;      // of calls
  Deadlines confirmations_;  // of breaches
  bool paused_{false};       // new liquidations wait
  EventTime resumed_;        // when they last went on
  margin::Valuer valuer_;
  StepPlanner planner_;
  Takeover takeover_;
};

}  // namespace plimsoll::lifecycle
