#include "engine/reference/reference.hpp"

#include <algorithm>
#include <limits>

#include "engine/base/hash.hpp"

namespace plimsoll::reference {
namespace {

/// Collects broken rules under the path of what is being looked at.
class Check {
 public:
  explicit Check(std::vector<Violation>& violations) : violations_{violations} {}
  void require(bool holds, const std::string& path, const char* message) {
    if (!holds) violations_.push_back({path, message});
  }

 private:
  std::vector<Violation>& violations_;
};

std::string element(const char* list, std::size_t index) {
  return std::string{list} + "[" + std::to_string(index) + "]";
}

void finish_brackets(Instrument& instrument, const std::string& path, Check& check) {
  check.require(!instrument.brackets.empty(), path + ".brackets", "must not be empty");
  for (std::size_t i = 0; i < instrument.brackets.size(); ++i) {
    Bracket& bracket = instrument.brackets[i];
    const std::string at = path + "." + element("brackets", i);
    check.require(bracket.maintenance.raw() > 0 && bracket.maintenance.raw() <= kRateOne,
                  at + ".maintenance", "must be above 0 and at most 1");
    check.require(bracket.initial >= bracket.maintenance && bracket.initial.raw() <= kRateOne,
                  at + ".initial", "must be at least the maintenance rate and at most 1");
    if (i == 0) {
      check.require(bracket.floor.raw() == 0, at + ".floor", "of the first bracket must be 0");
      continue;
    }
    const Bracket& below = instrument.brackets[i - 1];
    check.require(bracket.floor > below.floor, at + ".floor", "must be above the one before");
    check.require(bracket.maintenance >= below.maintenance, at + ".maintenance",
                  "must not fall with size");
    check.require(bracket.initial >= below.initial, at + ".initial", "must not fall with size");
    bracket.initial_amount =
        below.initial_amount +
        Int128{bracket.floor.raw()} * (bracket.initial.raw() - below.initial.raw());
    bracket.maintenance_amount =
        below.maintenance_amount +
        Int128{bracket.floor.raw()} * (bracket.maintenance.raw() - below.maintenance.raw());
  }
}

void finish_instrument(Instrument& instrument, const Reference& reference, const std::string& path,
                       Check& check) {
  check.require(!instrument.symbol.empty(), path + ".symbol", "must not be empty");
  check.require(instrument.quantity_decimals >= 0 && instrument.quantity_decimals <= 9,
                path + ".quantity_decimals", "must be 0 to 9");
  check.require(instrument.lot.raw() > 0, path + ".lot", "must be above 0");
  check.require(instrument.tick.raw() > 0, path + ".tick", "must be above 0");
  check.require(instrument.price_max >= instrument.tick, path + ".price_max",
                "must be at least one tick");
  const bool settles = instrument.settle.raw() < reference.assets.size();
  check.require(settles, path + ".settle", "names no asset");
  if (settles) {
    const int exponent = kPriceDecimals + instrument.quantity_decimals -
                         reference.assets[instrument.settle.raw()].decimals;
    check.require(exponent >= 0 && exponent <= 12, path + ".quantity_decimals",
                  "9 + quantity_decimals - decimals of the asset must be 0 to 12");
    if (exponent >= 0 && exponent <= 12) instrument.value_divisor = power_of_ten(exponent);
  }
  finish_brackets(instrument, path, check);
}

void check_profile(const Profile& profile, const Reference& reference, const std::string& path,
                   Check& check) {
  check.require(!profile.name.empty(), path + ".name", "must not be empty");
  check.require(profile.liquidation_target.raw() >= kRateOne, path + ".liquidation_target",
                "must be at least 1");
  check.require(profile.call_trigger >= profile.liquidation_target, path + ".call_trigger",
                "must be at least liquidation_target");
  check.require(profile.call_target > profile.call_trigger, path + ".call_target",
                "must be above call_trigger");
  check.require(profile.call_target.raw() <= 4 * kRateOne, path + ".call_target",
                "must be at most 4");
  check.require(profile.call_period.raw() > 0, path + ".call_period", "must be above 0");
  check.require(profile.liquidation_steps_max > 0, path + ".liquidation_steps_max",
                "must be above 0");
  check.require(
      profile.liquidation_fee.raw() >= 0 && profile.liquidation_fee.raw() <= kRateOne / 10,
      path + ".liquidation_fee", "must be 0 to 0.1");
  check.require(profile.liquidation_slippage_max.raw() > 0 &&
                    profile.liquidation_slippage_max.raw() < kRateOne,
                path + ".liquidation_slippage_max", "must be above 0 and below 1");
  for (const Instrument& instrument : reference.instruments) {
    if (instrument.brackets.empty()) continue;
    check.require(liquidation_slippage(instrument, profile).raw() > 0, path + ".liquidation_fee",
                  "must be below the first maintenance rate of every instrument");
  }
}

template <class T, class Name>
void check_unique(const std::vector<T>& list, const char* path, const char* field, Name name,
                  Check& check) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool again = std::any_of(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const T& other) { return name(other) == name(list[i]); });
    check.require(!again, element(path, i) + "." + field, "appears twice");
  }
}

template <class T, class Name>
int index_of(const std::vector<T>& list, std::string_view wanted, Name name) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (name(list[i]) == wanted) return static_cast<int>(i);
  }
  return -1;
}

const std::string& symbol_of(const Instrument& instrument) {
  return instrument.symbol;
}
const std::string& asset_name(const Asset& asset) {
  return asset.name;
}
const std::string& profile_name(const Profile& profile) {
  return profile.name;
}

}  // namespace

std::vector<Violation> finish(Reference& reference) {
  std::vector<Violation> violations;
  Check check{violations};
  check.require(!reference.assets.empty(), "asset", "at least one is needed");
  check.require(!reference.instruments.empty(), "instrument", "at least one is needed");
  check.require(!reference.profiles.empty(), "profile", "at least one is needed");
  for (std::size_t i = 0; i < reference.assets.size(); ++i) {
    const Asset& asset = reference.assets[i];
    check.require(!asset.name.empty(), element("asset", i) + ".name", "must not be empty");
    check.require(asset.decimals >= 0 && asset.decimals <= 12, element("asset", i) + ".decimals",
                  "must be 0 to 12");
    check.require(asset.insurance_fund.raw() >= 0, element("asset", i) + ".insurance_fund",
                  "must not be negative");
  }
  for (std::size_t i = 0; i < reference.instruments.size(); ++i) {
    finish_instrument(reference.instruments[i], reference, element("instrument", i), check);
  }
  for (std::size_t i = 0; i < reference.profiles.size(); ++i) {
    check_profile(reference.profiles[i], reference, element("profile", i), check);
  }
  check_unique(reference.assets, "asset", "name", asset_name, check);
  check_unique(reference.instruments, "instrument", "symbol", symbol_of, check);
  check_unique(reference.profiles, "profile", "name", profile_name, check);

  const Exchange& exchange = reference.exchange;
  check.require(exchange.latency.raw() >= 0, "exchange.latency", "must not be negative");
  check.require(exchange.half_spread.raw() >= 0, "exchange.half_spread", "must not be negative");
  check.require(exchange.impact.raw() >= 0, "exchange.impact", "must not be negative");
  check.require(exchange.depth.raw() > 0, "exchange.depth", "must be above 0");
  check.require(exchange.slippage_max.raw() > 0 && exchange.slippage_max.raw() < kRateOne,
                "exchange.slippage_max", "must be above 0 and below 1");
  check.require(exchange.half_spread <= exchange.slippage_max, "exchange.half_spread",
                "must be at most slippage_max");
  check.require(reference.limits.accounts > 0, "limits.accounts", "must be above 0");
  check.require(reference.limits.positions > 0, "limits.positions", "must be above 0");
  constexpr std::size_t kLimitMax = std::numeric_limits<std::uint32_t>::max() / 2;
  check.require(reference.limits.accounts <= kLimitMax, "limits.accounts",
                "must be at most 2147483647");
  check.require(reference.limits.positions <= kLimitMax, "limits.positions",
                "must be at most 2147483647");
  check.require(reference.settle_grid.raw() > 0, "engine.settle_grid", "must be above 0");
  check.require(reference.settle_grid.raw() > 0 && reference.time_step.raw() > 0 &&
                    reference.time_step.raw() % reference.settle_grid.raw() == 0,
                "engine.time_step", "must be a multiple of settle_grid");
  return violations;
}

int find_instrument(const Reference& reference, std::string_view symbol) {
  return index_of(reference.instruments, symbol, symbol_of);
}
int find_asset(const Reference& reference, std::string_view name) {
  return index_of(reference.assets, name, asset_name);
}
int find_profile(const Reference& reference, std::string_view name) {
  return index_of(reference.profiles, name, profile_name);
}

Rate liquidation_slippage(const Instrument& instrument, const Profile& profile) {
  const std::int64_t freed =
      instrument.brackets.front().maintenance.raw() - profile.liquidation_fee.raw();
  return Rate::from_raw(
      std::min(profile.liquidation_slippage_max.raw(), divide_floor<std::int64_t>(freed * 9, 10)));
}

std::uint64_t hash_of(const Reference& reference) {
  RunningHash hash;
  const auto add = [&hash](auto raw) { hash.add(static_cast<std::uint64_t>(raw)); };
  const auto add_text = [&](const std::string& text) {
    add(text.size());
    for (const char c : text) add(static_cast<unsigned char>(c));
  };
  for (const std::size_t size :
       {reference.assets.size(), reference.instruments.size(), reference.profiles.size()}) {
    add(size);
  }
  for (const Asset& asset : reference.assets) {
    add_text(asset.name);
    add(asset.decimals);
    add(asset.insurance_fund.raw());
  }
  for (const Instrument& instrument : reference.instruments) {
    add_text(instrument.symbol);
    add(instrument.settle.raw());
    add(instrument.quantity_decimals);
    add(instrument.lot.raw());
    add(instrument.tick.raw());
    add(instrument.price_max.raw());
    add(instrument.brackets.size());
    for (const Bracket& bracket : instrument.brackets) {
      add(bracket.floor.raw());
      add(bracket.initial.raw());
      add(bracket.maintenance.raw());
    }
  }
  for (const Profile& profile : reference.profiles) {
    add_text(profile.name);
    add(profile.breach_at_equality ? 1 : 0);
    add(profile.call_trigger.raw());
    add(profile.call_target.raw());
    add(profile.call_period.raw());
    add(profile.liquidation_target.raw());
    add(profile.liquidation_slippage_max.raw());
    add(profile.liquidation_fee.raw());
    add(profile.liquidation_steps_max);
  }
  const Exchange& exchange = reference.exchange;
  for (const std::int64_t raw :
       {exchange.latency.raw(), exchange.half_spread.raw(), exchange.impact.raw(),
        exchange.depth.raw(), exchange.slippage_max.raw(), reference.settle_grid.raw(),
        reference.time_step.raw()}) {
    add(raw);
  }
  add(reference.limits.accounts);
  add(reference.limits.positions);
  return hash.value();
}

}  // namespace plimsoll::reference
