// Goal: an account opened with what it holds is the account that a deposit and fills would have
// made, or is refused for the same reason. Method: random accounts, good and spoilt, into two
// ledgers, at once and one input after the other; everything that the books say is compared.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "engine/ledger/ledger.hpp"
#include "tests/ledger/books.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_rules.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::ledger {
namespace {

constexpr std::size_t kAccounts = 32;

std::uint64_t seed_count(std::uint64_t quick) {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  return factor == nullptr ? quick : quick * std::max(1ULL, std::strtoull(factor, nullptr, 10));
}

/// An account and what it is to hold.
struct Opening {
  AccountOpened account;
  Amount balance;
  std::vector<OpeningLine> lines;
};

/// Makes accounts: most of them good, the others with a thing or two that may be wrong.
class OpeningMaker {
 public:
  OpeningMaker(const reference::Reference& reference, std::uint64_t seed)
      : reference_{reference}, random_{seed} {}

  Opening make() {
    Opening opening{.account = some_account(), .balance = {}, .lines = {}};
    if (random_.chance(850)) opening.balance = Amount::from_raw(random_.between(1, kMoney));
    const bool isolated = opening.account.mode == MarginMode::isolated;
    const std::int64_t lines = random_.between(0, isolated && random_.chance(800) ? 1 : 6);
    for (std::int64_t i = 0; i < lines; ++i) add_line(opening);
    std::sort(opening.lines.begin(), opening.lines.end(), [](const auto& a, const auto& b) {
      return a.instrument != b.instrument ? a.instrument < b.instrument : a.side < b.side;
    });
    if (random_.chance(400)) spoil(opening);
    return opening;
  }

 private:
  static constexpr std::int64_t kMoney = std::int64_t{1} << 40;

  AccountOpened some_account() {
    AccountOpened account{.account = AccountId::from_raw(1'000 - ++accounts_),
                          .owner = OwnerId::from_raw(1 + random_.below(4)),
                          .parent = {},
                          .profile = ProfileId::from_raw(static_cast<std::uint32_t>(
                              random_.below(reference_.profiles.size()))),
                          .asset = support::kUsdt};
    const bool multi = reference_.numeraire != kNoAsset && random_.chance(300);
    if (multi) {
      account.mode = MarginMode::multi_asset;
      account.asset = reference_.numeraire;
    } else if (random_.chance(500)) {
      account.asset = reference_.instruments[random_.below(reference_.instruments.size())].settle;
    }
    if (!multi && random_.chance(200)) account.mode = MarginMode::isolated;
    if (random_.chance(300)) account.position_mode = PositionMode::hedge;
    return account;
  }

  [[nodiscard]] bool can_hold(const AccountOpened& account, AssetId asset) const {
    return asset == account.asset || (account.mode == MarginMode::multi_asset &&
                                      reference_.assets[asset.raw()].index_max.raw() > 0);
  }
  InstrumentId any_instrument() {
    return InstrumentId::from_raw(
        static_cast<std::uint32_t>(random_.below(reference_.instruments.size())));
  }
  /// Mostly one that the account can hold.
  InstrumentId some_instrument(const AccountOpened& account) {
    InstrumentId id = any_instrument();
    for (int attempt = 0; attempt < 8 && !fits(account, id); ++attempt) id = any_instrument();
    return id;
  }
  [[nodiscard]] bool fits(const AccountOpened& account, InstrumentId id) const {
    const reference::Instrument& rules = reference_.instruments[id.raw()];
    return rules.kind != reference::Kind::spot && can_hold(account, rules.settle);
  }

  /// A line that fits, unless its like is there already.
  void add_line(Opening& opening) {
    const InstrumentId id = some_instrument(opening.account);
    if (!fits(opening.account, id)) return;
    const OpeningLine line = line_in(opening.account, id);
    for (const OpeningLine& other : opening.lines) {
      if (other.instrument == id && other.side == line.side) return;
    }
    opening.lines.push_back(line);
  }

  OpeningLine line_in(const AccountOpened& account, InstrumentId id) {
    const reference::Instrument& rules = reference_.instruments[id.raw()];
    const std::int64_t size = random_.between(1, 50) * rules.lot.raw();
    const bool sells = random_.chance(400);
    PositionSide side = PositionSide::net;
    if (account.position_mode == PositionMode::hedge) {
      side = sells ? PositionSide::short_side : PositionSide::long_side;
    }
    return {.quantity = Quantity::from_raw(sells ? -size : size),
            .entry_price = near_start(rules),
            .instrument = id,
            .side = side};
  }
  Price near_start(const reference::Instrument& rules) {
    const std::int64_t start = support::starting_price(rules).raw();
    return Price::from_raw(std::clamp(random_.between(start / 2, start * 3 / 2),
                                      rules.price_min.raw(), rules.price_max.raw()));
  }

  void spoil(Opening& opening) {
    if (random_.chance(150)) return spoil_balance(opening.balance);
    if (!opening.lines.empty() && random_.chance(150)) return enlarge(opening.lines);
    for (std::int64_t times = random_.between(1, 2); times > 0; --times) spoil_lines(opening);
  }

  /// All of them together about as large as the limit.
  void enlarge(std::vector<OpeningLine>& lines) {
    const std::int64_t parts = random_.between(1, 2 * static_cast<std::int64_t>(lines.size()));
    for (OpeningLine& line : lines) {
      const reference::Instrument& rules = reference_.instruments[line.instrument.raw()];
      const Int128 many = Int128{1'000'000} * rules.lot.raw();
      const Int128 exposure = std::max<Int128>(1, exposure_of(rules, many).value_or(kExposureMax));
      const Int128 lots = Int128{kExposureMax} / parts * 1'000'000 / exposure;
      const Int128 size = std::min<Int128>(lots, kExposureMax / rules.lot.raw()) * rules.lot.raw();
      line.quantity = Quantity::from_raw(narrow(line.quantity.raw() < 0 ? -size : size));
    }
  }

  void spoil_balance(Amount& balance) {
    balance = Amount::from_raw(random_.pick(std::array<std::int64_t, 4>{
        -1, kExposureMax, kExposureMax + 1, kExposureMax / 4 - random_.between(0, 1'000)}));
  }

  /// Other lines, or another order of them.
  void spoil_lines(Opening& opening) {
    std::vector<OpeningLine>& lines = opening.lines;
    if (lines.empty() || random_.chance(150)) {
      const bool wild = random_.chance(200);
      return lines.push_back(
          line_in(opening.account, wild ? any_instrument() : some_instrument(opening.account)));
    }
    const std::size_t at = random_.below(lines.size());
    if (lines[at].instrument.raw() >= reference_.instruments.size()) return;
    switch (random_.below(4)) {
      case 0:
        return std::swap(lines[at], lines[random_.below(lines.size())]);
      case 1:
        return lines.push_back(lines[at]);
      case 2:  // more, less, or the opposite, of what is there
        lines.push_back(line_in(opening.account, lines[at].instrument));
        lines.back().quantity = random_.chance(500) ? -lines[at].quantity : lines[at].quantity;
        lines.back().side = lines[at].side;
        return;
      default:
        return spoil_line(lines[at]);
    }
  }

  void spoil_line(OpeningLine& line) {
    const reference::Instrument& rules = reference_.instruments[line.instrument.raw()];
    switch (random_.below(6)) {
      case 0:
        line.quantity = Quantity::from_raw(random_.between(-3, 3));
        return;
      case 1:
        line.quantity = large(rules);
        return;
      case 2:
        line.entry_price = edge(rules);
        return;
      case 3:
        line.quantity = -line.quantity;
        return;
      case 4:
        line.side = static_cast<PositionSide>(random_.between(0, 3));
        return;
      default:
        line.instrument = InstrumentId::from_raw(
            static_cast<std::uint32_t>(reference_.instruments.size() + random_.below(2)));
    }
  }
  /// From well within the limits to far beyond them.
  Quantity large(const reference::Instrument& rules) {
    const std::int64_t lots = (std::int64_t{1} << random_.between(30, 62)) / rules.lot.raw();
    return Quantity::from_raw((random_.chance(500) ? lots : -lots) * rules.lot.raw());
  }
  Price edge(const reference::Instrument& rules) {
    return Price::from_raw(random_.pick(std::array<std::int64_t, 6>{
        rules.price_min.raw(), rules.price_min.raw() - 1, rules.price_max.raw(),
        rules.price_max.raw() + 1, 0, -rules.price_max.raw()}));
  }

  const reference::Reference& reference_;
  support::Random random_;
  std::uint64_t accounts_{0};
};

/// What would refuse the fills of an opening one after the other; an instrument that does not
/// exist is found before the others are booked.
std::optional<Refusal> open_one_by_one(Ledger& ledger, const Opening& opening,
                                       const reference::Reference& reference) {
  const AccountIndex account = ledger.open(opening.account);
  if (opening.balance.raw() != 0) {
    const auto refused = ledger.deposit(account, opening.account.asset, opening.balance);
    if (refused) return refused;
  }
  for (const OpeningLine& line : opening.lines) {
    if (line.instrument.raw() >= reference.instruments.size()) return Refusal::reference_unknown;
  }
  for (const OpeningLine& line : opening.lines) {
    TradeFilled fill = testing::trade(line.instrument, line.quantity.raw(), line.entry_price.raw());
    fill.side = line.side;
    if (const auto refused = ledger.apply_fill(account, fill)) return refused;
  }
  return {};
}

void expect_same_account(const Account& a, const Account& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.owner, b.owner);
  EXPECT_EQ(a.parent, b.parent);
  EXPECT_EQ(a.balance, b.balance);
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.asset, b.asset);
  EXPECT_EQ(a.first_position, b.first_position);
  EXPECT_EQ(a.first_balance, b.first_balance);
  EXPECT_EQ(a.first_order, b.first_order);
  EXPECT_EQ(a.aggregated, b.aggregated);
  EXPECT_EQ(a.mode, b.mode);
  EXPECT_EQ(a.position_mode, b.position_mode);
  EXPECT_EQ(a.auto_top_up, b.auto_top_up);
  EXPECT_EQ(a.listed, b.listed);
}

void expect_same_position(const Position& a, const Position& b) {
  EXPECT_EQ(a.quantity, b.quantity);
  EXPECT_EQ(a.entry_value, b.entry_value);
  EXPECT_EQ(a.buys, b.buys);
  EXPECT_EQ(a.sells, b.sells);
  EXPECT_EQ(a.leverage, b.leverage);
  EXPECT_EQ(a.instrument, b.instrument);
  EXPECT_EQ(a.account, b.account);
  EXPECT_EQ(a.next, b.next);
  EXPECT_EQ(a.holder_place, b.holder_place);
  EXPECT_EQ(a.orders, b.orders);
  EXPECT_EQ(a.side, b.side);
}

std::vector<Position> positions_of(const Ledger& ledger, AccountIndex account) {
  std::vector<Position> all;
  ledger.for_each_position(account, [&](const Position& line) { all.push_back(line); });
  return all;
}

std::vector<std::pair<AssetId, Amount>> balances_of(const Ledger& ledger, AccountIndex account) {
  std::vector<std::pair<AssetId, Amount>> all;
  ledger.for_each_balance(account,
                          [&](AssetId asset, Amount amount) { all.emplace_back(asset, amount); });
  return all;
}

/// Two ledgers that have to stay the same.
class Twins {
 public:
  explicit Twins(const reference::Reference& reference) : reference_{reference} {}

  /// Why the account was refused, by both.
  std::optional<Refusal> open(const Opening& opening) {
    const auto refused = at_once_.open_with(opening.account, opening.balance, opening.lines);
    const auto expected = open_one_by_one(one_by_one_, opening, reference_);
    EXPECT_EQ(text_of(refused), text_of(expected));
    return refused;
  }

  /// Closes a third of the lines in both, so that slots in the middle get free.
  void close_some(support::Random& random) {
    for (AccountIndex i = 0; i < at_once_.account_count(); ++i) {
      for (const Position& line : positions_of(at_once_, i)) {
        if (!random.chance(330)) continue;
        TradeFilled fill = testing::trade(line.instrument, -line.quantity.raw(), price_of(line));
        fill.side = line.side;
        EXPECT_FALSE(at_once_.apply_fill(i, fill));
        EXPECT_FALSE(one_by_one_.apply_fill(i, fill));
      }
    }
  }

  void expect_same() const {
    ASSERT_EQ(at_once_.account_count(), one_by_one_.account_count());
    for (AccountIndex i = 0; i < at_once_.account_count(); ++i) expect_same_holdings(i);
    for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
      expect_same_totals(AssetId::from_raw(i));
    }
    for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
      expect_same_holders(InstrumentId::from_raw(i));
    }
  }

  [[nodiscard]] std::size_t positions() const {
    std::size_t count = 0;
    for (AccountIndex i = 0; i < at_once_.account_count(); ++i) {
      count += positions_of(at_once_, i).size();
    }
    return count;
  }

 private:
  static std::string text_of(const std::optional<Refusal>& refusal) {
    return refusal ? std::string{to_string(*refusal)} : "accepted";
  }
  [[nodiscard]] std::int64_t price_of(const Position& line) const {
    return support::starting_price(reference_.instruments[line.instrument.raw()]).raw();
  }

  void expect_same_holdings(AccountIndex account) const {
    const Account& holder = at_once_.account(account);
    expect_same_account(holder, one_by_one_.account(account));
    EXPECT_EQ(at_once_.find(holder.id), account);
    EXPECT_EQ(balances_of(at_once_, account), balances_of(one_by_one_, account));
    const auto lines = positions_of(at_once_, account);
    const auto expected = positions_of(one_by_one_, account);
    ASSERT_EQ(lines.size(), expected.size()) << "account " << account;
    for (std::size_t i = 0; i < lines.size(); ++i) expect_same_position(lines[i], expected[i]);
    if (holder.aggregated != Owners::kNone) expect_same_owner(account, holder.aggregated);
  }

  void expect_same_owner(AccountIndex account, std::uint32_t owner) const {
    const Owners& a = at_once_.owners();
    const Owners& b = one_by_one_.owners();
    EXPECT_TRUE(std::ranges::equal(a.accounts(owner), b.accounts(owner)));
    for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
      const InstrumentId id = InstrumentId::from_raw(i);
      EXPECT_TRUE(a.gross(owner, account, id) == b.gross(owner, account, id));
    }
    for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
      const AssetId id = AssetId::from_raw(i);
      EXPECT_TRUE(a.balances(owner, account, id) == b.balances(owner, account, id));
    }
  }

  void expect_same_totals(AssetId asset) const {
    const Totals& a = at_once_.totals(asset);
    const Totals& b = one_by_one_.totals(asset);
    EXPECT_TRUE(a.deposited == b.deposited && a.withdrawn == b.withdrawn && a.fees == b.fees &&
                a.rounding == b.rounding && a.rest_of_world == b.rest_of_world &&
                a.to_house == b.to_house && a.collateral == b.collateral)
        << "asset " << asset.raw();
    EXPECT_TRUE(at_once_.conservation_gap(asset) == 0) << "asset " << asset.raw();
    EXPECT_TRUE(
        std::ranges::equal(at_once_.asset_holders(asset), one_by_one_.asset_holders(asset)));
  }

  void expect_same_holders(InstrumentId instrument) const {
    EXPECT_TRUE(at_once_.position_gap(instrument) == 0) << "instrument " << instrument.raw();
    for (const Group group : {Group::single, Group::multi}) {
      const auto same = [](const Holder& a, const Holder& b) {
        return a.account == b.account && a.position == b.position;
      };
      EXPECT_TRUE(std::ranges::equal(at_once_.holders(instrument, group),
                                     one_by_one_.holders(instrument, group), same))
          << "instrument " << instrument.raw();
    }
  }

  const reference::Reference& reference_;
  Ledger at_once_{reference_, kAccounts};
  Ledger one_by_one_{reference_, kAccounts};
};

/// Ledgers, one after the other, until so many accounts have been tried.
class Trial {
 public:
  void run(std::uint64_t seed) {
    const reference::Reference reference = support::random_reference(seed);
    OpeningMaker maker{reference, seed};
    support::Random random{seed};
    for (std::size_t left = kAccounts; left > 0 && !::testing::Test::HasFailure();) {
      Twins twins{reference};
      bool good = true;
      for (; good && left > 0; --left) {
        good = open(twins, maker.make());
        if (good && random.chance(100)) twins.close_some(random);
      }
      if (good) positions_ += twins.positions();
    }
  }

  [[nodiscard]] std::size_t count(const std::string& outcome) const {
    const auto found = outcomes_.find(outcome);
    return found == outcomes_.end() ? 0 : found->second;
  }
  void print() const {
    for (const auto& [outcome, count] : outcomes_) std::cout << outcome << ": " << count << "\n";
    std::cout << "positions at the end of a seed: " << positions_ << "\n";
  }

 private:
  /// True when it was accepted: after a refusal the books are not to be used.
  bool open(Twins& twins, const Opening& opening) {
    const auto refused = twins.open(opening);
    ++outcomes_[refused ? std::string{to_string(*refused)} : "accepted"];
    if (!refused) twins.expect_same();
    return !refused;
  }

  std::map<std::string, std::size_t> outcomes_;
  std::size_t positions_{0};
};

TEST(LedgerOpening, IsThatOfADepositAndFillsOneByOne) {
  Trial trial;
  const std::uint64_t seeds = seed_count(1'000);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const ::testing::ScopedTrace trace{__FILE__, __LINE__, "seed " + std::to_string(seed)};
    trial.run(seed);
    if (HasFailure()) return;
  }
  trial.print();
  EXPECT_GT(trial.count("accepted"), 10'000U);
  for (const char* reason :
       {"reference_unknown", "asset_mismatch", "quantity_off_lot", "price_out_of_range",
        "side_mismatch", "isolated_occupied", "exposure_out_of_range", "amount_not_positive"}) {
    EXPECT_GT(trial.count(reason), 50U) << reason;
  }
}

// By hand.

class SmallOpening : public ::testing::Test {
 protected:
  [[nodiscard]] std::optional<Refusal> open(MarginMode mode,
                                            const std::vector<OpeningLine>& lines) {
    return ledger_.open_with({.account = AccountId::from_raw(7),
                              .owner = OwnerId::from_raw(1),
                              .parent = {},
                              .profile = {},
                              .asset = support::kUsdt,
                              .mode = mode},
                             Amount::from_raw(1'000'000), lines);
  }
  [[nodiscard]] OpeningLine line(InstrumentId instrument, std::int64_t lots) const {
    const reference::Instrument& rules = reference_.instruments[instrument.raw()];
    return {.quantity = Quantity::from_raw(lots * rules.lot.raw()),
            .entry_price = support::starting_price(rules),
            .instrument = instrument};
  }

  reference::Reference reference_ = support::small_reference();
  Ledger ledger_{reference_, 4};
};

TEST_F(SmallOpening, HoldsWhatItSays) {
  EXPECT_FALSE(open(MarginMode::cross, {line(support::kBtc, 3), line(support::kEth, -2)}));
  EXPECT_EQ(ledger_.account(0).balance.raw(), 1'000'000);
  const auto lines = positions_of(ledger_, 0);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].quantity.raw(), 3);  // 0.003 BTC at 61,800
  EXPECT_EQ(lines[0].entry_value.raw(), 185'400'000);
  EXPECT_EQ(lines[1].quantity.raw(), -2);  // -0.02 ETH at 3,400
  EXPECT_EQ(lines[1].entry_value.raw(), -68'000'000);
  EXPECT_TRUE(ledger_.totals(support::kUsdt).deposited == 1'000'000);
}

TEST_F(SmallOpening, OfAnIsolatedAccountTakesOneInstrument) {
  EXPECT_EQ(open(MarginMode::isolated, {line(support::kBtc, 3), line(support::kEth, -2)}),
            Refusal::isolated_occupied);
}

TEST_F(SmallOpening, IsLimitedByTheSumOfItsLines) {
  // Worth a thousandth of a unit at most, so that the exposure of CHEAP is its quantity.
  reference_.instruments[support::kCheap.raw()].tick = Price::from_raw(1);
  reference_.instruments[support::kCheap.raw()].price_max = Price::from_raw(1'000);
  EXPECT_TRUE(reference::finish(reference_).empty());
  const Int128 of_btc = exposure_of(reference_.instruments[support::kBtc.raw()], 3).value();
  const auto lines_of = [&](std::int64_t more) {
    OpeningLine cheap = line(support::kCheap, kExposureMax - narrow(of_btc) + more);
    cheap.entry_price = Price::from_raw(1'000);
    return std::vector<OpeningLine>{line(support::kBtc, 3), cheap};
  };
  EXPECT_EQ(open(MarginMode::cross, lines_of(1)), Refusal::exposure_out_of_range);
  Ledger other{reference_, 4};
  EXPECT_FALSE(other.open_with({.account = AccountId::from_raw(7),
                                .owner = OwnerId::from_raw(1),
                                .parent = {},
                                .profile = {},
                                .asset = support::kUsdt},
                               {}, lines_of(0)));
}

TEST_F(SmallOpening, OfLinesThatCancelOutHoldsNothing) {
  EXPECT_FALSE(open(MarginMode::cross, {line(support::kBtc, 3), line(support::kBtc, -3)}));
  EXPECT_TRUE(positions_of(ledger_, 0).empty());
  EXPECT_TRUE(testing::holders_of(ledger_, support::kBtc).empty());
  EXPECT_TRUE(ledger_.position_gap(support::kBtc) == 0);
}

}  // namespace
}  // namespace plimsoll::ledger
