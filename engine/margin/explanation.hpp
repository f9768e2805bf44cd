#pragma once

#include <vector>

#include "engine/margin/valuation.hpp"

// How every figure of an account came about, so that it can be worked out again by hand.

namespace plimsoll::margin {

/// One line: what it is worth and what it requires.
struct LineExplanation {
  Line line;
  Price mark;
  Int128 value{0};
  Int128 unrealised_pnl{0};
  Int128 maintenance{0};
  Int128 initial{0};
  Int128 initial_base{0};  // with an initial_factor what that multiplies, else `initial`
  Decision maintenance_decision;
  Decision initial_decision;
};

/// One asset: what is had in it, and what that is worth in the margin asset.
struct AssetExplanation {
  AssetId asset;
  Int128 balance{0};
  Int128 unrealised_pnl{0};
  Int128 net{0};
  Int128 others{0};  // by owner: the positive balances of the owner's other accounts
  Price index;       // 0 outside multi-asset mode, and where it is not known
  Rate factor{Rate::from_raw(kRateOne)};  // of the exchange-wide cap
  Int128 recognised{0};       // what counts, before the factor: of the asset, or of its value
  Int128 value{0};            // of net at the index, before haircuts and weights
  Int128 worth{0};            // what equity gets
  Int128 available_net{0};    // net as far as it carries withdrawals and orders
  Int128 available_worth{0};  // what available equity gets
  Int128 maintenance{0};      // of the lines, in the margin asset
  Int128 initial{0};
  Int128 initial_base{0};
  Int128 debt_maintenance{0};
  Int128 debt_initial{0};  // of available_net
  // Of a debt that is exchanged at once: its value, and that of the first asset to be sold for it,
  // whose ratio it takes. No asset: there is none.
  Int128 exchanged_debt{0};
  AssetId sold{kNoAsset};
  Int128 sold_value{0};
};

/// An account and everything its figures are made of. Amounts are in the margin asset, those of a
/// line in the line's settlement asset, those of an asset up to `net` in the asset.
struct Explanation {
  bool complete{true};
  std::uint64_t profile_version{0};
  Int128 equity{0};
  Int128 available_equity{0};
  Int128 maintenance_margin{0};
  Int128 initial_margin{0};
  Int128 withdrawal_margin{0};
  Int128 assets_value{0};  // sum of the positive values
  Int128 debts_value{0};   // sum of the negative values, positive
  std::vector<AssetExplanation> assets;
  std::vector<LineExplanation> lines;

  [[nodiscard]] Int128 excess() const noexcept { return equity - maintenance_margin; }
};

/// The sums of the parts are the figures: asserted.
[[nodiscard]] Explanation explain(const Portfolio& portfolio, const reference::Reference& reference,
                                  const marks::Marks& marks);

}  // namespace plimsoll::margin
