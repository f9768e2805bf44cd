#pragma once

#include <optional>
#include <span>

#include "engine/margin/valuation.hpp"

// The price at which an account would be liquidated, solved over the whole account.

namespace plimsoll::margin {

/// One thing that moves: the mark of an instrument, or the index of an asset.
struct Factor {
  InstrumentId instrument{kNoInstrument};
  AssetId asset{kNoAsset};

  [[nodiscard]] bool is_index() const noexcept { return asset != kNoAsset; }
};

/// A factor that moves along: by `beta` times the relative move of the one that is solved for.
struct Companion {
  Factor factor;
  std::int64_t beta{kRateOne};  // 1e-9
};

/// Why there is no liquidation price on a side.
enum class NoPrice : std::uint8_t {
  found = 0,
  not_marked = 1,     // the account or the factor is not fully marked
  breached_now = 2,   // the account is in breach at the current price
  none_in_range = 3,  // no price within the instrument's (or index') range breaches
  too_fine = 4,       // equity and requirement stay so close that the search gave up
};

[[nodiscard]] const char* to_string(NoPrice reason) noexcept;

struct SidePrice {
  Price price;  // the first price, away from the current one, at which the account is in breach
  NoPrice reason{NoPrice::none_in_range};

  [[nodiscard]] bool found() const noexcept { return reason == NoPrice::found; }
};

struct LiquidationPrices {
  SidePrice below;
  SidePrice above;
};

/// The nearest breaches of a portfolio when a factor moves from where it is, the rest held or moved
/// along. Exact: at the price found the account is below T(1), and at every price between it and
/// the current one it is not, by interval bounds of the valuation itself. `marks` is what is now.
/// Allocates; not for the path of a tick.
[[nodiscard]] LiquidationPrices liquidation_prices(const Portfolio& portfolio,
                                                   const reference::Reference& reference,
                                                   const marks::Marks& marks, const Factor& factor,
                                                   std::span<const Companion> companions = {});

/// The nearest price of an instrument, below or above its mark, at which the equity is 0 or less,
/// the rest held. `breached_now`: it is so already.
[[nodiscard]] SidePrice bankruptcy_price(const Portfolio& portfolio,
                                         const reference::Reference& reference,
                                         const marks::Marks& marks, InstrumentId instrument,
                                         bool downwards);

}  // namespace plimsoll::margin
