#include "engine/base/hash.hpp"
#include "engine/reference/reference.hpp"

// The hash of the rules: whatever may change an event goes in, in the order of the structs.

namespace plimsoll::reference {
namespace {

class Hasher {
 public:
  template <class Raw>
  requires std::is_integral_v<Raw> || std::is_enum_v<Raw>
  void add(Raw raw) { hash_.add(static_cast<std::uint64_t>(raw)); }
  template <class Value>
  requires requires(const Value& value) { value.raw(); }
  void add(const Value& value) { add(value.raw()); }
  void add(const std::string& text) {
    add(text.size());
    for (const char c : text) add(static_cast<unsigned char>(c));
  }
  template <class T>
  void add(const std::vector<T>& list) {
    add(list.size());
    for (const T& element : list) add(element);
  }
  template <class... Values>
  void add_all(const Values&... values) {
    (add(values), ...);
  }
  void add(const Asset& asset) {
    add_all(asset.name, asset.decimals, asset.insurance_fund, asset.index_max,
            asset.collateral_cap);
  }
  void add(const Bracket& bracket) { add_all(bracket.floor, bracket.initial, bracket.maintenance); }
  void add(const Tiers& tiers) {
    add_all(tiers.name, tiers.instrument, tiers.mode, tiers.measure, tiers.brackets,
            tiers.initial_increment, tiers.maintenance_increment, tiers.slippage,
            tiers.open_interest_lower, tiers.open_interest_upper, tiers.open_interest_step);
  }
  void add(const Instrument& instrument) {
    add_all(instrument.symbol, instrument.kind, instrument.settle, instrument.base,
            instrument.multiplier, instrument.quantity_decimals, instrument.lot, instrument.tick,
            instrument.price_min, instrument.price_max, instrument.expiry,
            instrument.position_limit, instrument.depth, instrument.status, instrument.tiers_long,
            instrument.tiers_short, instrument.venue, instrument.mark);
  }
  void add(const MarkRules& mark) {
    add_all(mark.method, mark.guard, mark.index, mark.basis_time, mark.basis_max,
            mark.funding_period, mark.settlement_window, mark.settlement_step,
            mark.settlement_samples);
  }
  void add(const Guard& guard) {
    add_all(guard.name, guard.age_max, guard.skew_max, guard.clock_error_max, guard.spread_max,
            guard.velocity_max, guard.velocity_window, guard.velocity_hold, guard.velocity_sources,
            guard.freeze_width, guard.freeze_max, guard.after);
  }
  void add(const Source& source) {
    add_all(source.name, source.venue, source.symbol, source.field, source.index, source.quote,
            source.weight);
  }
  void add(const Index& index) {
    add_all(index.name, index.asset, index.guard, index.method, index.clamp, index.quorum,
            index.quarantine_after, index.quarantine_time, index.price_max);
  }
  void add(const Breaker& breaker) {
    add_all(breaker.liquidations_max, breaker.window, breaker.hold, breaker.lag_max);
  }
  void add(const CollateralStep& step) { add_all(step.up_to, step.ratio); }
  void add(const Collateral& rule) {
    add_all(rule.asset, rule.measure, rule.steps, rule.liability_weight, rule.exchange_above,
            rule.exchange_ratio);
  }
  void add(const Profile& profile) {
    add_all(profile.name, profile.breach_at_equality, profile.call_at_equality,
            profile.call_trigger, profile.call_target, profile.call_period, profile.confirm_time,
            profile.liquidation_target, profile.liquidation_slippage_max, profile.liquidation_fee,
            profile.liquidation_steps_max, profile.takeover_below);
    add_all(profile.basis, profile.order_margin, profile.orders_in_maintenance,
            profile.reserve_funding, profile.closing_fee, profile.initial_factor,
            profile.withdrawal_factor, profile.requirement_rounding, profile.threshold_rounding,
            profile.aggregate_by_owner, profile.profit_is_available);
    add_all(profile.collateral, profile.debt_initial, profile.debt_maintenance,
            profile.debt_withdrawal);
  }
  void add(const Exchange& exchange) {
    add_all(exchange.latency, exchange.half_spread, exchange.impact, exchange.depth,
            exchange.slippage_max);
    if (!exchange.simulated) add_all(exchange.slippage_max);
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return hash_.value(); }

 private:
  RunningHash hash_;
};

}  // namespace

std::uint64_t hash_of(const Reference& reference) {
  Hasher hash;
  hash.add_all(reference.assets, reference.tiers, reference.instruments, reference.profiles,
               reference.guards, reference.indices, reference.sources, reference.breaker,
               reference.numeraire, reference.exchange, reference.limits.accounts,
               reference.limits.positions, reference.settle_grid, reference.time_step);
  return hash.value();
}

std::uint64_t hash_of(const Profile& profile) {
  Hasher hash;
  hash.add(profile);
  return hash.value();
}

}  // namespace plimsoll::reference
