#include <algorithm>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// What inputs are checked against: what exists, what an account can hold, and "Limits" of
// engine/README.md.

namespace plimsoll::oracle {
namespace {

constexpr Int128 kRoom = Int128{1} << 60;
constexpr Int128 kNumeratorMax = Int128{1} << 124;

/// The size of a line and of its orders that count, not signed.
Int128 whole_size(const Account& account, const LineKey& line) {
  Int128 size = absolute(account.position(line).quantity);
  for (const Order& order : account.orders_of(line)) {
    if (!order.reduce_only) size += absolute(order.remainder);
  }
  return size;
}

/// The greatest rate and slippage of the tables of an instrument, in whole, at least 1.
Int128 heaviest_charge(const reference::Reference& reference, InstrumentId id) {
  Int128 heaviest = 1;
  for (const reference::Tiers& tiers : reference.tiers) {
    if (tiers.instrument != id) continue;
    Int128 rate = tiers.brackets.back().initial.raw();
    if (tiers.mode == reference::TierMode::increment) rate = kOne;
    heaviest = std::max(heaviest, ceil_of(rate + tiers.slippage.raw(), kOne));
  }
  return heaviest;
}

}  // namespace

Account* Oracle::find(AccountId id) {
  const auto found = world_.accounts.find(id.raw());
  return found == world_.accounts.end() ? nullptr : &found->second;
}

const reference::Instrument* Oracle::find_instrument(InstrumentId id) const {
  return id.raw() < reference_.instruments.size() ? &reference_.instruments[id.raw()] : nullptr;
}

/// An instrument that is no spot pair.
const reference::Instrument* Oracle::find_contract(InstrumentId id) const {
  const reference::Instrument* instrument = find_instrument(id);
  if (instrument == nullptr || instrument->kind == reference::Kind::spot) return nullptr;
  return instrument;
}

bool Oracle::has_asset(AssetId id) const {
  return id.raw() < reference_.assets.size();
}

bool Oracle::has_source(SourceId id) const {
  return id.raw() < reference_.sources.size();
}

bool Oracle::is_price(InstrumentId id, Price price) const {
  const reference::Instrument& instrument = reference_.instruments[id.raw()];
  return instrument.price_min <= price && price <= instrument.price_max;
}

bool Oracle::can_hold(const Account& account, AssetId asset) const {
  if (asset == account.asset) return true;
  if (account.mode != MarginMode::multi_asset) return false;
  return asset == reference_.numeraire || reference_.assets[asset.raw()].index_max.raw() != 0;
}

/// Is this a side that a fill or an order of the account can have?
bool Oracle::is_side(const Account& account, InstrumentId id, PositionSide side) const {
  const bool is_spot = reference_.instruments[id.raw()].kind == reference::Kind::spot;
  if (is_spot || account.position_mode == PositionMode::one_way) return side == PositionSide::net;
  return side == PositionSide::long_side || side == PositionSide::short_side;
}

/// Is this an isolated account that is occupied by another instrument?
bool Oracle::is_elsewhere(const Account& account, InstrumentId id) {
  if (account.mode != MarginMode::isolated) return false;
  const std::set<LineKey> lines = account.lines();
  return std::any_of(lines.begin(), lines.end(),
                     [&](const LineKey& line) { return line.instrument != id.raw(); });
}

/// exposure(size), or none when the numerator of the turnover is out of range.
std::optional<Int128> Oracle::exposure_of(InstrumentId id, Int128 size) const {
  const reference::Instrument& instrument = reference_.instruments[id.raw()];
  const bool inverse = instrument.kind == reference::Kind::inverse;
  const Int128 factor = inverse ? Int128{1} : Int128{instrument.price_max.raw()};
  const Int128 product = floor_of_product(size, factor, 1);
  if (floor_of_product(product, instrument.numerator, 1) > kNumeratorMax) return std::nullopt;
  return floor_of_product(
      notional_of(instrument, size,
                  inverse ? instrument.price_min.raw() : instrument.price_max.raw()),
      heaviest_charge(reference_, id), 1);
}

/// exposure(line), or none when its size or its turnover's numerator is out of range.
std::optional<Int128> Oracle::exposure_of(const Account& account, const LineKey& line) const {
  const Int128 size = whole_size(account, line);
  if (size > kRoom) return std::nullopt;
  return exposure_of(InstrumentId::from_raw(line.instrument), size);
}

/// Of a fill or an order in a line, for the owner as a whole.
bool Oracle::has_room_by_owner(const Account& before, const Account& after,
                               const LineKey& line) const {
  if (!profile_of(after).aggregate_by_owner) return true;
  const auto gross = totals_.gross.find({after.owner.raw(), line.instrument});
  const Int128 whole = gross == totals_.gross.end() ? 0 : gross->second;
  const Int128 others = whole - absolute(before.position(line).quantity);
  const std::optional<Int128> exposure =
      exposure_of(InstrumentId::from_raw(line.instrument), others + whole_size(after, line));
  return exposure && *exposure <= kRoom;
}

bool Oracle::can_carry(const Account& before, std::uint32_t asset, Int128 change) const {
  Account after = before;
  after.balances[asset] += change;
  if (absolute(after.balance(asset)) <= absolute(before.balance(asset))) return true;
  if (after.mode == MarginMode::multi_asset) return has_room_in_numeraire(after);
  return absolute(after.balance(asset)) <= 2 * kRoom;
}

/// Of a fill in a spot pair, before its balances are looked at.
bool Oracle::has_room_for_spot(InstrumentId id, Int128 quantity) const {
  const reference::Instrument& pair = reference_.instruments[id.raw()];
  const std::optional<Int128> exposure = exposure_of(id, absolute(quantity));
  if (!exposure || *exposure > kRoom) return false;
  const int shift = reference_.assets[pair.base.raw()].decimals - pair.quantity_decimals;
  return floor_of_product(absolute(quantity), ten_to(shift), 1) <= kRoom;
}

/// Of a deposit: the balance, or in multi-asset mode all limits.
bool Oracle::has_room_for_money(const Account& account, AssetId asset) const {
  if (account.mode == MarginMode::multi_asset) return has_room_in_numeraire(account);
  return absolute(account.balance(asset.raw())) <= kRoom;
}

/// Of a fill or an order.
bool Oracle::has_room_for_lines(const Account& account) const {
  if (account.mode == MarginMode::multi_asset) return has_room_in_numeraire(account);
  Int128 sum = 0;
  for (const LineKey& line : account.lines()) {
    const std::optional<Int128> exposure = exposure_of(account, line);
    if (!exposure || *exposure > kRoom) return false;
    sum += *exposure;
  }
  return sum <= kRoom;
}

/// All limits of multi-asset mode.
bool Oracle::has_room_in_numeraire(const Account& account) const {
  std::map<std::uint32_t, Int128> sizes;
  std::map<std::uint32_t, Int128> exposures;
  for (const auto& [asset, balance] : account.balances) {
    if (absolute(balance) > kRoom) return false;
    sizes[asset] += absolute(balance);
  }
  for (const LineKey& line : account.lines()) {
    const std::optional<Int128> exposure = exposure_of(account, line);
    if (!exposure) return false;
    const std::uint32_t settle = reference_.instruments[line.instrument].settle.raw();
    exposures[settle] = std::min(exposures[settle] + *exposure, kHuge);
    if (exposures[settle] > kRoom) return false;
    Int128& size = sizes[reference_.instruments[line.instrument].settle.raw()];
    size = std::min(size + *exposure, kHuge);  // kHuge of any asset is out of range
  }
  Int128 sum = 0;
  for (const auto& [asset, size] : sizes) {
    const bool is_numeraire = asset == reference_.numeraire.raw();
    const Int128 index = is_numeraire ? 1 : Int128{reference_.assets[asset].index_max.raw()};
    const Int128 worth = ceil_of_product(size, index, index_divisor_of(asset));
    if (worth > kRoom) return false;
    sum += worth;
  }
  return sum * 4 <= kRoom;
}

}  // namespace plimsoll::oracle
