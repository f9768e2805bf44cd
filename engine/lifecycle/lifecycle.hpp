#pragma once

#include <vector>

#include "engine/ledger/ledger.hpp"
#include "engine/lifecycle/deadlines.hpp"
#include "engine/lifecycle/plan.hpp"
#include "engine/margin/valuation.hpp"
#include "engine/message/cause.hpp"

namespace plimsoll::lifecycle {

/// Where an account stands: the call region and the liquidation region, side by side.
struct State {
  EventTime deadline;                        // of the open call
  Rate target;                               // of the open liquidation
  CallId call;                               // the last one issued
  LiquidationEpoch epoch;                    // the last one started
  std::uint32_t steps{0};                    // issued in the open liquidation
  std::uint32_t first_order{ledger::kNone};  // in flight
  bool called{false};
  bool liquidating{false};
};

/// What a judgement says about the next one.
struct Judgement {
  /// As long as neither equity - T(1) nor equity - T(call_trigger) nor equity - T(call_target) has
  /// moved by more than that, and nothing else of the account has changed, judging it again would
  /// say nothing. Below 0: unknown.
  std::int64_t leeway{-1};
  Int128 indexed{0};  // see margin::Valuation
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

  /// Lets every call whose deadline is at or before the cause's time fail, and calls
  /// touched(account) for each.
  template <class Touched>
  void fail_due_calls(const Cause& cause, std::vector<Event>& out, Touched&& touched) {
    while (!deadlines_.empty() && deadlines_.first().due <= cause.time) {
      const ledger::AccountIndex account = deadlines_.first().account;
      fail_call(account, with_deadline(cause, deadlines_.first().due), out);
      touched(account);
    }
  }

  /// Books the exchange's answer to an order in flight; the caller judges the account.
  [[nodiscard]] std::optional<Refusal> apply_answer(ledger::AccountIndex account,
                                                    const LiquidationAnswered& answer,
                                                    const Cause& cause, std::vector<Event>& out);

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
    margin::Valuation valuation;
    const Cause& cause;
    std::vector<Event>& out;
    std::uint32_t steps{0};  // of the liquidation that this judgement has completed
  };

  void fail_call(ledger::AccountIndex account, const Cause& at_deadline, std::vector<Event>& out);
  [[nodiscard]] Subject subject_of(ledger::AccountIndex account, const Cause& cause,
                                   std::vector<Event>& out) const;
  /// Returns whether the account is to be judged on as one without a liquidation.
  [[nodiscard]] bool judge_liquidation(const Subject& subject);
  [[nodiscard]] Judgement judgement(const Subject& subject) const;
  /// Does the account have a position or a debt?
  [[nodiscard]] bool exposed(ledger::AccountIndex account) const;
  [[nodiscard]] bool breached(const Subject& subject) const;
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
  bool buy(const Subject& subject, const Trade& trade);
  /// Balance and unrealised profit.
  [[nodiscard]] Int128 net_of(ledger::AccountIndex account, AssetId asset) const;
  void judge_margin(const Subject& subject);
  void judge_call(const Subject& subject);
  void issue_call(const Subject& subject);
  template <class Ending>
  void end_call(const Subject& subject);
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
  Deadlines deadlines_;
  margin::Valuer valuer_;
  StepPlanner planner_;
  Takeover takeover_;
};

}  // namespace plimsoll::lifecycle
