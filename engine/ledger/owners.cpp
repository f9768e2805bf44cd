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
  if (last_change_.size() <= account) last_change_.resize(std::size_t{account} + 1, kNone);
  return index;
}

Int128 Owners::sum_of(const std::vector<Sum>& sums, std::uint32_t of) noexcept {
  for (const Sum& sum : sums) {
    if (sum.of == of) return sum.amount;
  }
  return 0;
}

Owners::Sum& Owners::sum_at(const Key& key) {
  Owner& owner = owners_[key.owner];
  auto& sums = key.part == Part::gross ? owner.gross : owner.balances;
  for (Sum& sum : sums) {
    if (sum.of == key.of) return sum;
  }
  sums.push_back({.of = key.of});
  return sums.back();
}

Int128 Owners::waiting_of(std::uint32_t account, std::uint32_t of, Part part) const noexcept {
  Int128 total = 0;
  for (std::uint32_t i = last_change_[account]; i != kNone; i = waiting_[i].previous) {
    const Key& key = waiting_[i].key;
    if (key.of == of && key.part == part) total += waiting_[i].amount;
  }
  return total;
}

void Owners::add_gross(std::uint32_t owner, std::uint32_t account, InstrumentId instrument,
                       Int128 change) {
  add({owner, instrument.raw(), Part::gross}, account, change);
}

void Owners::add_balance(std::uint32_t owner, std::uint32_t account, AssetId asset, Int128 change) {
  add({owner, asset.raw(), Part::balance}, account, change);
}

void Owners::add(const Key& key, std::uint32_t account, Int128 amount) {
  if (amount == 0) return;
  if (!deferring_) return book(key, amount);
  const auto index = static_cast<std::uint32_t>(waiting_.size());
  waiting_.push_back({key, account, last_change_[account], amount});
  last_change_[account] = index;
}

void Owners::book(const Key& key, Int128 amount) {
  Sum& sum = sum_at(key);
  sum.amount += amount;
  if (sum.changed) return;
  sum.changed = true;
  changed_.push_back(key);
}

void Owners::release() {
  deferring_ = false;
  for (const Change& change : waiting_) {
    last_change_[change.account] = kNone;
    book(change.key, change.amount);
  }
  waiting_.clear();
}

}  // namespace plimsoll::ledger
