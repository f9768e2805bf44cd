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
/// same sums of the others, whatever the order. Its own changes an account sees at once.
class Owners {
 public:
  static constexpr std::uint32_t kNone = FlatMap::kAbsent;

  explicit Owners(std::size_t accounts) : by_id_{accounts} {}

  /// The index of an owner whose accounts aggregate, made when it is new; `account` joins it.
  std::uint32_t join(OwnerId owner, std::uint32_t account);
  [[nodiscard]] std::span<const std::uint32_t> accounts(std::uint32_t owner) const noexcept {
    return owners_[owner].accounts;
  }

  void add_gross(std::uint32_t owner, std::uint32_t account, InstrumentId instrument,
                 Int128 change);
  void add_balance(std::uint32_t owner, std::uint32_t account, AssetId asset, Int128 change);
  /// The sums as an account of the owner sees them.
  [[nodiscard]] Int128 gross(std::uint32_t owner, std::uint32_t account,
                             InstrumentId instrument) const noexcept {
    return sum_of(owners_[owner].gross, instrument.raw()) +
           waiting_of(account, instrument.raw(), Part::gross);
  }
  [[nodiscard]] Int128 balances(std::uint32_t owner, std::uint32_t account,
                                AssetId asset) const noexcept {
    return sum_of(owners_[owner].balances, asset.raw()) +
           waiting_of(account, asset.raw(), Part::balance);
  }

  /// From now on changes wait until the next release().
  void defer() noexcept { deferring_ = true; }
  /// Books what waits; changes take effect at once from now on.
  void release();
  /// Calls gross(owner, instrument) or balance(owner, asset) for each sum that changed since the
  /// last call.
  template <class Gross, class Balance>
  void take_changed(Gross&& gross, Balance&& balance) {
    for (const Key& key : changed_) {
      sum_at(key).changed = false;
      if (key.part == Part::gross) {
        gross(key.owner, InstrumentId::from_raw(key.of));
      } else {
        balance(key.owner, AssetId::from_raw(key.of));
      }
    }
    changed_.clear();
  }

 private:
  enum class Part : std::uint8_t { gross, balance };
  struct Sum {
    std::uint32_t of;  // an instrument or an asset
    bool changed{false};
    Int128 amount{0};
  };
  struct Owner {
    std::vector<std::uint32_t> accounts;
    std::vector<Sum> gross;
    std::vector<Sum> balances;
  };
  struct Key {
    std::uint32_t owner;
    std::uint32_t of;
    Part part;
  };
  struct Change {
    Key key;
    std::uint32_t account;
    std::uint32_t previous;  // change of the same account that waits
    Int128 amount;
  };
  [[nodiscard]] static Int128 sum_of(const std::vector<Sum>& sums, std::uint32_t of) noexcept;
  [[nodiscard]] Sum& sum_at(const Key& key);
  [[nodiscard]] Int128 waiting_of(std::uint32_t account, std::uint32_t of,
                                  Part part) const noexcept;
  void add(const Key& key, std::uint32_t account, Int128 amount);
  void book(const Key& key, Int128 amount);

  FlatMap by_id_;
  std::uint32_t last_id_owner_{kNone};  // of the one id that the map cannot hold
  std::vector<Owner> owners_;
  std::vector<Change> waiting_;
  std::vector<std::uint32_t> last_change_;  // by account: its newest change that waits
  std::vector<Key> changed_;
  bool deferring_{false};
};

}  // namespace plimsoll::ledger
