#pragma once

#include <cstdint>

#include "engine/reference/reference.hpp"

// Small valid references for tests. Every one has been through reference::finish without a
// violation; a broken one aborts.

namespace plimsoll::support {

// Indices into the lists of every reference made here. A random reference may have less
// instruments than kBtcUsdc + 1, never less than kCheap + 1; the first three are linear and settle
// in USDT in all of them.
inline constexpr AssetId kUsdt = AssetId::from_raw(0);
inline constexpr AssetId kUsdc = AssetId::from_raw(1);
inline constexpr InstrumentId kBtc = InstrumentId::from_raw(0);      // about 61,800 USDT
inline constexpr InstrumentId kEth = InstrumentId::from_raw(1);      // about 3,400 USDT
inline constexpr InstrumentId kCheap = InstrumentId::from_raw(2);    // about 0.0071 USDT
inline constexpr InstrumentId kBtcUsdc = InstrumentId::from_raw(3);  // about 61,750 USDC
inline constexpr ProfileId kRetail = ProfileId::from_raw(0);         // breaches at equality, 3 s
inline constexpr ProfileId kDesk = ProfileId::from_raw(1);           // does not, 60 s

/// The fixed one. What hand-computed tests rely on:
///
///            D      tick   lot    maintenance / initial of the brackets
///   BTC      10^6   0.1    0.001  0: 0.5/1 %, 50,000: 1/2.5 %, 250,000: 2.5/5 %, 1 m: 5/10 %,
///                                 10 m: 10/20 %
///   ETH      10^5   0.01   0.01   0: 1/2 %, 25,000: 2/4 %, 500,000: 5/10 %
///   CHEAP    10^3   1e-7   1      0: 2.5/5 %
///   BTCUSDC  10^6   0.1    0.001  0: 0.5/1 %, 100,000: 1/2 %
///
///   profile  equality  call trigger, target, period  liquidation target, slippage, fee, steps
///   retail   breach    1.2, 1.5, 3 s                 1.05, 1 %, 0.1 %, 3
///   desk     safe      1.1, 1.25, 60 s               1.02, 0.5 %, 0.05 %, 5
///
/// Exchange: 20 ms, half spread 0.01 %, impact 0.1 % of notional / 1 m, at most 5 %. Settle grid 1
/// ms, time step 100 ms. Room for 4,096 accounts and 16,384 positions. No numeraire.
[[nodiscard]] reference::Reference small_reference();

/// A variation of the fixed one by seed: rates, brackets, lots and ticks, decimals of the second
/// asset, profiles, latency (also 0), depth, impact, steps (also 1), grid, and every eighth one
/// with tight limits. Linear instruments with marginal tables only.
[[nodiscard]] reference::Reference random_linear_reference(std::uint64_t seed);

/// A variation by seed of everything that a configuration can say: inverse, dated and spot
/// instruments, multipliers, tables of all modes and measures, other tables for shorts and in
/// reserve, coins and a numeraire with indices, caps and collateral, four profiles with every
/// option. About one in eight has no numeraire.
[[nodiscard]] reference::Reference random_reference(std::uint64_t seed);

/// The same with everything that is said of trusted prices: guards, indices with sources, marks of
/// every method, settlement means, confirmed breaches, a breaker.
[[nodiscard]] reference::Reference guarded_reference(std::uint64_t seed);

/// A believable price of an instrument of these references at the start.
[[nodiscard]] Price starting_price(const reference::Instrument& instrument);

}  // namespace plimsoll::support
