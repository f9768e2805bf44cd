#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "engine/value/types.hpp"
#include "engine/wire/event_text.hpp"

// `plimsoll tail`: a client that prints what the gateway says. It proves continuity as it goes, so
// it is also what the tests of the gateway follow events with.
//
// Blocking; a thread of its own. It never writes to the engine but for log-on and heartbeats.

namespace plimsoll::cli {

struct TailOptions {
  std::string host{"127.0.0.1"};
  std::uint16_t port{0};
  std::string user;                         // at most 6 characters
  std::string password;                     // at most 10
  std::uint64_t from{1};                    // number of the first event; 0: only what is new
  std::optional<AccountId> account;         // print only the events of this account
  std::optional<std::uint64_t> exit_after;  // this many printed events
  bool json{false};                         // a JSON object a line, else lines for people
  bool snapshot{false};                     // the states of the accounts first
  bool part{false};                         // the user sees some accounts only
  wire::EventNames names;                   // for lines for people; empty: raw integers
  int reconnect_attempts{10};               // in a row; the first connection is not retried
  std::chrono::milliseconds reconnect_delay{500};
  std::chrono::milliseconds silence_max{15'000};  // of the gateway
};

inline constexpr int kTailComplete = 0;  // End of Session or exit_after, and nothing missed
inline constexpr int kTailFailed = 1;    // no connection, log-on rejected, not our protocol
inline constexpr int kTailGaps = 2;      // as kTailComplete, but some were no longer retained, or
                                         // the snapshot had not ended

/// Follows the events until End of Session, prints each to `out` and whatever happens to `err`,
/// at last one line of summary. With a snapshot, what is printed are the states and then the events
/// that are not in them yet. When the connection breaks it logs on again and asks for what comes
/// after the last event. Returns one of the codes above.
[[nodiscard]] int run_tail(const TailOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
