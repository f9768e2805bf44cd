#pragma once

#include <optional>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/core/sequenced.hpp"
#include "engine/message/event.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::core {

/// Every account there is, and which shard owns it. It refuses what names an account wrongly before
/// a shard sees it, so that a refusal does not depend on sharding. Owned by the sequencer.
class Registry {
 public:
  Registry(const reference::Reference& reference, ShardIndex shards);

  /// Where an input belongs, or why it is refused.
  struct Route {
    ShardIndex shard{kNoShard};
    std::optional<Refusal> refused;
  };
  /// Registers the account when it is not refused.
  [[nodiscard]] Route open(const AccountOpened& input);
  /// Gets the place of an account that is soon opened into the processor's cache.
  void fetch_new(AccountId account) const noexcept { by_id_.fetch(account.raw()); }
  [[nodiscard]] Route route(AccountId account) const noexcept;
  [[nodiscard]] Route route(const MarginMoveRequested& input) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    OwnerId owner;
    AccountId parent;
    ShardIndex shard;
  };
  [[nodiscard]] const Entry* find(AccountId account) const noexcept;
  [[nodiscard]] std::optional<Refusal> check(const AccountOpened& input) const noexcept;

  const reference::Reference& reference_;
  ShardIndex shards_;
  FlatMap by_id_;
  std::vector<Entry> entries_;
};

}  // namespace plimsoll::core
