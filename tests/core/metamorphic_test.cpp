// Goal: what must not matter does not matter. Method: change a history in a way that leaves all
// money as it is, run both, and compare what is said about the accounts.

#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/core/run_engine.hpp"
#include "tests/support/history.hpp"
#include "tests/support/reference_builder.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::core {
namespace {

constexpr std::int64_t kTen = 10;
constexpr std::int64_t kTooMuch = std::int64_t{1} << 50;

Price times_ten(Price price) {
  return Price::from_raw(price.raw() * kTen);
}

/// A unit of quantity becomes a tenth of what it was, and costs ten times as much.
reference::Reference dearer(reference::Reference reference) {
  for (reference::Instrument& instrument : reference.instruments) {
    instrument.quantity_decimals += 1;
    instrument.tick = times_ten(instrument.tick);
    instrument.price_min = times_ten(instrument.price_min);
    instrument.price_max = times_ten(instrument.price_max);
  }
  return support::finished(std::move(reference));
}

Input dearer(Input input) {
  if (auto* fill = std::get_if<TradeFilled>(&input.body)) fill->price = times_ten(fill->price);
  if (auto* paid = std::get_if<FundingSettled>(&input.body)) paid->price = times_ten(paid->price);
  if (auto* print = std::get_if<TradePrinted>(&input.body)) print->price = times_ten(print->price);
  if (auto* mark = std::get_if<MarkPublished>(&input.body)) {
    mark->mark = times_ten(mark->mark);
    mark->index = times_ten(mark->index);
  }
  if (auto* quote = std::get_if<BookQuoted>(&input.body)) {
    quote->bid = times_ten(quote->bid);
    quote->ask = times_ten(quote->ask);
  }
  if (auto* answer = std::get_if<LiquidationAnswered>(&input.body)) {
    answer->price = times_ten(answer->price);
  }
  return input;
}

/// Everything that an event says but prices.
std::string money_of(const Event& event) {
  std::string text{event_kind_name(kind_of(event))};
  const auto add = [&text](const char* name, const auto& value) {
    if constexpr (requires { value.raw(); }) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, Price>) return;
      text += " " + std::string{name} + "=" + std::to_string(value.raw());
    } else {
      text += " " + std::string{name} + "=" + std::to_string(static_cast<long long>(value));
    }
  };
  add("cause", event.header.cause);
  add("account", event.header.account);
  std::visit([&](const auto& body) { for_each_field(body, add); }, event.body);
  return text;
}

TEST(Metamorphic, PricesTimesTenAndQuantitiesOverTenSayTheSameInTheSameOrder) {
  support::HistoryOptions options;
  options.plain = true;
  options.invalid_per_mille = 0;
  std::size_t events = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const reference::Reference reference = support::random_linear_reference(seed);
    const auto inputs = support::random_history(reference, seed, options);
    std::vector<Input> changed;
    for (const Input& input : inputs) changed.push_back(dearer(input));
    const auto before = run_inline(reference, inputs, 1, watch::Mode::bands).events;
    const auto after = run_inline(dearer(reference), changed, 1, watch::Mode::bands).events;
    ASSERT_EQ(before.size(), after.size()) << "seed " << seed;
    for (std::size_t i = 0; i < before.size(); ++i) {
      ASSERT_EQ(money_of(before[i]), money_of(after[i])) << "seed " << seed << " event " << i + 1;
    }
    events += before.size();
  }
  EXPECT_GT(events, 5'000U);
}

/// Numbers that keep no order.
AccountId renamed(AccountId account) {
  return account.raw() == 0 ? account : AccountId::from_raw(mix_bits(account.raw()) >> 1U);
}

Input renamed(Input input) {
  std::visit(
      [](auto& body) {
        if constexpr (requires { body.account; }) body.account = renamed(body.account);
        if constexpr (requires { body.parent; }) body.parent = renamed(body.parent);
        if constexpr (requires {
                        body.to;
                        body.transfer;
                      })
          body.to = renamed(body.to);
      },
      input.body);
  return input;
}

/// What is said about accounts (the house aside, whose fund is drawn in the order of accounts), by
/// time and kind, without numbers.
std::vector<std::string> account_events(const std::vector<Event>& events, bool rename) {
  std::vector<std::string> result;
  for (Event event : events) {
    if (event.header.account.raw() == 0 ||
        std::holds_alternative<InsuranceFundChanged>(event.body) ||
        std::holds_alternative<BadDebtBooked>(event.body) ||
        std::holds_alternative<InventoryOrderIssued>(event.body)) {
      continue;
    }
    event.header.cause = {};
    if (rename) event.header.account = renamed(event.header.account);
    result.push_back(std::to_string(event.header.time.raw()) + " " + money_of(event));
  }
  std::sort(result.begin(), result.end());
  return result;
}

TEST(Metamorphic, AccountNumbersPermutedSayTheSame) {
  support::HistoryOptions options;
  options.plain = true;
  options.invalid_per_mille = 0;  // some of them name the account that may not be
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const reference::Reference reference = support::random_linear_reference(seed);
    const auto inputs = support::random_history(reference, seed, options);
    std::vector<Input> changed;
    for (const Input& input : inputs) changed.push_back(renamed(input));
    const auto before = run_inline(reference, inputs, 1, watch::Mode::bands).events;
    const auto after = run_inline(reference, changed, 3, watch::Mode::bands).events;
    ASSERT_EQ(account_events(before, true), account_events(after, false)) << "seed " << seed;
  }
}

// An owner as one account, or as twenty with a twentieth each.
class Split {
 public:
  Split(bool aggregates, std::uint64_t accounts) : reference_{support::small_reference()} {
    for (reference::Profile& profile : reference_.profiles) {
      profile.aggregate_by_owner = aggregates;
    }
    reference_ = support::finished(std::move(reference_));
    constexpr std::int64_t kLots = 20 * 2'000;        // 40 BTC: about 2.5 m
    constexpr std::int64_t kMoney = 200'000'000'000;  // 200,000 USDT
    const auto parts = static_cast<std::int64_t>(accounts);
    for (std::uint64_t i = 1; i <= accounts; ++i) {
      const AccountId account = AccountId::from_raw(i);
      add(AccountOpened{account, OwnerId::from_raw(7), {}, support::kDesk, support::kUsdt});
      add(Deposited{account, Amount::from_raw(kMoney / parts), {}});
      add(TradeFilled{account,
                      support::kBtc,
                      Quantity::from_raw(kLots / parts),
                      Price::from_raw(61'800'000'000'000),
                      {},
                      {}});
    }
    for (std::int64_t step = 0; step < 600; ++step) {
      add(MarkPublished{
          support::kBtc, Price::from_raw(61'800'000'000'000 - step * 10'000'000'000), {}, {}});
    }
  }

  /// Time and kind of the first call and of the first liquidation, and how many accounts they met.
  [[nodiscard]] std::map<std::string, std::pair<std::int64_t, std::size_t>> firsts() const {
    std::map<std::string, std::pair<std::int64_t, std::size_t>> result;
    for (const Event& event : run_inline(reference_, inputs_, 1, watch::Mode::bands).events) {
      const bool call = std::holds_alternative<MarginCallIssued>(event.body);
      if (!call && !std::holds_alternative<LiquidationStarted>(event.body)) continue;
      auto& first = result[call ? "call" : "liquidation"];
      if (first.second == 0) first.first = event.header.time.raw();
      if (first.first == event.header.time.raw()) ++first.second;
    }
    return result;
  }

 private:
  /// Marks come at the same times in both; what opens the accounts comes before.
  void add(const InputBody& body) {
    const bool mark = std::holds_alternative<MarkPublished>(body);
    const std::int64_t time = mark ? 1'000'000'000 + 1'000'000 * ++marks_ : 1;
    inputs_.push_back({.sequence = {}, .time = EventTime::from_raw(time), .body = body});
  }

  reference::Reference reference_;
  std::vector<Input> inputs_;
  std::int64_t marks_{0};
};

TEST(Metamorphic, AnOwnerSplitInTwentyIsCalledAndLiquidatedAtTheSamePrices) {
  const auto whole = Split{true, 1}.firsts();
  const auto split = Split{true, 20}.firsts();
  ASSERT_EQ(whole.size(), 2U);
  ASSERT_EQ(split.size(), 2U);
  for (const char* what : {"call", "liquidation"}) {
    EXPECT_EQ(whole.at(what).first, split.at(what).first) << what;
    EXPECT_EQ(whole.at(what).second, 1U) << what;
    EXPECT_EQ(split.at(what).second, 20U) << what;
  }
}

TEST(Metamorphic, WithoutAggregationTheSplitWouldBeALoophole) {
  const auto whole = Split{false, 1}.firsts();
  const auto split = Split{false, 20}.firsts();
  ASSERT_TRUE(whole.contains("liquidation"));
  EXPECT_TRUE(!split.contains("liquidation") ||
              split.at("liquidation").first > whole.at("liquidation").first);
}

TEST(Metamorphic, BuyingAndSellingBackAtOnePriceCostsNothingButRounding) {
  const reference::Reference reference = support::small_reference();
  const AccountId account = AccountId::from_raw(1);
  std::vector<Input> plain;
  std::vector<Input> busy;
  const auto both = [&](const InputBody& body) {
    plain.push_back({.sequence = {}, .time = EventTime::from_raw(1), .body = body});
    busy.push_back(plain.back());
  };
  both(AccountOpened{account, OwnerId::from_raw(7), {}, support::kDesk, support::kUsdt});
  both(Deposited{account, Amount::from_raw(10'000'000'000), {}});
  both(MarkPublished{support::kBtc, Price::from_raw(61'800'300'000'000), {}, {}});
  both(TradeFilled{account,
                   support::kBtc,
                   Quantity::from_raw(700),
                   Price::from_raw(61'811'100'000'000),
                   {},
                   {}});
  constexpr std::int64_t kTrips = 50;
  for (std::int64_t i = 0; i < kTrips; ++i) {
    for (const std::int64_t quantity : {300 + i, -300 - i}) {
      busy.push_back({.sequence = {},
                      .time = EventTime::from_raw(1),
                      .body = TradeFilled{account,
                                          support::kBtc,
                                          Quantity::from_raw(quantity),
                                          Price::from_raw(61'799'900'000'000),
                                          {},
                                          {}}});
    }
  }
  both(WithdrawalRequested{account, Amount::from_raw(kTooMuch), {}});
  const auto without = run_inline(reference, plain, 1, watch::Mode::bands).events;
  const auto with = run_inline(reference, busy, 1, watch::Mode::bands).events;
  const auto* before = std::get_if<WithdrawalRefused>(&without.back().body);
  const auto* after = std::get_if<WithdrawalRefused>(&with.back().body);
  ASSERT_TRUE(before != nullptr && after != nullptr);
  EXPECT_LE(after->available, before->available);
  EXPECT_GE(after->available.raw(), before->available.raw() - 2 * kTrips);
}

}  // namespace
}  // namespace plimsoll::core
