#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "engine/message/event.hpp"

namespace plimsoll::lifecycle::testing {

/// Follows the published events and says where an account leaves the edges of its life: calls that
/// end exactly once, one liquidation at a time with its orders inside it, each answered once. It
/// knows nothing of the engine but its events.
class LifeChecker {
 public:
  /// Empty, or what is wrong with the event, given those before it.
  [[nodiscard]] std::string check(const Event& event);

 private:
  struct Life {
    std::uint32_t call{0};
    std::uint32_t epoch{0};
    std::uint32_t step{0};
    std::uint64_t step_cause{0};
    EventTime deadline;
    bool called{false};
    bool liquidating{false};
    bool taken{false};            // the account was taken over, its positions are following
    std::int64_t share_left{0};   // of the equity of a take-over
    std::uint32_t last_taken{0};  // instrument + 1
    std::map<std::uint32_t, std::int64_t> orders;  // in flight: quantity by instrument
  };
  using Header = EventHeader;

  static std::string follow(Life& life, const Header& header, const MarginCallIssued& body);
  static std::string follow(Life& life, const Header& header, const MarginCallMet& body);
  static std::string follow(Life& life, const Header& header, const MarginCallFailed& body);
  static std::string follow(Life& life, const Header& header, const MarginCallEscalated& body);
  static std::string follow(Life& life, const Header& header, const LiquidationStarted& body);
  static std::string follow(Life& life, const Header& header, const LiquidationOrderIssued& body);
  static std::string follow(Life& life, const Header& header, const LiquidationFillApplied& body);
  static std::string follow(Life& life, const Header& header, const AccountTakenOver& body);
  static std::string follow(Life& life, const Header& header, const PositionTakenOver& body);
  static std::string follow(Life& life, const Header& header, const LiquidationCompleted& body);
  static std::string follow(Life& life, const Header& header, const WithdrawalAccepted& body);
  static std::string follow(Life& life, const Header& header, const WithdrawalRefused& body);
  static std::string end_call(Life& life, CallId call);
  static std::string outside(const Life& life, LiquidationEpoch epoch);

  std::map<std::uint64_t, Life> lives_;
};

/// The first fault of a stream of events, with its place; or empty.
[[nodiscard]] std::string first_fault(std::span<const Event> events);

}  // namespace plimsoll::lifecycle::testing
