#include "engine/core/registry.hpp"

namespace plimsoll::core {
namespace {

bool modes_known(MarginMode mode, PositionMode position_mode) noexcept {
  return mode <= MarginMode::multi_asset && position_mode <= PositionMode::hedge;
}

}  // namespace

Registry::Registry(const reference::Reference& reference, ShardIndex shards)
    : reference_{reference}, shards_{shards}, by_id_{reference.limits.accounts} {
  entries_.reserve(reference.limits.accounts);
}

const Registry::Entry* Registry::find(AccountId account) const noexcept {
  if (account.raw() == ~std::uint64_t{0}) return nullptr;
  const std::uint32_t index = by_id_.find(account.raw());
  return index == FlatMap::kAbsent ? nullptr : &entries_[index];
}

std::optional<Refusal> Registry::check(const AccountOpened& input) const noexcept {
  if (input.account.raw() == ~std::uint64_t{0}) return Refusal::account_unknown;
  if (input.profile.raw() >= reference_.profiles.size() ||
      input.asset.raw() >= reference_.assets.size()) {
    return Refusal::reference_unknown;
  }
  if (input.account.raw() == 0 || find(input.account) != nullptr) return Refusal::account_exists;
  if (input.parent.raw() != 0) {
    const Entry* parent = find(input.parent);
    if (parent == nullptr || parent->owner != input.owner || parent->parent.raw() != 0) {
      return Refusal::parent_unknown;
    }
  }
  if (input.parent.raw() == 0 && input.mode == MarginMode::isolated) return Refusal::parent_unknown;
  if (input.parent.raw() != 0 && input.mode == MarginMode::multi_asset) {
    return Refusal::parent_unknown;
  }
  if (!modes_known(input.mode, input.position_mode) ||
      (input.mode == MarginMode::multi_asset && input.asset != reference_.numeraire)) {
    return Refusal::mode_unsupported;
  }
  if (entries_.size() == reference_.limits.accounts) return Refusal::capacity_exhausted;
  return {};
}

Registry::Route Registry::open(const AccountOpened& input) {
  if (const auto refused = check(input)) return {kNoShard, refused};
  const ShardIndex shard = shard_of(input.owner, shards_);
  PLIMSOLL_ASSERT(by_id_.insert(input.account.raw(), static_cast<std::uint32_t>(entries_.size())));
  entries_.push_back({input.owner, input.parent, shard});
  return {shard, {}};
}

Registry::Route Registry::route(AccountId account) const noexcept {
  const Entry* entry = find(account);
  if (entry == nullptr) return {kNoShard, Refusal::account_unknown};
  return {entry->shard, {}};
}

Registry::Route Registry::route(const MarginMoveRequested& input) const noexcept {
  const Entry* from = find(input.account);
  if (from == nullptr) return {kNoShard, Refusal::account_unknown};
  if (input.amount.raw() <= 0) return {kNoShard, Refusal::amount_not_positive};
  const Entry* to = find(input.to);
  if (to == nullptr || input.to == input.account) return {kNoShard, Refusal::account_unknown};
  if (from->owner != to->owner) return {kNoShard, Refusal::owner_mismatch};
  return {from->shard, {}};
}

}  // namespace plimsoll::core
