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
  return seed % 3 == 0 ? support::small_reference() : support::random_reference(seed);
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
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
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
  for (std::uint8_t reason = 1; reason <= 27; ++reason) {
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

// Every call ends once, liquidations open and close in turn, numbers rise by one.
TEST(History, CallsAndLiquidationsOfAnAccountComeInTurn) {
  const reference::Reference reference = support::small_reference();
  Oracle oracle{reference};
  for (const Input& input : support::random_history(reference, 7)) oracle.submit(input);
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

}  // namespace
}  // namespace plimsoll::oracle
