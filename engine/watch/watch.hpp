#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "engine/ledger/ledger.hpp"
#include "engine/marks/marks.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::watch {

/// Which accounts are judged after an input. It never changes an outcome, only the work.
enum class Mode : std::uint8_t {
  holders,  // those whom the input concerns and who may have run out of leeway
  naive,    // every account, after every input: the oracle
};

/// How far the excesses that decide about an account may move, in units of its margin asset, before
/// it has to be judged again. Below 0: at the next chance. See lifecycle::Judgement.
using Leeway = std::int64_t;
inline constexpr Leeway kUnlimitedLeeway = std::numeric_limits<Leeway>::max();
__extension__ using Wide = unsigned __int128;

/// What a move of one instrument's mark can do to the holders' excesses, at most.
struct MoveBound {
  static constexpr int kShift = 40;
  std::uint64_t step{0};  // cost of one unit of exposure, times 2^kShift, rounded up
  std::uint64_t base{0};  // cost of any line: all roundings together
  bool everyone{false};   // too far to bound: judge all holders

  /// An upper bound of the change of any deciding excess of a holder.
  [[nodiscard]] Wide cost(Quantity exposure) const noexcept {
    return ((static_cast<Wide>(exposure.raw()) * step) >> kShift) + base;
  }
};

inline constexpr MoveBound kEveryone{.step = 0, .base = 0, .everyone = true};

/// What a relative move of an asset's index can do: a share of what an account has at indices.
struct IndexBound {
  static constexpr int kShift = 32;
  std::uint64_t share{0};  // times 2^kShift, rounded up
  std::uint64_t base{0};
  bool everyone{false};

  [[nodiscard]] Wide cost(std::int64_t indexed) const noexcept {
    return ((static_cast<Wide>(indexed) * share) >> kShift) + base;
  }
};

/// The leeway of every account of one shard. A move of the market takes from the holders' leeway
/// the most that it can have moved their excesses; only who has not enough left is judged, exactly,
/// and gets a new one. Nothing here is part of an event, a hash or a record.
///
/// The bound: with a mark moved so that a unit is worth d more or less, value and notional of a
/// line of exposure x move by at most x d + 1, its requirement by the highest rate of its tables
/// (with slippage, fees and funding) times that and some roundings, and an excess equity - T(f) by
/// the first plus f times the second + 1; f is at most the largest call_target. In multi-asset mode
/// both are weighed with the largest liability weight and debt charge, and converted at the index.
/// A relative move r of an index moves worth, debt and requirement by at most r times what they
/// are.
class Watch {
 public:
  Watch(const reference::Reference& reference, std::size_t accounts);

  /// The account that the ledger has just opened.
  void open() {
    leeways_.push_back(kUnlimitedLeeway);
    indexed_.push_back(0);
  }
  void set(ledger::AccountIndex account, Leeway leeway, Int128 indexed) noexcept;
  /// Has the account to be judged at the next chance?
  [[nodiscard]] bool exhausted(ledger::AccountIndex account) const noexcept {
    return leeways_[account] < 0;
  }

  /// For accounts with one margin asset. REQUIRES: prices are not negative; `before` 0 means that
  /// there was none.
  [[nodiscard]] MoveBound bound_of(InstrumentId instrument, Price before,
                                   Price after) const noexcept;
  /// For accounts in multi-asset mode, at the index of the settlement asset (0: none).
  [[nodiscard]] MoveBound multi_bound_of(InstrumentId instrument, Price before, Price after,
                                         Price index) const noexcept;
  [[nodiscard]] IndexBound index_bound_of(Price before, Price after) const noexcept;

  /// Calls judge(account) for each holder of a group who may not be where he was. It may empty that
  /// account (its lines then leave the lists) and set its leeway; it touches no other account.
  template <class Judge>
  void sweep(const ledger::Ledger& ledger, InstrumentId instrument, ledger::Group group,
             const MoveBound& bound, Judge&& judge) {
    // From the back: removing a line moves the last one, already seen, into its place. An account
    // with two lines in the list may shorten it by two, and may be seen twice: that does no harm.
    for (std::size_t i = ledger.holders(instrument, group).size(); i-- > 0;) {
      if (i >= ledger.holders(instrument, group).size()) continue;
      const ledger::Holder holder = ledger.holders(instrument, group)[i];
      spend(holder.account, bound.everyone, bound.cost(holder.exposure), judge);
    }
  }

  /// The same for the multi-asset holders of an asset.
  template <class Judge>
  void sweep(const ledger::Ledger& ledger, AssetId asset, const IndexBound& bound, Judge&& judge) {
    for (const ledger::AccountIndex account : ledger.asset_holders(asset)) {
      if (ledger.account(account).mode != MarginMode::multi_asset) continue;
      spend(account, bound.everyone, bound.cost(indexed_[account]), judge);
    }
  }

 private:
  /// Cost of a value move of 1, times 1e9, and of the roundings.
  struct Slope {
    Int128 slope{0};
    Int128 base{0};
  };

  template <class Judge>
  void spend(ledger::AccountIndex account, bool everyone, Wide cost, Judge&& judge) {
    Leeway& leeway = leeways_[account];
    if (everyone || leeway < 0 || cost > static_cast<Wide>(leeway)) {
      judge(account);
    } else {
      leeway -= static_cast<Leeway>(cost);
    }
  }
  /// How far a unit's worth moves, times 2^kShift, rounded up; below 0: too far.
  [[nodiscard]] Int128 unit_move(InstrumentId id, Price before, Price after) const noexcept;

  const reference::Reference& reference_;
  std::vector<Slope> single_;  // by instrument
  std::vector<Slope> multi_;   // by instrument
  Int128 index_weight_{kRateOne};
  // By account, apart: a tick of a mark reads the first alone, at random.
  std::vector<Leeway> leeways_;
  std::vector<std::int64_t> indexed_;
};

}  // namespace plimsoll::watch
