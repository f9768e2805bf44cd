#include "engine/configuration/account_limits.hpp"

#include "engine/value/magnitude.hpp"

namespace plimsoll::configuration {

void AccountLimits::begin(const AccountOpened& account) {
  account_ = account;
  aggregates_ = reference_.profiles[account.profile.raw()].aggregate_by_owner;
  lines_.clear();
  sums_.clear();
}

bool AccountLimits::add_balance(AssetId asset, std::int64_t amount) {
  if (!within(amount, kMagnitudeMax)) return false;
  sum_of(asset).balance += magnitude(amount);
  return sums_fit();
}

bool AccountLimits::add_position(InstrumentId instrument, PositionSide side, std::int64_t size) {
  Line& line = line_of(instrument, side);
  line.position += magnitude(size);
  return update(line);
}

bool AccountLimits::add_order(InstrumentId instrument, PositionSide side, std::int64_t size) {
  Line& line = line_of(instrument, side);
  line.orders += magnitude(size);
  return update(line);
}

void AccountLimits::commit() {
  if (!aggregates_) return;
  for (const Line& line : lines_) {
    gross_[{account_.owner.raw(), line.instrument.raw()}] += line.position;
  }
}

AccountLimits::Line& AccountLimits::line_of(InstrumentId instrument, PositionSide side) {
  for (Line& line : lines_) {
    if (line.instrument == instrument && line.side == side) return line;
  }
  return lines_.emplace_back(Line{instrument, side, 0, 0, 0});
}

AccountLimits::Sum& AccountLimits::sum_of(AssetId asset) {
  for (Sum& sum : sums_) {
    if (sum.asset == asset) return sum;
  }
  return sums_.emplace_back(Sum{asset, 0, 0});
}

bool AccountLimits::update(Line& line) {
  const reference::Instrument& rules = reference_.instruments[line.instrument.raw()];
  const std::optional<Int128> exposure = exposure_of(rules, line.position + line.orders);
  if (!exposure || !owner_fits(line)) return false;
  sum_of(rules.settle).exposure += *exposure - line.exposure;
  line.exposure = *exposure;
  return sums_fit();
}

/// With what the owner holds elsewhere: in other accounts, and on the other side of this one.
bool AccountLimits::owner_fits(const Line& line) const {
  if (!aggregates_) return true;
  const auto found = gross_.find({account_.owner.raw(), line.instrument.raw()});
  Int128 size = line.orders + (found == gross_.end() ? 0 : found->second);
  for (const Line& other : lines_) {
    if (other.instrument == line.instrument) size += other.position;
  }
  return exposure_of(reference_.instruments[line.instrument.raw()], size).has_value();
}

bool AccountLimits::sums_fit() const {
  constexpr Int128 kWeightMax = 4;  // of a debt
  const bool multi = account_.mode == MarginMode::multi_asset;
  Int128 total = 0;
  for (const Sum& sum : sums_) {
    if (sum.exposure > kMagnitudeMax) return false;
    if (!multi) continue;
    Int128 worth = sum.balance + sum.exposure;
    if (sum.asset != reference_.numeraire) {
      worth = divide_ceil<Int128>(worth * reference_.assets[sum.asset.raw()].index_max.raw(),
                                  reference::index_divisor(reference_, sum.asset));
    }
    total += worth * kWeightMax;
    if (total > kMagnitudeMax) return false;
  }
  return true;
}

}  // namespace plimsoll::configuration
