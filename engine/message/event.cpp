#include "engine/message/event.hpp"

#include <array>

namespace plimsoll {

std::string_view event_kind_name(std::uint8_t kind) noexcept {
  static constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kNames{
      "input_refused",
      "withdrawal_accepted",
      "withdrawal_refused",
      "liquidation_fill_applied",
      "margin_call_met",
      "margin_call_failed",
      "margin_call_escalated",
      "liquidation_started",
      "liquidation_order_issued",
      "account_taken_over",
      "position_taken_over",
      "liquidation_completed",
      "margin_call_issued",
      "insurance_fund_changed",
      "bad_debt_booked",
      "inventory_order_issued",
      "inventory_unwound",
      "order_accepted",
      "order_refused",
      "order_cancel_requested",
      "leverage_changed",
      "account_mode_changed",
      "margin_topped_up",
      "collateral_exchanged",
      "position_settled",
      "balance_taken_over",
      "source_state_changed",
      "price_trust_changed",
      "breach_noted",
      "breach_cleared",
      "margin_call_suspended",
      "margin_call_resumed",
      "liquidation_pause_changed",
      "settlement_averaged"};
  return kind < kNames.size() ? kNames[kind] : "unknown";
}

std::string_view to_string(Refusal reason) noexcept {
  static constexpr std::array<std::string_view, 34> kNames{
      // from 1
      "account_unknown",       "account_exists",        "parent_unknown",    "asset_mismatch",
      "owner_mismatch",        "amount_not_positive",   "quantity_off_lot",  "price_out_of_range",
      "exposure_out_of_range", "capacity_exhausted",    "reference_unknown", "rate_out_of_range",
      "liquidation_unknown",   "mode_unsupported",      "side_mismatch",     "isolated_occupied",
      "not_trading",           "order_unknown",         "order_exists",      "would_not_reduce",
      "position_limit",        "insufficient_excess",   "mark_missing",      "in_liquidation",
      "positions_open",        "leverage_out_of_range", "price_unknown",     "tick_late",
      "time_in_future",        "time_went_back",        "number_repeated",   "spread_too_wide",
      "index_computed",        "already_expired"};
  const auto place = static_cast<std::size_t>(reason) - 1;
  return place < kNames.size() ? kNames[place] : "unknown";
}
static_assert(static_cast<int>(Refusal::already_expired) == 34);  // the last name

std::string_view to_string(WithdrawalRefusal reason) noexcept {
  switch (reason) {
    case WithdrawalRefusal::insufficient_excess:
      return "insufficient_excess";
    case WithdrawalRefusal::in_liquidation:
      return "in_liquidation";
    case WithdrawalRefusal::mark_missing:
      return "mark_missing";
  }
  return "unknown";
}

std::string_view to_string(LiquidationOutcome outcome) noexcept {
  switch (outcome) {
    case LiquidationOutcome::cured:
      return "cured";
    case LiquidationOutcome::closed:
      return "closed";
    case LiquidationOutcome::taken_over:
      return "taken_over";
  }
  return "unknown";
}

}  // namespace plimsoll
