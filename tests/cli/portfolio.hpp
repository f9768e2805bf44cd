#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/value/integer.hpp"
#include "tests/cli/process.hpp"

// Portfolio files, and what `plimsoll margin` says of them.

namespace plimsoll::cli::testing {

/// The documented example.
[[nodiscard]] std::string example_portfolio();

/// Two accounts in USD: number 1 in multi-asset mode with BTC as collateral, a debt in USD, a
/// linear and an inverse position; number 2 with nothing but 500 USD.
[[nodiscard]] std::string multi_asset_portfolio();

/// The object that `margin FILE --json` and `more` print. Expects exit code 0 and one line.
[[nodiscard]] nlohmann::ordered_json margin_of(const std::string& file, const Arguments& more = {});

/// Its first account.
[[nodiscard]] nlohmann::ordered_json account_of(const std::string& file,
                                                const Arguments& more = {});

/// A decimal text as units of 10^-decimals. A failure of the test when it is none.
[[nodiscard]] Int128 units(const nlohmann::ordered_json& text, int decimals);

/// Units of 1e-9 as decimal text.
[[nodiscard]] std::string price_text(Int128 units);

}  // namespace plimsoll::cli::testing
