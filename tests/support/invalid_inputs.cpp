#include "tests/support/invalid_inputs.hpp"

#include <array>
#include <limits>

namespace plimsoll::support {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kBalanceMax = std::int64_t{1} << 60;
constexpr std::uint64_t kReserved = ~std::uint64_t{0};

AccountId unknown_account(Random& random) {
  return AccountId::from_raw(
      random.pick(std::array<std::uint64_t, 4>{0, 999'999, kReserved - 1, kReserved}));
}

/// One past the end of a list, or far beyond.
template <class Id, class List>
Id beyond(const List& list, Random& random) {
  const auto size = static_cast<std::uint32_t>(list.size());
  return Id::from_raw(random.pick(std::array<std::uint32_t, 3>{size, size + 7, 0xffffffffU}));
}

Amount not_positive(Random& random) {
  return Amount::from_raw(random.pick(std::array<std::int64_t, 4>{0, -1, -5'000'000, kLeast}));
}

/// Zero, negative, or above the instrument's highest.
Price bad_price(const reference::Instrument& instrument, Random& random) {
  return Price::from_raw(random.pick(
      std::array<std::int64_t, 5>{0, -1, kLeast, instrument.price_max.raw() + 1, kMost}));
}

class Invalid {
 public:
  Invalid(const reference::Reference& reference, const Valid& valid, bool extremes, Random& random)
      : reference_{reference},
        valid_{valid},
        instrument_{reference.instruments[valid.instrument.raw()]},
        extremes_{extremes},
        random_{random} {}

  InputBody any() {
    switch (random_.below(8)) {
      case 0:
        return unknown_account_named();
      case 1:
        return account_refused();
      case 2:
        return transfer_refused();
      case 3:
        return move_refused();
      case 4:
        return fill_refused();
      case 5:
        return fill_beyond_limits();
      case 6:
        return market_refused();
      default:
        return funding_refused();
    }
  }

 private:
  [[nodiscard]] TradeFilled fill() const {
    return {valid_.account.account, valid_.instrument, instrument_.lot,
            valid_.price,           Amount{},          ExternalId{}};
  }

  InputBody unknown_account_named() {
    const AccountId nobody = unknown_account(random_);
    const Amount amount = Amount::from_raw(random_.between(-1, 10));
    TradeFilled filled = fill();
    filled.account = nobody;
    switch (random_.below(6)) {
      case 0:
        return Deposited{nobody, amount, ExternalId{}};
      case 1:
        return WithdrawalRequested{nobody, amount, ExternalId{}};
      case 2:
        return MarginMoveRequested{nobody, valid_.account.account, amount, ExternalId{}};
      case 3:
        return MarginMoveRequested{valid_.account.account, nobody, amount, ExternalId{}};
      case 4:
        return LiquidationAnswered{nobody, LiquidationEpoch::from_raw(1U), valid_.instrument,
                                   Quantity{}, Price{}};
      default:
        return filled;
    }
  }

  InputBody account_refused() {
    AccountOpened opened = valid_.account;
    opened.parent = AccountId{};
    const std::uint64_t fresh = 5'000'000 + random_.below(1'000'000);
    switch (random_.below(8)) {
      case 0:
        return opened;  // a second time
      case 1:
        opened.account = AccountId{};
        return opened;
      case 2:
        opened.account = AccountId::from_raw(kReserved);
        return opened;
      case 3:
        opened.profile = beyond<ProfileId>(reference_.profiles, random_);
        return opened;
      case 4:
        opened.account = AccountId::from_raw(fresh);
        opened.asset = beyond<AssetId>(reference_.assets, random_);
        return opened;
      case 5:
        opened.account = AccountId::from_raw(fresh);
        opened.parent = valid_.stranger.account;  // of another owner
        return opened;
      case 6:
        opened.account = AccountId::from_raw(fresh);
        opened.parent = unknown_account(random_);
        if (opened.parent.raw() == 0) opened.account = AccountId{};
        return opened;
      default:
        opened.account = AccountId::from_raw(fresh);
        opened.parent = valid_.account.account;  // a sub-account of it, settled in another asset
        opened.asset = AssetId::from_raw(1 - valid_.account.asset.raw());
        return opened;
    }
  }

  InputBody transfer_refused() {
    const AccountId account = valid_.account.account;
    switch (random_.below(extremes_ ? 6 : 5)) {
      case 0:
        return Deposited{account, not_positive(random_), ExternalId{}};
      case 1:
        return Deposited{account,
                         Amount::from_raw(random_.chance(500) ? kMost : kBalanceMax + kBalanceMax),
                         ExternalId{}};
      case 2:
        return WithdrawalRequested{account, not_positive(random_), ExternalId{}};
      case 3:
        return FundEndowed{valid_.account.asset, not_positive(random_)};
      case 4:
        return FundEndowed{beyond<AssetId>(reference_.assets, random_), Amount::from_raw(1)};
      default:
        return Deposited{account, Amount::from_raw(kBalanceMax - random_.between(0, 1)),
                         ExternalId{}};
    }
  }

  InputBody move_refused() {
    const AccountId account = valid_.account.account;
    switch (random_.below(4)) {
      case 0:
        return MarginMoveRequested{account, account, Amount::from_raw(1), ExternalId{}};
      case 1:
        return MarginMoveRequested{account, valid_.stranger.account, Amount::from_raw(1),
                                   ExternalId{}};
      case 2:
        return MarginMoveRequested{account, valid_.stranger.account, not_positive(random_),
                                   ExternalId{}};
      default:
        return LiquidationAnswered{account, LiquidationEpoch::from_raw(0xfffffff0U),
                                   valid_.instrument, instrument_.lot, valid_.price};
    }
  }

  InputBody fill_refused() {
    TradeFilled filled = fill();
    switch (random_.below(5)) {
      case 0:
        filled.instrument = beyond<InstrumentId>(reference_.instruments, random_);
        return filled;
      case 1:
        filled.quantity = Quantity{};
        return filled;
      case 2:
        filled.quantity = Quantity::from_raw(instrument_.lot.raw() + 1);  // fine when the lot is 1
        return filled;
      case 3:
        filled.price = bad_price(instrument_, random_);
        return filled;
      default:
        filled.account = valid_.stranger.account;  // often settled in another asset
        filled.instrument = InstrumentId::from_raw(
            static_cast<std::uint32_t>(random_.below(reference_.instruments.size())));
        filled.quantity = reference_.instruments[filled.instrument.raw()].lot;
        filled.price = reference_.instruments[filled.instrument.raw()].tick;
        filled.price = filled.instrument == valid_.instrument ? valid_.price : filled.price;
        return settles_here(filled) ? fill() : filled;
    }
  }

  /// A fill at one tick in the right asset would only be a gift of money; it is not made.
  [[nodiscard]] bool settles_here(const TradeFilled& filled) const {
    return reference_.instruments[filled.instrument.raw()].settle == valid_.stranger.asset;
  }

  InputBody fill_beyond_limits() {
    TradeFilled filled = fill();
    const std::int64_t lot = instrument_.lot.raw();
    const Int128 room =
        Int128{kBalanceMax} * instrument_.value_divisor / instrument_.price_max.raw() / lot * lot;
    switch (random_.below(extremes_ ? 7 : 5)) {
      case 0:
        filled.fee = Amount::from_raw(random_.chance(500) ? kBalanceMax + 1 : kLeast);
        return filled;
      case 1:
        filled.fee = Amount::from_raw(-kBalanceMax - 1);
        return filled;
      case 2:
        filled.quantity = Quantity::from_raw(kMost / lot * lot);
        return filled;
      case 3:
        filled.quantity = Quantity::from_raw(kLeast / lot * lot);
        return filled;
      case 4:
        filled.quantity = Quantity::from_raw(static_cast<std::int64_t>(room + 2 * lot));
        return filled;
      case 5:
        filled.quantity = Quantity::from_raw(static_cast<std::int64_t>(-room + lot));
        return filled;
      default:
        filled.quantity = Quantity::from_raw(static_cast<std::int64_t>(room / 1'000 / lot * lot));
        filled.fee = Amount::from_raw(-kBalanceMax / 1'000);
        return filled;
    }
  }

  InputBody market_refused() {
    const InstrumentId nothing = beyond<InstrumentId>(reference_.instruments, random_);
    const InstrumentId id = valid_.instrument;
    const Price good = valid_.price;
    const Price bad = bad_price(instrument_, random_);
    const EventTime none{};
    switch (random_.below(8)) {
      case 0:
        return BookQuoted{nothing, good, bad, none};
      case 1:
        return MarkPublished{nothing, good, good, none};
      case 2:
        return TradePrinted{nothing, good, none};
      case 3:
        return BookQuoted{id, good, good, none};  // locked
      case 4:
        return BookQuoted{id, Price::from_raw(good.raw() + 1), good, none};  // crossed
      case 5:
        return BookQuoted{id, bad, random_.chance(500) ? bad : good, none};
      case 6:
        return MarkPublished{id, bad, good, none};
      default:
        return TradePrinted{id, bad, none};
    }
  }

  InputBody funding_refused() {
    const std::int64_t most = 100'000'000;
    switch (random_.below(4)) {
      case 0:
        return FundingSettled{beyond<InstrumentId>(reference_.instruments, random_), Rate{},
                              valid_.price};
      case 1:
        return FundingSettled{valid_.instrument, Rate::from_raw(most + 1), valid_.price};
      case 2:
        return FundingSettled{
            valid_.instrument,
            Rate::from_raw(random_.chance(500) ? -most - 1 : std::int64_t{kLeast}), valid_.price};
      default:
        return FundingSettled{valid_.instrument, Rate::from_raw(1'000),
                              bad_price(instrument_, random_)};
    }
  }

  const reference::Reference& reference_;
  const Valid& valid_;
  const reference::Instrument& instrument_;
  bool extremes_;
  Random& random_;
};

}  // namespace

InputBody invalid_input(const reference::Reference& reference, const Valid& valid, bool extremes,
                        Random& random) {
  return Invalid{reference, valid, extremes, random}.any();
}

}  // namespace plimsoll::support
