#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/value/integer.hpp"
#include "engine/value/types.hpp"

namespace plimsoll::ledger {

/// What the owners whose tiers and limits aggregate hold in all their accounts together: the gross
/// size in each instrument, and the positive balances in each asset. One thread; grows only when an
/// owner holds something new.
///
/// While judging goes on, changes are put off (`defer`): every account judged in one round sees the
/// same sums, whatever the order.
class Owners {
 public:
  static constexpr std::uint32_t kNone = FlatMap::kAbsent;

  explicit Owners(std::size_t accounts) : by_id_{accounts} {}

  /// The index of an owner whose accounts aggregate, made when it is new; `account` joins it.
  std::uint32_t join(OwnerId owner, std::uint32_t account);
  [[nodiscard]] std::span<const std::uint32_t> accounts(std::uint32_t owner) const noexcept {
    return owners_[owner].accounts;
  }

  void add_gross(std::uint32_t owner, InstrumentId instrument, Int128 change);
  void add_balance(std::uint32_t owner, AssetId asset, Int128 change);
  [[nodiscard]] Int128 gross(std::uint32_t owner, InstrumentId instrument) const noexcept {
    return sum_of(owners_[owner].gross, instrument.raw());
  }
  [[nodiscard]] Int128 balances(std::uint32_t owner, AssetId asset) const noexcept {
    return sum_of(owners_[owner].balances, asset.raw());
  }

  /// From now on changes wait until the next release().
  void defer() noexcept { deferring_ = true; }
  /// Books what waits; changes take effect at once from now on.
  void release();
  /// Calls visit(owner) for each owner whose sums changed since the last call.
  template <class Visit>
  void take_changed(Visit&& visit) {
    for (const std::uint32_t owner : changed_) {
      owners_[owner].changed = false;
      visit(owner);
    }
    changed_.clear();
  }

 private:
  struct Sum {
    std::uint32_t key;
    Int128 amount;
  };
  struct Owner {
    std::vector<std::uint32_t> accounts;
    std::vector<Sum> gross;
    std::vector<Sum> balances;
    bool changed{false};
  };
  struct Change {
    std::uint32_t owner;
    std::uint32_t key;
    bool of_balance;
    Int128 amount;
  };
  [[nodiscard]] static Int128 sum_of(const std::vector<Sum>& sums, std::uint32_t key) noexcept;
  void add(const Change& change);
  void book(const Change& change);

  FlatMap by_id_;
  std::uint32_t last_id_owner_{kNone};  // of the one id that the map cannot hold
  std::vector<Owner> owners_;
  std::vector<Change> waiting_;
  std::vector<std::uint32_t> changed_;
  bool deferring_{false};
};

}  // namespace plimsoll::ledger
