#include "engine/wire/account_state.hpp"

#include <array>
#include <cstddef>
#include <variant>

#include "engine/base/assert.hpp"

namespace plimsoll::wire {
namespace {

bool has_ended(CallState state) noexcept {
  return state == CallState::met || state == CallState::failed || state == CallState::escalated;
}

void end_call(CallId call, CallState ended, AccountState& state) noexcept {
  if (call < state.call) return;
  state.call = call;
  state.call_state = ended;
}

/// Is a call with this number the last one, and not over?
bool may_be_open(CallId call, const AccountState& state) noexcept {
  return call > state.call || (call == state.call && !has_ended(state.call_state));
}

LiquidationState state_after(LiquidationOutcome outcome) noexcept {
  switch (outcome) {
    case LiquidationOutcome::cured:
      return LiquidationState::cured;
    case LiquidationOutcome::closed:
      return LiquidationState::closed;
    case LiquidationOutcome::taken_over:
      return LiquidationState::taken_over;
  }
  return LiquidationState::none;  // of a newer writer
}

/// What the events with a meaning of their own change; all others only say what an account is
/// worth.
struct Folder {
  AccountState& state;

  template <class Body>
  void operator()(const Body&) const noexcept {}

  void operator()(const MarginCallIssued& issued) const noexcept {
    if (issued.call <= state.call) return;
    state.call = issued.call;
    state.call_state = CallState::open;
    state.amount = issued.amount;
    state.deadline = issued.deadline;
  }
  void operator()(const MarginCallMet& met) const noexcept {
    end_call(met.call, CallState::met, state);
  }
  void operator()(const MarginCallFailed& failed) const noexcept {
    end_call(failed.call, CallState::failed, state);
  }
  void operator()(const MarginCallEscalated& escalated) const noexcept {
    end_call(escalated.call, CallState::escalated, state);
  }
  void operator()(const MarginCallSuspended& suspended) const noexcept {
    if (!may_be_open(suspended.call, state)) return;
    state.call = suspended.call;
    state.call_state = CallState::suspended;
  }
  void operator()(const MarginCallResumed& resumed) const noexcept {
    if (!may_be_open(resumed.call, state)) return;
    state.call = resumed.call;
    state.call_state = CallState::open;
    state.deadline = resumed.deadline;
  }

  void operator()(const BreachNoted& noted) const noexcept {
    state.confirmed_at = noted.confirmed_at;
  }
  void operator()(const BreachCleared&) const noexcept { state.confirmed_at = {}; }

  void operator()(const LiquidationStarted& started) const noexcept {
    state.confirmed_at = {};
    if (started.epoch <= state.epoch) return;
    state.epoch = started.epoch;
    state.liquidation_state = LiquidationState::open;
  }
  void operator()(const LiquidationCompleted& completed) const noexcept {
    if (completed.epoch < state.epoch) return;
    state.epoch = completed.epoch;
    state.liquidation_state = state_after(completed.outcome);
  }
};

template <class Name, std::size_t N>
std::string_view name_at(Name place, const std::array<std::string_view, N>& names) noexcept {
  const auto at = static_cast<std::size_t>(place);
  return at < N ? names[at] : "unknown";
}

}  // namespace

std::string_view to_string(CallState state) noexcept {
  static constexpr std::array<std::string_view, 6> kNames{"none", "open",   "suspended",
                                                          "met",  "failed", "escalated"};
  return name_at(state, kNames);
}

std::string_view to_string(LiquidationState state) noexcept {
  static constexpr std::array<std::string_view, 5> kNames{"none", "open", "cured", "closed",
                                                          "taken_over"};
  return name_at(state, kNames);
}

bool concerns_account(const Event& event) noexcept {
  return event.header.account.raw() != 0 && !std::holds_alternative<InputRefused>(event.body);
}

void fold(const Event& event, AccountState& state) noexcept {
  PLIMSOLL_ASSERT(concerns_account(event) && event.header.number > state.number);
  state.account = event.header.account;
  state.number = event.header.number;
  state.time = event.header.time;
  std::visit(
      [&](const auto& body) {
        if constexpr (requires { body.equity, body.maintenance_margin; }) {
          state.equity = body.equity;
          state.maintenance_margin = body.maintenance_margin;
          state.valued_at = event.header.time;
        }
        Folder{state}(body);
      },
      event.body);
}

}  // namespace plimsoll::wire
