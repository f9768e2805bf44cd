#include "engine/house/house.hpp"

#include <algorithm>
#include <limits>

namespace plimsoll::house {
namespace {

/// More of them at one settling point take memory once more.
constexpr std::size_t kDecisionsAtStart = 4'096;

/// For events: the house's sums over all accounts may pass 64 bits, its books hold them.
std::int64_t saturated(Int128 wide) noexcept {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp<Int128>(wide, -kMax, kMax));
}

Amount amount_of(Int128 wide) noexcept {
  return Amount::from_raw(saturated(wide));
}

}  // namespace

House::House(const reference::Reference& reference)
    : reference_{reference},
      funds_(reference.assets.size()),
      books_(reference.assets.size()),
      inventory_(reference.instruments.size()),
      ordered_(reference.instruments.size()),
      settlement_prices_(reference.instruments.size()),
      settled_at_(reference.instruments.size()),
      fees_(reference.assets.size()) {
  decisions_.reserve(kDecisionsAtStart);
  taken_.reserve(kDecisionsAtStart);
}

void House::observe(const Event& event) {
  if (const auto* taken = std::get_if<PositionTakenOver>(&event.body)) {
    decisions_.emplace_back(InventoryAbsorbed{.account = event.header.account,
                                              .instrument = taken->instrument,
                                              .quantity = taken->quantity,
                                              .value = taken->mark_value});
  } else if (const auto* balance = std::get_if<BalanceTakenOver>(&event.body)) {
    decisions_.emplace_back(TakeoverSettled{
        .account = event.header.account, .asset = balance->asset, .equity = balance->amount});
  } else if (const auto* fill = std::get_if<LiquidationFillApplied>(&event.body)) {
    const AssetId asset = reference_.instruments[fill->instrument.raw()].settle;
    fees_[asset.raw()] += fill->fee.raw();
  } else if (std::holds_alternative<LiquidationStarted>(event.body)) {
    count_liquidation(event.header.time);
  }
}

void House::count_liquidation(EventTime time) noexcept {
  const reference::Breaker& breaker = reference_.breaker;
  if (breaker.liquidations_max == 0) return;
  const std::int64_t window = divide_floor<std::int64_t>(time.raw(), breaker.window.raw());
  if (window != window_) started_ = 0;
  window_ = window;
  ++started_;
  tripped_ = tripped_ || started_ > breaker.liquidations_max;
}

void House::note_breaker(bool paused, EventTime now) noexcept {
  if (paused == paused_) return;
  paused_ = paused;
  paused_since_ = now;
  tripped_ = false;
  started_ = 0;
}

void House::decide_on_breaker(EventTime now) {
  if (tripped_ && !paused_) {
    decisions_.emplace_back(
        LiquidationsPaused{.reason = PauseReason::breaker, .by = {}, .number = {}});
  }
  tripped_ = false;
  const Duration hold = reference_.breaker.hold;
  if (paused_ && hold.raw() != 0 && now >= paused_since_ + hold) {
    decisions_.emplace_back(
        LiquidationsResumed{.reason = PauseReason::breaker, .by = {}, .number = {}});
  }
}

std::span<const InputBody> House::take_decisions(EventTime now) {
  for (std::uint32_t asset = 0; asset < fees_.size(); ++asset) {
    if (fees_[asset] == 0) continue;
    const Amount amount = amount_of(fees_[asset]);  // what is left comes with the next decisions
    decisions_.emplace_back(FeesCollected{.asset = AssetId::from_raw(asset), .amount = amount});
    fees_[asset] -= amount.raw();
  }
  decide_on_breaker(now);
  taken_.swap(decisions_);
  decisions_.clear();
  return taken_;
}

void House::settle(AssetId asset, Int128 amount, const Cause& cause, AccountId account,
                   std::vector<Event>& out) {
  Fund& fund = funds_[asset.raw()];
  const Int128 before = fund.balance;
  const Int128 moved = std::max(amount, -before);
  const Int128 uncovered = moved - amount;
  fund.balance += moved;
  fund.bad_debt += uncovered;
  if (moved != 0) {
    out.push_back(make_event(cause, account,
                             InsuranceFundChanged{.before = amount_of(before),
                                                  .amount = amount_of(moved),
                                                  .after = amount_of(fund.balance),
                                                  .asset = asset}));
  }
  if (uncovered != 0) {
    out.push_back(make_event(
        cause, account,
        BadDebtBooked{
            .amount = amount_of(uncovered), .total = amount_of(fund.bad_debt), .asset = asset}));
  }
}

std::optional<Refusal> House::apply(const FundEndowed& input, const Cause& cause,
                                    std::vector<Event>& out) {
  if (input.asset.raw() >= funds_.size()) return Refusal::reference_unknown;
  if (input.amount.raw() <= 0) return Refusal::amount_not_positive;
  if (funds_[input.asset.raw()].balance + input.amount.raw() > ledger::kExposureMax) {
    return Refusal::exposure_out_of_range;
  }
  books_[input.asset.raw()].endowed += input.amount.raw();
  settle(input.asset, input.amount.raw(), cause, {}, out);
  return {};
}

void House::apply(const InventoryAbsorbed& input, const Cause& cause, std::vector<Event>& out) {
  ledger::Holding& holding = inventory_[input.instrument.raw()];
  const AssetId asset = reference_.instruments[input.instrument.raw()].settle;
  holding.quantity += input.quantity.raw();
  holding.entry_value += input.value.raw();
  books_[asset.raw()].received -= input.value.raw();
  const Price settled = settled_at_[input.instrument.raw()];
  if (settled.raw() != 0) {
    return unwind(input.instrument, -input.quantity, settled, cause, out);
  }
  ordered_[input.instrument.raw()].of(-input.quantity) -= input.quantity.raw();
  out.push_back(make_event(
      cause, input.account,
      InventoryOrderIssued{.quantity = -input.quantity, .instrument = input.instrument}));
}

void House::apply(const TakeoverSettled& input, const Cause& cause, std::vector<Event>& out) {
  books_[input.asset.raw()].received += input.equity.raw();
  settle(input.asset, input.equity.raw(), cause, input.account, out);
}

void House::apply(const FeesCollected& input, const Cause& cause, std::vector<Event>& out) {
  books_[input.asset.raw()].received += input.amount.raw();
  settle(input.asset, input.amount.raw(), cause, {}, out);
}

void House::unwind(InstrumentId id, Quantity quantity, Price price, const Cause& cause,
                   std::vector<Event>& out) {
  const reference::Instrument& instrument = reference_.instruments[id.raw()];
  ledger::Holding& holding = inventory_[id.raw()];
  const ledger::Booking booking = ledger::book_fill(holding, quantity, price, instrument);
  holding = booking.after;
  books_[instrument.settle.raw()].rest_of_world += booking.rest_of_world;
  books_[instrument.settle.raw()].rounding += booking.rounding;
  out.push_back(make_event(cause, {},
                           InventoryUnwound{.quantity = quantity,
                                            .price = price,
                                            .pnl = amount_of(booking.realised),
                                            .instrument = id}));
  settle(instrument.settle, booking.realised, cause, {}, out);
}

bool House::has_ordered(const InventoryAnswered& input) const noexcept {
  const Ordered& ordered = ordered_[input.instrument.raw()];
  const Int128 quantity = input.quantity.raw();
  if (quantity > 0) return quantity <= ordered.bought;
  return quantity < 0 && quantity >= ordered.sold;
}

void House::apply(const InventoryAnswered& input, const Cause& cause, std::vector<Event>& out) {
  ordered_[input.instrument.raw()].of(input.quantity) -= input.quantity.raw();
  unwind(input.instrument, input.quantity, input.price, cause, out);
}

bool House::settlement_waits() const noexcept {
  return std::any_of(settlement_prices_.begin(), settlement_prices_.end(),
                     [](Price price) { return price.raw() != 0; });
}

void House::apply(const FuturesSettled& /*input*/, const Cause& cause, std::vector<Event>& out) {
  for (std::uint32_t i = 0; i < settlement_prices_.size(); ++i) {
    const Price price = std::exchange(settlement_prices_[i], {});
    if (price.raw() == 0) continue;
    settled_at_[i] = price;
    ordered_[i] = {};
    while (inventory_[i].quantity != 0) {
      const Quantity all = Quantity::from_raw(saturated(-inventory_[i].quantity));
      unwind(InstrumentId::from_raw(i), all, price, cause, out);
    }
  }
}

Int128 House::conservation_gap(AssetId asset) const {
  const Fund& fund = funds_[asset.raw()];
  const Books& books = books_[asset.raw()];
  Int128 sum = fund.balance - fund.bad_debt + books.rest_of_world + books.rounding;
  for (std::size_t i = 0; i < inventory_.size(); ++i) {
    if (reference_.instruments[i].settle == asset) sum -= inventory_[i].entry_value;
  }
  return sum - books.received - books.endowed;
}

}  // namespace plimsoll::house
