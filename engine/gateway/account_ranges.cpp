#include "engine/gateway/account_ranges.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"

namespace plimsoll::gateway {

AccountRanges::AccountRanges(std::vector<AccountRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const AccountRange& a, const AccountRange& b) { return a.first < b.first; });
  for (const AccountRange& range : ranges) {
    PLIMSOLL_ASSERT(range.first.raw() > 0 && range.first <= range.last);
    // The last account before a range is its first less 1, which is at least 0.
    if (!ranges_.empty() && ranges_.back().last.raw() >= range.first.raw() - 1) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    } else {
      ranges_.push_back(range);
    }
  }
}

bool AccountRanges::contains(AccountId account) const noexcept {
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), account,
      [](AccountId wanted, const AccountRange& range) { return wanted < range.first; });
  return after != ranges_.begin() && account <= std::prev(after)->last;
}

}  // namespace plimsoll::gateway
