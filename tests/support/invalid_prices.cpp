// What is refused of sources, overrides and operators, or nearly.

#include "tests/support/invalid_parts.hpp"

namespace plimsoll::support {
namespace {

/// Prices at both sides of the limits of an index.
Price index_price(const InvalidContext& context, std::int64_t most) {
  return Price::from_raw(
      context.random.pick(std::array<std::int64_t, 7>{0, -1, 1, most - 1, most, most + 1, kLeast}));
}

InputBody source_refused(const InvalidContext& context) {
  Random& random = context.random;
  const SourceId nothing = context.beyond<SourceId>(context.reference.sources);
  const SourceId id = SourceId::from_raw(
      static_cast<std::uint32_t>(random.below(context.reference.sources.size())));
  const reference::Source& source = context.reference.sources[id.raw()];
  const std::int64_t most = context.reference.indices[source.index.raw()].price_max.raw();
  const Price one = Price::from_raw(1);
  switch (random.below(8)) {
    case 0:
      return SourceQuoted{nothing, one, Price::from_raw(2), {}, {}};
    case 1:
      return SourcePriced{nothing, one, {}, {}};
    case 2:
      return SourceInterrupted{nothing};
    case 3:
      return SourceTicksConflated{nothing, {}, {}};
    case 4:
      return SourceReleased{nothing, OperatorId::from_raw(9U), ExternalId::from_raw(kReserved)};
    case 5:
      return SourcePriced{id, Price::from_raw(random.chance(500) ? most + 1 : -1), {}, {}};
    case 6:
      return SourceQuoted{id, Price{}, Price::from_raw(random.chance(500) ? 1 : most), {}, {}};
    default:
      return SourceQuoted{id, Price::from_raw(most - 1), Price::from_raw(most + 1), {}, {}};
  }
}

InputBody operator_refused(const InvalidContext& context) {
  Random& random = context.random;
  const OperatorId by = OperatorId::from_raw(random.chance(500) ? 0U : 8U);
  const ExternalId number = ExternalId::from_raw(random.below(4));
  const EventTime never = EventTime::from_raw(kMost);
  const IndexId no_index = context.beyond<IndexId>(context.reference.indices);
  switch (random.below(9)) {
    case 0:
      return MarkOverridden{context.no_instrument(), context.valid.price, never, by, number};
    case 1:
      return MarkOverridden{context.valid.instrument, context.bad_price(), never, by, number};
    case 2:
      return MarkOverridden{context.valid.instrument, context.valid.price,
                            EventTime::from_raw(random.between(0, 9)), by, number};
    case 3:
      return IndexOverridden{no_index, context.valid.price, never, by, number};
    case 4:
      return RedemptionPublished{no_index, Price{}, never, by, number};
    case 5:
      return LiquidationsPaused{random.pick(std::array{PauseReason::breaker, PauseReason::lag,
                                                       static_cast<PauseReason>(77)}),
                                by, number};
    case 6:
      return LiquidationsResumed{
          random.chance(500) ? PauseReason::lag : static_cast<PauseReason>(3), by, number};
    case 7:
      return MarketInterrupted{context.no_instrument()};
    default:
      return TicksConflated{context.no_instrument(), {}, {}};
  }
}

InputBody index_refused(const InvalidContext& context) {
  Random& random = context.random;
  const IndexId id =
      IndexId::from_raw(static_cast<std::uint32_t>(random.below(context.reference.indices.size())));
  const reference::Index& index = context.reference.indices[id.raw()];
  const EventTime over = EventTime::from_raw(random.between(0, 9));
  const std::int64_t most = index.price_max.raw();
  switch (random.below(4)) {
    case 0:
      return IndexOverridden{
          id,
          Price::from_raw(random.pick(std::array<std::int64_t, 4>{0, -1, most + 1, kMost})),
          EventTime::from_raw(kMost),
          {},
          {}};
    case 1:
      return IndexOverridden{id, Price::from_raw(1), over, {}, {}};
    case 2:
      return RedemptionPublished{id, index_price(context, most), over, {}, {}};
    default:
      return IndexPublished{index.asset, Price::from_raw(random.chance(500) ? 1 : 0), {}};
  }
}

}  // namespace

InputBody invalid_price_input(const InvalidContext& context) {
  if (context.reference.sources.empty()) return operator_refused(context);
  switch (context.random.below(3)) {
    case 0:
      return source_refused(context);
    case 1:
      return operator_refused(context);
    default:
      return index_refused(context);
  }
}

}  // namespace plimsoll::support
