#pragma once

#include "engine/margin/collateral.hpp"
#include "engine/margin/plain.hpp"
#include "engine/margin/portfolio.hpp"
#include "engine/margin/requirement.hpp"

// What an account is worth and what it must hold, in its margin asset. Everything here reads and
// never writes but its own scratch memory; nothing looks at a clock.

namespace plimsoll::margin {

/// An account at a market. Lines without a mark and assets without an index are left out, and
/// `complete` is false: such an account is not judged.
struct Valuation {
  Amount equity;
  Amount maintenance_margin;
  bool complete{true};
  // How far value, in the margin asset, may move before a table that jumps or an exchange of debts
  // changes its mind. For the watch only.
  Int128 room{kNoJump};
  // Bound of what a relative move of every index could act on; multi-asset only. For the watch
  // only.
  Int128 indexed{0};
  // Of the lines that count, in order, where each stands for itself; valid until the next
  // valuation. For the watch only.
  std::span<const Contribution> parts{};
};

/// Equity and one requirement, in units of the margin asset.
struct Worth {
  Int128 equity{0};
  Int128 requirement{0};
  bool complete{true};
  Int128 room{kNoJump};
  Int128 indexed{0};
};

/// What is asked about a portfolio.
struct Question {
  Kind kind{Kind::maintenance};
  bool without_profit{false};  // unrealised profit does not count, by the profile's rule
};

/// The worst worth of a portfolio anywhere in the market: a lower bound of equity and an upper
/// bound of the requirement; at a point market they are exact.
[[nodiscard]] Worth evaluate(const Portfolio& portfolio, const reference::Reference& reference,
                             const Market& market, const Question& question);

/// The threshold T(f) = maintenance * factor, rounded as the profile says.
[[nodiscard]] Int128 threshold(Int128 maintenance, Rate factor,
                               const reference::Profile& profile) noexcept;

/// Is the equity below T(factor), by the profile's rule for equality?
[[nodiscard]] bool below(Int128 equity, Int128 maintenance, Rate factor,
                         const reference::Profile& profile) noexcept;

/// Is the equity below T(call_trigger), by the profile's rule for equality of calls?
[[nodiscard]] bool below_trigger(Int128 equity, Int128 maintenance,
                                 const reference::Profile& profile) noexcept;

/// Is an account with this worth beyond liquidating: for the house to take over at once?
[[nodiscard]] bool ruined(Int128 equity, Int128 maintenance,
                          const reference::Profile& profile) noexcept;

/// Which end of prices that are not sure is taken.
enum class End : std::uint8_t { favourable, worst };

/// What an account depends on.
struct Doubt {
  bool unsure{false};  // on a price that is not sure
  bool frozen{false};  // on one that is frozen
};

/// Asks about accounts of one ledger, with memory of its own. One thread.
///
/// Where prices are not sure, what may leave an account and what it may do is asked at their worst
/// end for it, chosen anew for every portfolio that is tried.
class Valuer {
 public:
  Valuer(const reference::Reference& reference, const ledger::Ledger& ledger,
         const marks::Marks& marks);

  /// Equity and maintenance margin, at the prices that show.
  [[nodiscard]] Valuation revalue(ledger::AccountIndex account) const;
  /// The same at other prices.
  [[nodiscard]] Valuation revalue_at(ledger::AccountIndex account, const marks::Marks& at) const;
  [[nodiscard]] Doubt doubt_of(ledger::AccountIndex account) const;
  /// The market with every price that is not sure at its low end, as it shows, or at its high end,
  /// whichever is best, or worst, for a portfolio: a mark by value - requirement of its lines, then
  /// an index by what the asset adds to the excess; of equals the first. Valid until the next
  /// question.
  [[nodiscard]] const marks::Marks& corner(const Portfolio& portfolio, Kind kind, End end) const;
  /// Maintenance margin of one line, in the margin asset of its account.
  [[nodiscard]] Int128 maintenance_of(const ledger::Position& position) const;
  /// Is everything of the account marked and indexed?
  [[nodiscard]] bool complete(ledger::AccountIndex account) const;
  /// The most that may leave the account in an asset. REQUIRES: complete.
  [[nodiscard]] Amount available(ledger::AccountIndex account, AssetId asset) const;
  /// Is available equity at least the initial margin of a portfolio?
  [[nodiscard]] bool carries_initial(const Portfolio& portfolio) const;
  /// A copy of an account, valid until the next call of any function.
  [[nodiscard]] Portfolio& copy(ledger::AccountIndex account) const;

 private:
  [[nodiscard]] Valuation revalue_single(ledger::AccountIndex account,
                                         const reference::Profile& profile) const;

  /// A portfolio's worth at the worst end of what is not sure.
  [[nodiscard]] Worth worst(const Portfolio& portfolio, const Question& question) const;
  template <class Id, class Score>
  void choose(Id id, End end, Score&& score) const;

  const reference::Reference& reference_;
  const ledger::Ledger& ledger_;
  const marks::Marks& marks_;
  mutable Portfolio scratch_;
  mutable std::vector<Contribution> parts_;
  mutable marks::Marks corner_;
};

}  // namespace plimsoll::margin
