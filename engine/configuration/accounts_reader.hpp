#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/configuration/account_line.hpp"
#include "engine/configuration/error.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// Accounts with which an engine starts: a file of JSON Lines, described in config/README.md,
// becomes the inputs AccountOpened, Deposited and TradeFilled. Every line is checked so that the
// engine refuses none of them. One thread; never throws, never holds the text of the file; memory
// is about 60 bytes per account.

namespace plimsoll::configuration {

/// Takes one input of an account, in the order in which the engine must see them.
using InputSink = std::function<void(const InputBody&)>;

struct AccountCounts {
  std::size_t accounts{0};
  std::size_t positions{0};
};

/// Reads lines, one account each, and remembers the accounts so far.
class AccountsReader {
 public:
  /// `reference` must outlive the reader and be finished; errors name the file `file`.
  AccountsReader(const reference::Reference& reference, std::string file);

  /// Reads line number `number`: gives its inputs to `sink` (AccountOpened; Deposited when the
  /// balance is above 0, with the account's id as transfer; one TradeFilled without fee per
  /// position, fills numbered through the file from 1), or none of them and the first error of the
  /// line. A blank line is nothing. REQUIRES: AccountLineParser::kPadding readable bytes after it.
  [[nodiscard]] std::optional<Error> read_line(std::string_view line, std::size_t number,
                                               const InputSink& sink);

  /// Accounts and positions of the lines without error.
  [[nodiscard]] const AccountCounts& counts() const noexcept { return counts_; }

 private:
  struct Known {
    AccountId account;
    OwnerId owner;
    AssetId asset;
    bool is_child;
  };

  [[nodiscard]] bool check(const AccountLine& line, LineFault& fault);
  [[nodiscard]] bool check_account(const AccountLine& line, LineFault& fault);
  [[nodiscard]] bool check_names(const AccountLine& line, LineFault& fault);
  [[nodiscard]] bool check_parent(const AccountLine& line, LineFault& fault) const;
  [[nodiscard]] bool check_balance(const AccountLine& line, LineFault& fault);
  [[nodiscard]] bool check_positions(const AccountLine& line, LineFault& fault);
  [[nodiscard]] bool check_instrument(const PositionLine& line, TradeFilled& fill,
                                      LineFault& fault) const;
  [[nodiscard]] bool check_fill(const PositionLine& line, TradeFilled& fill,
                                LineFault& fault) const;
  void remember(const Known& known);
  void give(const InputSink& sink);

  const reference::Reference& reference_;
  std::string file_;
  AccountLineParser parser_;
  AccountLine line_;
  AccountOpened opened_;
  Amount balance_;
  std::vector<TradeFilled> fills_;
  std::vector<Known> known_;  // in the order of the file
  FlatMap index_;             // account -> index into known_
  AccountCounts counts_;
};

struct AccountsResult {
  AccountCounts counts;
  std::vector<Error> errors;  // at most one per line
  [[nodiscard]] bool ok() const noexcept { return errors.empty(); }
};

/// Reads the file at `path`, plain or gzip, giving all inputs to `sink`. Goes on after an error, to
/// show the others, and gives up after `errors_max`; what `sink` got may be used only when the
/// result is ok.
[[nodiscard]] AccountsResult read_accounts(const std::string& path,
                                           const reference::Reference& reference,
                                           const InputSink& sink, std::size_t errors_max = 100);

/// Upper bounds of what is in an accounts file, by counting lines and "instrument" keys: enough to
/// size limits. Empty when the file cannot be read.
[[nodiscard]] std::optional<AccountCounts> count_accounts(const std::string& path);

}  // namespace plimsoll::configuration
