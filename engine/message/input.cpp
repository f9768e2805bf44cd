#include "engine/message/input.hpp"

#include <array>

namespace plimsoll {

std::string_view input_kind_name(std::uint8_t kind) noexcept {
  static constexpr std::array<std::string_view, std::variant_size_v<InputBody>> kNames{
      "time_advanced",
      "account_opened",
      "deposited",
      "withdrawal_requested",
      "margin_move_requested",
      "trade_filled",
      "funding_settled",
      "book_quoted",
      "mark_published",
      "trade_printed",
      "fund_endowed",
      "liquidation_answered",
      "inventory_absorbed",
      "takeover_settled",
      "fees_collected",
      "inventory_answered",
      "index_published",
      "funding_estimated",
      "open_interest_published",
      "order_requested",
      "order_closed",
      "leverage_requested",
      "account_mode_requested",
      "instrument_changed",
      "settlement_priced",
      "futures_settled",
      "interest_charged",
      "collateral_factor_set",
      "balance_imported",
      "source_quoted",
      "source_priced",
      "source_interrupted",
      "market_interrupted",
      "ticks_conflated",
      "source_ticks_conflated",
      "source_released",
      "mark_overridden",
      "index_overridden",
      "redemption_published",
      "liquidations_paused",
      "liquidations_resumed",
      "lag_reported"};
  return kind < kNames.size() ? kNames[kind] : "unknown";
}

}  // namespace plimsoll
