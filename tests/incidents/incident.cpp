#include "tests/incidents/incident.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/run_engine.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::incidents {
namespace {

std::int64_t scaled(double value, int decimals) {
  return static_cast<std::int64_t>(std::llround(value * std::pow(10.0, decimals)));
}

reference::Profile trader() {
  reference::Profile profile;
  profile.name = "trader";
  profile.call_trigger = rate(1.0);
  profile.call_target = rate(1.5);
  profile.call_period = seconds(1e6);
  profile.liquidation_target = rate(1.0);
  profile.liquidation_slippage_max = rate(0.01);
  profile.liquidation_fee = rate(0.001);
  profile.liquidation_steps_max = 3;
  profile.debt_maintenance = rate(0.05);
  profile.debt_initial = rate(0.1);
  profile.debt_withdrawal = rate(0.1);
  return profile;
}

/// In units of what the contract settles in.
double profit_of(const reference::Instrument& contract, const Holder& holder, double mark) {
  const auto quantity = static_cast<double>(holder.quantity);
  if (contract.kind == reference::Kind::linear) {
    return quantity / std::pow(10.0, contract.quantity_decimals) * (mark - holder.entry);
  }
  const double dollars = static_cast<double>(contract.multiplier) / 1e9;
  return quantity * dollars * (1 / holder.entry - 1 / mark);
}

double notional_of(const reference::Instrument& contract, const Holder& holder, double mark) {
  const auto size = std::abs(static_cast<double>(holder.quantity));
  if (contract.kind == reference::Kind::linear) {
    return size / std::pow(10.0, contract.quantity_decimals) * mark;
  }
  return size * static_cast<double>(contract.multiplier) / 1e9 / mark;
}

Outcome outcome_of(const core::EngineRun& run) {
  Outcome outcome{.events = run.events, .liquidated = {}};
  for (const Event& event : outcome.events) {
    if (std::holds_alternative<LiquidationStarted>(event.body)) {
      outcome.liquidated.insert(event.header.account);
    }
  }
  return outcome;
}

}  // namespace

Price price(double value) {
  return Price::from_raw(scaled(value, 9));
}
Rate rate(double value) {
  return Rate::from_raw(scaled(value, 9));
}
Duration seconds(double value) {
  return Duration::from_raw(scaled(value, 9));
}

// Venues.

reference::Reference venue() {
  reference::Reference reference;
  reference.assets.push_back(support::asset_of("USDT", 6));
  reference.assets.push_back(support::asset_of("BTC", 8));
  reference.numeraire = kDollar;
  reference.profiles.push_back(trader());
  reference.exchange.latency = seconds(0.02);
  reference.exchange.half_spread = rate(0.0001);
  reference.exchange.impact = rate(0.001);
  reference.exchange.depth = Amount::from_raw(1'000'000'000'000'000);
  reference.exchange.slippage_max = rate(0.05);
  reference.limits = {4'096, 16'384};
  reference.settle_grid = seconds(0.001);
  reference.time_step = seconds(1);
  return reference;
}

void add_linear(reference::Reference& reference, const char* symbol, double maintenance,
                double price_max) {
  reference::Instrument contract =
      support::linear_instrument(symbol, kDollar, 3, 1'000, price(price_max).raw());
  reference::Bracket bracket;
  bracket.maintenance = rate(maintenance);
  bracket.initial = rate(2 * maintenance);
  support::add_linear(reference, contract, {bracket});
}

void add_inverse(reference::Reference& reference, const char* symbol, std::int64_t dollars,
                 double maintenance) {
  add_linear(reference, symbol, maintenance, 1'000'000);
  reference::Instrument& contract = reference.instruments.back();
  contract.kind = reference::Kind::inverse;
  contract.settle = kCoin;
  contract.multiplier = dollars * kRateOne;
  contract.quantity_decimals = 0;
  contract.tick = price(0.5);
  contract.price_min = price(100);
}

reference::Guard& add_guard(reference::Reference& reference, const char* name) {
  reference::Guard guard;
  guard.name = name;
  guard.freeze_width = rate(0.02);
  reference.guards.push_back(guard);
  return reference.guards.back();
}

IndexId add_index(reference::Reference& reference, const char* name, double clamp,
                  const std::vector<const char*>& sources, AssetId asset) {
  const auto id = IndexId::from_raw(static_cast<std::uint32_t>(reference.indices.size()));
  reference::Index index;
  index.name = name;
  index.asset = asset;
  index.guard = GuardId::from_raw(static_cast<std::uint32_t>(reference.guards.size() - 1));
  index.clamp = rate(clamp);
  index.price_max = price(1'000'000);
  reference.indices.push_back(index);
  for (const char* said_by : sources) {
    reference::Source source;
    source.name = std::string{name} + " at " + said_by;
    source.venue = said_by;
    source.symbol = name;
    source.field = reference::SourceField::trade;
    source.index = id;
    reference.sources.push_back(source);
  }
  return id;
}

reference::Reference credulous(reference::Reference reference) {
  for (reference::Guard& guard : reference.guards) {
    const std::string name = guard.name;
    guard = {};
    guard.name = name;
  }
  for (reference::Index& index : reference.indices) {
    index.clamp = rate(0.5);  // The most that an index may have.
    index.quorum = 1;
    index.quarantine_after = 0;
    if (index.method == reference::IndexMethod::median) {
      index.method = reference::IndexMethod::mean;
    }
  }
  for (reference::Instrument& instrument : reference.instruments) {
    instrument.mark.guard = kNoGuard;
    instrument.position_limit = {};
  }
  reference.breaker = {};
  return reference;
}

void listen_only_to(reference::Reference& reference, SourceId source) {
  const IndexId index = reference.sources[source.raw()].index;
  const auto spare = IndexId::from_raw(static_cast<std::uint32_t>(reference.indices.size()));
  reference::Index unheard = reference.indices[index.raw()];
  unheard.name += " unheard";
  unheard.asset = kNoAsset;
  reference.indices.push_back(unheard);
  for (std::uint32_t i = 0; i < reference.sources.size(); ++i) {
    reference::Source& other = reference.sources[i];
    if (other.index == index && i != source.raw()) other.index = spare;
  }
}

// Inputs.

void Scene::at(double seconds) {
  PLIMSOLL_ASSERT(time_at(seconds) >= now_);
  now_ = time_at(seconds);
}

EventTime Scene::time_at(double seconds) const {
  return start_ + incidents::seconds(seconds);
}

void Scene::give(const InputBody& body) {
  inputs_.push_back({.sequence = {}, .time = now_, .body = body});
}

void Scene::says(unsigned source, double value, EventTime stamped, std::uint64_t number) {
  give(SourcePriced{.source = SourceId::from_raw(source),
                    .price = price(value),
                    .venue_time = stamped,
                    .number = ExternalId::from_raw(number)});
}

void Scene::book(double bid, double ask) {
  give(BookQuoted{.instrument = kContract, .bid = price(bid), .ask = price(ask), .venue_time = {}});
}

void Scene::trade(double value) {
  give(TradePrinted{.instrument = kContract, .price = price(value), .venue_time = {}});
}

AccountId Scene::next_account() {
  return AccountId::from_raw(++accounts_);
}

void Scene::deposit(const reference::Reference& reference, AccountId account, AssetId asset,
                    double amount) {
  give(Deposited{.account = account,
                 .amount = Amount::from_raw(scaled(amount, reference.assets[asset.raw()].decimals)),
                 .transfer = {},
                 .asset = asset});
}

Holder Scene::open(const reference::Reference& reference, std::int64_t quantity, double entry,
                   double money) {
  const AccountId account = next_account();
  const AssetId asset = reference.instruments[kContract.raw()].settle;
  give(AccountOpened{.account = account,
                     .owner = OwnerId::from_raw(account.raw()),
                     .parent = {},
                     .profile = {},
                     .asset = asset});
  deposit(reference, account, asset, money);
  give(TradeFilled{.account = account,
                   .instrument = kContract,
                   .quantity = Quantity::from_raw(quantity),
                   .price = price(entry),
                   .fee = {},
                   .fill = {}});
  return {.account = account, .quantity = quantity, .entry = entry, .money = money};
}

std::vector<Holder> Scene::crowd(const reference::Reference& reference, const CrowdTerms& terms) {
  const reference::Instrument& contract = reference.instruments[kContract.raw()];
  const bool linear = contract.kind == reference::Kind::linear;
  const double unit = linear ? terms.entry / std::pow(10.0, contract.quantity_decimals)
                             : static_cast<double>(contract.multiplier) / 1e9;
  const std::int64_t size = scaled(terms.notional / unit, 0);
  std::vector<Holder> holders;
  for (std::size_t i = 0; i < terms.count; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(terms.count);
    const double leverage = terms.leverage_min + (terms.leverage_max - terms.leverage_min) * part;
    const bool is_long = terms.sides == Sides::both ? i % 2 == 0 : terms.sides == Sides::longs;
    const Holder wanted{.account = {}, .quantity = size, .entry = terms.entry, .money = 0};
    const double money = notional_of(contract, wanted, terms.entry) / leverage;
    holders.push_back(open(reference, is_long ? size : -size, terms.entry, money));
  }
  return holders;
}

AccountId Scene::borrow(const reference::Reference& reference, AssetId has, double amount,
                        AssetId owes, double debt) {
  const AccountId account = next_account();
  give(AccountOpened{.account = account,
                     .owner = OwnerId::from_raw(account.raw()),
                     .parent = {},
                     .profile = {},
                     .asset = reference.numeraire,
                     .mode = MarginMode::multi_asset});
  deposit(reference, account, has, amount);
  give(BalanceImported{
      .account = account,
      .asset = owes,
      .amount = Amount::from_raw(-scaled(debt, reference.assets[owes.raw()].decimals))});
  return account;
}

std::size_t below_at(const reference::Reference& reference, const std::vector<Holder>& holders,
                     double mark) {
  const reference::Instrument& contract = reference.instruments[kContract.raw()];
  const double maintenance =
      static_cast<double>(support::brackets_of(reference, kContract)[0].maintenance.raw()) / 1e9;
  std::size_t count = 0;
  for (const Holder& holder : holders) {
    const double equity = holder.money + profit_of(contract, holder, mark);
    if (equity < notional_of(contract, holder, mark) * maintenance) ++count;
  }
  return count;
}

// Runs.

std::size_t Outcome::refused(Refusal reason) const {
  std::size_t count = 0;
  for (const auto& body : said<InputRefused>()) count += body.reason == reason ? 1U : 0U;
  return count;
}

std::size_t Outcome::distrusted(TrustReason reason) const {
  std::size_t count = 0;
  for (const auto& body : said<PriceTrustChanged>()) count += body.reason == reason ? 1U : 0U;
  return count;
}

std::size_t Outcome::source_states(SourceState state) const {
  std::size_t count = 0;
  for (const auto& body : said<SourceStateChanged>()) count += body.state == state ? 1U : 0U;
  return count;
}

Outcome play_once(const reference::Reference& reference, const std::vector<Input>& inputs) {
  return outcome_of(core::run_inline(reference, inputs, 1, watch::Mode::bands));
}

Outcome play(const reference::Reference& reference, const std::vector<Input>& inputs) {
  const core::EngineRun watched = core::run_inline(reference, inputs, 1, watch::Mode::bands);
  const core::EngineRun naive = core::run_inline(reference, inputs, 3, watch::Mode::naive);
  const std::ptrdiff_t at = core::first_difference(watched.events, naive.events);
  EXPECT_EQ(at, -1) << "watched " << core::describe(watched.events, at) << "\nnaive   "
                    << core::describe(naive.events, at);
  EXPECT_TRUE(watched.audit.conserved());
  return outcome_of(watched);
}

}  // namespace plimsoll::incidents
