#pragma once

#include "engine/margin/requirement.hpp"

// What an amount of an asset is worth in the numeraire, as collateral or as a debt. REQUIRES
// everywhere: the asset is indexed. The market's worst end is taken: for what is had the low index,
// for what is owed the high one; both ends are in order (low.index <= high.index).

namespace plimsoll::margin {

/// amount * index / divisor, rounded down or up; of the numeraire, whose index is 1, the amount.
[[nodiscard]] Int128 convert_floor(const reference::Reference& reference, AssetId asset,
                                   Int128 amount, Price index) noexcept;
[[nodiscard]] Int128 convert_ceil(const reference::Reference& reference, AssetId asset,
                                  Int128 amount, Price index) noexcept;

/// The part of x that the steps recognise, rounded down. REQUIRES: x >= 0.
[[nodiscard]] Int128 recognised(const std::vector<reference::CollateralStep>& steps,
                                Int128 x) noexcept;

/// The part of a net amount that counts as collateral, before the exchange-wide factor: of the
/// asset, or, where the steps count value, of the numeraire; 0 of a debt. `others` as below.
[[nodiscard]] Int128 counted_of(AssetId asset, Int128 net, Int128 others,
                                const Rules& rules) noexcept;

/// Worth in the numeraire of a net amount. `others` is what the owner's other accounts hold.
[[nodiscard]] Int128 worth_of(AssetId asset, Int128 net, Int128 others,
                              const Rules& rules) noexcept;

/// What a debt adds to a requirement: 0 when net is not negative.
[[nodiscard]] Int128 debt_charge(AssetId asset, Int128 net, Kind kind, const Rules& rules) noexcept;

/// The value of another asset that is sold to exchange a debt of that value, when a value sold
/// brings `ratio` of it. Rounded up.
[[nodiscard]] Int128 value_to_sell(Int128 debt, Rate ratio) noexcept;

/// A debt that is exchanged at once, as it is worth more than the profile lets stand; 0: none.
[[nodiscard]] Int128 debt_to_exchange(AssetId asset, Int128 balance, const Rules& rules) noexcept;

/// The rate of the value of a debt that a requirement charges.
[[nodiscard]] Rate debt_rate(const reference::Profile& profile, Kind kind) noexcept;

}  // namespace plimsoll::margin
