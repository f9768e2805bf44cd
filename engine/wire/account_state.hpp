#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "engine/base/fields.hpp"
#include "engine/message/event.hpp"

// What the events say of one account so far. A pure function of its events: the gateway folds them
// as it publishes, a client goes on folding where a snapshot ends, and both have the same.
//
// For any thread; never allocates.

namespace plimsoll::wire {

/// Where the last margin call of an account stands.
enum class CallState : std::uint8_t {
  none = 0,  // never called
  open = 1,
  suspended = 2,  // its deadline stands still
  met = 3,
  failed = 4,
  escalated = 5,
};

/// Where the last liquidation of an account stands.
enum class LiquidationState : std::uint8_t {
  none = 0,  // never liquidated
  open = 1,
  cured = 2,
  closed = 3,
  taken_over = 4,
};

/// Stable snake_case names, or "unknown".
[[nodiscard]] std::string_view to_string(CallState state) noexcept;
[[nodiscard]] std::string_view to_string(LiquidationState state) noexcept;

/// Amounts are in what the account is margined in. What no event has said is 0.
struct AccountState {
  AccountId account;
  EventNumber number;  // of the last event of this account that is in it
  EventTime time;      // of that event
  Amount equity;       // as the last event that says both has them
  Amount maintenance_margin;
  EventTime valued_at;     // time of that event
  Amount amount;           // that the last margin call asks for
  EventTime deadline;      // of that call; meaningful while it is open
  EventTime confirmed_at;  // when the breach that is noted counts; 0: none is
  CallId call;
  LiquidationEpoch epoch;
  CallState call_state{CallState::none};
  LiquidationState liquidation_state{LiquidationState::none};

  friend bool operator==(const AccountState&, const AccountState&) = default;
  static constexpr auto fields() {
    return std::tuple{Field{"account", &AccountState::account},
                      Field{"number", &AccountState::number},
                      Field{"time", &AccountState::time},
                      Field{"equity", &AccountState::equity},
                      Field{"maintenance_margin", &AccountState::maintenance_margin},
                      Field{"valued_at", &AccountState::valued_at},
                      Field{"amount", &AccountState::amount},
                      Field{"deadline", &AccountState::deadline},
                      Field{"confirmed_at", &AccountState::confirmed_at},
                      Field{"call", &AccountState::call},
                      Field{"epoch", &AccountState::epoch},
                      Field{"call_state", &AccountState::call_state},
                      Field{"liquidation_state", &AccountState::liquidation_state}};
  }
};

/// Does the event say something of an account? Not those of the house, and not refusals: a refused
/// input changed nothing, and may name an account that does not exist.
[[nodiscard]] bool concerns_account(const Event& event) noexcept;

/// Takes an event into the state of its account. Events of one cause come in the order of their
/// kinds, not as they happened: so the numbers of calls and liquidations say which is the last.
/// REQUIRES: concerns_account(event); its number is above state.number.
void fold(const Event& event, AccountState& state) noexcept;

}  // namespace plimsoll::wire
