// Goal: the engine does what engine/README.md says. Method: random histories through the engine and
// through a second implementation written from that page; every event must agree in every field,
// for watched and naive, and for any number of shards.

#include <cstdlib>
#include <iostream>

#include <gtest/gtest.h>

#include "tests/core/run_engine.hpp"
#include "tests/oracle/oracle.hpp"
#include "tests/support/history.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::core {
namespace {

/// Seeds a run covers: the quick form, times PLIMSOLL_SEEDS_FACTOR.
std::uint64_t seed_count(std::uint64_t quick) {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  return factor == nullptr ? quick : quick * std::max(1ULL, std::strtoull(factor, nullptr, 10));
}

/// Where the seeds of trusted prices begin: 1, or PLIMSOLL_SEED_FIRST.
std::uint64_t first_seed() {
  const char* first = std::getenv("PLIMSOLL_SEED_FIRST");
  return first == nullptr ? 1 : std::strtoull(first, nullptr, 10);
}

std::vector<Event> events_of_oracle(const reference::Reference& reference,
                                    const std::vector<Input>& inputs) {
  oracle::Oracle oracle{reference};
  for (const Input& input : inputs) oracle.submit(input);
  return oracle.events();
}

/// Every other one with trusted prices.
reference::Reference reference_of(std::uint64_t seed) {
  return seed % 2 == 0 ? support::random_reference(seed) : support::guarded_reference(seed);
}

void expect_same(const std::vector<Event>& expected, const std::vector<Event>& actual,
                 const std::string& what) {
  const std::ptrdiff_t at = first_difference(expected, actual);
  ASSERT_EQ(at, -1) << what << ", event " << at + 1 << "\nexpected " << describe(expected, at)
                    << "\nactual   " << describe(actual, at);
}

TEST(Differential, SecondImplementationAgreesOnEveryEvent) {
  std::uint64_t events = 0;
  const std::uint64_t seeds = seed_count(24);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    const auto inputs = support::random_history(reference, seed);
    const auto expected = events_of_oracle(reference, inputs);
    const EngineRun run = run_inline(reference, inputs, 1, watch::Mode::bands);
    ASSERT_NO_FATAL_FAILURE(expect_same(expected, run.events, "seed " + std::to_string(seed)));
    EXPECT_TRUE(run.audit.conserved()) << "seed " << seed;
    events += expected.size();
  }
  std::cout << "seeds 1.." << seeds << ", events compared: " << events << "\n";
}

TEST(Differential, SecondImplementationAgreesOnTrustedPrices) {
  std::uint64_t events = 0;
  const std::uint64_t seeds = seed_count(12);
  for (std::uint64_t seed = first_seed(); seed < first_seed() + seeds; ++seed) {
    const reference::Reference reference = support::guarded_reference(seed);
    const auto inputs = support::random_history(reference, seed);
    const auto expected = events_of_oracle(reference, inputs);
    const std::string name = "seed " + std::to_string(seed);
    const EngineRun naive = run_inline(reference, inputs, 1, watch::Mode::naive);
    ASSERT_NO_FATAL_FAILURE(expect_same(expected, naive.events, name + ", naive"));
    for (const ShardIndex shards : {1U, 2U, 3U, 4U}) {
      const EngineRun run = run_inline(reference, inputs, shards, watch::Mode::bands);
      ASSERT_NO_FATAL_FAILURE(
          expect_same(expected, run.events, name + ", shards " + std::to_string(shards)));
    }
    events += expected.size();
  }
  std::cout << seeds << " seeds, events compared: " << events << "\n";
}

TEST(Differential, SecondImplementationAgreesOnTrustedPricesAtTheEdge) {
  support::HistoryOptions options;
  options.extremes = true;
  options.invalid_per_mille = 200;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + seed_count(8); ++seed) {
    const reference::Reference reference = support::guarded_reference(seed);
    const auto inputs = support::random_history(reference, seed, options);
    const EngineRun run = run_inline(reference, inputs, 2, watch::Mode::bands);
    ASSERT_NO_FATAL_FAILURE(expect_same(events_of_oracle(reference, inputs), run.events,
                                        "seed " + std::to_string(seed)));
  }
}

TEST(Differential, SecondImplementationAgreesAtTheEdgeOfTheNumericLimits) {
  support::HistoryOptions options;
  options.extremes = true;
  options.invalid_per_mille = 200;
  for (std::uint64_t seed = 1; seed <= seed_count(8); ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    const auto inputs = support::random_history(reference, seed, options);
    const EngineRun run = run_inline(reference, inputs, 2, watch::Mode::bands);
    ASSERT_NO_FATAL_FAILURE(expect_same(events_of_oracle(reference, inputs), run.events,
                                        "seed " + std::to_string(seed)));
  }
}

/// Where equity, maintenance or initial margin of an account differ between engine and oracle.
std::string valuation_difference(const reference::Reference& reference, const Shard& shard,
                                 const oracle::Oracle& oracle) {
  for (ledger::AccountIndex i = 0; i < shard.ledger().account_count(); ++i) {
    const margin::Portfolio& account = shard.lifecycle().valuer().copy(i);
    const margin::Market market{shard.marks()};
    const margin::Worth now = margin::evaluate(account, reference, market, {});
    if (!now.complete) continue;
    const margin::Worth initial = margin::evaluate(
        account, reference, market, {.kind = margin::Kind::initial, .without_profit = false});
    const AccountId id = shard.ledger().account(i).id;
    const oracle::Valuation expected = oracle.value(id);
    const auto text = [](Int128 wide) { return std::to_string(static_cast<long long>(wide)); };
    if (expected.equity == now.equity && expected.maintenance == now.requirement &&
        expected.initial == initial.requirement) {
      continue;
    }
    return "account " + std::to_string(id.raw()) + ": equity " + text(expected.equity) + " " +
           text(now.equity) + ", maintenance " + text(expected.maintenance) + " " +
           text(now.requirement) + ", initial " + text(expected.initial) + " " +
           text(initial.requirement);
  }
  return {};
}

TEST(Differential, EveryAccountIsWorthTheSameAndNeedsTheSameMargin) {
  constexpr std::size_t kEvery = 97;
  for (std::uint64_t seed = 300; seed < 300 + seed_count(16); ++seed) {
    const reference::Reference reference = reference_of(seed);
    const auto inputs = support::random_history(reference, seed);
    InlineFabric fabric{reference, 1, watch::Mode::bands};
    Sequencer<InlineFabric> sequencer{reference, fabric};
    oracle::Oracle oracle{reference};
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      sequencer.submit(inputs[i]);
      oracle.submit(inputs[i]);
      if (i % kEvery != 0) continue;
      ASSERT_EQ(valuation_difference(reference, fabric.shard(0), oracle), "")
          << "seed " << seed << " input " << i + 1;
    }
  }
}

TEST(Differential, WatchedIsNaiveForAnyNumberOfShards) {
  support::HistoryOptions options;
  options.accounts = 120;
  options.inputs = 6'000;
  std::uint64_t comparisons = 0;
  watch::BandCounters bands;
  for (std::uint64_t seed = 100; seed < 100 + seed_count(12); ++seed) {
    reference::Reference reference = reference_of(seed);
    // A move that touches one account in eight is a storm.
    reference.limits.accounts = options.accounts + 8;
    const auto inputs = support::random_history(reference, seed, options);
    const EngineRun naive = run_inline(reference, inputs, 1, watch::Mode::naive);
    comparisons += options.accounts * naive.inputs.size();
    for (const ShardIndex shards : {1U, 2U, 3U, 4U, 7U}) {
      const EngineRun watched = run_inline(reference, inputs, shards, watch::Mode::bands);
      ASSERT_NO_FATAL_FAILURE(
          expect_same(naive.events, watched.events,
                      "seed " + std::to_string(seed) + ", shards " + std::to_string(shards)));
      bands.touches += watched.bands.touches;
      bands.exhausted += watched.bands.exhausted;
      bands.storms += watched.bands.storms;
      bands.swept += watched.bands.swept;
    }
  }
  std::cout << "accounts times inputs, for each number of shards: " << comparisons << ", touched "
            << bands.touches << ", judged " << bands.exhausted << ", storms " << bands.storms
            << ", looks without bands " << bands.swept << "\n";
  EXPECT_GT(bands.swept, 0U);
}

TEST(Differential, ConservationHoldsAfterEveryInput) {
  for (std::uint64_t seed = 200; seed < 200 + seed_count(8); ++seed) {
    const reference::Reference reference = reference_of(seed);
    const auto inputs = support::random_history(reference, seed);
    const EngineRun run = run_inline(reference, inputs, 2, watch::Mode::bands, true);
    EXPECT_TRUE(run.audit.conserved()) << "seed " << seed << " after " << run.inputs.size();
  }
}

// The comparison must be able to fail: each of these small mistakes in the rules is a seeded bug.
TEST(Differential, EverySeededMistakeInTheRulesIsFound) {
  using Mistake = void (*)(reference::Reference&);
  const std::vector<std::pair<const char*, Mistake>> mistakes{
      {"equality reversed",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.breach_at_equality = !p.breach_at_equality;
       }},
      {"maintenance rate one in 1e9 too high",
       [](reference::Reference& r) {
         for (auto& t : r.tiers) {
           auto& b = t.brackets.front();
           b.maintenance = Rate::from_raw(b.maintenance.raw() + 1);
         }
       }},
      {"liquidation target too low",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) {
           p.liquidation_target = Rate::from_raw(p.liquidation_target.raw() - 1'000'000);
         }
       }},
      {"latency one nanosecond longer",
       [](reference::Reference& r) {
         r.exchange.latency = Duration::from_raw(r.exchange.latency.raw() + 1);
       }},
      {"call period one nanosecond longer",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.call_period = Duration::from_raw(p.call_period.raw() + 1);
       }},
      {"fee one in 1e9 too high",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.liquidation_fee = Rate::from_raw(p.liquidation_fee.raw() + 1);
       }},
      {"cumulative amount forgotten",
       [](reference::Reference& r) {
         for (auto& t : r.tiers) {
           for (auto& b : t.brackets) b.maintenance_amount = 0;
         }
       }},
      {"tables of shorts forgotten",
       [](reference::Reference& r) {
         for (auto& i : r.instruments) i.tiers_short = i.tiers_long;
       }},
      {"maintenance rounded the other way",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) {
           const bool up = p.requirement_rounding == reference::Rounding::up;
           p.requirement_rounding = up ? reference::Rounding::down : reference::Rounding::up;
         }
       }},
      {"orders count in maintenance",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.orders_in_maintenance = !p.orders_in_maintenance;
       }},
      {"owners not taken together",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.aggregate_by_owner = false;
       }},
      {"profit always available",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.profit_is_available = true;
       }},
      {"collateral steps one unit wider",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) {
           for (auto& c : p.collateral) {
             std::int64_t& end = c.steps.front().up_to;
             if (end != reference::CollateralStep::kNoEnd) ++end;
           }
         }
       }},
      {"exchange of debts one in 1e9 dearer",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) {
           for (auto& c : p.collateral) {
             c.exchange_ratio = Rate::from_raw(c.exchange_ratio.raw() - 1);
           }
         }
       }},
      {"equality of calls reversed",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.call_at_equality = !p.call_at_equality;
       }},
      {"factor of withdrawals forgotten",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) p.withdrawal_factor = Rate{};
       }},
      {"growth with open interest cut too finely",
       [](reference::Reference& r) {
         for (auto& t : r.tiers) t.open_interest_step = Rate::from_raw(1);
       }},
      {"steps one too few",
       [](reference::Reference& r) {
         for (auto& p : r.profiles) {
           if (p.liquidation_steps_max > 1) --p.liquidation_steps_max;
         }
       }},
  };
  for (const auto& [name, make] : mistakes) {
    bool found = false;
    for (std::uint64_t seed = 1; seed <= 60 && !found; ++seed) {
      const reference::Reference reference = support::random_reference(seed);
      reference::Reference wrong = reference;
      make(wrong);
      const auto inputs = support::random_history(reference, seed);
      const EngineRun right = run_inline(reference, inputs, 1, watch::Mode::bands);
      const EngineRun mistaken = run_inline(wrong, inputs, 1, watch::Mode::bands);
      found = first_difference(right.events, mistaken.events) >= 0;
    }
    EXPECT_TRUE(found) << name;
  }
}

}  // namespace
}  // namespace plimsoll::core
