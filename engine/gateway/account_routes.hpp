#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/gateway/account_ranges.hpp"

namespace plimsoll::gateway {

/// Which of several sets an account is in, found by one binary search however many sets there are.
/// Fixed once made; for any thread.
class AccountRoutes {
 public:
  AccountRoutes() = default;
  explicit AccountRoutes(std::span<const AccountRanges> sets);

  /// Indices of the sets that hold the account, in ascending order.
  [[nodiscard]] std::span<const std::uint32_t> sets_with(AccountId account) const noexcept;

 private:
  /// From here to the next one, accounts are in the same sets.
  struct Stretch {
    std::uint64_t first;  // account
    std::size_t begin;    // in sets_
    std::size_t count;
  };
  std::vector<Stretch> stretches_;  // ascending; the first begins with account 0
  std::vector<std::uint32_t> sets_;
};

}  // namespace plimsoll::gateway
