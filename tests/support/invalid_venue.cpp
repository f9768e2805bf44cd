// Market data, funding and changes of instruments that are refused, or nearly.

#include "tests/support/invalid_parts.hpp"

namespace plimsoll::support {
namespace {

InputBody tick_refused(const InvalidContext& context) {
  Random& random = context.random;
  const InstrumentId nothing = context.no_instrument();
  const InstrumentId id = context.valid.instrument;
  const Price good = context.valid.price;
  const Price bad = context.bad_price();
  const EventTime none{};
  switch (random.below(8)) {
    case 0:
      return BookQuoted{nothing, good, bad, none};
    case 1:
      return MarkPublished{nothing, good, good, none};
    case 2:
      return TradePrinted{nothing, good, none};
    case 3:
      return BookQuoted{id, good, good, none};  // locked
    case 4:
      return BookQuoted{id, Price::from_raw(good.raw() + 1), good, none};  // crossed
    case 5:
      return BookQuoted{id, bad, random.chance(500) ? bad : good, none};
    case 6:
      return MarkPublished{id, bad, good, none};
    default:
      return TradePrinted{id, bad, none};
  }
}

InputBody funding_refused(const InvalidContext& context) {
  const InstrumentId id = context.valid.instrument;
  const Price good = context.valid.price;
  switch (context.random.below(context.valid.plain ? 3 : 5)) {
    case 0:
      return FundingSettled{context.no_instrument(), Rate{}, good};
    case 1:
      return FundingSettled{id, context.bad_rate(), good};
    case 2:
      return FundingSettled{id, Rate::from_raw(1'000), context.bad_price()};
    case 3:
      return FundingSettled{context.spot_or_none(), Rate::from_raw(1'000), good};
    default:
      return FundingEstimated{
          context.random.chance(500) ? context.spot_or_none() : id,
          context.random.chance(500) ? context.bad_rate() : Rate::from_raw(100'000'000)};
  }
}

/// Also of the numeraire, and of assets without an index.
InputBody index_refused(const InvalidContext& context) {
  Random& random = context.random;
  const AssetId asset = random.chance(200) ? context.no_asset() : context.any_asset();
  const std::size_t at = asset.raw();
  const std::int64_t max = at < context.reference.assets.size()
                               ? context.reference.assets[at].index_max.raw()
                               : kRateOne;
  return IndexPublished{
      asset,
      Price::from_raw(random.pick(std::array<std::int64_t, 5>{0, -1, kLeast, max + 1, kMost})),
      EventTime{}};
}

InputBody open_interest_refused(const InvalidContext& context) {
  Random& random = context.random;
  const bool known = random.chance(600);
  return OpenInterestPublished{known ? context.valid.instrument : context.spot_or_none(),
                               Quantity::from_raw(random.pick(std::array<std::int64_t, 5>{
                                   -1, kLeast, kMost, kBalanceMax + 1, 0}))};
}

/// Of other tables, a status that is none, or the one that only a settlement gives.
InputBody change_refused(const InvalidContext& context) {
  Random& random = context.random;
  InstrumentChanged change{context.valid.instrument, context.instrument.tiers_long,
                           context.instrument.tiers_short};
  switch (random.below(4)) {
    case 0:
      change.instrument = random.chance(500) ? context.no_instrument() : context.spot_or_none();
      return change;
    case 1:
      change.tiers_long = context.beyond<TiersId>(context.reference.tiers);
      return change;
    case 2:  // mostly of another instrument
      change.tiers_short = TiersId::from_raw(
          static_cast<std::uint32_t>(random.below(context.reference.tiers.size())));
      return change;
    default:
      change.status =
          random.chance(500) ? InstrumentStatus::settled : static_cast<InstrumentStatus>(9);
      return change;
  }
}

InputBody settlement_refused(const InvalidContext& context) {
  Random& random = context.random;
  if (random.chance(400)) return FuturesSettled{};  // mostly without a price
  return SettlementPriced{random.chance(500) ? context.spot_or_none() : context.no_instrument(),
                          context.valid.price};
}

InputBody interest_refused(const InvalidContext& context) {
  Random& random = context.random;
  constexpr std::int64_t kRateMax = 100'000'000;
  return InterestCharged{
      random.chance(300) ? context.no_asset() : context.any_asset(),
      Rate::from_raw(random.pick(std::array<std::int64_t, 5>{0, -1, kRateMax + 1, kMost, kLeast}))};
}

}  // namespace

InputBody invalid_market_input(const InvalidContext& context) {
  return context.random.chance(500) ? tick_refused(context) : funding_refused(context);
}

InputBody invalid_venue_input(const InvalidContext& context) {
  switch (context.random.below(7)) {
    case 0:
      return index_refused(context);
    case 1:
      return open_interest_refused(context);
    case 2:
      return change_refused(context);
    case 3:
      return settlement_refused(context);
    case 4:
      return interest_refused(context);
    case 5:
      return SettlementPriced{context.valid.instrument, context.bad_price()};
    default:
      return index_refused(context);
  }
}

}  // namespace plimsoll::support
