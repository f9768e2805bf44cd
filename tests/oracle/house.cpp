#include "tests/oracle/arithmetic.hpp"
#include "tests/oracle/oracle.hpp"

// "House" of engine/README.md: the inputs that it decides and what they do.

namespace plimsoll::oracle {
namespace {

constexpr Int128 kFundMax = Int128{1} << 60;

}  // namespace

Oracle::Answer Oracle::apply(const FundEndowed& input) {
  if (!has_asset(input.asset)) return Refusal::reference_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  if (world_.assets[input.asset.raw()].fund + input.amount.raw() > kFundMax) {
    return Refusal::exposure_out_of_range;
  }
  world_.assets[input.asset.raw()].endowments += input.amount.raw();
  change_fund(AccountId{}, input.asset, input.amount.raw());
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const InventoryAbsorbed& input) {
  Market& market = world_.markets[input.instrument.raw()];
  const AssetId asset = reference_.instruments[input.instrument.raw()].settle;
  market.inventory.quantity += input.quantity.raw();
  market.inventory.entry += input.value.raw();
  market.quantity_in_transit -= input.quantity.raw();
  world_.assets[asset.raw()].in_transit += input.value.raw();
  if (market.status == InstrumentStatus::settled) {
    unwind(input.instrument, -Int128{input.quantity.raw()}, *market.settlement);
  } else {
    emit(input.account, InventoryOrderIssued{-input.quantity, input.instrument});
  }
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

Oracle::Answer Oracle::apply(const LiquidationsPaused& input) {
  if (!is_next_number(input.by, input.number)) return Refusal::number_repeated;
  if (cause_.origin != Origin::house && input.reason != PauseReason::operator_said) {
    return Refusal::mode_unsupported;
  }
  pause(input.reason);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const LiquidationsResumed& input) {
  if (!is_next_number(input.by, input.number)) return Refusal::number_repeated;
  if (cause_.origin != Origin::house && input.reason != PauseReason::operator_said &&
      input.reason != PauseReason::breaker) {
    return Refusal::mode_unsupported;
  }
  resume(input.reason);
  return std::nullopt;
}

Oracle::Answer Oracle::apply(const LagReported& input) {
  const Duration most = reference_.breaker.lag_max;
  most.raw() != 0 && input.lag > most ? pause(PauseReason::lag) : resume(PauseReason::lag);
  return std::nullopt;
}

void Oracle::pause(PauseReason reason) {
  if (!world_.pauses.insert(reason).second) return;
  if (reason == PauseReason::breaker) start_counting();
  emit(AccountId{}, LiquidationPauseChanged{reason, 1, 1});
}

/// The pause of the breaker comes or goes: the count starts from 0.
void Oracle::start_counting() {
  started_count_ = 0;
  too_many_ = false;
  braked_at_ = now_.raw();
}

/// With the last reason everything comes about that was due meanwhile; then everyone is judged.
void Oracle::resume(PauseReason reason) {
  if (world_.pauses.erase(reason) == 0) return;
  if (reason == PauseReason::breaker) start_counting();
  const bool waits = !world_.pauses.empty();
  emit(AccountId{}, LiquidationPauseChanged{reason, 0, waits ? std::uint8_t{1} : std::uint8_t{0}});
  if (waits) return;
  const Context before = context_;
  wait_ended_ = now_;
  pass_deadlines();
  context_ = before;
  for (const auto& [id, account] : world_.accounts) concern(AccountId::from_raw(id));
}

Oracle::Answer Oracle::apply(const InventoryAnswered& input) {
  trigger_by(input.instrument, input.price.raw());
  unwind(input.instrument, input.quantity.raw(), input.price.raw());
  return std::nullopt;
}

}  // namespace plimsoll::oracle
