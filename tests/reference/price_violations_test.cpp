// The rules of trusted prices: each is refused under the path of its field when it is broken, and
// what lies just inside is accepted.

#include <gtest/gtest.h>

#include "tests/reference/broken.hpp"

namespace plimsoll::reference {
namespace {

/// Guards, indices and a breaker with every rule in use: USDC by two sources, BTC by three, one of
/// them quoted in USDC.
Reference trusted() {
  Reference reference = support::small_reference();
  reference.numeraire = support::kUsdt;
  reference.assets[1].index_max = Price::from_raw(2 * kRateOne);
  Guard guard;
  guard.name = "plain";
  guard.velocity_max = rate(20'000'000);
  guard.velocity_window = Duration::from_raw(1'000);
  guard.velocity_hold = Duration::from_raw(2'000);
  reference.guards = {guard, guard};
  reference.guards[1].name = "strict";
  Index index;
  index.guard = GuardId::from_raw(1);
  index.clamp = rate(10'000'000);
  index.price_max = Price::from_raw(2 * kRateOne);
  index.name = "USDC";
  index.asset = support::kUsdc;
  reference.indices.push_back(index);
  index.name = "BTC";
  index.asset = kNoAsset;
  index.quorum = 2;
  reference.indices.push_back(index);
  for (const std::uint32_t of : {1U, 0U, 1U, 0U, 1U}) {
    Source source;
    source.name = "s" + std::to_string(reference.sources.size());
    source.index = IndexId::from_raw(of);
    reference.sources.push_back(source);
  }
  reference.sources[4].quote = support::kUsdc;
  MarkRules& mark = reference.instruments[0].mark;
  mark.method = MarkMethod::median;
  mark.guard = GuardId::from_raw(0);
  mark.index = IndexId::from_raw(1);
  mark.settlement_window = Duration::from_raw(100'000);
  mark.settlement_step = Duration::from_raw(1'000);
  mark.settlement_samples = rate(900'000'000);
  reference.instruments[0].expiry = EventTime::from_raw(1);
  reference.breaker.liquidations_max = 10;
  reference.breaker.window = Duration::from_raw(1);
  return reference;
}

void make_spot(Reference& reference) {
  Instrument& instrument = btc(reference);
  instrument.kind = Kind::spot;
  instrument.base = support::kUsdc;
  instrument.quantity_decimals = 6;
}

const Broken kGuards[] = {
    {"guard[1].name", "must not be empty", [](Reference& r) { r.guards[1].name.clear(); }},
    {"guard[1].name", "appears twice", [](Reference& r) { r.guards[1].name = "plain"; }},
    {"guard[1].age_max", "must not be negative",
     [](Reference& r) { r.guards[1].age_max = Duration::from_raw(-1); }},
    {"guard[1].skew_max", "must not be negative",
     [](Reference& r) { r.guards[1].skew_max = Duration::from_raw(-1); }},
    {"guard[1].clock_error_max", "must not be negative",
     [](Reference& r) { r.guards[1].clock_error_max = Duration::from_raw(-1); }},
    {"guard[1].spread_max", "must be 0 to 1",
     [](Reference& r) { r.guards[1].spread_max = rate(-1); }},
    {"guard[1].spread_max", "must be 0 to 1",
     [](Reference& r) { r.guards[1].spread_max = rate(kRateOne + 1); }},
    {"guard[1].velocity_max", "must be 0 to 1",
     [](Reference& r) { r.guards[1].velocity_max = rate(-1); }},
    {"guard[1].velocity_max", "must be 0 to 1",
     [](Reference& r) { r.guards[1].velocity_max = rate(kRateOne + 1); }},
    {"guard[1].velocity_window", "must not be negative",
     [](Reference& r) { r.guards[1].velocity_window = Duration::from_raw(-1); }},
    {"guard[1].velocity_window", "above 0 with a velocity_max",
     [](Reference& r) { r.guards[1].velocity_window = {}; }},
    {"guard[1].velocity_hold", "must not be negative",
     [](Reference& r) { r.guards[1].velocity_hold = Duration::from_raw(-1); }},
    {"guard[1].velocity_hold", "above 0 with a velocity_max",
     [](Reference& r) { r.guards[1].velocity_hold = {}; }},
    {"guard[1].velocity_sources", "at least 1 with a velocity_max",
     [](Reference& r) { r.guards[1].velocity_sources = 0; }},
    {"guard[1].freeze_width", "0 or more, and below 1",
     [](Reference& r) { r.guards[1].freeze_width = rate(-1); }},
    {"guard[1].freeze_width", "0 or more, and below 1",
     [](Reference& r) { r.guards[1].freeze_width = rate(kRateOne); }},
    {"guard[1].freeze_max", "must not be negative",
     [](Reference& r) { r.guards[1].freeze_max = Duration::from_raw(-1); }},
};

const Broken kIndices[] = {
    {"index[1].name", "must not be empty", [](Reference& r) { r.indices[1].name.clear(); }},
    {"index[1].name", "appears twice", [](Reference& r) { r.indices[1].name = "USDC"; }},
    {"index[1].asset", "names no asset",
     [](Reference& r) { r.indices[1].asset = AssetId::from_raw(2); }},
    {"index[1].asset", "is the numeraire",
     [](Reference& r) { r.indices[1].asset = support::kUsdt; }},
    {"index[0].asset", "needs an index_max", [](Reference& r) { r.assets[1].index_max = {}; }},
    {"index[1].asset", "appears twice", [](Reference& r) { r.indices[1].asset = support::kUsdc; }},
    {"index[0].price_max", "at most the index_max of the asset",
     [](Reference& r) { r.indices[0].price_max = Price::from_raw(2 * kRateOne + 1); }},
    {"index[1].price_max", "above 0", [](Reference& r) { r.indices[1].price_max = {}; }},
    {"index[1].guard", "names no guard",
     [](Reference& r) { r.indices[1].guard = GuardId::from_raw(2); }},
    {"index[1].clamp", "above 0 and at most 0.5", [](Reference& r) { r.indices[1].clamp = {}; }},
    {"index[1].clamp", "above 0 and at most 0.5",
     [](Reference& r) { r.indices[1].clamp = rate(kRateOne / 2 + 1); }},
    {"index[1].quorum", "from 1 to the number of sources",
     [](Reference& r) { r.indices[1].quorum = 0; }},
    {"index[1].quorum", "from 1 to the number of sources",
     [](Reference& r) { r.indices[1].quorum = 4; }},
    {"index[1].quarantine_time", "must not be negative",
     [](Reference& r) { r.indices[1].quarantine_time = Duration::from_raw(-1); }},
    {"index[1].sources", "must not be empty",
     [](Reference& r) {
       for (Source& source : r.sources) source.index = IndexId::from_raw(0);
     }},
};

const Broken kSources[] = {
    {"index", "of a source does not exist",
     [](Reference& r) { r.sources[3].index = IndexId::from_raw(2); }},
    // Named by their place in their index.
    {"index[0].sources[1].name", "must not be empty",
     [](Reference& r) { r.sources[3].name.clear(); }},
    {"index[0].sources[1].name", "appears twice", [](Reference& r) { r.sources[3].name = "s2"; }},
    {"index[1].sources[1].weight", "above 0 and at most 1000",
     [](Reference& r) { r.sources[2].weight = {}; }},
    {"index[1].sources[1].weight", "above 0 and at most 1000",
     [](Reference& r) { r.sources[2].weight = rate(1'000 * kRateOne + 1); }},
    {"index[1].sources[2].quote", "names no asset",
     [](Reference& r) { r.sources[4].quote = AssetId::from_raw(2); }},
    {"index[1].sources[2].quote", "needs an index of that asset",
     [](Reference& r) { r.sources[4].quote = support::kUsdt; }},
    {"index[0].sources[0].quote", "must not be the asset of the index itself",
     [](Reference& r) { r.sources[1].quote = support::kUsdc; }},
    {"index[1].sources[2].quote", "whose own sources have no quote",
     [](Reference& r) { r.sources[1].quote = support::kUsdt; }},
};

const Broken kMarks[] = {
    {"instrument[0].guard", "names no guard",
     [](Reference& r) { btc(r).mark.guard = GuardId::from_raw(2); }},
    {"instrument[0].index", "names no index",
     [](Reference& r) { btc(r).mark.index = IndexId::from_raw(2); }},
    {"instrument[1].index", "is needed by mark index_basis and median",
     [](Reference& r) { r.instruments[1].mark.method = MarkMethod::median; }},
    {"instrument[1].index", "is needed by mark index_basis and median",
     [](Reference& r) { r.instruments[1].mark.method = MarkMethod::index_basis; }},
    {"instrument[0].basis_time", "above 0", [](Reference& r) { btc(r).mark.basis_time = {}; }},
    {"instrument[0].basis_max", "0 or more, and below 1",
     [](Reference& r) { btc(r).mark.basis_max = rate(-1); }},
    {"instrument[0].basis_max", "0 or more, and below 1",
     [](Reference& r) { btc(r).mark.basis_max = rate(kRateOne); }},
    {"instrument[0].funding_period", "above 0",
     [](Reference& r) { btc(r).mark.funding_period = {}; }},
    {"instrument[0].settlement_window", "must be above 0",
     [](Reference& r) { btc(r).mark.settlement_window = {}; }},
    {"instrument[0].settlement_step", "must be above 0",
     [](Reference& r) { btc(r).mark.settlement_step = {}; }},
    {"instrument[0].settlement_samples", "above 0 and at most 1",
     [](Reference& r) { btc(r).mark.settlement_samples = {}; }},
    {"instrument[0].settlement_samples", "above 0 and at most 1",
     [](Reference& r) { btc(r).mark.settlement_samples = rate(kRateOne + 1); }},
    {"instrument[0].settlement_window", "a multiple of settlement_step",
     [](Reference& r) { btc(r).mark.settlement_step = Duration::from_raw(999); }},
    {"instrument[0].settlement_window", "at most 100000 times settlement_step",
     [](Reference& r) {
       btc(r).mark.settlement_step = Duration::from_raw(1);
       btc(r).mark.settlement_window = Duration::from_raw(100'001);
     }},
    {"instrument[0].index", "is needed by settlement_window",
     [](Reference& r) { btc(r).mark.index = kNoIndex; }},
    {"instrument[0].expiry", "is needed by settlement_window",
     [](Reference& r) { btc(r).expiry = {}; }},
    {"instrument[0].mark", "is not for kind spot", make_spot},
    {"instrument[0].guard", "is not for kind spot", make_spot},
    {"instrument[0].index", "is not for kind spot", make_spot},
    {"instrument[0].settlement_window", "is not for kind spot", make_spot},
};

const Broken kBreakerAndProfile[] = {
    {"breaker.window", "above 0 with a liquidations_max",
     [](Reference& r) { r.breaker.window = {}; }},
    {"breaker.window", "must not be negative",
     [](Reference& r) { r.breaker.window = Duration::from_raw(-1); }},
    {"breaker.hold", "must not be negative",
     [](Reference& r) { r.breaker.hold = Duration::from_raw(-1); }},
    {"breaker.lag_max", "must not be negative",
     [](Reference& r) { r.breaker.lag_max = Duration::from_raw(-1); }},
    {"profile[1].confirm_time", "must not be negative",
     [](Reference& r) { desk(r).confirm_time = Duration::from_raw(-1); }},
};

TEST(PriceViolations, OfGuardsAreFound) {
  for (const Broken& broken : kGuards) expect_refused(broken, trusted());
}
TEST(PriceViolations, OfIndicesAreFound) {
  for (const Broken& broken : kIndices) expect_refused(broken, trusted());
}
TEST(PriceViolations, OfSourcesAreFound) {
  for (const Broken& broken : kSources) expect_refused(broken, trusted());
}
TEST(PriceViolations, OfMarksAreFound) {
  for (const Broken& broken : kMarks) expect_refused(broken, trusted());
}
TEST(PriceViolations, OfBreakerAndConfirmationAreFound) {
  for (const Broken& broken : kBreakerAndProfile) expect_refused(broken, trusted());
}

TEST(PriceRules, FinishCollectsTheSourcesOfEachIndexOnce) {
  Reference reference = trusted();
  for (int time = 0; time < 2; ++time) {
    EXPECT_TRUE(finish(reference).empty());
    const auto ids = [&](std::size_t index) {
      std::vector<std::uint32_t> raw;
      for (const SourceId source : reference.indices[index].sources) raw.push_back(source.raw());
      return raw;
    };
    EXPECT_EQ(ids(0), (std::vector<std::uint32_t>{1, 3}));
    EXPECT_EQ(ids(1), (std::vector<std::uint32_t>{0, 2, 4}));
  }
}

TEST(PriceRules, NamesAreFoundInFullOnly) {
  const Reference reference = trusted();
  EXPECT_EQ(find_guard(reference, "strict"), 1);
  EXPECT_EQ(find_guard(reference, "stric"), -1);
  EXPECT_EQ(find_index(reference, "BTC"), 1);
  EXPECT_EQ(find_index(reference, ""), -1);
  EXPECT_EQ(find_source(reference, "s4"), 4);
  EXPECT_EQ(find_source(reference, "s"), -1);
}

// Each is the last value that is still right.
const Change kEdges[] = {
    [](Reference&) {},
    [](Reference& r) {
      r.guards[1] = {};
      r.guards[1].name = "none";
    },
    [](Reference& r) { r.guards[1].velocity_max = r.guards[1].spread_max = rate(kRateOne); },
    [](Reference& r) { r.guards[1].freeze_width = rate(kRateOne - 1); },
    [](Reference& r) {
      r.guards[1].velocity_window = r.guards[1].velocity_hold = Duration::from_raw(1);
    },
    [](Reference& r) {
      r.indices[1].clamp = rate(1);
      r.indices[0].clamp = rate(kRateOne / 2);
    },
    [](Reference& r) { r.indices[1].quorum = 3; },
    [](Reference& r) { r.indices[1].price_max = Price::from_raw(1); },
    [](Reference& r) {
      r.sources[0].weight = rate(1);
      r.sources[1].weight = rate(1'000 * kRateOne);
    },
    [](Reference& r) {
      btc(r).mark.basis_time = btc(r).mark.funding_period = Duration::from_raw(1);
      btc(r).mark.basis_max = rate(kRateOne - 1);
    },
    [](Reference& r) {
      btc(r).mark.settlement_step = Duration::from_raw(1);
      btc(r).mark.settlement_samples = rate(kRateOne);
    },
    [](Reference& r) {
      btc(r).mark = {};
      btc(r).expiry = {};
      make_spot(r);
    },
    [](Reference& r) { r.breaker = {}; },
    [](Reference& r) { desk(r).confirm_time = Duration::from_raw(1); },
};

TEST(PriceRules, TheEdgesOfEveryRuleAreAccepted) {
  for (std::size_t i = 0; i < std::size(kEdges); ++i) {
    Reference reference = trusted();
    kEdges[i](reference);
    const std::vector<Violation> violations = finish(reference);
    EXPECT_TRUE(violations.empty())
        << "edge " << i << ": " << violations[0].path << " " << violations[0].message;
  }
}

}  // namespace
}  // namespace plimsoll::reference
