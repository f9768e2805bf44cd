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
  switch (reason) {
    case Refusal::account_unknown:
      return "account_unknown";
    case Refusal::account_exists:
      return "account_exists";
    case Refusal::parent_unknown:
      return "parent_unknown";
    case Refusal::asset_mismatch:
      return "asset_mismatch";
    case Refusal::owner_mismatch:
      return "owner_mismatch";
    case Refusal::amount_not_positive:
      return "amount_not_positive";
    case Refusal::quantity_off_lot:
      return "quantity_off_lot";
    case Refusal::price_out_of_range:
      return "price_out_of_range";
    case Refusal::exposure_out_of_range:
      return "exposure_out_of_range";
    case Refusal::capacity_exhausted:
      return "capacity_exhausted";
    case Refusal::reference_unknown:
      return "reference_unknown";
    case Refusal::rate_out_of_range:
      return "rate_out_of_range";
    case Refusal::liquidation_unknown:
      return "liquidation_unknown";
    case Refusal::mode_unsupported:
      return "mode_unsupported";
    case Refusal::side_mismatch:
      return "side_mismatch";
    case Refusal::isolated_occupied:
      return "isolated_occupied";
    case Refusal::not_trading:
      return "not_trading";
    case Refusal::order_unknown:
      return "order_unknown";
    case Refusal::order_exists:
      return "order_exists";
    case Refusal::would_not_reduce:
      return "would_not_reduce";
    case Refusal::position_limit:
      return "position_limit";
    case Refusal::insufficient_excess:
      return "insufficient_excess";
    case Refusal::mark_missing:
      return "mark_missing";
    case Refusal::in_liquidation:
      return "in_liquidation";
    case Refusal::positions_open:
      return "positions_open";
    case Refusal::leverage_out_of_range:
      return "leverage_out_of_range";
    case Refusal::price_unknown:
      return "price_unknown";
    case Refusal::tick_late:
      return "tick_late";
    case Refusal::time_in_future:
      return "time_in_future";
    case Refusal::time_went_back:
      return "time_went_back";
    case Refusal::number_repeated:
      return "number_repeated";
    case Refusal::spread_too_wide:
      return "spread_too_wide";
    case Refusal::index_computed:
      return "index_computed";
    case Refusal::already_expired:
      return "already_expired";
  }
  return "unknown";
}

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
