#include "tests/support/history.hpp"

#include <iostream>
#include <limits>

#include <gtest/gtest.h>

#include "tests/oracle/oracle.hpp"
#include "tests/support/describe.hpp"
#include "tests/support/reference_fixture.hpp"

// The histories must contain what differential tests are for: if nothing happens in them, engine
// and oracle agree about nothing.

namespace plimsoll::oracle {
namespace {

using Counts = std::map<std::string, std::size_t>;

reference::Reference reference_for(std::uint64_t seed) {
  if (seed % 3 == 0) return support::small_reference();
  return seed % 3 == 1 ? support::random_reference(seed) : support::guarded_reference(seed);
}

void add(Counts& sum, const Counts& more) {
  for (const auto& [name, count] : more) sum[name] += count;
}

void print(const char* title, const Counts& counts) {
  std::cout << title << '\n';
  for (const auto& [name, count] : counts) std::cout << "  " << name << ": " << count << '\n';
}

std::string run(std::uint64_t seed, const support::HistoryOptions& options, Counts* inputs,
                Counts* events) {
  const reference::Reference reference = reference_for(seed);
  Oracle oracle{reference};
  for (const Input& input : support::random_history(reference, seed, options)) {
    oracle.submit(input);
  }
  if (inputs != nullptr) add(*inputs, support::count_inputs(oracle.inputs()));
  if (events != nullptr) add(*events, support::count_events(oracle.events()));
  std::string text;
  for (const Event& event : oracle.events()) text += support::describe(event) + "\n";
  return text;
}

TEST(History, ProducesEveryKindOfInputAndEvent) {
  Counts inputs;
  Counts events;
  support::HistoryOptions options;
  for (std::uint64_t seed = 0; seed < 36; ++seed) {
    options.extremes = seed % 10 == 9;
    run(seed, options, &inputs, &events);
  }
  print("inputs", inputs);
  print("events", events);
  for (std::uint8_t kind = 0; kind < std::variant_size_v<InputBody>; ++kind) {
    EXPECT_GT(inputs[std::string{input_kind_name(kind)}], 0U) << input_kind_name(kind);
  }
  for (std::uint8_t kind = 0; kind < std::variant_size_v<EventBody>; ++kind) {
    EXPECT_GT(events[std::string{event_kind_name(kind)}], 0U) << event_kind_name(kind);
  }
  for (std::uint8_t reason = 1; reason <= 34; ++reason) {
    const std::string name{to_string(static_cast<Refusal>(reason))};
    EXPECT_GT(events["input_refused." + name] + events["order_refused." + name], 0U) << name;
  }
  for (std::uint8_t reason = 1; reason <= 3; ++reason) {
    const std::string name{to_string(static_cast<WithdrawalRefusal>(reason))};
    EXPECT_GT(events["withdrawal_refused." + name], 0U) << name;
    const std::string outcome{to_string(static_cast<LiquidationOutcome>(reason))};
    EXPECT_GT(events["liquidation_completed." + outcome], 0U) << outcome;
  }
  EXPECT_GT(events["margin_call_issued"], 300U);
  EXPECT_GT(events["margin_call_failed"], 100U);
  EXPECT_GT(events["liquidation_started"], 300U);
  EXPECT_GT(events["account_taken_over.bankrupt"], 300U);
  EXPECT_GT(events["liquidation_order_issued.later_step"], 300U);
  EXPECT_GT(events["liquidation_order_issued.second_of_step"], 100U);
  EXPECT_GT(events["liquidation_fill_applied.expired"], 100U);
  EXPECT_GT(events["position_taken_over.second_of_account"], 100U);
}

// What trusted prices are made of happens, and while a price is frozen everything else does.
TEST(History, TrustedPricesAreDoubtedForEveryReasonWhileAccountsLiveOn) {
  Counts events;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const reference::Reference reference = support::guarded_reference(seed);
    Oracle oracle{reference};
    for (const Input& input : support::random_history(reference, seed)) oracle.submit(input);
    add(events, support::count_events(oracle.events()));
  }
  print("events", events);
  const std::vector<std::pair<const char*, std::size_t>> least{
      {"price_trust_changed.index.frozen.no_quorum", 200},
      {"price_trust_changed.index.frozen.velocity", 100},
      {"price_trust_changed.index.trusted.confirmed", 20},
      {"price_trust_changed.index.degraded.time_limit", 50},
      {"price_trust_changed.index.overridden.override_set", 30},
      {"price_trust_changed.index.trusted.override_over", 10},
      {"price_trust_changed.index.trusted.redemption", 20},
      {"price_trust_changed.index.frozen.redemption", 5},
      {"price_trust_changed.mark.frozen.stale", 100},
      {"price_trust_changed.mark.frozen.interrupted", 25},
      {"price_trust_changed.mark.frozen.velocity", 60},
      {"price_trust_changed.mark.frozen.index", 200},
      {"price_trust_changed.mark.trusted.confirmed", 30},
      {"price_trust_changed.mark.degraded.time_limit", 50},
      {"price_trust_changed.mark.overridden.override_set", 40},
      {"price_trust_changed.mark.trusted.override_over", 20},
      {"source_state_changed.stale", 500},
      {"source_state_changed.interrupted", 50},
      {"source_state_changed.quarantined", 100},
      {"settlement_averaged.priced", 10},
      {"settlement_averaged.unpriced", 3},
      {"liquidation_pause_changed.operator.goes", 15},
      {"liquidation_pause_changed.breaker.comes", 30},
      {"liquidation_pause_changed.breaker.goes", 30},
      {"liquidation_pause_changed.lag.goes", 4},
      {"breach_noted", 300},
      {"breach_cleared", 150},
      {"margin_call_suspended", 400},
      {"margin_call_resumed", 300},
      {"margin_call_failed.while_frozen", 60},
      {"margin_topped_up.while_frozen", 10},
      {"liquidation_started.while_frozen", 200},
      {"liquidation_order_issued.while_frozen", 150},
      {"account_taken_over.while_frozen", 60},
      {"collateral_exchanged.while_frozen", 100},
      {"position_settled.while_frozen", 60},
      {"withdrawal_accepted.while_frozen", 150},
      {"withdrawal_refused.while_frozen", 200},
      {"order_accepted.while_frozen", 200},
      {"order_refused.while_frozen", 200},
      {"leverage_changed.while_frozen", 30},
      {"account_mode_changed.while_frozen", 50},
  };
  for (const auto& [name, count] : least) EXPECT_GE(events[name], count) << name;
}

TEST(History, SameSeedGivesTheSameEvents) {
  support::HistoryOptions options;
  options.inputs = 600;
  for (std::uint64_t seed = 100; seed < 104; ++seed) {
    const std::string once = run(seed, options, nullptr, nullptr);
    EXPECT_FALSE(once.empty());
    EXPECT_EQ(once, run(seed, options, nullptr, nullptr));
    EXPECT_NE(once, run(seed + 10, options, nullptr, nullptr));
  }
}

void expect_turns(const reference::Reference& reference, std::uint64_t seed) {
  Oracle oracle{reference};
  for (const Input& input : support::random_history(reference, seed)) oracle.submit(input);
  std::map<std::uint64_t, int> calls;
  std::map<std::uint64_t, int> liquidations;
  std::uint64_t number = 0;
  EventTime time;
  for (const Event& event : oracle.events()) {
    EXPECT_EQ(event.header.number.raw(), ++number);
    EXPECT_GE(event.header.time, time) << support::describe(event);
    time = event.header.time;
    const std::uint64_t id = event.header.account.raw();
    calls[id] += static_cast<int>(std::holds_alternative<MarginCallIssued>(event.body));
    calls[id] -= static_cast<int>(std::holds_alternative<MarginCallMet>(event.body) ||
                                  std::holds_alternative<MarginCallFailed>(event.body) ||
                                  std::holds_alternative<MarginCallEscalated>(event.body));
    liquidations[id] += static_cast<int>(std::holds_alternative<LiquidationStarted>(event.body));
    liquidations[id] -= static_cast<int>(std::holds_alternative<LiquidationCompleted>(event.body));
    EXPECT_TRUE(calls[id] == 0 || calls[id] == 1) << support::describe(event);
    EXPECT_TRUE(liquidations[id] == 0 || liquidations[id] == 1) << support::describe(event);
  }
}

// Every call ends once, liquidations open and close in turn, numbers rise by one, and event time
// never goes back.
TEST(History, CallsAndLiquidationsOfAnAccountComeInTurn) {
  for (const std::uint64_t seed : std::initializer_list<std::uint64_t>{7, 26, 36}) {
    expect_turns(seed == 7 ? support::small_reference() : support::guarded_reference(seed), seed);
  }
}

}  // namespace
}  // namespace plimsoll::oracle
