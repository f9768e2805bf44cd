#include "tests/support/client.hpp"

#include <algorithm>

#include "engine/reference/turnover.hpp"

namespace plimsoll::support {
namespace {

using reference::Bracket;
using reference::TierMeasure;
using reference::TierMode;
using reference::Tiers;

Int128 magnitude(Int128 x) {
  return x < 0 ? -x : x;
}

/// In units of 1e-9 Amount, of one of the two rates.
Int128 charge(const Tiers& tiers, Int128 size, Int128 notional, bool initial) {
  const Int128 measure = tiers.measure == TierMeasure::value ? notional : size;
  std::size_t last = 0;
  while (last + 1 < tiers.brackets.size() && tiers.brackets[last + 1].floor <= measure) ++last;
  const Bracket& bracket = tiers.brackets[last];
  const std::int64_t rate = (initial ? bracket.initial : bracket.maintenance).raw();
  switch (tiers.mode) {
    case TierMode::marginal:
      return notional * rate - (initial ? bracket.initial_amount : bracket.maintenance_amount);
    case TierMode::whole:
      return notional * rate;
    case TierMode::increment: {
      const Rate increment = initial ? tiers.initial_increment : tiers.maintenance_increment;
      const Int128 unit = tiers.measure_unit;
      const Int128 scaled = rate * unit + increment.raw() * measure;
      return divide_ceil<Int128>(notional * std::min(scaled, kRateOne * unit), unit);
    }
  }
  return 0;
}

Int128 rounded(Int128 billionths, reference::Rounding rounding) {
  return rounding == reference::Rounding::up ? divide_ceil<Int128>(billionths, kRateOne)
                                             : divide_floor<Int128>(billionths, kRateOne);
}

}  // namespace

Int128 ClientMath::value(std::uint32_t id, Int128 quantity) const {
  return reference::turnover(instrument(id), quantity, Price::from_raw(market_.price(id))).floor();
}

Int128 ClientMath::cost(std::uint32_t id, Int128 quantity, std::int64_t price) const {
  return reference::turnover(instrument(id), quantity, Price::from_raw(price)).ceil();
}

Int128 ClientMath::notional(std::uint32_t id, Int128 quantity) const {
  return reference::turnover(instrument(id), quantity, Price::from_raw(market_.price(id)))
      .notional();
}

std::int64_t ClientMath::lots_of(std::uint32_t id, Int128 notional) const {
  constexpr Int128 kLotsMax = 100'000'000'000;
  const auto of_lot = reference::turnover(instrument(id), instrument(id).lot.raw(),
                                          Price::from_raw(market_.price(id)));
  const Int128 lots =
      notional * of_lot.denominator / std::max<Int128>(1, magnitude(of_lot.numerator));
  return narrow(std::clamp<Int128>(lots, 1, kLotsMax));
}

Requirement ClientMath::requirement(const reference::Profile& profile, std::uint32_t id,
                                    std::int64_t quantity) const {
  return requirement(profile, id, {quantity, cost(id, quantity, market_.price(id))});
}

Requirement ClientMath::requirement(const reference::Profile& profile, std::uint32_t id,
                                    const ClientLine& line) const {
  const Listing& listing = listings_[id];
  const TiersId in_force = line.quantity > 0 ? listing.tiers_long : listing.tiers_short;
  const Tiers& tiers = reference_.tiers[in_force.raw()];
  const Int128 n = profile.basis == reference::MarginBasis::entry ? magnitude(line.entry_value)
                                                                  : notional(id, line.quantity);
  const Int128 costs = n * (tiers.slippage.raw() + profile.closing_fee.raw());
  const auto of = [&](bool initial) {
    return rounded(charge(tiers, magnitude(line.quantity), n, initial) + costs,
                   profile.requirement_rounding);
  };
  return {of(false), of(true)};
}

bool ClientMath::is_valued(AssetId asset) const {
  return asset == reference_.numeraire || market_.has_index(asset.raw());
}

bool ClientMath::can_hold(const Client& client, AssetId asset) const {
  return asset == client.terms.asset || (client.is_multi_asset() && is_valued(asset));
}

Int128 ClientMath::to_numeraire(std::uint32_t asset, Int128 amount) const {
  if (reference_.numeraire.raw() == asset) return amount;
  const Int128 divisor = reference::index_divisor(reference_, AssetId::from_raw(asset));
  return divide_floor<Int128>(amount * market_.index(asset), divisor);
}

Int128 ClientMath::from_numeraire(std::uint32_t asset, Int128 amount) const {
  if (reference_.numeraire.raw() == asset) return amount;
  const Int128 index = std::max<std::int64_t>(1, market_.index(asset));
  const Int128 divisor = reference::index_divisor(reference_, AssetId::from_raw(asset));
  return divide_floor<Int128>(amount * divisor, index);
}

Worth ClientMath::worth(const Client& client) const {
  const reference::Profile& rules = profile(client);
  std::map<std::uint32_t, Worth> by_asset;
  for (const auto& [asset, cash] : client.cash) by_asset[asset].equity += cash;
  for (const auto& [key, line] : client.lines) {
    Worth& sum = by_asset[instrument(key.first).settle.raw()];
    const Requirement needed = requirement(rules, key.first, line);
    sum.equity += value(key.first, line.quantity);
    sum.maintenance += needed.maintenance;
    sum.initial += needed.initial;
  }
  Worth whole;
  for (const auto& [asset, sum] : by_asset) {
    const bool converts = client.is_multi_asset();
    if (!converts && asset != client.terms.asset.raw()) continue;
    const auto convert = [&, id = asset](Int128 amount) {
      return converts ? to_numeraire(id, amount) : amount;
    };
    Int128 equity = convert(sum.equity);
    const reference::Collateral* terms =
        converts ? reference::find_collateral(rules, AssetId::from_raw(asset)) : nullptr;
    if (terms != nullptr && equity > 0 && !terms->steps.empty()) {
      equity = equity * terms->steps.front().ratio.raw() / kRateOne;  // near enough
    } else if (terms == nullptr && converts && equity > 0 && asset != reference_.numeraire.raw()) {
      equity = 0;
    }
    whole.equity += equity;
    whole.maintenance += convert(sum.maintenance);
    whole.initial += convert(sum.initial);
  }
  if (rules.initial_factor.raw() != 0) {
    whole.initial = threshold(client, whole.maintenance, rules.initial_factor);
  }
  return whole;
}

Int128 ClientMath::threshold(const Client& client, Int128 maintenance, Rate factor) const {
  return rounded(maintenance * factor.raw(), profile(client).threshold_rounding);
}

}  // namespace plimsoll::support
