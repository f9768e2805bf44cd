#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/reference/reference.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::lifecycle::testing {

/// Follows the published events and says where an account leaves the edges of its life: calls that
/// end exactly once, one liquidation at a time with its orders inside it, each answered once or
/// gone with its instrument. It knows nothing of the engine but its events, and what settles in
/// what.
class LifeChecker {
 public:
  /// Looks ahead in the events for what is settled when.
  LifeChecker(const reference::Reference& reference, std::span<const Event> events);

  /// Empty, or what is wrong with the event, given those before it.
  [[nodiscard]] std::string check(const Event& event);
  /// Empty, or what is missing after the last event.
  [[nodiscard]] std::string finish() const;

 private:
  using LineKey = std::pair<std::uint32_t, PositionSide>;
  struct Life {
    std::uint32_t call{0};
    std::uint32_t epoch{0};
    std::uint32_t step{0};
    std::uint64_t step_cause{0};
    EventTime deadline;
    bool called{false};
    bool suspended{false};  // the deadline of the call stands still
    bool noted{false};      // a breach that is not confirmed
    EventTime confirmed;    // when it will be
    bool liquidating{false};
    bool taken{false};                        // taken over: positions and balances are following
    std::optional<LineKey> last_taken;        // of its positions
    std::map<std::uint32_t, Int128> shares;   // by asset: what its positions took, to be balanced
    std::set<std::uint32_t> balanced;         // assets whose balance was taken over
    std::optional<std::int64_t> balance_due;  // of an account with one asset
    std::map<LineKey, std::int64_t> orders;   // in flight: quantity
  };
  using Header = EventHeader;

  static std::string follow(Life& life, const Header& header, const MarginCallIssued& body);
  static std::string follow(Life& life, const Header& header, const MarginCallMet& body);
  static std::string follow(Life& life, const Header& header, const MarginCallFailed& body);
  static std::string follow(Life& life, const Header& header, const MarginCallEscalated& body);
  static std::string follow(Life& life, const Header& header, const MarginCallSuspended& body);
  static std::string follow(Life& life, const Header& header, const MarginCallResumed& body);
  static std::string follow(Life& life, const Header& header, const BreachNoted& body);
  static std::string follow(Life& life, const Header& header, const BreachCleared& body);
  static std::string follow(Life& life, const Header& header, const LiquidationStarted& body);
  static std::string follow(Life& life, const Header& header, const LiquidationOrderIssued& body);
  static std::string follow(Life& life, const Header& header, const LiquidationFillApplied& body);
  std::string follow(Life& life, const Header& header, const AccountTakenOver& body) const;
  std::string follow(Life& life, const Header& header, const PositionTakenOver& body) const;
  static std::string follow(Life& life, const Header& header, const BalanceTakenOver& body);
  static std::string follow(Life& life, const Header& header, const LiquidationCompleted& body);
  static std::string follow(Life& life, const Header& header, const WithdrawalAccepted& body);
  static std::string follow(Life& life, const Header& header, const WithdrawalRefused& body);
  static std::string end_call(Life& life, CallId call);
  static std::string outside(const Life& life, LiquidationEpoch epoch);
  static std::string unbalanced(const Life& life);
  void drop_settled(Life& life, Sequence cause) const;

  const reference::Reference& reference_;
  std::map<std::uint32_t, std::uint64_t> settled_by_;  // instrument: cause
  std::map<std::uint64_t, Life> lives_;
};

/// The first fault of a stream of events, with its place; or empty.
[[nodiscard]] std::string first_fault(const reference::Reference& reference,
                                      std::span<const Event> events);

}  // namespace plimsoll::lifecycle::testing
