#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "Inputs, one by one" of engine/README.md: prices and rates of markets, and what is listed.

namespace plimsoll::oracle {
namespace {

constexpr Int128 kRoom = Int128{1} << 60;
constexpr std::int64_t kFundingRateMax = 100'000'000;

bool is_settable(InstrumentStatus status) {
  return status == InstrumentStatus::trading || status == InstrumentStatus::reduce_only ||
         status == InstrumentStatus::unlisted;
}

}  // namespace

void Oracle::trigger_by(InstrumentId instrument, Int128 price) {
  context_.instrument = instrument;
  context_.trigger = to_64(price);
}

void Oracle::trigger_by_mark(InstrumentId id, const std::optional<Int128>& before) {
  const std::optional<Int128> after = world_.markets[id.raw()].mark();
  if (after == before) return;
  trigger_by(id, *after);
  concern_holders(id);
}

/// Everyone with a line in the instrument.
void Oracle::concern_holders(InstrumentId id) {
  for (const auto& [number, account] : world_.accounts) {
    for (const LineKey& line : account.lines()) {
      if (line.instrument == id.raw()) concern(AccountId::from_raw(number));
    }
  }
}

/// Everyone in multi-asset mode with a balance in the asset or a line that settles in it.
void Oracle::concern_asset_holders(AssetId id) {
  for (const auto& [number, account] : world_.accounts) {
    if (account.mode != MarginMode::multi_asset) continue;
    bool holds = account.balance(id.raw()) != 0;
    for (const LineKey& line : account.lines()) {
      holds = holds || reference_.instruments[line.instrument].settle == id;
    }
    if (holds) concern(AccountId::from_raw(number));
  }
}

Oracle::Answer Oracle::apply(const BookQuoted& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (!is_price(input.instrument, input.bid) || !is_price(input.instrument, input.ask) ||
      input.bid >= input.ask) {
    return Refusal::price_out_of_range;
  }
  Market& market = world_.markets[input.instrument.raw()];
  const std::optional<Int128> before = market.mark();
  market.middle = floor_of(Int128{input.bid.raw()} + input.ask.raw(), 2);
  trigger_by_mark(input.instrument, before);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const MarkPublished& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (!is_price(input.instrument, input.mark)) return Refusal::price_out_of_range;
  Market& market = world_.markets[input.instrument.raw()];
  const std::optional<Int128> before = market.mark();
  market.published = input.mark.raw();
  trigger_by_mark(input.instrument, before);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const TradePrinted& input) {
  if (find_instrument(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const IndexPublished& input) {
  if (!has_asset(input.asset) || input.asset == reference_.numeraire) {
    return Refusal::reference_unknown;
  }
  const Price most = reference_.assets[input.asset.raw()].index_max;
  if (most.raw() == 0) return Refusal::reference_unknown;
  if (input.price.raw() <= 0 || input.price > most) return Refusal::price_out_of_range;
  world_.assets[input.asset.raw()].index = input.price.raw();
  concern_asset_holders(input.asset);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const FundingEstimated& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  if (absolute(input.rate.raw()) > kFundingRateMax) return Refusal::rate_out_of_range;
  world_.markets[input.instrument.raw()].funding_estimate = input.rate.raw();
  concern_holders(input.instrument);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const OpenInterestPublished& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  const Int128 quantity = input.quantity.raw();
  if (quantity < 0 || quantity > kRoom) return Refusal::exposure_out_of_range;
  const std::optional<Int128> exposure = exposure_of(input.instrument, quantity);
  if (!exposure || *exposure > kRoom) return Refusal::exposure_out_of_range;
  world_.markets[input.instrument.raw()].open_interest = quantity;
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const InstrumentChanged& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  for (const TiersId id : {input.tiers_long, input.tiers_short}) {
    if (id.raw() >= reference_.tiers.size()) return Refusal::reference_unknown;
    if (reference_.tiers[id.raw()].instrument != input.instrument) {
      return Refusal::reference_unknown;
    }
  }
  Market& market = world_.markets[input.instrument.raw()];
  if (!is_settable(input.status) || market.status == InstrumentStatus::settled) {
    return Refusal::not_trading;
  }
  market.tiers_long = input.tiers_long;
  market.tiers_short = input.tiers_short;
  market.status = input.status;
  concern_holders(input.instrument);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const SettlementPriced& input) {
  if (find_contract(input.instrument) == nullptr) return Refusal::reference_unknown;
  Market& market = world_.markets[input.instrument.raw()];
  if (market.status == InstrumentStatus::settled) return Refusal::not_trading;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  market.settlement = input.price.raw();
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const FuturesSettled&) {
  bool some = false;
  for (std::uint32_t i = 0; i < world_.markets.size(); ++i) {
    const Market& market = world_.markets[i];
    if (market.status == InstrumentStatus::settled || !market.settlement) continue;
    settle_instrument(i, *market.settlement);
    some = true;
  }
  return some ? Answer{} : Refusal::price_unknown;
}

Oracle::Answer Oracle::apply(const CollateralFactorSet& input) {
  world_.assets[input.asset.raw()].factor = input.factor.raw();
  concern_asset_holders(input.asset);
  return std::nullopt;
}

}  // namespace plimsoll::oracle
