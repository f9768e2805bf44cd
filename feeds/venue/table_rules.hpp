#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "feeds/venue/row.hpp"
#include "feeds/venue/venue_tables.hpp"

// What the importers of all venues have in common: exact arithmetic, defaults, checks.

namespace plimsoll::feeds {

/// Reasons why something is not imported.
inline constexpr std::string_view kOption = "option";
inline constexpr std::string_view kCombination = "combination";
inline constexpr std::string_view kSpot = "spot";
inline constexpr std::string_view kIndex = "index";
inline constexpr std::string_view kNotTrading = "not trading";
inline constexpr std::string_view kNoTiers = "without margin tiers";
inline constexpr std::string_view kTooFine = "with a price or size finer than 1e-9";
inline constexpr std::string_view kUnknownKind = "of unknown kind";
inline constexpr std::string_view kBadName = "with a name that no configuration can have";
inline constexpr std::string_view kUnknownSettle = "with unknown settlement asset";

/// The initial rate of a highest leverage: 1 / leverage, rounded up. REQUIRES: leverage > 0.
[[nodiscard]] Nano rate_of_leverage(Nano leverage) noexcept;

/// Half of a rate, rounded up.
[[nodiscard]] constexpr Nano half_of(Nano rate) noexcept {
  return rate / 2 + rate % 2;
}

/// How many decimals a number needs: 3 for 0.001, 0 for 10.
[[nodiscard]] int decimals_of(Nano number) noexcept;

/// The product of two decimals, if it has at most nine decimals and fits.
[[nodiscard]] std::optional<Nano> product_of(Nano a, Nano b) noexcept;

/// Sets the lot, and the decimals of quantity that it needs.
void set_lot(VenueInstrument& instrument, Nano lot) noexcept;

/// price_max, when there is none: 10^7 ticks. price_min of an inverse contract, when there is none:
/// 100 ticks; its margin grows without bound toward price 0. REQUIRES: a tick.
void default_prices(VenueInstrument& instrument) noexcept;

/// What settles in a coin gets a depth of its own, because that of a configuration is one amount,
/// of money: 10^9 of the quote at 10^5 ticks for an inverse contract, 10^4 coins for a linear one.
/// REQUIRES: a tick.
void default_depth(VenueInstrument& instrument) noexcept;

/// Brackets whose rates grow by a step beyond `base` and again every `step` of the measure, `steps`
/// times, up to 1.
struct RiskSteps {
  Nano base{0};
  Nano step{0};
  std::int64_t steps{0};
  VenueBracket first;    // the rates up to the base
  Nano initial_step{0};  // what each step adds
  Nano maintenance_step{0};
};
[[nodiscard]] std::vector<VenueBracket> brackets_of(const RiskSteps& rule);

/// Reports what first makes a table unusable: no brackets, floors that do not rise from 0, rates
/// that fall with size or are not 0 < maintenance <= initial <= 1.
void check_tiers(const VenueTiers& tiers, Row& row);

/// 1 to 32 printable characters, no blank, quote or backslash: as a configuration wants names.
[[nodiscard]] bool is_name(std::string_view text) noexcept;

/// 6 for money, 8 for coins: the decimals that an asset is kept in.
[[nodiscard]] int asset_decimals(std::string_view name);

/// "2021-09-24T08:00:00.000Z" (the fraction is optional) in ms, and back, without the fraction.
[[nodiscard]] std::optional<std::int64_t> parse_utc(std::string_view text);
[[nodiscard]] std::string format_utc(std::int64_t ms);

}  // namespace plimsoll::feeds
