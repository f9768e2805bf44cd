#pragma once

#include <span>
#include <string_view>

#include "tests/vectors/trial.hpp"

// How the cases of each file become portfolios. A rule knows a kind of case, never a case.

namespace plimsoll::vectors {

struct Kind {
  std::string_view prefix;  // of the ids
  Rule rule;
};

/// The kinds of a file; the first whose prefix fits an id is its kind.
[[nodiscard]] std::span<const Kind> linear_kinds();
[[nodiscard]] std::span<const Kind> inverse_kinds();
[[nodiscard]] std::span<const Kind> dydx_kinds();
[[nodiscard]] std::span<const Kind> vega_kinds();
[[nodiscard]] std::span<const Kind> debt_kinds();
[[nodiscard]] std::span<const Kind> futures_tier_kinds();

}  // namespace plimsoll::vectors
