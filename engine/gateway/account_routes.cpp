#include "engine/gateway/account_routes.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace plimsoll::gateway {
namespace {

/// A set begins at this account, or no longer holds it.
struct Edge {
  std::uint64_t account;
  std::uint32_t set;
  bool begins;
};

std::vector<Edge> edges_of(std::span<const AccountRanges> sets) {
  std::vector<Edge> edges;
  for (std::uint32_t set = 0; set < sets.size(); ++set) {
    for (const AccountRange& range : sets[set].ranges()) {
      edges.push_back({range.first.raw(), set, true});
      if (range.last.raw() == std::numeric_limits<std::uint64_t>::max()) continue;
      edges.push_back({range.last.raw() + 1, set, false});
    }
  }
  std::sort(edges.begin(), edges.end(),
            [](const Edge& a, const Edge& b) { return a.account < b.account; });
  return edges;
}

}  // namespace

AccountRoutes::AccountRoutes(std::span<const AccountRanges> sets) {
  std::set<std::uint32_t> open;
  stretches_.push_back({0, 0, 0});
  for (const Edge& edge : edges_of(sets)) {
    // Ranges of one set do not touch: it never ends and begins at the same account.
    if (edge.begins) {
      open.insert(edge.set);
    } else {
      open.erase(edge.set);
    }
    if (stretches_.back().first == edge.account) {
      sets_.resize(stretches_.back().begin);
      stretches_.pop_back();
    }
    stretches_.push_back({edge.account, sets_.size(), open.size()});
    sets_.insert(sets_.end(), open.begin(), open.end());
  }
}

std::span<const std::uint32_t> AccountRoutes::sets_with(AccountId account) const noexcept {
  const auto after = std::upper_bound(
      stretches_.begin(), stretches_.end(), account.raw(),
      [](std::uint64_t wanted, const Stretch& stretch) { return wanted < stretch.first; });
  if (after == stretches_.begin()) return {};
  const Stretch& stretch = *std::prev(after);
  return std::span{sets_}.subspan(stretch.begin, stretch.count);
}

}  // namespace plimsoll::gateway
