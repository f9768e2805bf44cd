// Goal: the histories notice small mistakes in the rules of trusted prices. Method: the oracle runs
// once as it is and once with one mistake; some event must differ. The engine is held against the
// oracle on the same histories, so the same mistake in the engine would be found.

#include <map>

#include <gtest/gtest.h>

#include "engine/base/fields.hpp"
#include "tests/oracle/oracle.hpp"
#include "tests/support/describe.hpp"
#include "tests/support/history.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::oracle {
namespace {

constexpr std::uint64_t kSeeds = 40;

std::vector<std::string> events_of(std::uint64_t seed, Mistake mistake) {
  const reference::Reference reference = support::guarded_reference(seed);
  Oracle oracle{reference, mistake};
  support::HistoryOptions options;
  options.inputs = 1'500;
  for (const Input& input : support::random_history(reference, seed, options)) {
    oracle.submit(input);
  }
  std::vector<std::string> lines;
  for (const Event& event : oracle.events()) lines.push_back(support::describe(event));
  return lines;
}

TEST(Mistakes, EveryOneInTheRulesOfTrustedPricesIsFound) {
  const std::vector<std::pair<const char*, Mistake>> mistakes{
      {"the median of an even number takes the upper", Mistake::median_takes_the_upper},
      {"prices are not clamped", Mistake::clamp_not_applied},
      {"a quorum needs one more", Mistake::quorum_one_too_many},
      {"a source is stale one instant late", Mistake::stale_one_instant_late},
      {"the width of a freeze rounds down", Mistake::freeze_width_rounded_down},
      {"worst and favourable corner swapped", Mistake::corners_swapped},
      {"new risk is taken at what shows", Mistake::worst_corner_is_what_shows},
      {"a breach need not be confirmed", Mistake::confirmation_forgotten},
      {"a resumed deadline is the old one", Mistake::suspended_deadline_not_moved},
      {"the breaker counts across windows", Mistake::breaker_counts_across_windows},
      {"a redemption lifts the low end", Mistake::redemption_lifts_the_low_end},
      {"the anchor never moves", Mistake::anchor_never_moves},
      {"the basis takes every distance at once", Mistake::basis_forgets_time},
      {"frozen positions are liquidated", Mistake::frozen_positions_are_liquidated},
      {"numbers of sources may repeat", Mistake::numbers_may_repeat},
      {"samples stay good when ticks were left out", Mistake::conflated_samples_stay_good},
  };
  std::map<std::uint64_t, std::vector<std::string>> right;
  for (const auto& [name, mistake] : mistakes) {
    bool found = false;
    for (std::uint64_t seed = 1; seed <= kSeeds && !found; ++seed) {
      auto [expected, fresh] = right.try_emplace(seed);
      if (fresh) expected->second = events_of(seed, Mistake::none);
      found = expected->second != events_of(seed, mistake);
      if (found) std::cout << name << ": seed " << seed << "\n";
    }
    EXPECT_TRUE(found) << name;
  }
}

}  // namespace
}  // namespace plimsoll::oracle
