// Goal: money and positions are conserved and the lists of holders are right, always. Method:
// random histories of everything that a ledger can book, checked after every step against a model
// that only adds up quantities; and a check that a planted error shows.

#include <array>

#include <gtest/gtest.h>

#include "engine/ledger/ledger.hpp"
#include "tests/ledger/books.hpp"
#include "tests/support/random.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::ledger {
namespace {

constexpr AccountIndex kAccounts = 12;

/// A ledger and what its positions must be.
class RandomBooks {
 public:
  explicit RandomBooks(std::uint64_t seed)
      : reference_{support::random_reference(seed)}, random_{seed}, ledger_{reference_, kAccounts} {
    for (AccountIndex i = 0; i < kAccounts; ++i) {
      const std::array<std::uint32_t, 4> assets{0, 0, 2, 1};  // the third is a coin
      testing::open_account(ledger_, 100 + i, AssetId::from_raw(assets[i % 4]));
    }
  }

  void step() {
    const AccountIndex account = any_account();
    const std::int64_t kind = random_.between(0, 99);
    if (kind < 50) return trade(account);
    if (kind < 70) return liquidate(account);
    if (kind < 80) return (void)ledger_.deposit(account, asset_of(account), any_amount());
    if (kind < 86) return ledger_.withdraw(account, asset_of(account), any_amount());
    if (kind < 90) {
      const AccountIndex to = same_asset(account);
      return ledger_.move_margin(account, to, asset_of(account), any_amount());
    }
    if (kind < 96) return settle_funding();
    hand_over(account);
  }

  /// Hands an account over; `error` is added to what it was worth.
  void hand_over_with(Int128 error) { hand_over(any_account(), error); }

  /// Empty, or what the books have wrong.
  [[nodiscard]] std::string fault() const {
    for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
      const AssetId asset = AssetId::from_raw(i);
      if (ledger_.conservation_gap(asset) != 0) return "money is not conserved";
      if (ledger_.totals(asset).rounding < 0) return "rounding is negative";
    }
    for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
      if (ledger_.position_gap(InstrumentId::from_raw(i)) != 0) return "positions do not add up";
    }
    testing::HeldPositions held;
    const std::string fault = testing::positions_fault(ledger_, reference_, held);
    if (!fault.empty()) return fault;
    return held.quantities == model_ ? "" : "positions are not the sum of their fills";
  }

  [[nodiscard]] std::size_t positions() const { return model_.size(); }

 private:
  AccountIndex any_account() { return static_cast<AccountIndex>(random_.below(kAccounts)); }
  [[nodiscard]] AssetId asset_of(AccountIndex account) const {
    return ledger_.account(account).asset;
  }
  AccountIndex same_asset(AccountIndex account) {
    AccountIndex other = any_account();
    while (asset_of(other) != asset_of(account)) other = any_account();
    return other;
  }
  /// Linear or inverse.
  InstrumentId any_instrument() {
    for (;;) {
      const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
      if (reference_.instruments[id].kind == reference::Kind::spot) continue;
      return InstrumentId::from_raw(id);
    }
  }
  Amount any_amount() { return Amount::from_raw(random_.between(1, 10'000'000'000)); }
  /// Off the tick grid, too: the ledger must not care.
  Price any_price(const reference::Instrument& instrument) {
    const std::int64_t start = support::starting_price(instrument).raw();
    return Price::from_raw(random_.between(start / 2, start * 3 / 2));
  }

  void book(AccountIndex account, InstrumentId instrument, std::int64_t quantity) {
    std::int64_t& sum = model_[{account, instrument.raw()}];
    sum += quantity;
    if (sum == 0) model_.erase({account, instrument.raw()});
  }

  /// Opening, adding, reducing, closing exactly, flipping; now and then refused.
  void trade(AccountIndex account) {
    const InstrumentId id = any_instrument();
    const reference::Instrument& instrument = reference_.instruments[id.raw()];
    const std::int64_t lot = instrument.lot.raw();
    std::int64_t quantity = random_.between(-50, 50) * lot + (random_.chance(30) ? 1 : 0);
    const auto held = model_.find({account, id.raw()});
    if (held != model_.end() && random_.chance(250)) quantity = -held->second;
    const auto refused = ledger_.apply_fill(
        account,
        testing::trade(id, quantity, any_price(instrument).raw(), random_.between(-1'000, 5'000)));
    if (!refused) book(account, id, quantity);
  }

  void liquidate(AccountIndex account) {
    const InstrumentId id = any_instrument();
    const reference::Instrument& instrument = reference_.instruments[id.raw()];
    if (instrument.settle != ledger_.account(account).asset) return;
    const auto held = model_.find({account, id.raw()});
    const bool sells = held != model_.end() && held->second > 0;
    const std::int64_t quantity = random_.between(1, 40) * instrument.lot.raw() * (sells ? -1 : 1);
    const Rate fee = Rate::from_raw(random_.between(0, 10'000'000));
    (void)ledger_.apply_liquidation_fill(
        account, testing::answer(id, quantity, any_price(instrument).raw()), fee);
    book(account, id, quantity);
  }

  void settle_funding() {
    const InstrumentId id = any_instrument();
    ledger_.settle_funding({.instrument = id,
                            .rate = Rate::from_raw(random_.between(-kRateOne / 10, kRateOne / 10)),
                            .price = any_price(reference_.instruments[id.raw()])});
  }

  /// Whatever the positions are worth: their value cancels out.
  void hand_over(AccountIndex account, Int128 error = 0) {
    Int128 entry = 0;
    ledger_.for_each_position(account, [&](const Position& position) {
      entry += position.entry_value.raw();
      model_.erase({account, position.instrument.raw()});
    });
    const Int128 balance = ledger_.account(account).balance.raw();
    ledger_.hand_over_value(asset_of(account), balance - entry + error);
    ledger_.hand_over(account, std::array{asset_of(account)});
  }

  reference::Reference reference_;
  support::Random random_;
  Ledger ledger_;
  std::map<testing::PositionKey, std::int64_t> model_;
};

TEST(LedgerHistory, NothingIsLostAndEveryHolderIsListedAfterEveryStep) {
  std::size_t positions = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    RandomBooks books{seed};
    for (int i = 0; i < 400; ++i) {
      books.step();
      ASSERT_EQ(books.fault(), "") << "seed " << seed << ", step " << i;
    }
    positions += books.positions();
  }
  EXPECT_GT(positions, 100U);  // The histories must leave something to check.
}

TEST(LedgerHistory, OneUnitTooMuchShows) {
  RandomBooks books{1};
  for (int i = 0; i < 400; ++i) books.step();
  books.hand_over_with(0);
  EXPECT_EQ(books.fault(), "");
  books.hand_over_with(1);
  EXPECT_EQ(books.fault(), "money is not conserved");
}

}  // namespace
}  // namespace plimsoll::ledger
