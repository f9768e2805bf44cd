#pragma once

#include <optional>

#include "engine/marks/marks.hpp"
#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/message/openings.hpp"

namespace plimsoll::core {

/// What the sequencer can tell of an input without any account: it refuses what names no asset or
/// instrument, or is out of range, before a shard sees it.
class InputChecks {
 public:
  explicit InputChecks(const reference::Reference& reference) : reference_{reference} {}

  using Answer = std::optional<Refusal>;
  [[nodiscard]] bool exists(AssetId asset) const noexcept {
    return asset.raw() < reference_.assets.size();
  }
  [[nodiscard]] Answer check(const FundingSettled& input, const marks::Marks& marks) const noexcept;
  [[nodiscard]] Answer check(const FundingEstimated& input) const noexcept;
  [[nodiscard]] Answer check(const OpenInterestPublished& input) const noexcept;
  [[nodiscard]] Answer check(const InterestCharged& input) const noexcept;
  [[nodiscard]] Answer check(const InventoryAnswered& input) const noexcept;
  [[nodiscard]] Answer check(const InstrumentChanged& input,
                             const marks::Marks& marks) const noexcept;
  [[nodiscard]] Answer check(const SettlementPriced& input,
                             const marks::Marks& marks) const noexcept;

  /// The part of an account's input that needs no account.
  template <class Input>
  [[nodiscard]] Answer check_account_input(const Input& input,
                                           const marks::Marks& marks) const noexcept {
    if constexpr (requires { check_body(input, marks); }) return check_body(input, marks);
    return {};
  }
  /// A position to start with is looked at as the fill that says the same.
  [[nodiscard]] Answer check_opening(const OpeningLine& line,
                                     const marks::Marks& marks) const noexcept {
    return check_instrument(line.instrument, marks);
  }

 private:
  [[nodiscard]] Answer check_body(const Deposited& input, const marks::Marks&) const noexcept {
    return exists(input.asset) ? Answer{} : Refusal::reference_unknown;
  }
  [[nodiscard]] Answer check_body(const BalanceImported& input,
                                  const marks::Marks&) const noexcept {
    return exists(input.asset) ? Answer{} : Refusal::reference_unknown;
  }
  [[nodiscard]] Answer check_body(const WithdrawalRequested& input,
                                  const marks::Marks&) const noexcept {
    return exists(input.asset) ? Answer{} : Refusal::reference_unknown;
  }
  [[nodiscard]] Answer check_body(const TradeFilled& input,
                                  const marks::Marks& marks) const noexcept;
  [[nodiscard]] Answer check_instrument(InstrumentId instrument,
                                        const marks::Marks& marks) const noexcept;
  /// Does it exist, with lines of its own?
  [[nodiscard]] bool has_lines(InstrumentId instrument) const noexcept;
  [[nodiscard]] bool is_price(InstrumentId instrument, Price price) const noexcept;

  const reference::Reference& reference_;
};

}  // namespace plimsoll::core
