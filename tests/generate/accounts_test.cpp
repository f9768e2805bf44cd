#include "engine/generate/accounts.hpp"

#include <algorithm>
#include <string>

#include "engine/generate/quantiles.hpp"
#include "tests/generate/demo.hpp"

namespace plimsoll::generate {
namespace {

using reference::Bracket;
using reference::Instrument;

constexpr std::size_t kCount = 60'000;

std::vector<BookAccount> book(std::uint64_t seed, std::uint64_t count) {
  std::vector<BookAccount> accounts;
  const auto errors =
      generate_accounts(demo().reference, {seed, count, demo().reference_prices},
                        [&](const BookAccount& account) { accounts.push_back(account); });
  EXPECT_TRUE(errors.empty());
  return accounts;
}

const std::vector<BookAccount>& large_book() {
  static const std::vector<BookAccount> accounts = book(1, kCount);
  return accounts;
}

/// The account at the given prices, by the words of engine/README.md, one tier at a time.
struct Standing {
  Int128 equity{0};
  Int128 notional{0};
  Int128 initial{0};
  Int128 maintenance{0};
};

Int128 tiers(const Instrument& instrument, Int128 notional, Rate Bracket::*rate) {
  const auto& brackets = demo().reference.tiers[instrument.tiers_long.raw()].brackets;
  Int128 requirement = 0;  // in units of 1e-9
  for (std::size_t i = 0; i < brackets.size(); ++i) {
    const Bracket& bracket = brackets[i];
    const Int128 floor = bracket.floor;
    const bool last = i + 1 == brackets.size();
    const Int128 end = last ? notional : Int128{brackets[i + 1].floor};
    const Int128 part = std::min(end, notional) - floor;
    if (part > 0) requirement += part * (bracket.*rate).raw();
  }
  return divide_ceil<Int128>(requirement, kRateOne);
}

Standing standing(const BookAccount& account) {
  Standing sums;
  sums.equity = account.balance.raw();
  for (std::size_t i = 0; i < account.position_count; ++i) {
    const BookPosition& position = account.positions[i];
    const Instrument& instrument = demo().reference.instruments[position.instrument.raw()];
    const Int128 divisor = instrument.denominator;  // multipliers are 1
    const Int128 mark = demo().reference_prices[position.instrument.raw()]->raw();
    const Int128 quantity = position.quantity.raw();
    const Int128 size = quantity < 0 ? -quantity : quantity;
    const Int128 notional = divide_ceil<Int128>(size * mark, divisor);
    sums.equity += divide_floor<Int128>(quantity * mark, divisor) -
                   divide_ceil<Int128>(quantity * position.entry_price.raw(), divisor);
    sums.notional += notional;
    sums.initial += tiers(instrument, notional, &Bracket::initial);
    sums.maintenance += tiers(instrument, notional, &Bracket::maintenance);
  }
  return sums;
}

/// The share of the accounts for which `holds`, in parts per thousand.
template <class Predicate>
std::size_t share(const std::vector<BookAccount>& accounts, Predicate holds) {
  const auto count = std::count_if(accounts.begin(), accounts.end(), holds);
  return static_cast<std::size_t>(count) * 1'000 / accounts.size();
}

TEST(Accounts, EveryAccountIsHealthyAtTheStart) {
  for (const BookAccount& account : large_book()) {
    const Standing sums = standing(account);
    const Rate trigger = demo().reference.profiles[account.profile.raw()].call_trigger;
    const Int128 threshold = divide_ceil<Int128>(sums.maintenance * trigger.raw(), kRateOne);
    ASSERT_GT(account.balance.raw(), 0) << account.account.raw();
    ASSERT_GE(sums.equity, sums.initial) << account.account.raw();
    ASSERT_GE(sums.equity * 100, threshold * 105) << account.account.raw();
  }
}

TEST(Accounts, QuantitiesAreLotsOfDistinctInstrumentsAndPricesAreTicks) {
  for (const BookAccount& account : large_book()) {
    ASSERT_LE(account.position_count, kPositionsMax);
    for (std::size_t i = 0; i < account.position_count; ++i) {
      const BookPosition& position = account.positions[i];
      const Instrument& instrument = demo().reference.instruments[position.instrument.raw()];
      ASSERT_NE(position.quantity.raw(), 0);
      ASSERT_EQ(position.quantity.raw() % instrument.lot.raw(), 0);
      ASSERT_EQ(position.entry_price.raw() % instrument.tick.raw(), 0);
      const Int128 start = demo().reference_prices[position.instrument.raw()]->raw();
      ASSERT_GE(position.entry_price.raw() * Int128{1'000}, start * 969);
      ASSERT_LE(position.entry_price.raw() * Int128{1'000}, start * 1'031);
      for (std::size_t j = 0; j < i; ++j) {
        ASSERT_NE(account.positions[j].instrument, position.instrument);
      }
    }
  }
}

TEST(Accounts, SubAccountsFollowTheirParentAndShareOwnerProfileAndAsset) {
  std::uint64_t id = 0;
  const BookAccount* cross = nullptr;
  std::uint64_t fills = 0;
  for (const BookAccount& account : large_book()) {
    ASSERT_EQ(account.account.raw(), ++id);
    ASSERT_EQ(account.first_fill.raw(), fills + 1);
    fills += account.position_count;
    if (account.parent.raw() == 0) {
      cross = &account;
      continue;
    }
    ASSERT_NE(cross, nullptr);
    ASSERT_EQ(account.parent, cross->account);
    ASSERT_EQ(account.owner, cross->owner);
    ASSERT_EQ(account.profile, cross->profile);
    ASSERT_EQ(account.asset, cross->asset);
    ASSERT_LE(account.position_count, 1U);
  }
}

TEST(Accounts, EquityHasTheStatedQuantiles) {
  std::vector<Int128> equities;
  for (const BookAccount& account : large_book()) equities.push_back(standing(account).equity);
  std::sort(equities.begin(), equities.end());
  EXPECT_GE(equities.front(), Int128{20'000'000});
  EXPECT_LE(equities.back(), Int128{50'000'000} * 1'000'000);
  for (const Quantile& row : kEquity) {
    if (row.quantile == 0 || row.quantile > 990'000) continue;
    const Int128 stated = Int128{row.value} * 1'000'000;
    const Int128 found = equities[row.quantile * kCount / kMillion];
    EXPECT_GT(found * 100, stated * 88) << row.quantile;
    EXPECT_LT(found * 100, stated * 112) << row.quantile;
  }
}

// The smallest lot and the initial margin bend the table, the more the higher the leverage: so a
// wide tolerance in the middle, and only an order of size above.
TEST(Accounts, LeverageHasTheStatedQuantiles) {
  std::vector<std::int64_t> leverages;  // thousandths
  for (const BookAccount& account : large_book()) {
    const Standing sums = standing(account);
    leverages.push_back(narrow(sums.notional * 1'000 / sums.equity));
  }
  std::sort(leverages.begin(), leverages.end());
  for (const Quantile& row : kLeverage) {
    if (row.quantile == 0 || row.quantile > 900'000) continue;
    const std::int64_t found = leverages[row.quantile * kCount / kMillion];
    EXPECT_GT(found * 100, row.value * 85) << row.quantile;
    EXPECT_LT(found * 100, row.value * 115) << row.quantile;
  }
  EXPECT_GT(leverages[kCount * 99 / 100], 25'000);
  EXPECT_LE(leverages.back(), 125'000);
}

TEST(Accounts, SharesAreAsStated) {
  const std::vector<BookAccount>& accounts = large_book();
  const std::size_t isolated =
      share(accounts, [](const BookAccount& account) { return account.parent.raw() != 0; });
  EXPECT_NEAR(static_cast<double>(isolated), 150, 8);
  const std::size_t institutional =
      share(accounts, [](const BookAccount& account) { return account.profile.raw() == 1; });
  EXPECT_NEAR(static_cast<double>(institutional), 100, 8);
  EXPECT_LT(accounts.back().owner.raw(), kCount * 84 / 100);  // A few have several accounts.
  EXPECT_GT(accounts.back().owner.raw(), kCount * 80 / 100);

  std::vector<BookAccount> cross;
  std::copy_if(accounts.begin(), accounts.end(), std::back_inserter(cross),
               [](const BookAccount& account) { return account.parent.raw() == 0; });
  const double stated[] = {5, 400, 300, 200, 100};
  for (std::size_t count = 0; count <= kPositionsMax; ++count) {
    const std::size_t found = share(
        cross, [count](const BookAccount& account) { return account.position_count == count; });
    EXPECT_NEAR(static_cast<double>(found), stated[count], 15) << count;
  }
}

TEST(Accounts, LongsPrevailAndTheFirstInstrumentsArePopular) {
  std::array<std::size_t, 5> holders{};
  std::size_t longs = 0;
  std::size_t positions = 0;
  for (const BookAccount& account : large_book()) {
    for (std::size_t i = 0; i < account.position_count; ++i) {
      ++holders[account.positions[i].instrument.raw()];
      longs += account.positions[i].quantity.raw() > 0 ? 1 : 0;
      ++positions;
    }
  }
  EXPECT_NEAR(static_cast<double>(longs) / static_cast<double>(positions), 0.62, 0.01);
  EXPECT_TRUE(std::is_sorted(holders.rbegin(), holders.rend()));
  EXPECT_GT(holders.front(), 2 * holders.back());
}

TEST(Accounts, SameSeedSameBytesWithEveryCompiler) {
  ByteHash hash;
  std::string line;
  for (const BookAccount& account : book(42, 5'000)) {
    line.clear();
    append_line(line, account, demo().reference);
    hash.add(line);
  }
  EXPECT_EQ(hash.value(), 5318602188464465095ULL);
}

TEST(Accounts, ASmallerBookIsAPrefixAndAnotherSeedAnotherBook) {
  const std::vector<BookAccount> small = book(1, 100);
  std::size_t differing = 0;
  const std::vector<BookAccount> other = book(2, 100);
  for (std::size_t i = 0; i < small.size(); ++i) {
    std::string a, b, c;
    append_line(a, small[i], demo().reference);
    append_line(b, large_book()[i], demo().reference);
    append_line(c, other[i], demo().reference);
    EXPECT_EQ(a, b);
    differing += a == c ? 0 : 1;
  }
  EXPECT_GT(differing, 90U);
}

TEST(Accounts, WritesTheDocumentedLine) {
  BookAccount account{};
  account.account = AccountId::from_raw(17U);
  account.owner = OwnerId::from_raw(5U);
  account.parent = AccountId::from_raw(16U);
  account.balance = Amount::from_raw(1'234'560'000);
  account.position_count = 1;
  account.positions[0] = {InstrumentId::from_raw(0U), Quantity::from_raw(-500),
                          Price::from_raw(61'000'100'000'000)};
  std::string line;
  append_line(line, account, demo().reference);
  EXPECT_EQ(line, R"({"account":17,"owner":5,"parent":16,"profile":"standard","asset":"USDT",)"
                  R"("balance":"1234.56","positions":[{"instrument":"BTCUSDT","quantity":"-0.5",)"
                  R"("entry_price":"61000.1"}]})"
                  "\n");
}

TEST(Accounts, InstrumentsWithoutAPriceAreLeftOut) {
  Prices prices = demo().reference_prices;
  prices[0].reset();
  std::size_t given = 0;
  const auto errors =
      generate_accounts(demo().reference, {1, 500, prices}, [&](const BookAccount& account) {
        ++given;
        for (std::size_t i = 0; i < account.position_count; ++i) {
          ASSERT_NE(account.positions[i].instrument.raw(), 0U);
        }
      });
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(given, 500U);
}

TEST(Accounts, WrongSettingsAreNamedAndGiveNothing) {
  const auto errors_of = [](const BookSettings& settings) {
    std::string fields;
    for (const SettingError& error :
         generate_accounts(demo().reference, settings,
                           [](const BookAccount&) { ADD_FAILURE() << "an account"; })) {
      EXPECT_FALSE(error.reason.empty());
      fields += error.field + " ";
    }
    return fields;
  };
  const Prices prices = demo().reference_prices;
  Prices low = prices;
  low[2] = Price::from_raw(0);
  Prices high = prices;
  high[1] = Price::from_raw(2'000'000'000'000'000);
  EXPECT_EQ(errors_of({1, 0, prices}), "count ");
  EXPECT_EQ(errors_of({1, 2'000'001, prices}), "count ");
  EXPECT_EQ(errors_of({1, 10, {}}), "prices ");
  EXPECT_EQ(errors_of({1, 10, Prices(5)}), "prices ");
  EXPECT_EQ(errors_of({1, 10, low}), "prices[2] ");
  EXPECT_EQ(errors_of({1, 10, high}), "prices[1] ");
}

}  // namespace
}  // namespace plimsoll::generate
