#pragma once

#include <vector>

#include "engine/core/sequenced.hpp"
#include "engine/ledger/ledger.hpp"
#include "engine/lifecycle/lifecycle.hpp"
#include "engine/marks/marks.hpp"
#include "engine/message/cause.hpp"
#include "engine/reference/reference.hpp"
#include "engine/watch/watch.hpp"

namespace plimsoll::core {

/// How much work a shard did; shown by reports, part of no event or hash.
struct ShardCounters {
  std::uint64_t inputs{0};
  std::uint64_t accounts_judged{0};
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

  /// Changes how much work is done from the next input on; never what comes out.
  void watch_as(watch::Mode mode) noexcept { mode_ = mode; }

  [[nodiscard]] const ledger::Ledger& ledger() const noexcept { return ledger_; }
  [[nodiscard]] const lifecycle::Lifecycle& lifecycle() const noexcept { return lifecycle_; }
  [[nodiscard]] const marks::Marks& marks() const noexcept { return marks_; }
  [[nodiscard]] const ShardCounters& counters() const noexcept { return counters_; }

 private:
  // One overload an input that concerns accounts. They book, then judge.
  void book(const AccountOpened& input, const Cause& cause, std::vector<Event>& out);
  void book(const Deposited& input, const Cause& cause, std::vector<Event>& out);
  void book(const WithdrawalRequested& input, const Cause& cause, std::vector<Event>& out);
  void book(const MarginMoveRequested& input, const Cause& cause, std::vector<Event>& out);
  void book(const TradeFilled& input, const Cause& cause, std::vector<Event>& out);
  void book(const LiquidationAnswered& input, const Cause& cause, std::vector<Event>& out);
  void book(const FundingSettled& input, const Cause& cause, std::vector<Event>& out);

  void move_mark(const Sequenced& sequenced, const Cause& cause, std::vector<Event>& out);
  /// Answers a withdrawal; true when it may be booked.
  [[nodiscard]] bool check_withdrawal(ledger::AccountIndex account, Amount amount,
                                      ExternalId transfer, const Cause& cause,
                                      std::vector<Event>& out) const;
  void judge(ledger::AccountIndex account, const Cause& cause, std::vector<Event>& out);
  void judge_all(const Cause& cause, std::vector<Event>& out);

  const reference::Reference& reference_;
  ShardIndex index_;
  watch::Mode mode_;
  marks::Marks marks_;
  ledger::Ledger ledger_;
  lifecycle::Lifecycle lifecycle_;
  watch::Watch watch_;
  ShardCounters counters_;
};

}  // namespace plimsoll::core
