#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/account_book.hpp"
#include "engine/configuration/account_json.hpp"
#include "engine/configuration/error.hpp"

// Books of accounts with which an engine starts: a file of JSON Lines or a folder of CSV files,
// described in config/README.md, becomes inputs (see AccountBook). One thread; never throws; a file
// of JSON Lines is never held as a whole, a folder is but for its accounts.csv.

namespace plimsoll::configuration {

/// Reads lines of JSON, one account each, and remembers the accounts so far.
class AccountsReader {
 public:
  /// `reference` must outlive the reader and be finished; errors name the file `file`.
  AccountsReader(const reference::Reference& reference, std::string file)
      : book_{reference}, file_{std::move(file)} {}

  /// Reads line number `number`: gives its inputs to `sink`, or none of them and returns the first
  /// error of the line. A blank line is nothing.
  /// REQUIRES: AccountJsonParser::kPadding readable bytes after it.
  [[nodiscard]] std::optional<Error> read_line(std::string_view line, std::size_t number,
                                               const InputSink& sink);

  /// Accounts and positions of the lines without error.
  [[nodiscard]] const AccountCounts& counts() const noexcept { return book_.counts(); }

 private:
  AccountBook book_;
  std::string file_;
  AccountJsonParser parser_;
  AccountLine line_;
};

struct AccountsResult {
  AccountCounts counts;
  std::vector<Error> errors;  // at most one per line
  [[nodiscard]] bool ok() const noexcept { return errors.empty(); }
};

/// Reads the file of JSON Lines, plain or gzip, or the folder of CSV files at `path`, giving all
/// inputs to `sink`. Goes on after an error, to show the others, and gives up after `errors_max`;
/// what `sink` got may be used only when the result is ok.
[[nodiscard]] AccountsResult read_accounts(const std::string& path,
                                           const reference::Reference& reference,
                                           const InputSink& sink, std::size_t errors_max = 100);

/// Upper bounds of what is in a book, by counting lines and "instrument" keys: enough to size
/// limits. Empty when it cannot be read.
[[nodiscard]] std::optional<AccountCounts> count_accounts(const std::string& path);

}  // namespace plimsoll::configuration
