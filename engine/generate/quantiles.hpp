#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/assert.hpp"
#include "engine/generate/random.hpp"

// Distributions as tables of integers: the value at each quantile, a straight line between. The
// tables of the generated book are here, all of them. Pure functions, for any thread.

namespace plimsoll::generate {

/// At `quantile` parts per million the distribution has `value`.
struct Quantile {
  std::uint64_t quantile;
  std::int64_t value;
};

/// The value at `quantile`, rounded down, in 1/kMillion of the table's unit.
/// REQUIRES: quantile < 1,000,000; quantiles rise from 0 to 1,000,000; values do not fall, lie
/// between 0 and 10^9.
[[nodiscard]] constexpr std::int64_t value_at(std::span<const Quantile> table,
                                              std::uint64_t quantile) noexcept {
  PLIMSOLL_ASSERT(quantile < kMillion);
  std::size_t i = 1;
  while (table[i].quantile <= quantile) ++i;
  const Quantile& low = table[i - 1];
  const Quantile& high = table[i];
  const auto width = static_cast<std::int64_t>(high.quantile - low.quantile);
  const auto along = static_cast<std::int64_t>(quantile - low.quantile);
  constexpr auto kOne = static_cast<std::int64_t>(kMillion);
  return low.value * kOne + (high.value - low.value) * (along * kOne / width);
}

/// Equity of an account, in whole units of the settlement asset (dollars): heavy-tailed.
inline constexpr Quantile kEquity[] = {
    {0, 20},
    {50'000, 80},
    {100'000, 150},
    {250'000, 600},
    {500'000, 2'000},
    {750'000, 8'000},
    {900'000, 40'000},
    {950'000, 110'000},
    {990'000, 900'000},
    {999'000, 6'000'000},
    {999'900, 25'000'000},
    {1'000'000, 50'000'000},
};

/// Notional over equity, in thousandths: half of the accounts are levered above 5. What the
/// initial margin of its instruments forbids, an account does not have.
inline constexpr Quantile kLeverage[] = {
    {0, 300},          {100'000, 1'000},  {250'000, 2'500},  {500'000, 5'000},
    {750'000, 10'000}, {900'000, 20'000}, {970'000, 35'000}, {1'000'000, 125'000},
};

/// Positions of a cross account: 40 % have 1, 30 % 2, 20 % 3, 10 % 4 (parts per million, summed).
inline constexpr std::uint64_t kPositionCount[] = {400'000, 700'000, 900'000, 1'000'000};

inline constexpr std::uint64_t kLongShare = 620'000;      // of positions
inline constexpr std::uint64_t kIsolatedShare = 150'000;  // of accounts: one position, own equity
inline constexpr std::uint64_t kSameOwner = 30'000;       // of cross accounts: the owner before
inline constexpr std::uint64_t kInstitutional = 200'000;  // of owners above the median equity

/// Entry prices lie evenly within so many parts per million of the given price: nearer when the
/// profit or loss would be more than half of the equity.
inline constexpr std::int64_t kEntrySpread = 30'000;

/// Equity at the start is at least maintenance margin * call_trigger * (1 + this many parts per
/// million), and at least the initial margin.
inline constexpr std::int64_t kCushion = 50'000;

}  // namespace plimsoll::generate
