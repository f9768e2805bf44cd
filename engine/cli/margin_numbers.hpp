#pragma once

#include <string>

#include "engine/reference/reference.hpp"
#include "engine/value/decimal.hpp"

namespace plimsoll::cli {

/// Numbers of the margin report as exact decimal text, at the scales of a reference.
class Numbers {
 public:
  explicit Numbers(const reference::Reference& reference) : reference_{reference} {}

  [[nodiscard]] std::string amount(Int128 raw, AssetId asset) const {
    return format_wide_decimal(raw, of(asset).decimals);
  }
  /// Of units of 1e-9 Amount.
  [[nodiscard]] std::string fine_amount(Int128 raw, AssetId asset) const {
    return format_wide_decimal(raw, of(asset).decimals + kRateDecimals);
  }
  [[nodiscard]] std::string quantity(Int128 raw, InstrumentId instrument) const {
    return format_wide_decimal(raw, of(instrument).quantity_decimals);
  }
  [[nodiscard]] static std::string price(Price price) {
    return format_decimal(price.raw(), kPriceDecimals);
  }
  [[nodiscard]] static std::string rate(Rate rate) {
    return format_decimal(rate.raw(), kRateDecimals);
  }
  /// Of units of 1e-18.
  [[nodiscard]] static std::string fine_rate(Int128 raw) {
    return format_wide_decimal(raw, 2 * kRateDecimals);
  }

  [[nodiscard]] const reference::Asset& of(AssetId asset) const {
    return reference_.assets[asset.raw()];
  }
  [[nodiscard]] const reference::Instrument& of(InstrumentId instrument) const {
    return reference_.instruments[instrument.raw()];
  }
  [[nodiscard]] const reference::Profile& of(ProfileId profile) const {
    return reference_.profiles[profile.raw()];
  }
  [[nodiscard]] const reference::Tiers& of(TiersId tiers) const {
    return reference_.tiers[tiers.raw()];
  }
  [[nodiscard]] const reference::Reference& reference() const noexcept { return reference_; }

 private:
  const reference::Reference& reference_;
};

/// A hash as 16 hexadecimal digits.
[[nodiscard]] std::string hash_text(std::uint64_t hash);

/// The short name of a position's side: net, long, short.
[[nodiscard]] const char* side_text(PositionSide side) noexcept;

}  // namespace plimsoll::cli
