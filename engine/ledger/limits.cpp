#include "engine/ledger/limits.hpp"

#include "engine/ledger/ledger.hpp"
#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

// The numeric limits of inputs: they leave room for every sum that valuation will make.

namespace plimsoll::ledger {

bool Ledger::can_receive(AccountIndex account, AssetId asset, Amount amount) const noexcept {
  const Change change{.asset = asset, .amount = amount.raw()};
  if (accounts_[account].mode == MarginMode::multi_asset) return fits_multi(account, change);
  return within(Int128{accounts_[account].balance.raw()} + amount.raw(), kExposureMax);
}

std::optional<Int128> Ledger::exposure_in(AccountIndex account, AssetId asset,
                                          const Change& change) const noexcept {
  Int128 total = 0;
  bool fits = true;
  bool counted = change.instrument == kNoInstrument ||
                 reference_.instruments[change.instrument.raw()].settle != asset;
  const auto add = [&](InstrumentId instrument, Int128 size) {
    const auto exposure = exposure_of(reference_.instruments[instrument.raw()], size);
    fits = fits && exposure.has_value();
    total += exposure.value_or(0);
  };
  for_each_position(account, [&](const Position& line) {
    if (reference_.instruments[line.instrument.raw()].settle != asset) return;
    const bool changed = line.instrument == change.instrument && line.side == change.side;
    counted = counted || changed;
    add(line.instrument, changed
                             ? change.size
                             : magnitude(line.quantity.raw()) + line.buys.raw() + line.sells.raw());
  });
  if (!counted) add(change.instrument, change.size);
  if (!fits) return {};
  return total;
}

bool Ledger::exposure_fits(AccountIndex account, const Change& change) const noexcept {
  if (change.instrument != kNoInstrument && accounts_[account].aggregated != Owners::kNone) {
    const PositionIndex line = find_position(account, change.instrument, change.side);
    const Int128 own = line == kNone ? 0 : magnitude(positions_[line].quantity.raw());
    const Int128 others =
        owners_.gross(accounts_[account].aggregated, account, change.instrument) - own;
    const reference::Instrument& rules = reference_.instruments[change.instrument.raw()];
    if (!exposure_of(rules, others + change.size)) return false;
  }
  if (accounts_[account].mode == MarginMode::multi_asset) return fits_multi(account, change);
  const auto exposure = exposure_in(account, accounts_[account].asset, change);
  return exposure && *exposure <= kExposureMax;
}

bool Ledger::can_carry(AccountIndex account, AssetId asset, Int128 change) const noexcept {
  const Int128 before = balance(account, asset).raw();
  if (magnitude(before + change) <= magnitude(before)) return true;
  if (accounts_[account].mode == MarginMode::multi_asset) {
    return fits_multi(account, {.asset = asset, .amount = change});
  }
  return within(before + change, kMoneyMax);
}

bool Ledger::fits_multi(AccountIndex account, const Change& change) const noexcept {
  constexpr std::int64_t kWeightMax = 4;
  Int128 total = 0;
  bool fits = true;
  const auto add = [&](AssetId asset, Int128 balance) {
    if (asset == change.asset) balance += change.amount;
    if (asset == change.other) balance += change.other_amount;
    const auto exposure = exposure_in(account, asset, change);
    fits = fits && within(balance, kExposureMax) && exposure && *exposure <= kExposureMax;
    if (!fits) return;
    Int128 worth = magnitude(balance) + *exposure;
    if (asset != reference_.numeraire) {
      worth = divide_ceil<Int128>(worth * reference_.assets[asset.raw()].index_max.raw(),
                                  reference::index_divisor(reference_, asset));
    }
    total += worth * kWeightMax;
    fits = total <= kExposureMax;
  };
  const AssetId settle = change.instrument == kNoInstrument
                             ? kNoAsset
                             : reference_.instruments[change.instrument.raw()].settle;
  std::array<AssetId, 3> fresh{change.asset, change.other, settle};
  if (fresh[1] == fresh[0]) fresh[1] = kNoAsset;
  if (fresh[2] == fresh[0] || fresh[2] == fresh[1]) fresh[2] = kNoAsset;
  for_each_balance(account, [&](AssetId asset, Amount amount) {
    for (AssetId& each : fresh) {
      if (each == asset) each = kNoAsset;
    }
    if (fits) add(asset, amount.raw());
  });
  for (const AssetId asset : fresh) {
    if (asset != kNoAsset && fits) add(asset, 0);
  }
  return fits;
}

}  // namespace plimsoll::ledger
