#pragma once

#include <optional>
#include <vector>

#include "engine/core/pauses.hpp"
#include "engine/core/sequenced.hpp"
#include "engine/ledger/ledger.hpp"
#include "engine/lifecycle/lifecycle.hpp"
#include "engine/marks/marks.hpp"
#include "engine/message/cause.hpp"
#include "engine/message/openings.hpp"
#include "engine/reference/reference.hpp"
#include "engine/watch/watch.hpp"

namespace plimsoll::core {

/// How much work a shard did; shown by reports, part of no event or hash.
struct ShardCounters {
  std::uint64_t inputs{0};
  std::uint64_t accounts_judged{0};
};

/// One input on its way through the shard.
struct Batch {
  Cause cause;  // with the trigger, once it is known
  std::vector<Event>& out;
};

/// The accounts of one shard, and what every input does to them. A pure function of the inputs it
/// is given, in order: no thread, clock, file or random number. One thread at a time.
class Shard {
 public:
  Shard(const reference::Reference& reference, ShardIndex index, watch::Mode mode);
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// Lets deadlines pass, books the input where it concerns this shard, judges the accounts
  /// concerned once each, and appends what is to be said.
  void apply(const Sequenced& sequenced, std::vector<Event>& out);

  /// Opens those of the accounts that are this shard's, of so many, with what they hold. All is
  /// then as after the inputs that say the same; what would refuse them refuses the account, and
  /// ends it. REQUIRES: there is no price yet, so that nobody can be judged.
  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings, ShardIndex shards);

  /// Changes how much work is done from the next input on; never what comes out.
  void watch_as(watch::Mode mode);

  [[nodiscard]] const ledger::Ledger& ledger() const noexcept { return ledger_; }
  [[nodiscard]] const lifecycle::Lifecycle& lifecycle() const noexcept { return lifecycle_; }
  [[nodiscard]] const marks::Marks& marks() const noexcept { return marks_; }
  [[nodiscard]] const ShardCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const watch::Bands& bands() const noexcept { return watch_.bands(); }

 private:
  // One overload an input that concerns accounts. They book, then judge.
  void book(const AccountOpened& input, Batch& batch);
  void book(const Deposited& input, Batch& batch);
  void book(const BalanceImported& input, Batch& batch);
  void book(const WithdrawalRequested& input, Batch& batch);
  void book(const MarginMoveRequested& input, Batch& batch);
  void book(const TradeFilled& input, Batch& batch);
  void book(const LiquidationAnswered& input, Batch& batch);
  void book(const FundingSettled& input, Batch& batch);
  void book(const FundingEstimated& input, Batch& batch);
  void book(const OpenInterestPublished& input, Batch& batch);
  void book(const CollateralFactorSet& input, Batch& batch);
  void book(const InstrumentChanged& input, Batch& batch);
  void book(const SettlementPriced& input, Batch& batch);
  void book(const FuturesSettled& input, Batch& batch);
  void book(const InterestCharged& input, Batch& batch);
  void book(const OrderRequested& input, Batch& batch);
  void book(const OrderClosed& input, Batch& batch);
  void book(const LeverageRequested& input, Batch& batch);
  void book(const AccountModeRequested& input, Batch& batch);

  void book(const LiquidationsPaused& input, Batch& batch);
  void book(const LiquidationsResumed& input, Batch& batch);
  void book(const LagReported& input, Batch& batch);

  /// A price before and after it moved.
  struct Moved {
    marks::Move before;
    marks::Move after;
    bool far{false};  // all holders are to be certified anew
  };
  /// Lets deadlines pass up to the cause's time.
  void pass_time(const Cause& cause, std::vector<Event>& out);
  void set_moves(Batch& batch);
  /// Judges whom a move of a mark or an index may concern.
  template <class Id>
  void follow_move(Id id, const Moved& moved, Batch& batch);
  /// Tells the accounts that new liquidations wait, or no longer: then all are judged.
  void follow_pauses(bool changed, Batch& batch);
  void settle_instrument(InstrumentId instrument, Price price, Batch& batch);
  void drop_settled_orders();
  /// Answers a withdrawal; true when it may be booked.
  [[nodiscard]] bool check_withdrawal(ledger::AccountIndex account, AssetId asset, Amount amount,
                                      ExternalId transfer, Batch& batch) const;
  [[nodiscard]] std::optional<Refusal> check_order(ledger::AccountIndex account,
                                                   const OrderRequested& order) const;
  void complete_line(ledger::AccountIndex account, const OrderRequested& order,
                     margin::Portfolio& portfolio) const;
  [[nodiscard]] std::optional<Refusal> check_leverage(ledger::AccountIndex account,
                                                      const LeverageRequested& request) const;
  [[nodiscard]] std::optional<Refusal> check_mode(ledger::AccountIndex account,
                                                  const AccountModeRequested& request) const;
  [[nodiscard]] std::optional<Refusal> check_margin_of_mode(
      ledger::AccountIndex account, const AccountModeRequested& request) const;
  void judge(ledger::AccountIndex account, Batch& batch);
  /// Gets what is known of an account that is soon judged into the processor's cache, in two
  /// steps: the second needs what the first has got.
  void fetch(ledger::AccountIndex account, bool near) const noexcept;
  /// Is there nothing to judge, because something the account holds has never had a price?
  [[nodiscard]] bool priceless(ledger::AccountIndex account) const;
  void judge_holders(InstrumentId instrument, Batch& batch);
  void judge_holders(AssetId asset, Batch& batch);
  void judge_everyone(Batch& batch);
  /// Puts the accounts of owners whose sums have changed on the list of the next round, as far as
  /// they hold what was summed: nobody else is worth anything else than before.
  void take_changed_owners();
  [[nodiscard]] bool holds(ledger::AccountIndex account, InstrumentId instrument) const;
  [[nodiscard]] bool holds(ledger::AccountIndex account, AssetId asset) const;
  /// Judges, in rounds, who waits for a top-up and whose owner's sums have changed.
  void judge_rounds(Batch& batch);

  const reference::Reference& reference_;
  ShardIndex index_;
  watch::Mode mode_;
  marks::Marks marks_;
  ledger::Ledger ledger_;
  lifecycle::Lifecycle lifecycle_;
  watch::Watch watch_;
  ShardCounters counters_;
  bool priced_{false};  // has there ever been a price?
  /// By account: so many of the lines it was opened with lack a price, as far as that is known
  /// without a look at them; else 0 or 1. A first price takes one off, a judgement all.
  std::vector<std::uint8_t> unpriced_;
  std::vector<Price> settlement_prices_;  // by instrument; 0: none is kept
  Pauses pauses_;
  std::vector<Moved> moves_;  // of the input at hand
  /// Where an account stands in its wait for a top-up, within one input.
  enum class Wait : std::uint8_t { none, waiting, topping_up, waited };
  std::vector<Wait> waits_;                    // by account
  std::vector<ledger::AccountIndex> waiting_;  // in this round
  std::vector<ledger::AccountIndex> waited_;   // in this input
  std::vector<ledger::AccountIndex> next_;     // to be judged in the next round
  std::vector<ledger::AccountIndex> round_;
  std::vector<ledger::AccountIndex> sweep_;  // the holders who are judged at once
  std::vector<ledger::PositionIndex> settled_lines_;
};

}  // namespace plimsoll::core
