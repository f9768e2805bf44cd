#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// Random external inputs for differential tests. A pure function of reference, seed and options;
// knows nothing of the engine but what a venue and its clients would.

namespace plimsoll::support {

struct HistoryOptions {
  std::size_t accounts{40};            // isolated sub-accounts included
  std::size_t inputs{3'000};           // about; a client that starts anew sends two
  std::int64_t invalid_per_mille{30};  // refused inputs, of every kind
  std::int64_t late_per_mille{10};     // inputs whose time lies in the past
  std::int64_t minutes_per_mille{1};   // gaps of one to three minutes, for long deadlines
  bool late_marks{true};               // some instruments get their first mark later
  bool extremes{false};                // accepted inputs right at the numeric limits, too
  std::int64_t fund_units{20'000};     // the most that one endowment brings, in dollars
  bool plain{false};  // only cross accounts in one-way mode, without orders, modes and indices
};

/// External inputs in the order of submission, sequence 0. Many accounts live near their
/// thresholds, prices crash now and then, some inputs hit thresholds exactly. What the reference
/// has is used: isolated sub-accounts that top up, hedge mode, multi-asset accounts with debts and
/// spot trades, open orders, leverage, indices, other tables, settlement.
///
/// An account trades an instrument without a mark (and, in multi-asset mode, gets an asset without
/// an index) only at its start: a call can then hardly be open while it cannot be valued.
[[nodiscard]] std::vector<Input> random_history(const reference::Reference& reference,
                                                std::uint64_t seed,
                                                const HistoryOptions& options = {});

/// How many inputs of each kind, and of each origin, by name.
[[nodiscard]] std::map<std::string, std::size_t> count_inputs(const std::vector<Input>& inputs);

/// How many events of each kind, and of its special ones ("input_refused.price_out_of_range",
/// "order_refused.position_limit", "account_taken_over.bankrupt",
/// "liquidation_order_issued.later_step", "price_trust_changed.mark.frozen.stale",
/// "settlement_averaged.unpriced"), and of each kind while a price is frozen
/// ("order_refused.while_frozen").
[[nodiscard]] std::map<std::string, std::size_t> count_events(const std::vector<Event>& events);

}  // namespace plimsoll::support
