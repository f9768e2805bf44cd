// Goal: no account is passed over that a tick could tip. Method: for random positions and moves,
// the exact change of every deciding excess is at most what the bound takes from the leeway; and a
// bound that forgets one effect is caught by the same check.

#include <gtest/gtest.h>

#include "engine/margin/valuation.hpp"
#include "engine/watch/watch.hpp"
#include "tests/support/random.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::watch {
namespace {

struct Move {
  InstrumentId instrument;
  Quantity quantity;
  Price before;
  Price after;
};

Int128 magnitude(Int128 x) {
  return x < 0 ? -x : x;
}

/// equity - T(factor) of an account that holds just this position.
Int128 excess(const reference::Instrument& instrument, Quantity quantity, Price mark, Rate factor) {
  return margin::value_position(quantity, mark, instrument.value_divisor).value -
         margin::threshold(margin::maintenance_of(instrument, quantity, mark), factor);
}

/// The largest change of any deciding excess of any profile.
Int128 largest_change(const reference::Reference& reference, const Move& move) {
  const reference::Instrument& instrument = reference.instruments[move.instrument.raw()];
  Int128 largest = 0;
  for (const reference::Profile& profile : reference.profiles) {
    for (const Rate factor :
         {Rate::from_raw(kRateOne), profile.call_trigger, profile.call_target}) {
      const Int128 change = excess(instrument, move.quantity, move.after, factor) -
                            excess(instrument, move.quantity, move.before, factor);
      largest = std::max(largest, magnitude(change));
    }
  }
  return largest;
}

/// Sizes and moves over many orders of magnitude, dust and single units included.
Move random_move(const reference::Reference& reference, support::Random& random) {
  Move move;
  move.instrument = InstrumentId::from_raw(
      static_cast<std::uint32_t>(random.next() % reference.instruments.size()));
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
  move.before = Price::from_raw(magnitude_up_to(instrument.price_max.raw() / 2));
  const std::int64_t step = magnitude_up_to(instrument.price_max.raw() / 2);
  const std::int64_t after = move.before.raw() + ((random.next() & 1U) != 0 ? step : -step);
  move.after = Price::from_raw(std::max<std::int64_t>(1, after));
  return move;
}

TEST(MoveBound, IsNeverBelowTheExactChangeOfAnyDecidingExcess) {
  std::uint64_t bounded = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    const Watch watch{reference, 1};
    support::Random random{seed};
    for (int i = 0; i < 20'000; ++i) {
      const Move move = random_move(reference, random);
      const MoveBound bound = watch.bound_of(move.instrument, move.before, move.after);
      if (bound.everyone) continue;
      ++bounded;
      const Int128 change = largest_change(reference, move);
      ASSERT_TRUE(bound.cost(move.quantity) >= static_cast<MoveBound::Wide>(change))
          << "seed " << seed << ", case " << i << ": instrument " << move.instrument.raw()
          << ", quantity " << move.quantity.raw() << ", " << move.before.raw() << " to "
          << move.after.raw();
    }
  }
  EXPECT_GT(bounded, 100'000U);
}

/// Does the check above catch a bound computed from this wrong reference, or changed by this?
template <class Spoil>
bool caught(Spoil&& spoil) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const reference::Reference reference = support::random_reference(seed);
    support::Random random{seed};
    for (int i = 0; i < 5'000; ++i) {
      const Move move = random_move(reference, random);
      const auto bound = spoil(reference, move);
      if (!bound.everyone && bound.cost(move.quantity) <
                                 static_cast<MoveBound::Wide>(largest_change(reference, move))) {
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
    for (auto& instrument : r.instruments) instrument.brackets.resize(1);
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
