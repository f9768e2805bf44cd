// Goal: no account is passed over that a tick could tip. Method: for random positions and moves,
// the exact change of every deciding excess is at most what the bound takes from the leeway, as
// long as no table jumps; and a bound that forgets one effect is caught by the same check.

#include <gtest/gtest.h>

#include "engine/margin/valuation.hpp"
#include "engine/reference/turnover.hpp"
#include "engine/watch/watch.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_rules.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::watch {
namespace {

struct Move {
  InstrumentId instrument;
  Quantity quantity;
  Price before;
  Price after;

  [[nodiscard]] Quantity exposure() const { return quantity.raw() < 0 ? -quantity : quantity; }
};

Int128 magnitude(Int128 x) {
  return x < 0 ? -x : x;
}

/// An account that holds just this position, opened at the price before, with some money.
class Holder {
 public:
  Holder(const reference::Reference& reference, const Move& move, MarginMode mode)
      : reference_{reference}, move_{move}, marks_{reference} {
    const reference::Instrument& instrument = reference.instruments[move.instrument.raw()];
    portfolio_.mode = mode;
    const bool multi = mode == MarginMode::multi_asset;
    portfolio_.asset = multi ? reference.numeraire : instrument.settle;
    portfolio_.balances.push_back({portfolio_.asset, Amount::from_raw(1'000)});
    const Int128 cost = reference::turnover(instrument, move.quantity.raw(), move.before).ceil();
    margin::Line line;
    line.instrument = move.instrument;
    line.quantity = move.quantity;
    line.entry_value = Amount::from_raw(narrow(cost));
    portfolio_.lines.push_back(line);
    for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
      if (multi)
        marks_.set_index(AssetId::from_raw(i), support::starting_index(reference.assets[i]));
    }
  }

  /// Of a profile, at a price.
  [[nodiscard]] margin::Worth worth(ProfileId profile, Price price) {
    portfolio_.profile = profile;
    marks_.set(move_.instrument, price);
    return margin::evaluate(portfolio_, reference_, margin::Market{marks_}, {});
  }
  [[nodiscard]] Price index() const {
    return marks_.index(reference_.instruments[move_.instrument.raw()].settle);
  }

 private:
  const reference::Reference& reference_;
  const Move& move_;
  marks::Marks marks_;
  margin::Portfolio portfolio_;
};

/// The largest change of any deciding excess under a profile; none when a table jumps within
/// `cost`.
Int128 change_of(const reference::Reference& reference, Holder& holder, const Move& move,
                 ProfileId id, Wide cost) {
  const reference::Profile& profile = reference.profiles[id.raw()];
  const margin::Worth before = holder.worth(id, move.before);
  const margin::Worth after = holder.worth(id, move.after);
  if (before.room <= static_cast<Int128>(cost)) return 0;  // the leeway is less than that
  Int128 largest = 0;
  for (const Rate factor : {Rate::from_raw(kRateOne), profile.call_trigger, profile.call_target}) {
    const auto excess = [&](const margin::Worth& worth) {
      return worth.equity - margin::threshold(worth.requirement, factor, profile);
    };
    largest = std::max(largest, magnitude(excess(after) - excess(before)));
  }
  return largest;
}

/// The largest change under any profile.
Int128 largest_change(const reference::Reference& reference, const Move& move, MarginMode mode,
                      Wide cost) {
  Holder holder{reference, move, mode};
  Int128 largest = 0;
  for (std::uint32_t i = 0; i < reference.profiles.size(); ++i) {
    largest = std::max(largest, change_of(reference, holder, move, ProfileId::from_raw(i), cost));
  }
  return largest;
}

/// Sizes and moves over many orders of magnitude, dust and single units included.
Move random_move(const reference::Reference& reference, support::Random& random) {
  Move move;
  do {
    move.instrument = InstrumentId::from_raw(
        static_cast<std::uint32_t>(random.next() % reference.instruments.size()));
  } while (reference.instruments[move.instrument.raw()].kind == reference::Kind::spot);
  const reference::Instrument& instrument = reference.instruments[move.instrument.raw()];
  const auto magnitude_up_to = [&](std::int64_t limit) {
    const auto bits = static_cast<int>(random.next() % 62);
    const auto value =
        static_cast<std::int64_t>(random.next() >> 1U) & ((std::int64_t{1} << bits) - 1);
    return 1 + value % limit;
  };
  const std::int64_t size =
      magnitude_up_to(10'000'000'000) * instrument.lot.raw() % 1'000'000'000'000;
  move.quantity = Quantity::from_raw((random.next() & 1U) != 0 ? size + 1 : -size - 1);
  const std::int64_t least = instrument.price_min.raw();
  const std::int64_t half = instrument.price_max.raw() / 2;
  move.before = Price::from_raw(std::max(least, magnitude_up_to(half)));
  const std::int64_t step = magnitude_up_to(half);
  const std::int64_t after = move.before.raw() + ((random.next() & 1U) != 0 ? step : -step);
  move.after = Price::from_raw(std::max(least, after));
  return move;
}

/// Could an account hold it at all?
bool within_limits(const reference::Reference& reference, const Move& move) {
  const reference::Instrument& instrument = reference.instruments[move.instrument.raw()];
  const auto exposure = ledger::exposure_of(instrument, move.exposure().raw());
  return exposure && *exposure <= ledger::kExposureMax;
}

/// Checks random moves of a reference; returns how many were bounded.
std::uint64_t check_moves(const reference::Reference& reference, std::uint64_t seed,
                          MarginMode mode) {
  std::uint64_t bounded = 0;
  const Watch watch{reference, 1};
  support::Random random{seed};
  for (int i = 0; i < 10'000; ++i) {
    const Move move = random_move(reference, random);
    if (!within_limits(reference, move)) continue;
    const Price index = Holder{reference, move, mode}.index();
    if (mode == MarginMode::multi_asset && index.raw() == 0) continue;
    const MoveBound bound =
        mode == MarginMode::multi_asset
            ? watch.multi_bound_of(move.instrument, move.before, move.after, index)
            : watch.bound_of(move.instrument, move.before, move.after);
    if (bound.everyone) continue;
    ++bounded;
    const Wide cost = bound.cost(move.exposure());
    const Int128 change = largest_change(reference, move, mode, cost);
    EXPECT_TRUE(cost >= static_cast<Wide>(change))
        << "seed " << seed << ", case " << i << ": instrument " << move.instrument.raw()
        << ", quantity " << move.quantity.raw() << ", " << move.before.raw() << " to "
        << move.after.raw();
    if (cost < static_cast<Wide>(change)) return bounded;
  }
  return bounded;
}

TEST(MoveBound, IsNeverBelowTheExactChangeOfAnyDecidingExcess) {
  std::uint64_t bounded = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    bounded += check_moves(support::random_linear_reference(seed), seed, MarginMode::cross);
    bounded += check_moves(support::random_reference(seed), seed, MarginMode::cross);
  }
  EXPECT_GT(bounded, 100'000U);
}

TEST(MoveBound, IsNeverBelowItInMultiAssetMode) {
  std::uint64_t bounded = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    if (reference.numeraire == kNoAsset) continue;
    bounded += check_moves(reference, seed, MarginMode::multi_asset);
  }
  EXPECT_GT(bounded, 50'000U);
}

/// Does the check above catch a bound computed from this wrong reference, or changed by this?
template <class Spoil>
bool caught(Spoil&& spoil) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const reference::Reference reference = support::random_linear_reference(seed);
    support::Random random{seed};
    for (int i = 0; i < 5'000; ++i) {
      const Move move = random_move(reference, random);
      if (!within_limits(reference, move)) continue;
      const auto bound = spoil(reference, move);
      const Wide cost = bound.cost(move.exposure());
      if (!bound.everyone &&
          cost < static_cast<Wide>(largest_change(reference, move, MarginMode::cross, cost))) {
        return true;
      }
    }
  }
  return false;
}

TEST(MoveBound, SeededMistakesAreCaught) {
  const auto bound_from = [](const reference::Reference& reference, const Move& move) {
    return Watch{reference, 1}.bound_of(move.instrument, move.before, move.after);
  };
  EXPECT_FALSE(caught(bound_from));
  EXPECT_TRUE(caught([&](reference::Reference r, const Move& move) {  // rate of the first bracket
    for (auto& tiers : r.tiers) tiers.brackets.resize(1);
    return bound_from(r, move);
  })) << "rate of the first bracket";
  EXPECT_TRUE(caught([&](reference::Reference r, const Move& move) {
    for (auto& profile : r.profiles) profile.call_target = Rate::from_raw(kRateOne);
    return bound_from(r, move);
  })) << "factor of the threshold forgotten";
  EXPECT_TRUE(caught([&](const reference::Reference& r, const Move& move) {
    MoveBound bound = bound_from(r, move);
    bound.base = 0;
    return bound;
  })) << "rounding forgotten";
  EXPECT_TRUE(caught([&](const reference::Reference& r, const Move& move) {
    MoveBound bound = bound_from(r, move);
    bound.step /= 2;
    return bound;
  })) << "half the move";
}

TEST(Watch, AFirstMarkAndAHugeMoveConcernEveryone) {
  const reference::Reference reference = support::small_reference();
  const Watch watch{reference, 1};
  EXPECT_TRUE(watch.bound_of({}, Price{}, Price::from_raw(1)).everyone);
  EXPECT_TRUE(watch.bound_of({}, Price::from_raw(1), Price::from_raw(1LL << 60)).everyone);
}

}  // namespace
}  // namespace plimsoll::watch
