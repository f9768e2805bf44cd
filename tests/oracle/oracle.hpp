#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "tests/oracle/world.hpp"

// The engine a second time, from engine/README.md alone: sequencer, shards, house and exchange as
// one object that recomputes everything for every account after every input. It is slow and has no
// clever parts; where it and the engine differ, one of them misreads that page.
//
// Single-threaded. After every input it checks conservation and the external net, and aborts with a
// message when they do not hold.

namespace plimsoll::oracle {

/// What an account is worth, at the marks of now; positions without one are left out.
struct Valuation {
  bool marked{true};  // every position has a mark
  Int128 equity{0};
  Int128 maintenance{0};
  Int128 initial{0};
};

class Oracle {
 public:
  /// REQUIRES: finish(reference) found no violation; the reference outlives the oracle.
  explicit Oracle(const reference::Reference& reference);

  /// Sequences one external input: first what time itself brings (TimeAdvanced on the grid,
  /// settling points with the inputs of the house and of the exchange), then the input.
  void submit(const Input& external_input);

  /// All events so far, numbered from 1, in the order of publication.
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }

  /// All inputs so far, external and derived, numbered from 1. An external input keeps its own
  /// time, also when event time was already past it.
  [[nodiscard]] const std::vector<Input>& inputs() const { return inputs_; }

  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] EventTime now() const { return now_; }

  /// The valuation of an account that exists.
  [[nodiscard]] Valuation value(AccountId id) const;

 private:
  /// What the events that are emitted now carry.
  struct Context {
    EventTime time;
    int phase{1};
    InstrumentId instrument{kNoInstrument};
    std::int64_t trigger{0};
  };
  struct Pending {
    Event event;
    int phase;
  };
  struct ExchangeOrder {
    EventTime due;
    AccountId account;  // 0: an order of the house, without a limit
    LiquidationEpoch epoch;
    InstrumentId instrument;
    Quantity quantity;
    Price limit;
  };
  struct Judged {
    AccountId id;
    Account& account;
    const reference::Profile& profile;
    Int128 equity;
    Int128 maintenance;
  };
  /// Equity and maintenance while the orders of a step are put together.
  struct Running {
    Int128 equity;
    Int128 maintenance;
  };
  using Answer = std::optional<Refusal>;

  // oracle.cpp: order of inputs and events.
  void fill_gap(EventTime until);
  void sequence(const Input& input);
  void settle(EventTime until);
  bool run_house();
  bool run_exchange(EventTime until);
  [[nodiscard]] std::vector<ExchangeOrder> take_due_orders(EventTime until);
  [[nodiscard]] Input answer_to(const ExchangeOrder& order) const;
  void apply_one(Input input);
  void emit(AccountId account, const EventBody& body);
  void publish();
  void pass_to_exchange(const Event& event);
  void check_conservation() const;
  void check_external_net() const;

  // booking.cpp: the inputs, one by one. Each returns why it is refused, or nothing.
  Answer apply(const TimeAdvanced& input);
  Answer apply(const AccountOpened& input);
  Answer apply(const Deposited& input);
  Answer apply(const WithdrawalRequested& input);
  Answer apply(const MarginMoveRequested& input);
  Answer apply(const TradeFilled& input);
  Answer apply(const FundingSettled& input);
  Answer apply(const BookQuoted& input);
  Answer apply(const MarkPublished& input);
  Answer apply(const TradePrinted& input);
  Answer apply(const FundEndowed& input);
  Answer apply(const LiquidationAnswered& input);
  Answer apply(const InventoryAbsorbed& input);
  Answer apply(const TakeoverSettled& input);
  Answer apply(const FeesCollected& input);
  Answer apply(const InventoryAnswered& input);
  [[nodiscard]] Account* find(AccountId id);
  [[nodiscard]] const reference::Instrument* find_instrument(InstrumentId id) const;
  [[nodiscard]] bool is_price(InstrumentId id, Price price) const;
  [[nodiscard]] Answer check_answer(Int128 ordered, const LiquidationAnswered& input) const;
  [[nodiscard]] Answer check_fill(const Account& account, const TradeFilled& input) const;
  [[nodiscard]] bool has_exposure(const Account& account, InstrumentId id, Int128 quantity) const;
  [[nodiscard]] bool withdraw(AccountId id, Amount amount, ExternalId transfer);
  Int128 book(Account& account, InstrumentId id, Int128 quantity, Int128 price);
  void settle_result(AccountId account, AssetId asset, Int128 result);
  void change_fund(AccountId account, AssetId asset, Int128 amount);
  void trigger_by(InstrumentId instrument, Int128 price);
  void trigger_by_mark(InstrumentId id, const std::optional<Int128>& before);

  // judgement.cpp: calls, liquidations, take-overs.
  void fail_calls(EventTime until);
  void fail_call(AccountId id);
  void judge_everyone();
  void judge(Judged& judged);
  bool judge_liquidation(Judged& judged);
  void judge_breach(Judged& judged);
  void judge_call(Judged& judged);
  void issue_call(Judged& judged);
  void escalate_call(Judged& judged);
  void open_liquidation(Judged& judged, Rate target);
  void complete(Judged& judged, LiquidationOutcome outcome);
  void issue_step(Judged& judged);
  void issue_order(Judged& judged, std::uint32_t instrument, Running& running);
  void take_over(Judged& judged);
  void take_position(Judged& judged, std::uint32_t instrument, Int128 share);
  [[nodiscard]] std::vector<std::uint32_t> by_maintenance(const Account& account) const;
  [[nodiscard]] Valuation value(const Account& account) const;
  [[nodiscard]] Int128 mark_of(std::uint32_t instrument) const;
  [[nodiscard]] Int128 maintenance_at(std::uint32_t instrument, Int128 quantity) const;
  [[nodiscard]] Running after_order(const Judged& judged, std::uint32_t instrument, Int128 quantity,
                                    Int128 limit, Running before) const;

  const reference::Reference& reference_;
  World world_;
  bool started_{false};
  EventTime now_;
  Context context_;
  Input cause_;
  std::vector<Pending> pending_;
  std::vector<Event> events_;
  std::vector<Input> inputs_;
  std::vector<ExchangeOrder> orders_;  // at the exchange, in the order of issue
  std::size_t house_looked_{0};        // events that the house has seen
};

}  // namespace plimsoll::oracle
