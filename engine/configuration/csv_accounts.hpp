#pragma once

#include <optional>
#include <string>

#include "engine/configuration/accounts_reader.hpp"

// A book of accounts as a folder of CSV files: accounts.csv, balances.csv, positions.csv and
// orders.csv, each plain or gzip, also as .csv.gz; all but the first may be missing. Private to
// this folder; use read_accounts(). One thread; holds all but accounts.csv.

namespace plimsoll::configuration {

[[nodiscard]] AccountsResult read_csv_accounts(const std::string& folder,
                                               const reference::Reference& reference,
                                               const InputSink& sink, std::size_t errors_max);

/// Upper bounds, by counting records. Empty when the folder cannot be read.
[[nodiscard]] std::optional<AccountCounts> count_csv_accounts(const std::string& folder);

}  // namespace plimsoll::configuration
