#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/configuration/account_line.hpp"
#include "engine/configuration/holdings_check.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// The accounts with which an engine starts, whatever the format they come in: each is checked so
// that the engine refuses none of its inputs. One thread; never throws; memory is about 60 bytes
// per account, more where a profile aggregates by owner.

namespace plimsoll::configuration {

/// Takes one input of an account, in the order in which the engine must see them.
using InputSink = std::function<void(const InputBody&)>;

struct AccountCounts {
  std::size_t accounts{0};
  std::size_t positions{0};
};

class AccountBook {
 public:
  /// `reference` must outlive the book and be finished.
  explicit AccountBook(const reference::Reference& reference);

  /// Checks one account and gives its inputs to `sink`, in this order: AccountOpened; per balance
  /// above 0 Deposited, with the account's id as transfer; per position LeverageRequested where a
  /// leverage is given (for an instrument once), then TradeFilled without fee, fills numbered
  /// through the book from 1; OrderRequested per order, as resting; per balance below 0
  /// BalanceImported; AccountModeRequested where auto_top_up is on. Or gives none of them: then
  /// `fault` is the first thing that is wrong, and the result false.
  [[nodiscard]] bool take(const AccountLine& line, const InputSink& sink, LineFault& fault);

  /// Remembers an account that could not be read as a whole, so that its sub-accounts do not look
  /// wrong too. It needs its numbers only.
  void note(const AccountLine& line);

  /// Accounts and positions that were taken.
  [[nodiscard]] const AccountCounts& counts() const noexcept { return counts_; }

 private:
  struct Known {
    AccountId account;
    OwnerId owner;
    bool is_child;
  };

  [[nodiscard]] bool check_account(const AccountLine& line, LineFault& fault) const;
  [[nodiscard]] bool check_names(const AccountLine& line, LineFault& fault);
  [[nodiscard]] bool check_parent(const AccountLine& line, LineFault& fault) const;
  [[nodiscard]] bool check_modes(const AccountLine& line, LineFault& fault) const;
  [[nodiscard]] bool check_room(const AccountLine& line, LineFault& fault) const;
  void identify(const AccountLine& line);
  void remember(const Known& known);
  void give(const AccountLine& line, const InputSink& sink);

  const reference::Reference& reference_;
  AccountOpened opened_;
  HoldingsCheck holdings_;
  std::vector<Known> known_;  // in the order of the book
  FlatMap index_;             // account -> index into known_
  AccountCounts counts_;
};

}  // namespace plimsoll::configuration
