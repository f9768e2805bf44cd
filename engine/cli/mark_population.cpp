#include "engine/cli/mark_population.hpp"

#include "engine/reference/turnover.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::int64_t kLots = 1'000;              // of each position
constexpr std::int64_t kMost = kRateOne / 10 * 9;  // equity of the safest account

/// What a position of that many lots is charged at the start, in units of 1e-9 of its notional.
Rate initial_rate(const reference::Reference& reference, const reference::Instrument& instrument) {
  return reference.tiers[instrument.tiers_long.raw()].brackets.front().initial;
}

class Population {
 public:
  Population(const reference::Reference& reference, std::vector<InputBody>& inputs)
      : reference_{reference}, inputs_{inputs} {}

  void add(InstrumentId id, Price price, bool is_long, Rate equity) {
    const reference::Instrument& instrument = reference_.instruments[id.raw()];
    const AccountId account = AccountId::from_raw(members_.size() + 1);
    const std::int64_t size = kLots * instrument.lot.raw();
    const Int128 notional = reference::turnover(instrument, size, price).notional();
    inputs_.emplace_back(AccountOpened{.account = account,
                                       .owner = OwnerId::from_raw(account.raw()),
                                       .parent = {},
                                       .profile = {},
                                       .asset = instrument.settle});
    inputs_.emplace_back(
        Deposited{.account = account,
                  .amount = Amount::from_raw(narrow(reference::fee_of(notional, equity))),
                  .transfer = {},
                  .asset = instrument.settle});
    inputs_.emplace_back(TradeFilled{.account = account,
                                     .instrument = id,
                                     .quantity = Quantity::from_raw(is_long ? size : -size),
                                     .price = price,
                                     .fee = {},
                                     .fill = {}});
    members_.push_back({account, id, is_long, equity});
  }

  [[nodiscard]] std::vector<Member> take() { return std::move(members_); }

 private:
  const reference::Reference& reference_;
  std::vector<InputBody>& inputs_;
  std::vector<Member> members_;
};

}  // namespace

std::vector<Member> make_population(const reference::Reference& reference,
                                    const std::vector<Price>& prices, std::uint32_t steps,
                                    std::vector<InputBody>& inputs) {
  Population population{reference, inputs};
  for (std::uint32_t i = 0; i < prices.size(); ++i) {
    if (prices[i].raw() == 0) continue;
    const std::int64_t least = initial_rate(reference, reference.instruments[i]).raw();
    for (const bool is_long : {true, false}) {
      for (std::uint32_t k = 0; k < steps; ++k) {
        const std::int64_t equity = least + (kMost - least) * k / std::max(1U, steps - 1);
        population.add(InstrumentId::from_raw(i), prices[i], is_long, Rate::from_raw(equity));
      }
    }
  }
  return population.take();
}

}  // namespace plimsoll::cli
