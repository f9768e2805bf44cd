#pragma once

#include <gtest/gtest.h>

#include "tests/oracle/oracle.hpp"
#include "tests/support/describe.hpp"
#include "tests/support/reference_fixture.hpp"

// What hand-computed cases share: an oracle, and short words for what happens to it.

namespace plimsoll::oracle {

inline constexpr std::int64_t kStart = 1'700'000'000'000'000'000;
inline constexpr std::int64_t kMillisecond = 1'000'000;
inline constexpr AccountId kAnn = AccountId::from_raw(11);
inline constexpr AccountId kBob = AccountId::from_raw(12);

[[nodiscard]] constexpr Price price_of(std::int64_t whole, std::int64_t thousandths = 0) {
  return Price::from_raw(whole * kRateOne + thousandths * 1'000'000);
}

/// An oracle over a reference, and short words for what happens.
class Case : public testing::Test {
 protected:
  explicit Case(reference::Reference reference) : reference_{std::move(reference)} {}

  void at(std::int64_t milliseconds) { time_ = kStart + milliseconds * kMillisecond; }
  void submit(const InputBody& body) {
    oracle_.submit({Sequence{}, EventTime::from_raw(time_), Origin::external, body});
  }
  void deposit(AccountId account, std::int64_t amount, AssetId asset = {}) {
    submit(Deposited{account, Amount::from_raw(amount), ExternalId{}, asset});
  }
  void withdraw(AccountId account, std::int64_t amount, AssetId asset = {}) {
    submit(WithdrawalRequested{account, Amount::from_raw(amount), ExternalId::from_raw(5), asset});
  }
  void fill(AccountId account, InstrumentId instrument, std::int64_t quantity, Price price,
            PositionSide side = PositionSide::net) {
    submit(TradeFilled{account, instrument, Quantity::from_raw(quantity), price, Amount{},
                       ExternalId{}, side, ExternalId{}});
  }
  void mark(InstrumentId instrument, Price price) {
    submit(MarkPublished{instrument, price, Price{}, EventTime{}});
  }
  /// Lets house and exchange do what is due by then, and forgets nothing.
  void wait_until(std::int64_t milliseconds) {
    at(milliseconds);
    submit(TimeAdvanced{});
  }

  [[nodiscard]] std::size_t count() const { return oracle_.events().size(); }
  [[nodiscard]] const Event& event(std::size_t number) const {
    return oracle_.events().at(number - 1);
  }
  /// The body of an event that must be of this kind; `what` of the test when it is another.
  template <class Body>
  [[nodiscard]] Body body(std::size_t number) const {
    if (number > count()) {
      ADD_FAILURE() << "there is no event " << number;
      return {};
    }
    const Body* found = std::get_if<Body>(&event(number).body);
    if (found == nullptr) {
      ADD_FAILURE() << support::describe(event(number));
      return {};
    }
    return *found;
  }
  [[nodiscard]] const Account& account(AccountId id) const {
    return oracle_.world().accounts.at(id.raw());
  }
  [[nodiscard]] Int128 balance(AccountId id, AssetId asset = {}) const {
    return account(id).balance(asset.raw());
  }
  /// The account's position in one-way mode.
  [[nodiscard]] Position position(AccountId id, InstrumentId instrument) const {
    return account(id).position({instrument.raw(), PositionSide::net});
  }
  [[nodiscard]] const AssetBooks& books(AssetId asset = {}) const {
    return oracle_.world().assets[asset.raw()];
  }

  reference::Reference reference_;
  Oracle oracle_{reference_};
  std::int64_t time_{kStart};
};

}  // namespace plimsoll::oracle
