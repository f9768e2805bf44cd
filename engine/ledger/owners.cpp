#include "engine/ledger/owners.hpp"

namespace plimsoll::ledger {

std::uint32_t Owners::join(OwnerId owner, std::uint32_t account) {
  const bool last_id = owner.raw() == ~std::uint64_t{0};
  std::uint32_t index = last_id ? last_id_owner_ : by_id_.find(owner.raw());
  if (index == kNone) {
    index = static_cast<std::uint32_t>(owners_.size());
    owners_.emplace_back();
    if (last_id) {
      last_id_owner_ = index;
    } else {
      PLIMSOLL_ASSERT(by_id_.insert(owner.raw(), index));
    }
  }
  owners_[index].accounts.push_back(account);
  return index;
}

Int128 Owners::sum_of(const std::vector<Sum>& sums, std::uint32_t key) noexcept {
  for (const Sum& sum : sums) {
    if (sum.key == key) return sum.amount;
  }
  return 0;
}

void Owners::add_gross(std::uint32_t owner, InstrumentId instrument, Int128 change) {
  add({owner, instrument.raw(), false, change});
}

void Owners::add_balance(std::uint32_t owner, AssetId asset, Int128 change) {
  add({owner, asset.raw(), true, change});
}

void Owners::add(const Change& change) {
  if (change.amount == 0) return;
  if (deferring_) {
    waiting_.push_back(change);
  } else {
    book(change);
  }
}

void Owners::book(const Change& change) {
  Owner& owner = owners_[change.owner];
  if (!owner.changed) {
    owner.changed = true;
    changed_.push_back(change.owner);
  }
  auto& sums = change.of_balance ? owner.balances : owner.gross;
  for (Sum& sum : sums) {
    if (sum.key != change.key) continue;
    sum.amount += change.amount;
    return;
  }
  sums.push_back({change.key, change.amount});
}

void Owners::release() {
  deferring_ = false;
  for (const Change& change : waiting_) book(change);
  waiting_.clear();
}

}  // namespace plimsoll::ledger
