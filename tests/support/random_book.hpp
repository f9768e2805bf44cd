#pragma once

#include <vector>

#include "engine/message/openings.hpp"
#include "engine/reference/reference.hpp"
#include "tests/support/history.hpp"

// Random accounts to start with, as a packed book holds them, and histories in which they take
// part. Pure functions of reference and seed.

namespace plimsoll::support {

struct RandomBook {
  std::vector<PackedAccount> accounts;
  std::vector<OpeningLine> lines;

  [[nodiscard]] Openings openings() const noexcept { return {accounts, lines}; }
};

/// So many accounts of every kind that no engine refuses: with one to five positions around the
/// first prices or without any, cross, hedged, isolated and multi-asset, near their thresholds or
/// far from them. Their numbers are not those of random histories; some of their owners are.
[[nodiscard]] RandomBook random_book(const reference::Reference& reference, std::uint64_t seed,
                                     std::size_t accounts);

/// A random history with inputs of the accounts of the book in between, most of them while prices
/// come for the first time: deposits, withdrawals, fills that add to a position, shrink it, close
/// it or open another one, orders, leverage, modes, moves to sub-accounts, and for the instruments
/// funding, estimates and changes.
[[nodiscard]] std::vector<Input> history_of(const reference::Reference& reference,
                                            const RandomBook& book, std::uint64_t seed,
                                            const HistoryOptions& options = {});

}  // namespace plimsoll::support
