#pragma once

#include <cstdint>

#include "engine/value/strong.hpp"

// The value types of the engine: which number is what, in which unit.
//
//   type        raw unit                                     sign
//   Price       1e-9 of one quote unit                       prices of perpetuals are positive
//   Quantity    10^-quantity_decimals of the instrument      buy and long are positive
//   Amount      10^-decimals of the asset                    the account's view: owed to it is
//   positive Rate        1e-9                                         a fraction: 0.005 is
//   5,000,000 EventTime   nanoseconds since 1970-01-01 UTC             comes from inputs, drives
//   decisions Duration    nanoseconds
//
// Amount + Amount is an Amount; Price * Quantity exists only as the named functions of
// engine/margin, which state their rounding.

namespace plimsoll {

struct PriceTag {
  static constexpr bool additive = false;
};
struct QuantityTag {
  static constexpr bool additive = true;
};
struct AmountTag {
  static constexpr bool additive = true;
};
struct RateTag {
  static constexpr bool additive = false;
};
struct EventTimeTag {
  static constexpr bool additive = false;
};
struct DurationTag {
  static constexpr bool additive = true;
};
template <int Id>
struct IdTag {
  static constexpr bool additive = false;
};

using Price = Strong<PriceTag, std::int64_t>;
using Quantity = Strong<QuantityTag, std::int64_t>;
using Amount = Strong<AmountTag, std::int64_t>;
using Rate = Strong<RateTag, std::int64_t>;
using EventTime = Strong<EventTimeTag, std::int64_t>;
using Duration = Strong<DurationTag, std::int64_t>;

inline constexpr int kPriceDecimals = 9;
inline constexpr int kRateDecimals = 9;
inline constexpr std::int64_t kRateOne = 1'000'000'000;

/// The caller's own number of an account; 0 is "no account".
using AccountId = Strong<IdTag<0>, std::uint64_t>;
/// The client behind one or more accounts.
using OwnerId = Strong<IdTag<1>, std::uint64_t>;
/// Index into Reference::assets.
using AssetId = Strong<IdTag<2>, std::uint32_t>;
/// Index into Reference::instruments.
using InstrumentId = Strong<IdTag<3>, std::uint32_t>;
/// Index into Reference::profiles.
using ProfileId = Strong<IdTag<4>, std::uint32_t>;
/// Number of an input in the sequencer's order, from 1, without gaps.
using Sequence = Strong<IdTag<5>, std::uint64_t>;
/// Number of an event in the order of publication, from 1, without gaps.
using EventNumber = Strong<IdTag<6>, std::uint64_t>;
/// The sender's own number of a fill or a transfer; echoed, never interpreted.
using ExternalId = Strong<IdTag<7>, std::uint64_t>;
/// Number of a margin call of one account, from 1.
using CallId = Strong<IdTag<8>, std::uint32_t>;
/// Number of a liquidation of one account, from 1; (account, epoch) starts once in all history.
using LiquidationEpoch = Strong<IdTag<9>, std::uint32_t>;

/// Index into Reference::tiers.
using TiersId = Strong<IdTag<10>, std::uint32_t>;

/// Index into Reference::guards.
using GuardId = Strong<IdTag<11>, std::uint32_t>;
/// Index into Reference::indices.
using IndexId = Strong<IdTag<12>, std::uint32_t>;
/// Index into Reference::sources.
using SourceId = Strong<IdTag<13>, std::uint32_t>;
/// An operator's own number; 0 is none.
using OperatorId = Strong<IdTag<14>, std::uint32_t>;

inline constexpr GuardId kNoGuard = GuardId::from_raw(0xffffffffU);
inline constexpr IndexId kNoIndex = IndexId::from_raw(0xffffffffU);
inline constexpr SourceId kNoSource = SourceId::from_raw(0xffffffffU);
inline constexpr AssetId kNoAsset = AssetId::from_raw(0xffffffffU);
inline constexpr InstrumentId kNoInstrument = InstrumentId::from_raw(0xffffffffU);

[[nodiscard]] constexpr EventTime operator+(EventTime time, Duration duration) noexcept {
  return EventTime::from_raw(time.raw() + duration.raw());
}
[[nodiscard]] constexpr Duration operator-(EventTime later, EventTime earlier) noexcept {
  return Duration::from_raw(later.raw() - earlier.raw());
}

static_assert(!std::is_convertible_v<std::int64_t, Price>);
static_assert(!std::is_constructible_v<Price, double>);  // A float never becomes a price.

}  // namespace plimsoll
