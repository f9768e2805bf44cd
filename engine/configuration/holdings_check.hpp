#pragma once

#include <unordered_set>
#include <vector>

#include "engine/configuration/account_fields.hpp"
#include "engine/configuration/account_limits.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// The balances, positions and orders of one account, against the reference and one another. Private
// to this folder; one thread.

namespace plimsoll::configuration {

/// A position as inputs: the leverage comes first, for an instrument once.
struct PositionInputs {
  LeverageRequested leverage;  // of 0: none is asked for
  TradeFilled fill;
};

class HoldingsCheck {
 public:
  /// `reference` must be finished and outlive this.
  explicit HoldingsCheck(const reference::Reference& reference)
      : reference_{reference}, limits_{reference} {}

  /// Checks what an account holds. False: `fault` says what is wrong, and it holds nothing.
  [[nodiscard]] bool check(const AccountOpened& account, const AccountLine& line, LineFault& fault);
  /// The account of the last check is part of the book.
  void commit() { limits_.commit(); }

  // What the last account holds, as inputs.
  [[nodiscard]] const std::vector<BalanceImported>& balances() const noexcept { return balances_; }
  [[nodiscard]] std::vector<PositionInputs>& positions() noexcept { return positions_; }
  [[nodiscard]] const std::vector<OrderRequested>& orders() const noexcept { return orders_; }

 private:
  using Rules = reference::Instrument;
  [[nodiscard]] bool can_hold(AssetId asset) const noexcept;
  [[nodiscard]] bool check_balance(AssetId asset, std::string_view text, const FieldPlace& place,
                                   LineFault& fault);
  [[nodiscard]] bool check_balances(const AccountLine& line, LineFault& fault);
  [[nodiscard]] bool check_instrument(std::string_view symbol, LinePart part, std::size_t index,
                                      InstrumentId& instrument, LineFault& fault) const;
  [[nodiscard]] bool check_side(const std::optional<std::string_view>& word, LinePart part,
                                std::size_t index, PositionSide& side, LineFault& fault) const;
  [[nodiscard]] bool check_quantity(std::string_view text, LinePart part, std::size_t index,
                                    const Rules& rules, Quantity& quantity, LineFault& fault) const;
  [[nodiscard]] bool check_position(const PositionLine& line, std::size_t index, LineFault& fault);
  [[nodiscard]] bool check_entry_price(const PositionLine& line, std::size_t index,
                                       TradeFilled& fill, LineFault& fault) const;
  [[nodiscard]] bool check_leverage(const PositionLine& line, std::size_t index,
                                    PositionInputs& position, LineFault& fault);
  [[nodiscard]] bool check_order(const OrderLine& line, std::size_t index, LineFault& fault);
  [[nodiscard]] bool check_limit(const OrderLine& line, std::size_t index, OrderRequested& order,
                                 LineFault& fault) const;
  [[nodiscard]] bool check_reducing(const OrderLine& line, std::size_t index,
                                    const OrderRequested& order, LineFault& fault) const;
  [[nodiscard]] bool occupied_elsewhere(InstrumentId instrument) const noexcept;
  [[nodiscard]] const TradeFilled* find_position(InstrumentId instrument,
                                                 PositionSide side) const noexcept;

  const reference::Reference& reference_;
  AccountLimits limits_;
  AccountOpened account_;
  std::vector<BalanceImported> balances_;
  std::vector<PositionInputs> positions_;
  std::vector<OrderRequested> orders_;
  std::unordered_set<std::uint64_t> order_numbers_;
};

}  // namespace plimsoll::configuration
