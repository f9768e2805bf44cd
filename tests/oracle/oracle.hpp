#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "tests/oracle/mistakes.hpp"
#include "tests/oracle/requirement.hpp"
#include "tests/oracle/rules.hpp"
#include "tests/oracle/trust.hpp"
#include "tests/oracle/world.hpp"

// The engine a second time, from engine/README.md alone: sequencer, shards, house and exchange as
// one object that recomputes everything whenever it is asked. It is slow and has no clever parts;
// where it and the engine differ, one of them misreads that page.
//
// Single-threaded. After every input it checks conservation and the external net, and aborts with a
// message when they do not hold.

namespace plimsoll::oracle {

/// What an account is worth in its margin asset, at the marks and indices of now; what has none is
/// left out.
struct Valuation {
  bool marked{true};  // fully
  Int128 equity{0};
  Int128 maintenance{0};
  Int128 initial{0};
  Int128 scaled{0};  // what initial_factor and withdrawal_factor multiply
  // Available equity, without profits where they do not count, and what it is compared with: the
  // initial margin, the same with debt_withdrawal in place of debt_initial.
  Int128 available{0};
  Int128 initial_available{0};
  Int128 initial_withdrawal{0};
};

class Oracle {
 public:
  /// REQUIRES: finish(reference) found no violation; the reference outlives the oracle.
  explicit Oracle(const reference::Reference& reference, Mistake mistake = Mistake::none);

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
    PositionSide side;
  };
  struct Judged {
    AccountId id;
    Account& account;
    const reference::Profile& profile;
    Int128 equity;
    Int128 maintenance;
    Prices prices;           // of the favourable corner
    std::uint32_t steps{0};  // of the liquidation that was completed just now
  };
  /// What an account has and must hold in one asset, in units of it.
  struct AssetSum {
    Int128 balance{0};
    Int128 pnl{0};
    Int128 maintenance{0};
    Int128 initial{0};
    Int128 scaled{0};
    [[nodiscard]] Int128 net() const { return balance + pnl; }
  };
  struct Sums {
    bool marked{true};
    std::map<std::uint32_t, AssetSum> assets;
  };
  /// An order of a liquidation step, and the account as it is once that is filled.
  struct Reduction {
    LineKey line;
    Int128 quantity{0};
    Int128 limit{0};
    Account after;
    Valuation worth;
  };
  /// The prices of the live sources of an index, and the band around their median.
  struct Band {
    std::vector<std::pair<SourceId, Int128>> prices;
    Int128 median{0};
    Int128 low{0};
    Int128 high{0};
  };
  /// Which requirement an account is asked for.
  enum class Asked { maintenance, initial, withdrawal };
  using Answer = std::optional<Refusal>;

  // oracle.cpp: order of inputs.
  void fill_gap(EventTime until);
  void sequence(const Input& input);
  void settle(EventTime until);
  bool run_factors();
  void forget_settled_orders();
  bool run_house();
  void count_start(EventTime time);
  [[nodiscard]] std::optional<InputBody> run_breaker();
  bool run_exchange(EventTime until);
  [[nodiscard]] std::vector<ExchangeOrder> take_due_orders(EventTime until);
  [[nodiscard]] Input answer_to(const ExchangeOrder& order) const;
  void apply_one(Input input);

  // publication.cpp: order of events, and what holds after every input.
  void emit(AccountId account, const EventBody& body);
  void publish();
  void pass_to_exchange(const Event& event);
  void check_conservation() const;
  void check_external_net() const;

  // booking.cpp: fills and money of accounts, and the other side of both.
  [[nodiscard]] Booked book_line(Account& account, const LineKey& line, Int128 quantity,
                                 Int128 price) const;
  Int128 book(Account& account, const LineKey& line, Int128 quantity, Int128 price);
  void book_spot(Account& account, InstrumentId id, Int128 quantity, Int128 price);
  void exchange_spot(Account& account, InstrumentId id, Int128 quantity, Int128 cash) const;
  void settle_result(AccountId account, AssetId asset, Int128 result);
  void change_fund(AccountId account, AssetId asset, Int128 amount);
  void settle_instrument(std::uint32_t instrument, Int128 price);
  void unwind(InstrumentId id, Int128 quantity, Int128 price);
  bool settle_account(AccountId id, Account& account, std::uint32_t instrument, Int128 price);

  // The inputs, one by one. Each returns why it is refused, or nothing. accounts.cpp:
  Answer apply(const TimeAdvanced& input);
  Answer apply(const AccountOpened& input);
  Answer apply(const Deposited& input);
  Answer apply(const BalanceImported& input);
  Answer apply(const WithdrawalRequested& input);
  Answer apply(const MarginMoveRequested& input);
  Answer apply(const LeverageRequested& input);
  Answer apply(const AccountModeRequested& input);
  Answer apply(const InterestCharged& input);
  // trading.cpp:
  Answer apply(const TradeFilled& input);
  Answer apply(const FundingSettled& input);
  Answer apply(const OrderRequested& input);
  Answer apply(const OrderClosed& input);
  Answer apply(const LiquidationAnswered& input);
  // market.cpp:
  Answer apply(const BookQuoted& input);
  Answer apply(const MarkPublished& input);
  Answer apply(const TradePrinted& input);
  Answer apply(const IndexPublished& input);
  Answer apply(const SourceQuoted& input);
  Answer apply(const SourcePriced& input);
  Answer apply(const SourceInterrupted& input);
  Answer apply(const MarketInterrupted& input);
  Answer apply(const TicksConflated& input);
  Answer apply(const SourceTicksConflated& input);
  Answer apply(const SourceReleased& input);
  Answer apply(const MarkOverridden& input);
  Answer apply(const IndexOverridden& input);
  Answer apply(const RedemptionPublished& input);
  Answer apply(const FundingEstimated& input);
  Answer apply(const OpenInterestPublished& input);
  Answer apply(const InstrumentChanged& input);
  Answer apply(const SettlementPriced& input);
  Answer apply(const FuturesSettled& input);
  Answer apply(const CollateralFactorSet& input);
  // house.cpp:
  Answer apply(const FundEndowed& input);
  Answer apply(const InventoryAbsorbed& input);
  Answer apply(const TakeoverSettled& input);
  Answer apply(const FeesCollected& input);
  Answer apply(const InventoryAnswered& input);
  Answer apply(const LiquidationsPaused& input);
  Answer apply(const LiquidationsResumed& input);
  Answer apply(const LagReported& input);
  void pause(PauseReason reason);
  void resume(PauseReason reason);
  void start_counting();

  // market.cpp: parts of ticks.
  [[nodiscard]] Answer check_time(const reference::Guard& guard, const Stream& stream,
                                  EventTime venue_time) const;
  void set_tick(InstrumentId id, Tick& tick, Int128 price, EventTime venue_time);
  Answer speak(SourceId id, Int128 price, EventTime venue_time, ExternalId number);
  [[nodiscard]] bool is_next_number(OperatorId by, ExternalId number);

  // prices.cpp: what ticks become.
  [[nodiscard]] const reference::Guard& guard_of(InstrumentId id) const;
  [[nodiscard]] const reference::Index& index_of_source(SourceId id) const;
  [[nodiscard]] std::optional<std::uint32_t> computed_index(std::uint32_t asset) const;
  [[nodiscard]] View index_view(std::uint32_t index) const;
  [[nodiscard]] View asset_view(std::uint32_t asset) const;
  [[nodiscard]] std::vector<Int128> due_times_of_index(std::uint32_t id) const;
  [[nodiscard]] std::vector<Int128> due_times_of_mark(std::uint32_t id) const;
  static void add_due_times(const Factor& factor, const reference::Guard& guard,
                            std::vector<Int128>& times);
  [[nodiscard]] std::optional<Int128> next_sample(std::uint32_t id) const;
  [[nodiscard]] std::optional<Int128> next_due_time() const;
  void touch_due(const std::optional<Int128>& before);
  void work_out_prices();
  [[nodiscard]] std::optional<Int128> converted(SourceId id) const;
  [[nodiscard]] SourceState state_of(SourceId id) const;
  [[nodiscard]] Band band_of(const reference::Index& index) const;
  void judge_speaker(std::uint32_t id);
  void work_out_index(std::uint32_t id);
  [[nodiscard]] Wanted wanted_index(const reference::Index& index) const;
  void tell_index(std::uint32_t id, const View& before);
  [[nodiscard]] bool is_fresh(const Tick& tick, const reference::Guard& guard) const;
  void work_out_mark(std::uint32_t id);
  [[nodiscard]] Wanted wanted_mark(std::uint32_t id);
  [[nodiscard]] Int128 bounded_basis(std::uint32_t id, Int128 index, Int128 x) const;
  void follow_basis(std::uint32_t id, Int128 index);
  [[nodiscard]] Int128 mark_at_index(std::uint32_t id, Int128 index) const;
  void take_samples(std::uint32_t id);
  void average_samples(std::uint32_t id);

  // limits.cpp: what inputs are checked against.
  [[nodiscard]] Account* find(AccountId id);
  [[nodiscard]] const reference::Instrument* find_instrument(InstrumentId id) const;
  [[nodiscard]] const reference::Instrument* find_contract(InstrumentId id) const;
  [[nodiscard]] bool has_asset(AssetId id) const;
  [[nodiscard]] bool has_source(SourceId id) const;
  [[nodiscard]] bool is_price(InstrumentId id, Price price) const;
  [[nodiscard]] bool can_hold(const Account& account, AssetId asset) const;
  [[nodiscard]] bool is_side(const Account& account, InstrumentId id, PositionSide side) const;
  [[nodiscard]] static bool is_elsewhere(const Account& account, InstrumentId id);
  [[nodiscard]] std::optional<Int128> exposure_of(InstrumentId id, Int128 size) const;
  [[nodiscard]] std::optional<Int128> exposure_of(const Account& account,
                                                  const LineKey& line) const;
  [[nodiscard]] bool has_room_for_money(const Account& account, AssetId asset) const;
  [[nodiscard]] bool has_room_for_lines(const Account& account) const;
  [[nodiscard]] bool has_room_in_numeraire(const Account& account) const;
  /// May a charge or a payment change the balance of the account like this?
  [[nodiscard]] bool can_carry(const Account& before, std::uint32_t asset, Int128 change) const;
  [[nodiscard]] bool has_room_by_owner(const Account& before, const Account& after,
                                       const LineKey& line) const;
  [[nodiscard]] bool has_room_for_spot(InstrumentId id, Int128 quantity) const;

  // accounts.cpp, trading.cpp, market.cpp: parts of single inputs.
  [[nodiscard]] bool withdraw(AccountId id, Amount amount, ExternalId transfer, AssetId asset);
  [[nodiscard]] Answer check_mode(const Account& account, const AccountModeRequested& input) const;
  [[nodiscard]] Answer check_new_mode(const Account& before, const Account& after) const;
  [[nodiscard]] Answer check_excess(const Account& account) const;
  [[nodiscard]] Answer check_fill(const Account& account, const TradeFilled& input) const;
  [[nodiscard]] Answer check_fill_room(const Account& account, const TradeFilled& input) const;
  [[nodiscard]] static Account with_order_filled(Account account, const TradeFilled& input);
  [[nodiscard]] Answer check_order(const Account& account, const OrderRequested& input) const;
  [[nodiscard]] Answer check_order_margin(const Account& account,
                                          const OrderRequested& input) const;
  [[nodiscard]] bool passes_position_limit(const Account& account,
                                           const OrderRequested& input) const;
  [[nodiscard]] Answer check_answer(Int128 ordered, const LiquidationAnswered& input) const;
  void trigger_by(InstrumentId instrument, Int128 price);
  void concern(AccountId id) { concerned_.insert(id.raw()); }
  void concern_holders(InstrumentId id);
  void concern_asset_holders(AssetId id);

  // worth.cpp: what accounts are worth.
  [[nodiscard]] const reference::Profile& profile_of(const Account& account) const;
  [[nodiscard]] Int128 mark_of(std::uint32_t instrument) const;
  [[nodiscard]] const reference::Tiers& tiers_of(std::uint32_t instrument, bool is_long) const;
  [[nodiscard]] Prices shown() const;
  [[nodiscard]] static Margin margin_of(const reference::Profile& profile, Asked asked);
  [[nodiscard]] Prices corner_of(const Account& account, const Account& counted, Asked asked) const;
  [[nodiscard]] bool depends_on_frozen(const Account& account) const;
  [[nodiscard]] Int128 index_divisor_of(std::uint32_t asset) const;
  [[nodiscard]] Int128 convert_floor(std::uint32_t asset, Int128 amount,
                                     const Prices& prices) const;
  [[nodiscard]] Int128 convert_ceil(std::uint32_t asset, Int128 amount, const Prices& prices) const;
  [[nodiscard]] LineTerms terms_of(const Account& account, const LineKey& line, Int128 mark,
                                   const Account& counted) const;
  [[nodiscard]] Int128 requirement(const Account& account, const LineKey& line, Margin margin,
                                   const Account& counted, const Prices& prices) const;
  [[nodiscard]] Sums sums_of(const Account& account, const Account& counted,
                             const Prices& prices) const;
  [[nodiscard]] Valuation value(const Account& account, const Prices& prices) const {
    return value(account, account, prices);
  }
  [[nodiscard]] Valuation value(const Account& account, const Account& counted,
                                const Prices& prices) const;
  [[nodiscard]] bool is_marked(const Account& account) const {
    return value(account, shown()).marked;
  }
  [[nodiscard]] Valuation value_single(const Account& account, const Sums& sums) const;
  [[nodiscard]] Valuation value_multi(const Account& account, const Sums& sums,
                                      const Account& counted, const Prices& prices) const;
  [[nodiscard]] Int128 worth_of(std::uint32_t asset, Int128 net, const Account& counted,
                                const Prices& prices) const;
  [[nodiscard]] Int128 collateral_of(const reference::Collateral& rule, Int128 net,
                                     const Account& counted, const Prices& prices) const;
  [[nodiscard]] Int128 available_for(const Account& account, AssetId asset) const;
  [[nodiscard]] Totals compute_totals() const;
  /// G and A of the README as an account sees them.
  [[nodiscard]] Int128 gross_for(const Account& account, std::uint32_t instrument) const;
  [[nodiscard]] Int128 held_for(const Account& account, std::uint32_t asset) const;

  // rounds.cpp: who is judged when; top-ups and exchanges on the way.
  void pass_deadlines();
  void fail_call(AccountId id);
  void refresh_totals();
  void concern_owners();
  void judge_rounds();
  void judge_in_round(AccountId id, bool is_waiting);
  void judge(AccountId id);
  [[nodiscard]] bool must_wait(AccountId id, Account& account) const;
  void top_up(AccountId id, Account& account);
  void exchange_debts(AccountId id, Account& account);
  /// One asset sold for what is owed in another.
  struct Trade {
    std::uint32_t asset;  // owed
    Int128 owed;
    std::uint32_t sold;
    Int128 most;  // that is sold
    Int128 ratio;
  };
  void buy(AccountId id, Account& account, const Trade& trade, const Prices& prices);
  void buy_all(AccountId id, Account& account, const Prices& prices);

  // judgement.cpp: calls and the course of liquidations.
  /// At the favourable corner of now.
  [[nodiscard]] Judged judged_of(AccountId id, Account& account) const;
  [[nodiscard]] Judged judged_at(AccountId id, Account& account, Prices prices) const;
  void suspend_or_resume(AccountId id, Account& account);
  [[nodiscard]] bool is_confirmed(Judged& judged);
  [[nodiscard]] static bool is_exposed(const Account& account);
  bool judge_liquidation(Judged& judged);
  void judge_breach(Judged& judged);
  [[nodiscard]] Valuation called_worth(const Account& account) const;
  void judge_call(const Judged& judged);
  void escalate_call(Judged& judged);
  void open_liquidation(Judged& judged, Rate target);
  void complete(Judged& judged, LiquidationOutcome outcome);

  // liquidation.cpp: steps and take-overs.
  void issue_step(Judged& judged);
  void issue_order(Judged& judged, const Reduction& order);
  [[nodiscard]] bool is_held_up(const LineKey& line) const;
  [[nodiscard]] std::vector<LineKey> by_maintenance(const Account& account,
                                                    const Prices& prices) const;
  [[nodiscard]] std::optional<Reduction> reduction_of(const Judged& judged, const LineKey& line,
                                                      const Account& account,
                                                      const Valuation& worth) const;
  [[nodiscard]] Reduction smallest_reduction(const Judged& judged, const LineKey& line,
                                             const Account& account, Int128 limit) const;
  [[nodiscard]] Reduction reduced(const Judged& judged, const LineKey& line, const Account& account,
                                  Int128 quantity, Int128 limit) const;
  void take_over(Judged& judged);
  [[nodiscard]] std::map<LineKey, Int128> shares_of(const Account& account, const Sums& sums,
                                                    const Prices& prices) const;
  void take_position(Judged& judged, const LineKey& line, Int128 share);

  const reference::Reference& reference_;
  Mistake mistake_;
  World world_;
  Totals totals_;  // of owners, as they are in force
  bool started_{false};
  EventTime now_;
  Context context_;
  Input cause_;
  std::vector<Pending> pending_;
  std::vector<Event> events_;
  std::vector<Input> inputs_;
  std::vector<ExchangeOrder> orders_;  // at the exchange, in the order of issue
  std::size_t house_looked_{0};        // events that the house has seen
  std::set<std::uint64_t> concerned_;  // accounts of the next round
  std::set<std::uint64_t> waiting_;    // of the next round, for a top-up
  std::set<std::uint64_t> waited_;     // once in this input
  std::set<std::uint64_t> owners_;     // whose totals changed since the last round

  std::set<std::uint32_t> touched_indices_;  // by the input at hand
  std::set<std::uint32_t> touched_marks_;
  std::optional<SourceId> speaker_;         // the source whose tick the input is
  std::vector<SettlementPriced> averaged_;  // what follows the input at hand
  EventTime wait_ended_{EventTime::from_raw(std::numeric_limits<std::int64_t>::min())};

  // The house's breaker.
  Int128 started_window_{0};
  std::uint32_t started_count_{0};
  bool too_many_{false};
  Int128 braked_at_{0};
};

}  // namespace plimsoll::oracle
