#include <algorithm>

#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"
#include "tests/oracle/rules.hpp"

// "Inputs, one by one" and "House" of engine/README.md.

namespace plimsoll::oracle {
namespace {

constexpr Int128 kBalanceMax = Int128{1} << 60;
constexpr Int128 kResultMax = Int128{1} << 61;
constexpr std::uint64_t kAccountReserved = ~std::uint64_t{0};
constexpr std::int64_t kFundingRateMax = 100'000'000;

}  // namespace

Account* Oracle::find(AccountId id) {
  const auto found = world_.accounts.find(id.raw());
  return found == world_.accounts.end() ? nullptr : &found->second;
}

const reference::Instrument* Oracle::find_instrument(InstrumentId id) const {
  return id.raw() < reference_.instruments.size() ? &reference_.instruments[id.raw()] : nullptr;
}

bool Oracle::is_price(InstrumentId id, Price price) const {
  return price.raw() > 0 && price <= reference_.instruments[id.raw()].price_max;
}

void Oracle::trigger_by(InstrumentId instrument, Int128 price) {
  context_.instrument = instrument;
  context_.trigger = to_64(price);
}

void Oracle::trigger_by_mark(InstrumentId id, const std::optional<Int128>& before) {
  const std::optional<Int128> after = world_.markets[id.raw()].mark();
  if (after != before) trigger_by(id, *after);
}

Oracle::Answer Oracle::apply(const TimeAdvanced&) {
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const AccountOpened& input) {
  if (input.account.raw() == kAccountReserved) return Refusal::account_unknown;
  if (input.profile.raw() >= reference_.profiles.size()) return Refusal::reference_unknown;
  if (input.asset.raw() >= reference_.assets.size()) return Refusal::reference_unknown;
  if (input.account.raw() == 0 || find(input.account) != nullptr) return Refusal::account_exists;
  if (input.parent.raw() != 0) {
    const Account* parent = find(input.parent);
    if (parent == nullptr || parent->owner != input.owner || parent->parent.raw() != 0) {
      return Refusal::parent_unknown;
    }
    if (parent->asset != input.asset) return Refusal::asset_mismatch;
  }
  if (world_.accounts.size() >= reference_.limits.accounts) return Refusal::capacity_exhausted;
  Account account;
  account.owner = input.owner;
  account.parent = input.parent;
  account.profile = input.profile;
  account.asset = input.asset;
  world_.accounts.emplace(input.account.raw(), account);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const Deposited& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  if (absolute(account->balance + input.amount.raw()) > kBalanceMax) {
    return Refusal::exposure_out_of_range;
  }
  account->balance += input.amount.raw();
  world_.assets[account->asset.raw()].deposits += input.amount.raw();
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const WithdrawalRequested& input) {
  const Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  if (withdraw(input.account, input.amount, input.transfer)) {
    world_.assets[account->asset.raw()].withdrawals += input.amount.raw();
  }
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const MarginMoveRequested& input) {
  const Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  Account* to = find(input.to);
  if (to == nullptr || to == account) return Refusal::account_unknown;
  if (to->owner != account->owner) return Refusal::owner_mismatch;
  if (to->asset != account->asset) return Refusal::asset_mismatch;
  if (absolute(to->balance + input.amount.raw()) > kBalanceMax) {
    return Refusal::exposure_out_of_range;
  }
  if (withdraw(input.account, input.amount, input.transfer)) to->balance += input.amount.raw();
  return std::nullopt;
}

/// Takes the amount from the account, or says why not. True when it was taken.
bool Oracle::withdraw(AccountId id, Amount amount, ExternalId transfer) {
  Account& account = *find(id);
  const Valuation worth = value(account);
  Int128 available = 0;
  std::optional<WithdrawalRefusal> reason;
  if (account.liquidation) {
    reason = WithdrawalRefusal::in_liquidation;
  } else if (!worth.marked) {
    reason = WithdrawalRefusal::mark_missing;
  } else {
    available = std::max(std::min(account.balance, worth.equity - worth.initial), Int128{0});
    if (amount.raw() > available) reason = WithdrawalRefusal::insufficient_excess;
  }
  const Amount shown = Amount::from_raw(to_64(available));
  if (reason) {
    emit(id, WithdrawalRefused{amount, shown, transfer, *reason});
    return false;
  }
  account.balance -= amount.raw();
  emit(id, WithdrawalAccepted{amount, shown, transfer});
  return true;
}

Oracle::Answer Oracle::apply(const TradeFilled& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (const Answer refusal = check_fill(*account, input)) return refusal;
  trigger_by(input.instrument, input.price.raw());
  book(*account, input.instrument, input.quantity.raw(), input.price.raw());
  account->balance -= input.fee.raw();
  world_.assets[account->asset.raw()].fees += input.fee.raw();
  return std::nullopt;
}

Oracle::Answer Oracle::check_fill(const Account& account, const TradeFilled& input) const {
  const reference::Instrument* instrument = find_instrument(input.instrument);
  if (instrument == nullptr) return Refusal::reference_unknown;
  if (instrument->settle != account.asset) return Refusal::asset_mismatch;
  const std::int64_t quantity = input.quantity.raw();
  if (quantity == 0 || quantity % instrument->lot.raw() != 0) return Refusal::quantity_off_lot;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;

  const auto held = account.positions.find(input.instrument.raw());
  const bool is_new = held == account.positions.end();
  const Position before = is_new ? Position{} : held->second;
  if (absolute(input.fee.raw()) > kBalanceMax) return Refusal::exposure_out_of_range;
  if (has_exposure(account, input.instrument, before.quantity + quantity)) {
    return Refusal::exposure_out_of_range;
  }
  const Booked booked = book_fill(*instrument, before, quantity, input.price.raw());
  const Int128 balance = account.balance + booked.realised - input.fee.raw();
  if (absolute(balance) > kResultMax) return Refusal::exposure_out_of_range;
  if (absolute(booked.after.entry) > kResultMax) return Refusal::exposure_out_of_range;
  return std::nullopt;
}

/// Would the account pass the limits with this quantity in this instrument?
bool Oracle::has_exposure(const Account& account, InstrumentId id, Int128 quantity) const {
  if (absolute(quantity) > kBalanceMax) return true;
  std::map<std::uint32_t, Position> positions = account.positions;
  positions[id.raw()].quantity = quantity;
  Int128 sum = 0;
  for (const auto& [index, position] : positions) {
    const reference::Instrument& instrument = reference_.instruments[index];
    sum += notional_of(instrument, position.quantity, instrument.price_max.raw());
  }
  return sum > kBalanceMax;
}

/// Books a fill on an account and on the rest of the world. Returns what it realised.
Int128 Oracle::book(Account& account, InstrumentId id, Int128 quantity, Int128 price) {
  Position& position = account.positions[id.raw()];
  const Booked booked = book_fill(reference_.instruments[id.raw()], position, quantity, price);
  position = booked.after;
  if (position.quantity == 0) account.positions.erase(id.raw());
  account.balance += booked.realised;
  AssetBooks& books = world_.assets[account.asset.raw()];
  books.rest_of_world += booked.rest_of_world;
  books.rounding += booked.rounding;
  world_.markets[id.raw()].external_net += quantity;
  return booked.realised;
}

Oracle::Answer Oracle::apply(const FundingSettled& input) {
  const reference::Instrument* instrument = find_instrument(input.instrument);
  if (instrument == nullptr) return Refusal::reference_unknown;
  if (absolute(input.rate.raw()) > kFundingRateMax) return Refusal::rate_out_of_range;
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  trigger_by(input.instrument, input.price.raw());
  AssetBooks& books = world_.assets[instrument->settle.raw()];
  for (auto& [id, account] : world_.accounts) {
    const auto held = account.positions.find(input.instrument.raw());
    if (held == account.positions.end()) continue;
    const Int128 product = held->second.quantity * input.price.raw();
    const Int128 divisor = instrument->value_divisor * kOne;
    const Int128 owed = ceil_of_product(product, input.rate.raw(), divisor);
    const Int128 received = floor_of_product(product, input.rate.raw(), divisor);
    account.balance -= owed;
    books.rest_of_world += received;
    books.rounding += owed - received;
  }
  return std::nullopt;
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

Oracle::Answer Oracle::apply(const FundEndowed& input) {
  if (input.asset.raw() >= reference_.assets.size()) return Refusal::reference_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  if (world_.assets[input.asset.raw()].fund + input.amount.raw() > kBalanceMax) {
    return Refusal::exposure_out_of_range;
  }
  world_.assets[input.asset.raw()].endowments += input.amount.raw();
  change_fund(AccountId{}, input.asset, input.amount.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::check_answer(Int128 ordered, const LiquidationAnswered& input) const {
  const Int128 filled = input.quantity.raw();
  if (filled == 0) return std::nullopt;
  const reference::Instrument& terms = reference_.instruments[input.instrument.raw()];
  const bool same_sign = (filled < 0) == (ordered < 0);
  if (!same_sign || absolute(filled) > absolute(ordered) || filled % terms.lot.raw() != 0) {
    return Refusal::quantity_off_lot;
  }
  if (!is_price(input.instrument, input.price)) return Refusal::price_out_of_range;
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const LiquidationAnswered& input) {
  Account* account = find(input.account);
  if (account == nullptr) return Refusal::account_unknown;
  if (!account->liquidation || account->liquidation->epoch != input.epoch ||
      !account->liquidation->in_flight.contains(input.instrument.raw())) {
    return Refusal::liquidation_unknown;
  }
  if (const Answer wrong =
          check_answer(account->liquidation->in_flight.at(input.instrument.raw()), input)) {
    return wrong;
  }
  account->liquidation->in_flight.erase(input.instrument.raw());
  trigger_by(input.instrument, input.price.raw());
  Int128 fee = 0;
  Int128 realised = 0;
  if (input.quantity.raw() != 0) {
    fee = fee_of(reference_.instruments[input.instrument.raw()], input.quantity.raw(),
                 input.price.raw(), reference_.profiles[account->profile.raw()].liquidation_fee);
    realised = book(*account, input.instrument, input.quantity.raw(), input.price.raw());
    account->balance -= fee;
    world_.assets[account->asset.raw()].in_transit += fee;
  }
  emit(input.account,
       LiquidationFillApplied{input.epoch, input.instrument, input.quantity, input.price,
                              Amount::from_raw(to_64(fee)), Amount::from_raw(to_64(realised))});
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const InventoryAbsorbed& input) {
  Market& market = world_.markets[input.instrument.raw()];
  const AssetId asset = reference_.instruments[input.instrument.raw()].settle;
  market.inventory.quantity += input.quantity.raw();
  market.inventory.entry += input.value.raw();
  market.quantity_in_transit -= input.quantity.raw();
  world_.assets[asset.raw()].in_transit += input.value.raw();
  emit(input.account, InventoryOrderIssued{-input.quantity, input.instrument});
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const TakeoverSettled& input) {
  world_.assets[input.asset.raw()].in_transit -= input.equity.raw();
  settle_result(input.account, input.asset, input.equity.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const FeesCollected& input) {
  world_.assets[input.asset.raw()].in_transit -= input.amount.raw();
  change_fund(AccountId{}, input.asset, input.amount.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const InventoryAnswered& input) {
  trigger_by(input.instrument, input.price.raw());
  const reference::Instrument& instrument = reference_.instruments[input.instrument.raw()];
  Market& market = world_.markets[input.instrument.raw()];
  const Booked booked =
      book_fill(instrument, market.inventory, input.quantity.raw(), input.price.raw());
  market.inventory = booked.after;
  market.external_net += input.quantity.raw();
  AssetBooks& books = world_.assets[instrument.settle.raw()];
  books.rest_of_world += booked.rest_of_world;
  books.rounding += booked.rounding;
  emit(AccountId{}, InventoryUnwound{input.quantity, input.price,
                                     Amount::from_raw(to_64(booked.realised)), input.instrument});
  settle_result(AccountId{}, instrument.settle, booked.realised);
  return std::nullopt;
}

/// A gain goes to the fund; a loss is paid by the fund, and what it does not hold is bad debt.
void Oracle::settle_result(AccountId account, AssetId asset, Int128 result) {
  if (result >= 0) {
    change_fund(account, asset, result);
    return;
  }
  AssetBooks& books = world_.assets[asset.raw()];
  const Int128 deficit = -result;
  const Int128 drawn = std::min(deficit, books.fund);
  change_fund(account, asset, -drawn);
  if (drawn == deficit) return;
  books.bad_debt += deficit - drawn;
  emit(account, BadDebtBooked{Amount::from_raw(to_64(deficit - drawn)),
                              Amount::from_raw(to_64(books.bad_debt)), asset});
}

void Oracle::change_fund(AccountId account, AssetId asset, Int128 amount) {
  if (amount == 0) return;
  Int128& fund = world_.assets[asset.raw()].fund;
  const Int128 before = fund;
  fund += amount;
  emit(account,
       InsuranceFundChanged{Amount::from_raw(to_64(before)), Amount::from_raw(to_64(amount)),
                            Amount::from_raw(to_64(fund)), asset});
}

}  // namespace plimsoll::oracle
