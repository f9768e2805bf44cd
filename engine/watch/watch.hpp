#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "engine/ledger/ledger.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::watch {

/// Which accounts are judged after an input. It never changes an outcome, only the work.
enum class Mode : std::uint8_t {
  holders,  // those whom the input concerns and who may have run out of leeway
  naive,    // every account, after every input: the oracle
};

/// How far the excesses that decide about an account may move, in settlement units, before it has
/// to be judged again. Below 0: at the next chance. See lifecycle::Lifecycle::judge.
using Leeway = std::int64_t;
inline constexpr Leeway kUnlimitedLeeway = std::numeric_limits<Leeway>::max();

/// What a move of one instrument's mark can do to the holders' excesses, at most.
struct MoveBound {
  __extension__ using Wide = unsigned __int128;
  static constexpr int kShift = 40;
  std::uint64_t step{0};  // cost of one unit of quantity, times 2^kShift, rounded up
  std::uint64_t base{0};  // cost of any position: all roundings together
  bool everyone{false};   // too far to bound: judge all holders

  /// An upper bound of the change of any deciding excess of a holder of `quantity`.
  [[nodiscard]] Wide cost(Quantity quantity) const noexcept {
    const std::int64_t raw = quantity.raw();
    return ((static_cast<Wide>(raw < 0 ? -raw : raw) * step) >> kShift) + base;
  }
};

/// The leeway of every account of one shard. A tick takes from the holders' leeway the most that it
/// can have moved their excesses; only who has not enough left is judged, exactly, and gets a new
/// one. Nothing here is part of an event, a hash or a record.
///
/// The bound: with a mark moved by d, value and notional of a position move by at most abs(Q) d / D
/// + 1, its requirement by the highest rate of the table times that + 1, and an excess equity -
/// T(f) by the first plus f times the second + 1; f is at most the largest call_target.
class Watch {
 public:
  Watch(const reference::Reference& reference, std::size_t accounts);

  /// The account that the ledger has just opened.
  void open() { leeways_.push_back(kUnlimitedLeeway); }
  void set(ledger::AccountIndex account, Leeway leeway) noexcept { leeways_[account] = leeway; }

  /// REQUIRES: prices are not negative; `before` 0 means that there was none.
  [[nodiscard]] MoveBound bound_of(InstrumentId instrument, Price before,
                                   Price after) const noexcept;

  /// Calls judge(account) for each holder who may not be where he was. It may empty that account
  /// (its positions then leave the lists) and set its leeway; it touches no other account.
  template <class Judge>
  void sweep(const ledger::Ledger& ledger, InstrumentId instrument, const MoveBound& bound,
             Judge&& judge) {
    // From the back: removing a holder moves the last one, already seen, into his place.
    for (std::size_t i = ledger.holders(instrument).size(); i-- > 0;) {
      const ledger::Holder holder = ledger.holders(instrument)[i];
      Leeway& leeway = leeways_[holder.account];
      const MoveBound::Wide cost = bound.cost(holder.quantity);
      if (bound.everyone || leeway < 0 || cost > static_cast<MoveBound::Wide>(leeway)) {
        judge(holder.account);
      } else {
        leeway -= static_cast<Leeway>(cost);
      }
    }
  }

 private:
  struct Sensitivity {
    Int128 slope{0};  // 1e-9 of value per unit of quantity and price, over both effects
    std::int64_t divisor{1};
    std::uint64_t base{0};
  };

  std::vector<Sensitivity> sensitivities_;  // by instrument
  std::vector<Leeway> leeways_;             // by account
};

}  // namespace plimsoll::watch
