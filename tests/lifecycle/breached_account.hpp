#pragma once

#include "engine/margin/valuation.hpp"
#include "engine/reference/turnover.hpp"
#include "tests/ledger/books.hpp"
#include "tests/support/random.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::lifecycle::testing {

/// A random account with positions, long and short, at marks that have moved since, and an equity
/// as asked for, to plan liquidations of.
class BreachedAccount {
 public:
  explicit BreachedAccount(std::uint64_t seed) : random_{seed}, reference_{any_reference(seed)} {
    const ProfileId profile =
        ProfileId::from_raw(static_cast<std::uint32_t>(random_.below(reference_.profiles.size())));
    ledger::testing::open_account(ledger, 7, support::kUsdt, profile);
    for (std::uint32_t i = 0; i <= support::kCheap.raw(); ++i) {
      const InstrumentId id = InstrumentId::from_raw(i);
      if (id == support::kCheap && random_.chance(400)) {
        open_dust(id);
      } else if (i == 0 || random_.chance(700)) {
        open_position(id);
      }
    }
    target = random_.chance(500) ? this->profile().liquidation_target : this->profile().call_target;
  }

  BreachedAccount(const BreachedAccount&) = delete;
  BreachedAccount& operator=(const BreachedAccount&) = delete;

  /// Money comes or goes until the equity is this.
  void set_equity(std::int64_t equity) {
    const std::int64_t missing = equity - valuation().equity.raw();
    if (missing > 0) (void)ledger.deposit(0, support::kUsdt, Amount::from_raw(missing));
    if (missing < 0) ledger.withdraw(0, support::kUsdt, Amount::from_raw(-missing));
  }
  /// An equity from 0 to just below the target.
  void breach() {
    const Int128 least = margin::threshold(valuation().maintenance_margin.raw(), target, profile());
    set_equity(random_.between(0, std::max<std::int64_t>(0, narrow(least) - 1)));
  }

  /// An equity from three times the maintenance below zero to once above it.
  void scatter() {
    const std::int64_t maintenance = valuation().maintenance_margin.raw();
    set_equity(random_.between(-3 * maintenance, maintenance));
  }

  [[nodiscard]] margin::Valuation valuation() const { return valuer.revalue(0); }
  [[nodiscard]] const margin::Portfolio& portfolio() const { return valuer.copy(0); }
  [[nodiscard]] std::int64_t excess() const {
    return (valuation().equity - valuation().maintenance_margin).raw();
  }
  [[nodiscard]] bool below_target() const {
    return margin::below(valuation().equity.raw(), valuation().maintenance_margin.raw(), target,
                         profile());
  }
  [[nodiscard]] std::int64_t quantity(InstrumentId instrument) const {
    const auto index = ledger.find_position(0, instrument, PositionSide::net);
    return index == ledger::kNone ? 0 : ledger.position(index).quantity.raw();
  }
  [[nodiscard]] Int128 maintenance(InstrumentId instrument) const {
    const auto index = ledger.find_position(0, instrument, PositionSide::net);
    return index == ledger::kNone ? 0 : valuer.maintenance_of(ledger.position(index));
  }
  [[nodiscard]] const reference::Profile& profile() const {
    return reference_.profiles[ledger.account(0).profile.raw()];
  }
  [[nodiscard]] const reference::Instrument& instrument_of(InstrumentId id) const {
    return reference_.instruments[id.raw()];
  }
  [[nodiscard]] const reference::Reference& reference() const { return reference_; }

 private:
  static reference::Reference any_reference(std::uint64_t seed) {
    return seed % 4 == 0 ? support::small_reference() : support::random_linear_reference(seed);
  }

  /// A few lots that are worth next to nothing, where rounding decides.
  void open_dust(InstrumentId id) {
    const reference::Instrument& instrument = instrument_of(id);
    const std::int64_t quantity =
        random_.between(1, 20) * instrument.lot.raw() * (random_.chance(500) ? 1 : -1);
    const std::int64_t mark = instrument.tick.raw() * random_.between(1, 1'000);
    PLIMSOLL_ASSERT(!ledger.apply_fill(0, ledger::testing::trade(id, quantity, mark)));
    marks.set(id, Price::from_raw(mark));
  }

  /// From one lot to a few million units of notional, at a mark up to 30 % from the entry.
  void open_position(InstrumentId id) {
    const reference::Instrument& instrument = instrument_of(id);
    const std::int64_t start = support::starting_price(instrument).raw();
    const Int128 lot_value =
        reference::turnover(instrument, instrument.lot.raw(), Price::from_raw(start)).ceil();
    const std::int64_t most =
        narrow(std::max<Int128>(1, Int128{1'000'000} * 5'000'000 / lot_value));
    const std::int64_t lots =
        random_.between(1, std::max<std::int64_t>(1, most >> random_.between(0, 20)));
    const std::int64_t quantity = lots * instrument.lot.raw() * (random_.chance(500) ? 1 : -1);
    PLIMSOLL_ASSERT(!ledger.apply_fill(0, ledger::testing::trade(id, quantity, start)));
    marks.set(id, Price::from_raw(random_.between(start / 10 * 7, start / 10 * 13)));
  }

  support::Random random_;
  reference::Reference reference_;

 public:
  ledger::Ledger ledger{reference_, 4};
  marks::Marks marks{reference_};
  margin::Valuer valuer{reference_, ledger, marks};
  Rate target;
};

}  // namespace plimsoll::lifecycle::testing
