#include "engine/value/modes.hpp"

namespace plimsoll {

std::string_view to_string(MarginMode mode) noexcept {
  switch (mode) {
    case MarginMode::cross:
      return "cross";
    case MarginMode::isolated:
      return "isolated";
    case MarginMode::multi_asset:
      return "multi_asset";
  }
  return "unknown";
}

std::string_view to_string(PositionMode mode) noexcept {
  switch (mode) {
    case PositionMode::one_way:
      return "one_way";
    case PositionMode::hedge:
      return "hedge";
  }
  return "unknown";
}

std::string_view to_string(PositionSide side) noexcept {
  switch (side) {
    case PositionSide::net:
      return "net";
    case PositionSide::long_side:
      return "long";
    case PositionSide::short_side:
      return "short";
  }
  return "unknown";
}

std::string_view to_string(AutoTopUp choice) noexcept {
  switch (choice) {
    case AutoTopUp::off:
      return "off";
    case AutoTopUp::on:
      return "on";
  }
  return "unknown";
}

std::string_view to_string(Trust trust) noexcept {
  switch (trust) {
    case Trust::trusted:
      return "trusted";
    case Trust::frozen:
      return "frozen";
    case Trust::degraded:
      return "degraded";
    case Trust::overridden:
      return "overridden";
  }
  return "unknown";
}

std::string_view to_string(TrustReason reason) noexcept {
  switch (reason) {
    case TrustReason::good:
      return "good";
    case TrustReason::stale:
      return "stale";
    case TrustReason::no_quorum:
      return "no_quorum";
    case TrustReason::velocity:
      return "velocity";
    case TrustReason::interrupted:
      return "interrupted";
    case TrustReason::index:
      return "index";
    case TrustReason::time_limit:
      return "time_limit";
    case TrustReason::override_set:
      return "override_set";
    case TrustReason::override_over:
      return "override_over";
    case TrustReason::confirmed:
      return "confirmed";
    case TrustReason::redemption:
      return "redemption";
  }
  return "unknown";
}

std::string_view to_string(SourceState state) noexcept {
  switch (state) {
    case SourceState::waiting:
      return "waiting";
    case SourceState::live:
      return "live";
    case SourceState::stale:
      return "stale";
    case SourceState::interrupted:
      return "interrupted";
    case SourceState::quarantined:
      return "quarantined";
  }
  return "unknown";
}

std::string_view to_string(Interruption reason) noexcept {
  switch (reason) {
    case Interruption::gap:
      return "gap";
    case Interruption::disconnected:
      return "disconnected";
  }
  return "unknown";
}

std::string_view to_string(PauseReason reason) noexcept {
  switch (reason) {
    case PauseReason::operator_said:
      return "operator";
    case PauseReason::breaker:
      return "breaker";
    case PauseReason::lag:
      return "lag";
  }
  return "unknown";
}

}  // namespace plimsoll
