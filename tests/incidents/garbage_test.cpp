// Goal: garbage liquidates nobody. Method: random clean feeds with falls that do liquidate, and the
// same feeds with garbage in between, one tick in five; whoever the garbage run has liquidated by
// its end, the clean run has liquidated too. Both end with a quiet tail, longer than every freeze,
// quarantine and age, so that what was only delayed has come about.
//
// The rules promise that under conditions. These feeds keep them, and garbage_limits_test.cpp shows
// what happens without:
//
// 1. Indices are medians. A mean moves by clamp / sources with every liar, and an account that
//    close to its threshold is liquidated. So does a basis, which a lying book moves by at most
//    basis_max: above 0 the promise is that marks are off by no more than that.
// 2. A stream starts with a clean tick, and has one in every velocity_hold (or its age_max is
//    shorter than that). Then no lie beyond velocity_max lasts until it is believed.
// 3. velocity_max is above what honest prices move within a window; lies within it are prices.
//    Where honest prices jump farther, a jump is believed once everything said for velocity_hold
//    agrees: an index needs a majority of clean sources, and a market that is marked by itself,
//    with garbage in between, stays frozen meanwhile.
// 4. The clamp is wider than honest sources differ because one is sooner than the others: else the
//    first one to see a run of prices is quarantined.
// 5. Nothing is accepted because it was frozen for long (after = wait).

#include <cstdio>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include "tests/core/run_engine.hpp"
#include "tests/incidents/garbage_feed.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::incidents {
namespace {

std::uint64_t seed_count(std::uint64_t quick) {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  return factor == nullptr ? quick : quick * std::max(1ULL, std::strtoull(factor, nullptr, 10));
}

/// What became of garbage, by why nothing came of it.
class Verdicts {
 public:
  /// Looks at every garbage tick of a run; whatever nothing explains is counted as unexplained.
  void add(const core::EngineRun& run, const std::vector<bool>& garbage) {
    std::multimap<std::uint64_t, const Event*> by_cause;
    for (const Event& event : run.events) by_cause.emplace(event.header.cause.raw(), &event);
    std::size_t external = 0;
    for (const Input& input : run.inputs) {
      const auto [first, last] = by_cause.equal_range(input.sequence.raw());
      std::string verdict;
      for (auto at = first; at != last; ++at) follow(*at->second, verdict);
      if (input.origin != Origin::external) continue;
      if (garbage[external++]) ++counts[verdict.empty() ? of_accepted(input) : verdict];
    }
  }

  std::map<std::string, std::size_t> counts;

  [[nodiscard]] std::size_t total() const {
    std::size_t sum = 0;
    for (const auto& [verdict, count] : counts) sum += count;
    return sum;
  }

 private:
  void follow(const Event& event, std::string& verdict) {
    if (const auto* refused = std::get_if<InputRefused>(&event.body)) {
      verdict = "refused: " + std::string{to_string(refused->reason)};
    } else if (const auto* source = std::get_if<SourceStateChanged>(&event.body)) {
      if (source->state == SourceState::quarantined) verdict = "quarantined";
    } else if (const auto* trust = std::get_if<PriceTrustChanged>(&event.body)) {
      if (trust->instrument == kMiddle) frozen_ = trust->trust == Trust::frozen;
      if (trust->reason == TrustReason::velocity) verdict = "frozen for velocity";
    }
  }
  [[nodiscard]] std::string of_accepted(const Input& input) const {
    if (std::holds_alternative<SourcePriced>(input.body)) return "clamped, outvoted or held";
    if (std::holds_alternative<TradePrinted>(input.body)) return "a trade moves no mark";
    const auto* book = std::get_if<BookQuoted>(&input.body);
    if (book == nullptr) return "unexplained";
    if (book->instrument != kMiddle) return "bounded by the index";
    return frozen_ ? "frozen for velocity" : "unexplained";
  }

  bool frozen_{false};
};

std::set<AccountId> liquidated_of(const core::EngineRun& run) {
  std::set<AccountId> result;
  for (const Event& event : run.events) {
    if (std::holds_alternative<LiquidationStarted>(event.body)) {
      result.insert(event.header.account);
    }
  }
  return result;
}

/// Whom honest prices, off by a share, would have liquidated: arithmetic beside the engine.
bool may_be_liquidated(const Position& position, const Feed& feed, double off) {
  return std::any_of(feed.path.begin(), feed.path.end(), [&](std::int64_t honest) {
    const auto mark = static_cast<double>(honest);
    return position.below(mark * (1 - off)) || position.below(mark * (1 + off));
  });
}

struct Totals {
  std::size_t clean{0};
  std::size_t dirty{0};
  std::size_t only_dirty{0};
  Verdicts verdicts;
};

void run_seed(std::uint64_t seed, const Regime& regime, Totals& totals) {
  const reference::Reference reference = feed_venue(regime);
  const Feed feed{seed, regime};
  const core::EngineRun clean = core::run_inline(reference, feed.clean, 1, watch::Mode::bands);
  const core::EngineRun dirty = core::run_inline(reference, feed.dirty, 2, watch::Mode::bands);
  if (seed % 4 == 1) {
    const core::EngineRun naive = core::run_inline(reference, feed.dirty, 1, watch::Mode::naive);
    ASSERT_EQ(core::first_difference(dirty.events, naive.events), -1);
  }
  EXPECT_TRUE(clean.audit.conserved());
  EXPECT_TRUE(dirty.audit.conserved());
  const std::set<AccountId> of_clean = liquidated_of(clean);
  const std::set<AccountId> of_dirty = liquidated_of(dirty);
  totals.clean += of_clean.size();
  totals.dirty += of_dirty.size();
  for (const Position& position : feed.positions) {
    if (!of_dirty.contains(position.account)) {
      // The tail is quiet: whoever is below at its price has been liquidated by now.
      EXPECT_FALSE(position.below(static_cast<double>(feed.path.back())))
          << "account " << position.account.raw();
      continue;
    }
    if (!of_clean.contains(position.account)) ++totals.only_dirty;
    const bool exact = regime.basis_max == 0 || position.instrument == kMiddle;
    EXPECT_TRUE(exact ? of_clean.contains(position.account)
                      : may_be_liquidated(position, feed, regime.basis_max))
        << "account " << position.account.raw() << " of " << position.instrument.raw();
  }
  totals.verdicts.add(dirty, feed.garbage);
}

void run_seeds(const char* name, const Regime& regime, std::uint64_t quick) {
  const std::uint64_t seeds = seed_count(quick);
  Totals totals;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run_seed(seed, regime, totals);
    if (::testing::Test::HasFailure()) break;
  }
  std::printf(
      "%s, seeds 1..%llu: liquidated %zu clean, %zu with garbage (%zu of them only there)\n", name,
      static_cast<unsigned long long>(seeds), totals.clean, totals.dirty, totals.only_dirty);
  std::printf("garbage ticks %zu\n", totals.verdicts.total());
  for (const auto& [verdict, count] : totals.verdicts.counts) {
    std::printf("  %8zu %s\n", count, verdict.c_str());
  }
  EXPECT_EQ(totals.verdicts.counts["unexplained"], 0U);
  EXPECT_GT(totals.clean, 10 * seeds);
  EXPECT_GT(totals.dirty, 10 * seeds);
  EXPECT_GT(totals.verdicts.total(), 100 * seeds);
}

TEST(Garbage, LiquidatesNobodyWhomACleanFeedDoesNot) {
  run_seeds("exact", {}, 24);
}

TEST(Garbage, WithABasisMovesMarksByAtMostTheBasisThatIsAllowed) {
  run_seeds("basis", {.jumps = false, .majority_clean = false, .basis_max = 0.002}, 12);
}

TEST(Garbage, FromAMinorityDoesNotConfirmAJump) {
  run_seeds("jumps", {.jumps = true, .majority_clean = true, .basis_max = 0}, 12);
}

/// How many accounts garbage liquidates that the clean feed does not, over a few seeds.
template <class Weaken>
std::size_t damage(Weaken weaken) {
  std::size_t result = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    reference::Reference rules = feed_venue({});
    weaken(rules);
    rules = support::finished(rules);
    const Feed feed{seed, {}};
    const auto clean = liquidated_of(core::run_inline(rules, feed.clean, 1, watch::Mode::bands));
    for (const AccountId account :
         liquidated_of(core::run_inline(rules, feed.dirty, 1, watch::Mode::bands))) {
      result += clean.contains(account) ? 0U : 1U;
    }
  }
  return result;
}

TEST(Garbage, LiquidatesWhereAGuardIsMissing) {
  EXPECT_EQ(damage([](reference::Reference&) {}), 0U);
  const std::size_t without_velocity =
      damage([](reference::Reference& rules) { rules.guards[0].velocity_max = {}; });
  const std::size_t with_mean = damage(
      [](reference::Reference& rules) { rules.indices[0].method = reference::IndexMethod::mean; });
  const std::size_t without_guards =
      damage([](reference::Reference& rules) { rules = credulous(rules); });
  std::printf("only with garbage: %zu without velocity, %zu with a mean, %zu without any guard\n",
              without_velocity, with_mean, without_guards);
  EXPECT_GT(without_velocity, 0U);
  EXPECT_GT(with_mean, 0U);
  EXPECT_GT(without_guards, without_velocity);
}

}  // namespace
}  // namespace plimsoll::incidents
