#pragma once

#include <span>
#include <vector>

#include "engine/value/account_range.hpp"

namespace plimsoll::gateway {

/// A set of accounts as ranges. Fixed once made; for any thread.
class AccountRanges {
 public:
  /// Of no account.
  AccountRanges() = default;
  /// The ranges may come in any order, and overlap.
  explicit AccountRanges(std::vector<AccountRange> ranges);

  [[nodiscard]] bool contains(AccountId account) const noexcept;
  /// Disjoint, not even touching, in ascending order.
  [[nodiscard]] std::span<const AccountRange> ranges() const noexcept { return ranges_; }

 private:
  std::vector<AccountRange> ranges_;
};

}  // namespace plimsoll::gateway
