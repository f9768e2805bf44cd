// Goal: a price that leaves a band touches its account, and nobody else's. Method: random
// certificates, and moves, against a plain list of them: whoever the list says may have nothing
// left must be judged; and the buckets stay in order whatever happens.

#include "engine/watch/bands.hpp"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace plimsoll::watch {
namespace {

constexpr std::size_t kFactors = 5;

/// What an account promised, and at which prices.
class Ledger {
 public:
  explicit Ledger(std::size_t accounts) : Ledger{accounts, 4 * accounts} {}
  Ledger(std::size_t accounts, std::size_t positions) : bands_{kFactors, accounts, positions} {
    prices_.fill(1'000'000'000);
    for (Factor f = 0; f < kFactors; ++f) (void)bands_.move(f, Price::from_raw(prices_[f]));
    for (std::size_t i = 0; i < accounts; ++i) bands_.open();
    promises_.resize(accounts);
  }

  void certify(std::uint32_t account, const Certificate& certificate) {
    bands_.clear(account);
    bands_.add(account, certificate);
    promises_[account] = certificate;
  }
  void forget(std::uint32_t account) {
    bands_.clear(account);
    promises_[account].clear(1);
  }

  /// What a certificate is worth now, exactly enough.
  [[nodiscard]] long double left_of(std::uint32_t account) const {
    const Certificate& certificate = promises_[account];
    long double left = certificate.floor;
    for (const Side& side : certificate.sides) {
      const long double price = prices_[side.factor];
      const long double base = side.base.raw();
      const long double beyond = side.direction == Direction::falls ? base - price : price - base;
      left -= beyond * (beyond > 0 ? side.slope : side.gain);
    }
    return left;
  }
  [[nodiscard]] bool within_limits(std::uint32_t account) const {
    for (const Side& side : promises_[account].sides) {
      const std::int64_t price = prices_[side.factor];
      if (side.limit.raw() == 0) continue;
      if (side.direction == Direction::falls ? price < side.limit.raw() : price > side.limit.raw())
        return false;
    }
    return true;
  }

  /// Moves a price; returns who was judged.
  std::map<std::uint32_t, int> move(Factor factor, std::int64_t price) {
    prices_[factor] = price;
    std::map<std::uint32_t, int> judged;
    if (bands_.move(factor, Price::from_raw(price))) return judged;
    bands_.cross(
        factor, [](std::uint32_t, bool) {},
        [&](std::uint32_t account) {
          ++judged[account];
          bands_.clear(account);
        });
    return judged;
  }
  [[nodiscard]] std::int64_t price(Factor factor) const { return prices_[factor]; }
  [[nodiscard]] Bands& bands() { return bands_; }
  [[nodiscard]] std::size_t size() const { return promises_.size(); }

 private:
  Bands bands_;
  std::array<std::int64_t, kFactors> prices_{};
  std::vector<Certificate> promises_;
};

Certificate random_certificate(const Ledger& ledger, support::Random& random) {
  Certificate certificate;
  certificate.clear(static_cast<double>(random.next() % 1'000'000));
  const std::size_t sides = random.next() % 7;
  for (std::size_t i = 0; i < sides; ++i) {
    Side side;
    side.factor = static_cast<Factor>(random.next() % kFactors);
    side.direction = static_cast<Direction>(random.next() % 2);
    side.base = Price::from_raw(ledger.price(side.factor));
    side.slope = static_cast<double>(random.next() % 1'000) / 100'000;
    side.gain = random.next() % 2 == 0 ? side.slope / 2 : 0;
    if (random.next() % 4 == 0) {
      const std::int64_t room =
          side.base.raw() / 100 * static_cast<std::int64_t>(random.next() % 5);
      side.limit = Price::from_raw(side.direction == Direction::falls ? side.base.raw() - room
                                                                      : side.base.raw() + room);
    }
    certificate.sides.push_back(side);
    if (random.next() % 4 != 0) continue;
    side.direction = side.direction == Direction::falls ? Direction::rises : Direction::falls;
    side.twin = true;
    side.limit = {};
    side.slope *= static_cast<double>(random.next() % 100) / 50;
    side.gain = std::min(side.gain, side.slope);
    certificate.sides.push_back(side);
  }
  return certificate;
}

TEST(Bands, WhoeverHasNothingLeftIsJudged) {
  std::size_t judgements = 0;
  BandCounters counters;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    support::Random random{seed};
    Ledger ledger{200};
    for (std::uint32_t a = 0; a < ledger.size(); ++a)
      ledger.certify(a, random_certificate(ledger, random));
    for (int i = 0; i < 3'000; ++i) {
      const auto factor = static_cast<Factor>(random.next() % kFactors);
      auto step = static_cast<std::int64_t>(random.next() % 2'000'001) - 1'000'000;
      if (random.next() % 64 == 0) step *= 200;  // a gap
      const auto price = std::max<std::int64_t>(400'000'000, ledger.price(factor) + step);
      const auto judged = ledger.move(factor, std::min<std::int64_t>(price, 1'800'000'000));
      judgements += judged.size();
      for (std::uint32_t a = 0; a < ledger.size(); ++a) {
        if (judged.contains(a)) continue;
        ASSERT_GT(ledger.left_of(a), 0) << "seed " << seed << " move " << i << " account " << a;
        ASSERT_TRUE(ledger.within_limits(a))
            << "seed " << seed << " move " << i << " account " << a;
      }
      for (const auto& [account, times] : judged) {
        ASSERT_EQ(times, 1) << "seed " << seed << " move " << i << " account " << account;
        if (random.next() % 8 == 0) {
          ledger.forget(account);
        } else {
          ledger.certify(account, random_certificate(ledger, random));
        }
      }
      if (i % 100 != 0) continue;
      ASSERT_TRUE(ledger.bands().consistent()) << "seed " << seed << " move " << i;
    }
    counters.storms += ledger.bands().counters().storms;
    counters.swept += ledger.bands().counters().swept;
  }
  EXPECT_GT(judgements, 1'000U);
  EXPECT_GT(counters.storms, 100U);
  EXPECT_GT(counters.swept, 10'000U);
}

TEST(Bands, AStormLeavesBandsForLater) {
  Ledger ledger{1'000};
  Certificate certificate;
  certificate.clear(1'000'000);
  for (Factor f = 0; f < 2; ++f) {
    certificate.sides.push_back(
        {.factor = f, .base = Price::from_raw(1'000'000'000), .slope = 0.001});
  }
  for (std::uint32_t a = 0; a < ledger.size(); ++a) ledger.certify(a, certificate);
  EXPECT_TRUE(ledger.move(0, 300'000'000).empty());
  EXPECT_EQ(ledger.bands().counters().storms, 1U);
  EXPECT_FALSE(ledger.bands().calm());
  // Nobody has an edge that this crosses: that they are looked at all the same, decides.
  Ledger other = ledger;
  EXPECT_EQ(other.move(1, 600'000'000).size(), 1'000U);
  EXPECT_TRUE(other.bands().calm());
  for (int i = 0; i < 128; ++i) EXPECT_TRUE(ledger.move(2, 1'000'000'000 + i).empty());
  EXPECT_TRUE(ledger.bands().calm());
  EXPECT_TRUE(ledger.bands().consistent());
  EXPECT_EQ(ledger.move(1, 600'000'000).size(), 1'000U);
}

TEST(Bands, HolesAreFilledBeforeThereAreTooMany) {
  // Of seven accounts in a row, whose edges share a line, one after the other is certified for
  // farther: lines with one edge each would be more than there are.
  constexpr std::uint32_t kAccounts = 7'000;
  Ledger ledger{kAccounts, kAccounts};
  for (std::uint32_t round = 0; round < 7; ++round) {
    for (std::uint32_t a = 0; a < kAccounts; ++a) {
      if (a % 7 < round) continue;
      Certificate certificate;
      certificate.clear(4 * 50'000'000.0 * (round + 1));
      for (Factor f = 0; f < 4; ++f) {
        certificate.sides.push_back(
            {.factor = f, .base = Price::from_raw(1'000'000'000), .slope = 1});
      }
      ledger.certify(a, certificate);
    }
    ASSERT_TRUE(ledger.bands().consistent()) << "round " << round;
  }
  EXPECT_GT(ledger.bands().counters().tidied, 0U);
  // Everyone is still found: the first of each seven, then the second, then the third.
  for (int nth = 1; nth <= 3; ++nth) {
    EXPECT_EQ(ledger.move(0, 1'000'000'000 - 200'000'000 * nth).size(), kAccounts / 7);
    ASSERT_TRUE(ledger.bands().consistent()) << "after " << nth;
  }
}

TEST(Bands, NobodyIsJudgedFarFromHisEdge) {
  Ledger ledger{2};
  Certificate certificate;
  certificate.clear(1'000'000);
  certificate.sides.push_back({.factor = 0,
                               .direction = Direction::falls,
                               .base = Price::from_raw(1'000'000'000),
                               .slope = 0.01});
  ledger.certify(0, certificate);  // lasts until the price has lost 10 %
  EXPECT_TRUE(ledger.move(0, 1'500'000'000).empty());
  EXPECT_TRUE(ledger.move(0, 901'000'000).empty());
  EXPECT_TRUE(ledger.move(1, 1'000).empty());
  EXPECT_EQ(ledger.move(0, 899'900'000).count(0), 1U);
}

TEST(Bands, AnEdgeThatEveryMoveCrossesStays) {
  Ledger ledger{1};
  const std::vector<Factor> factors{0, 2};
  ledger.bands().add_always(0, factors);
  EXPECT_TRUE(ledger.move(1, 900'000'000).empty());
  EXPECT_EQ(ledger.move(0, 1'000'000'000).count(0), 1U) << "a move to the same price is one";
  ledger.bands().add_always(0, factors);
  EXPECT_EQ(ledger.move(2, 1'000'000'001).count(0), 1U);
}

TEST(Bands, APriceThatGoesFarHasItsHoldersCertifiedAnew) {
  Ledger ledger{1};
  EXPECT_FALSE(ledger.bands().move(0, Price::from_raw(1'100'000'000)));
  EXPECT_TRUE(ledger.bands().move(0, Price::from_raw(3'000'000'000)));
  EXPECT_FALSE(ledger.bands().move(0, Price::from_raw(2'900'000'000)));
  EXPECT_TRUE(ledger.bands().move(0, Price::from_raw(10'000)));
}

}  // namespace
}  // namespace plimsoll::watch
